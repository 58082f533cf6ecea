package dev.pvebot.integrations.lab.pve;

import dev.pvebot.integrations.lab.schema.Endpoint;
import dev.pvebot.integrations.lab.schema.PropertyString;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// The keys of a VM's configuration: who may change them, what changes at once, how PVE writes
/// them.
final class ConfigKeys {
  /// Parameters of create and config calls that are not configuration.
  static final Set<String> CONTROL =
      Set.of(
          "node",
          "vmid",
          "digest",
          "delete",
          "revert",
          "force",
          "skiplock",
          "background_delay",
          "archive",
          "bwlimit",
          "pool",
          "storage",
          "unique",
          "start",
          "live-restore",
          "import-working-storage",
          "ha-managed");

  private static final Set<String> LIVE =
      Set.of(
          "name",
          "description",
          "tags",
          "onboot",
          "protection",
          "startup",
          "lock",
          "hookscript",
          "shares",
          "ciuser",
          "cipassword",
          "cicustom",
          "citype",
          "ciupgrade",
          "sshkeys",
          "nameserver",
          "searchdomain",
          "template",
          "migrate_downtime",
          "migrate_speed");
  private static final Set<String> ROOT_ONLY = Set.of("args", "lock", "hookscript", "affinity");

  private ConfigKeys() {}

  /// Whether a running VM takes the change without a restart.
  static boolean isLive(String key) {
    return LIVE.contains(key)
        || Network.isCard(key)
        || key.startsWith("ipconfig")
        || key.matches("(scsi|virtio|sata|ide|usb|unused)\\d+");
  }

  static void checkRight(Call call, int vmid, String key, String value) {
    String path = "/vms/" + vmid;
    if (ROOT_ONLY.contains(key) && !call.who().isRoot()) {
      throw ApiError.died("only root can set '" + key + "' config");
    }
    if (key.matches("ipconfig\\d+|ci.*|nameserver|searchdomain|sshkeys")) {
      call.requireAny(path, "VM.Config.Cloudinit", "VM.Config.Network");
      return;
    }
    call.require(path, privilege(key, value));
    if (key.equals("startup")) {
      call.require("/", "Sys.Modify");
    }
  }

  static String privilege(String key, String value) {
    if (key.matches("cores|sockets|cpu|cpulimit|cpuunits|vcpus|numa\\d*|smp")) {
      return "VM.Config.CPU";
    }
    if (key.matches("memory|balloon|shares|hugepages")) {
      return "VM.Config.Memory";
    }
    if (Network.isCard(key)) {
      return "VM.Config.Network";
    }
    if (Drives.isDrive(key) || Drives.isUnused(key)) {
      return Drives.isCdrom(value) ? "VM.Config.CDROM" : "VM.Config.Disk";
    }
    return key.matches(
            "bios|machine|scsihw|vga|kvm|hostpci\\d+|usb\\d+|serial\\d+|parallel\\d+|watchdog|rng0|audio0|vmgenid|arch|ivshmem|tablet|acpi|smbios1|hotplug|keyboard")
        ? "VM.Config.HWType"
        : "VM.Config.Options";
  }

  /// The form in which PVE stores a value; drives are written by [Disks].
  static String stored(Datacenter datacenter, Endpoint endpoint, String key, String value) {
    if (key.equals("tags")) {
      return tags(value);
    }
    if (Network.isCard(key)) {
      Map<String, Object> format = format(endpoint, key);
      Map<String, String> card = PropertyString.parse(format, value);
      card.putIfAbsent("macaddr", datacenter.newMac());
      return PropertyString.print(format, card);
    }
    return value;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> format(Endpoint endpoint, String key) {
    return endpoint
        .parameter(key)
        .map(definition -> (Map<String, Object>) definition.getOrDefault("format", Map.of()))
        .orElse(Map.of());
  }

  /// Lower case, each once, sorted, joined by `;`.
  static String tags(String list) {
    return Arrays.stream(list.toLowerCase(java.util.Locale.ROOT).split("[,;\\s]+"))
        .filter(t -> !t.isEmpty())
        .distinct()
        .sorted()
        .collect(Collectors.joining(";"));
  }

  /// How GET config gives a value: numbers where the schema has numbers.
  static Object shown(Endpoint endpoint, String key, String value) {
    if (key.equals("cipassword")) {
      return "**********";
    }
    String type = endpoint.parameter(key).map(d -> String.valueOf(d.get("type"))).orElse("string");
    return List.of("integer", "boolean").contains(type) && value.matches("-?\\d+")
        ? Long.valueOf(value)
        : value;
  }
}
