package dev.pvebot.integrations.lab.talos;

import com.google.protobuf.ByteString;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/// A machine as its resources show it.
final class ResourceView {
  private final TalosMachine machine;
  private final List<Resources.Draft> drafts = new ArrayList<>(ResourceKinds.definitions());

  private ResourceView(TalosMachine machine) {
    this.machine = machine;
  }

  static List<Resources.Draft> of(TalosMachine machine) {
    ResourceView view = new ResourceView(machine);
    view.network();
    view.hardware();
    view.runtime();
    view.configuration();
    view.kubernetes();
    return view.drafts;
  }

  static String yaml(Object value) {
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    options.setIndent(4);
    options.setWidth(10_000);
    return new Yaml(options).dump(value);
  }

  private void add(String type, String id, Object spec, ByteString proto) {
    String namespace = ResourceKinds.of(type).orElseThrow().namespace();
    drafts.add(new Resources.Draft(namespace, type, id, yaml(spec), proto));
  }

  private void add(String type, String id, Object spec) {
    add(type, id, spec, ByteString.EMPTY);
  }

  private static Map<String, Object> map(Object... keysAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }

  // --- network ------------------------------------------------------------------------------

  private List<String> addresses() {
    List<String> all = new ArrayList<>();
    machine.address().ifPresent(all::add);
    machine
        .cluster()
        .flatMap(TalosCluster::vipHolder)
        .filter(machine::equals)
        .flatMap(TalosMachine::vip)
        .ifPresent(all::add);
    return all;
  }

  private void network() {
    String mac = machine.hardware().mac();
    byte[] macBytes = HexFormat.ofDelimiter(":").parseHex(mac.isEmpty() ? "00" : mac);
    add(
        "LinkStatuses.net.talos.dev",
        machine.linkName(),
        map(
            "index",
            2,
            "type",
            "ether",
            "linkIndex",
            0,
            "flags",
            "UP,BROADCAST,RUNNING,MULTICAST,LOWER_UP",
            "hardwareAddr",
            mac,
            "permanentAddr",
            mac,
            "broadcastAddr",
            "ff:ff:ff:ff:ff:ff",
            "mtu",
            1500,
            "operationalState",
            "up",
            "kind",
            "",
            "slaveKind",
            "",
            "busPath",
            "0000:06:12.0",
            "pciID",
            "1AF4:1000",
            "driver",
            "virtio_net",
            "linkState",
            true,
            "speedMbit",
            0),
        new ProtoSpec()
            .number(1, 2)
            .number(2, 1)
            .raw(5, macBytes)
            .number(7, 1500)
            .number(10, 6)
            .text(13, "0000:06:12.0")
            .text(14, "1AF4:1000")
            .text(15, "virtio_net")
            .truth(22, true)
            .raw(30, macBytes)
            .bytes());
    add(
        "LinkStatuses.net.talos.dev",
        "lo",
        map(
            "index",
            1,
            "type",
            "loopback",
            "flags",
            "UP,LOOPBACK,RUNNING,LOWER_UP",
            "hardwareAddr",
            "00:00:00:00:00:00",
            "mtu",
            65536,
            "operationalState",
            "unknown",
            "kind",
            "",
            "slaveKind",
            "",
            "linkState",
            true),
        new ProtoSpec().number(1, 1).number(2, 772).raw(5, new byte[6]).number(7, 65536).bytes());
    List<String> cidrs = new ArrayList<>();
    for (String address : addresses()) {
      boolean shared = machine.vip().filter(address::equals).isPresent();
      String cidr = address + (shared ? "/32" : "/24");
      cidrs.add(cidr);
      add(
          "AddressStatuses.net.talos.dev",
          machine.linkName() + "/" + cidr,
          map(
              "address",
              cidr,
              "local",
              address,
              "linkIndex",
              2,
              "linkName",
              machine.linkName(),
              "family",
              "inet4",
              "scope",
              "global",
              "flags",
              "permanent"),
          new ProtoSpec()
              .message(1, prefix(cidr))
              .message(2, ip(address))
              .number(6, 2)
              .text(7, machine.linkName())
              .number(8, 2)
              .bytes());
    }
    for (String id : List.of("default", "current", "accumulative", "routed")) {
      ProtoSpec proto = new ProtoSpec();
      cidrs.forEach(cidr -> proto.message(1, prefix(cidr)));
      List<String> shown = id.equals("default") ? cidrs.stream().limit(1).toList() : cidrs;
      add("NodeAddresses.net.talos.dev", id, map("addresses", shown), proto.bytes());
    }
    add(
        "HostnameStatuses.net.talos.dev",
        "hostname",
        map("hostname", machine.hostname(), "domainname", ""),
        new ProtoSpec().text(1, machine.hostname()).bytes());
  }

  private static ProtoSpec ip(String address) {
    return new ProtoSpec().raw(1, bytes(address));
  }

  private static ProtoSpec prefix(String cidr) {
    int slash = cidr.indexOf('/');
    return new ProtoSpec()
        .raw(1, bytes(cidr.substring(0, slash)))
        .number(2, Long.parseLong(cidr.substring(slash + 1)));
  }

  private static byte[] bytes(String address) {
    try {
      return InetAddress.getByName(address).getAddress();
    } catch (UnknownHostException e) {
      throw new IllegalStateException("An address of the lab: " + address, e);
    }
  }

  // --- hardware -----------------------------------------------------------------------------

  private void hardware() {
    long size = machine.hardware().diskBytes();
    add(
        "Disks.block.talos.dev",
        "sda",
        map(
            "dev_path",
            "/dev/sda",
            "size",
            size,
            "pretty_size",
            "%.0f GB".formatted(size / 1e9),
            "io_size",
            512,
            "sector_size",
            512,
            "readonly",
            false,
            "cdrom",
            false,
            "model",
            "QEMU HARDDISK",
            "bus_path",
            "/pci0000:00/0000:00:05.0/virtio1/host0/target0:0:0/0:0:0:0/",
            "transport",
            "virtio",
            "rotational",
            false),
        new ProtoSpec()
            .number(1, size)
            .number(2, 512)
            .number(3, 512)
            .text(5, "QEMU HARDDISK")
            .text(11, "virtio")
            .text(14, "/dev/sda")
            .text(15, "%.0f GB".formatted(size / 1e9))
            .bytes());
    if (machine.disk.installed) {
      add(
          "SystemDisks.block.talos.dev",
          "system-disk",
          map("diskID", "sda", "devPath", "/dev/sda"),
          new ProtoSpec().text(1, "sda").text(2, "/dev/sda").bytes());
    }
    for (String volume : List.of("META", "STATE", "EPHEMERAL")) {
      add(
          "VolumeStatuses.block.talos.dev",
          volume,
          map("phase", machine.disk.installed ? "ready" : "missing", "location", "/dev/sda"));
    }
    add(
        "SystemInformations.hardware.talos.dev",
        "systeminformation",
        map(
            "manufacturer",
            "QEMU",
            "productName",
            "Standard PC (Q35 + ICH9, 2009)",
            "uuid",
            machine.hardware().uuid()),
        new ProtoSpec()
            .text(1, "QEMU")
            .text(2, "Standard PC (Q35 + ICH9, 2009)")
            .text(5, machine.hardware().uuid())
            .bytes());
  }

  // --- runtime ------------------------------------------------------------------------------

  private void runtime() {
    TalosImage image = machine.image();
    int layer = 0;
    for (String extension : machine.extensions()) {
      extension(layer++, extension.replaceFirst("^siderolabs/", ""), image.version());
    }
    extension(layer, "schematic", image.schematic());
    List<Map<String, Object>> unmet =
        machine.unmetConditions().stream()
            .map(name -> map("name", name, "reason", "not ready"))
            .toList();
    boolean ready = unmet.isEmpty();
    ProtoSpec status = new ProtoSpec().truth(1, ready);
    machine
        .unmetConditions()
        .forEach(name -> status.message(2, new ProtoSpec().text(1, name).text(2, "not ready")));
    add(
        "MachineStatuses.runtime.talos.dev",
        "machine",
        map(
            "stage",
            machine.stage().word(),
            "status",
            map("ready", ready, "unmetConditions", unmet)),
        new ProtoSpec().number(1, machine.stage().ordinal()).message(2, status).bytes());
    add(
        "Versions.runtime.talos.dev",
        "version",
        map("version", image.version()),
        new ProtoSpec().text(1, image.version()).bytes());
    machine.disk.meta.forEach((key, value) ->
        add("MetaKeys.runtime.talos.dev", "0x%02x".formatted(key), map("value", value)));
    add(
        "SecurityStates.talos.dev",
        "securitystate",
        map("secureBoot", false, "selinuxState", "enabled, permissive", "bootedWithUKI", true));
    add(
        "PlatformMetadatas.talos.dev",
        "platformmetadata",
        map("platform", image.platform(), "instanceId", "", "providerId", ""));
    for (String service : machine.services().names()) {
      if (machine.services().isRunning(service)) {
        boolean healthy = machine.services().isHealthy(service);
        add(
            "Services.v1alpha1.talos.dev",
            service,
            map("running", true, "healthy", healthy, "unknown", false),
            new ProtoSpec().truth(1, true).truth(2, healthy).bytes());
      }
    }
    boolean cache = machine.services().isRunning("registryd");
    add(
        "ImageCacheConfigs.cri.talos.dev",
        "image-cache",
        map(
            "status",
            cache ? "ready" : "disabled",
            "roots",
            List.of(),
            "copyStatus",
            cache ? "ready" : "skipped"));
  }

  private void extension(int layer, String name, String version) {
    add(
        "ExtensionStatuses.runtime.talos.dev",
        String.valueOf(layer),
        map(
            "image",
            layer + "." + name + ".sqsh",
            "metadata",
            map("name", name, "version", version, "author", "Sidero Labs", "description", "")),
        new ProtoSpec()
            .text(1, layer + "." + name + ".sqsh")
            .message(2, new ProtoSpec().text(1, name).text(2, version))
            .bytes());
  }

  private void configuration() {
    machine
        .config()
        .ifPresent(config -> {
          for (String id : List.of("v1alpha1", "persistent")) {
            add(
                "MachineConfigs.config.talos.dev",
                id,
                config.text(),
                new ProtoSpec()
                    .raw(1, config.text().getBytes(java.nio.charset.StandardCharsets.UTF_8))
                    .bytes());
          }
          add(
              "MachineTypes.config.talos.dev",
              "machine-type",
              config.type(),
              new ProtoSpec().number(1, config.isControlPlane() ? 2 : 3).bytes());
        });
  }

  // --- cluster ------------------------------------------------------------------------------

  private void kubernetes() {
    machine
        .cluster()
        .ifPresent(cluster -> {
          for (TalosMachine each : cluster.machines()) {
            if (each.isUp()) {
              member(each);
            }
          }
          String node = machine.hostname();
          add(
              "Nodenames.kubernetes.talos.dev",
              "nodename",
              map("nodename", node, "skipNodeRegistration", false),
              new ProtoSpec().text(1, node).bytes());
          if (cluster.kubernetes().hasNode(node)) {
            boolean ready = cluster.kubernetes().isReady(node);
            boolean cordoned = cluster.kubernetes().isCordoned(node);
            add(
                "NodeStatuses.kubernetes.talos.dev",
                node,
                map("nodeReady", ready, "unschedulable", cordoned),
                new ProtoSpec().truth(2, ready).truth(3, cordoned).bytes());
          }
          machine.disk.etcd.ifPresent(data ->
              add(
                  "EtcdMembers.etcd.talos.dev",
                  "local",
                  map("memberID", "%016x".formatted(data.member())),
                  new ProtoSpec().text(1, "%016x".formatted(data.member())).bytes()));
          if (machine.isControlPlane()) {
            controlPlane(cluster, node);
          }
        });
  }

  private void controlPlane(TalosCluster cluster, String node) {
    Papers.facts(machine)
        .controlPlaneVersions()
        .forEach((component, version) -> {
          String kind =
              switch (component) {
                case "kube-apiserver" -> "APIServerConfigs";
                case "kube-controller-manager" -> "ControllerManagerConfigs";
                default -> "SchedulerConfigs";
              };
          add(
              kind + ".kubernetes.talos.dev",
              component,
              map("image", "registry.k8s.io/" + component + ":" + version));
          if (cluster.hasApiServer(machine)) {
            add(
                "StaticPodStatuses.kubernetes.talos.dev",
                "kube-system/" + component + "-" + node,
                map(
                    "podStatus",
                    map(
                        "phase",
                        "Running",
                        "conditions",
                        List.of(map("type", "Ready", "status", "True")))));
          }
        });
  }

  private void member(TalosMachine member) {
    String os = "Talos (" + member.image().version() + ")";
    String address = member.address().orElseThrow();
    boolean plane = member.isControlPlane();
    Map<String, Object> spec =
        map(
            "nodeId",
            member.hardware().uuid(),
            "addresses",
            List.of(address),
            "hostname",
            member.hostname(),
            "machineType",
            plane ? "controlplane" : "worker",
            "operatingSystem",
            os);
    ProtoSpec proto =
        new ProtoSpec()
            .text(1, member.hardware().uuid())
            .message(2, ip(address))
            .text(3, member.hostname())
            .number(4, plane ? 2 : 3)
            .text(5, os);
    if (plane) {
      spec.put("controlPlane", map("port", 6443));
      proto.message(6, new ProtoSpec().number(1, 6443));
    }
    add("Members.cluster.talos.dev", member.hostname(), spec, proto.bytes());
  }
}
