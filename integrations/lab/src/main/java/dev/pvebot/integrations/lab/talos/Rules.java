package dev.pvebot.integrations.lab.talos;

import java.util.Map;
import java.util.Set;

/// Who may call what: machined's rule table (system/services/machined.go). A method that is not in
/// it needs os:admin.
final class Rules {
  static final String ADMIN = "os:admin";
  static final String OPERATOR = "os:operator";
  static final String READER = "os:reader";
  static final String BACKUP = "os:etcd:backup";

  private static final Set<String> OPERATE = Set.of(ADMIN, OPERATOR);
  private static final Set<String> READ = Set.of(ADMIN, OPERATOR, READER);
  private static final Set<String> ETCD_READ = Set.of(ADMIN, OPERATOR, READER, BACKUP);

  /// Reading methods that only an administrator may call; all else in [#BY_METHOD] with readers
  /// reads.
  private static final Set<String> READS_FOR_ADMINS =
      Set.of(
          "machine.MachineService/Kubeconfig",
          "machine.MachineService/Read",
          "machine.MachineService/EtcdSnapshot");

  private static final Map<String, Set<String>> BY_METHOD =
      Map.ofEntries(
          Map.entry("machine.MachineService/ApplyConfiguration", READ),
          Map.entry("machine.MachineService/Reboot", OPERATE),
          Map.entry("machine.MachineService/Shutdown", OPERATE),
          Map.entry("machine.MachineService/Restart", OPERATE),
          Map.entry("machine.MachineService/ServiceStart", OPERATE),
          Map.entry("machine.MachineService/ServiceStop", OPERATE),
          Map.entry("machine.MachineService/ServiceRestart", OPERATE),
          Map.entry("machine.MachineService/EtcdAlarmDisarm", OPERATE),
          Map.entry("machine.MachineService/EtcdDefragment", OPERATE),
          Map.entry("machine.MachineService/ImagePull", OPERATE),
          Map.entry("machine.ImageService/Pull", OPERATE),
          Map.entry("machine.MachineService/EtcdSnapshot", Set.of(ADMIN, OPERATOR, BACKUP)),
          Map.entry("machine.MachineService/EtcdStatus", ETCD_READ),
          Map.entry("machine.MachineService/EtcdMemberList", ETCD_READ),
          Map.entry("machine.MachineService/EtcdAlarmList", ETCD_READ),
          Map.entry("machine.MachineService/Version", READ),
          Map.entry("machine.MachineService/Hostname", READ),
          Map.entry("machine.MachineService/Memory", READ),
          Map.entry("machine.MachineService/LoadAvg", READ),
          Map.entry("machine.MachineService/SystemStat", READ),
          Map.entry("machine.MachineService/DiskStats", READ),
          Map.entry("machine.MachineService/Mounts", READ),
          Map.entry("machine.MachineService/Logs", READ),
          Map.entry("machine.MachineService/LogsContainers", READ),
          Map.entry("machine.MachineService/Dmesg", READ),
          Map.entry("machine.MachineService/Events", READ),
          Map.entry("machine.MachineService/ServiceList", READ),
          Map.entry("machine.MachineService/ImageList", READ),
          Map.entry("machine.ImageService/List", READ),
          Map.entry("time.TimeService/Time", READ),
          Map.entry("storage.StorageService/Disks", READ),
          Map.entry("cluster.ClusterService/HealthCheck", READ),
          Map.entry("cosi.resource.State/Get", READ),
          Map.entry("cosi.resource.State/List", READ),
          Map.entry("cosi.resource.State/Watch", READ));

  /// What the maintenance server of 1.12 and older answers at all.
  private static final Set<String> OLD_MAINTENANCE =
      Set.of(
          "machine.MachineService/ApplyConfiguration",
          "storage.StorageService/Disks",
          "cosi.resource.State/Get",
          "cosi.resource.State/List",
          "cosi.resource.State/Watch");

  private static final Set<String> OLD_MAINTENANCE_REFUSED =
      Set.of(
          "machine.MachineService/Version",
          "machine.MachineService/Upgrade",
          "machine.MachineService/Reset");

  private Rules() {}

  static boolean allows(Set<String> roles, String method) {
    Set<String> wanted = BY_METHOD.getOrDefault(method, Set.of(ADMIN));
    return roles.stream().anyMatch(wanted::contains);
  }

  /// Whether a call changes nothing.
  static boolean reads(String method) {
    return READS_FOR_ADMINS.contains(method)
        || (BY_METHOD.getOrDefault(method, Set.of()).contains(READER)
            && !method.endsWith("/ApplyConfiguration"));
  }

  static boolean oldMaintenanceHas(String method) {
    return OLD_MAINTENANCE.contains(method);
  }

  /// What the old maintenance server says to a method that it does not have.
  static String oldMaintenanceRefusal(String method) {
    return OLD_MAINTENANCE_REFUSED.contains(method)
        ? "API is not implemented in maintenance mode"
        : method.startsWith("machine.MachineService/")
            ? "method %s not implemented".formatted(method.substring(method.indexOf('/') + 1))
            : "unknown service " + method.substring(0, method.indexOf('/'));
  }
}
