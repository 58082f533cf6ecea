package dev.pvebot.integrations.talos.api;

/// The resources of a node that are read here: their full type and where they live
/// (pkg/machinery/resources).
public enum Kind {
  LINKS("LinkStatuses.net.talos.dev", "network"),
  ADDRESSES("AddressStatuses.net.talos.dev", "network"),
  HOSTNAME("HostnameStatuses.net.talos.dev", "network"),
  MEMBERS("Members.cluster.talos.dev", "cluster"),
  MACHINE_STATUS("MachineStatuses.runtime.talos.dev", "runtime"),
  EXTENSIONS("ExtensionStatuses.runtime.talos.dev", "runtime"),
  DIAGNOSTICS("Diagnostics.runtime.talos.dev", "runtime"),
  DISKS("Disks.block.talos.dev", "runtime"),
  SYSTEM_DISK("SystemDisks.block.talos.dev", "runtime"),
  VOLUMES("VolumeStatuses.block.talos.dev", "runtime"),
  IMAGE_CACHE("ImageCacheConfigs.cri.talos.dev", "cri"),
  MACHINE_CONFIG("MachineConfigs.config.talos.dev", "config");

  private final String type;
  private final String namespace;

  Kind(String type, String namespace) {
    this.type = type;
    this.namespace = namespace;
  }

  String type() {
    return type;
  }

  String namespace() {
    return namespace;
  }
}
