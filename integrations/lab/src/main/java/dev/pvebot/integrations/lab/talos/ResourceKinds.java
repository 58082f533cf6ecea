package dev.pvebot.integrations.lab.talos;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The kinds of resources that a machine has, and how they introduce themselves (the definitions
/// that clients resolve `members` or `links` by).
final class ResourceKinds {
  /// @param columns name and JSON path of each column that a table shows
  record Kind(
      String type,
      String namespace,
      String display,
      boolean sensitive,
      Map<String, String> columns) {
    List<String> aliases() {
      String plural = type.substring(0, type.indexOf('.'));
      List<String> all = new ArrayList<>(List.of(display.toLowerCase(Locale.ROOT)));
      all.add(plural.toLowerCase(Locale.ROOT));
      String suffix = type.substring(type.indexOf('.') + 1);
      int dot = suffix.indexOf('.');
      if (dot > 0) {
        all.add(plural.toLowerCase(Locale.ROOT) + "." + suffix.substring(0, dot));
      }
      String capitals = plural.replaceAll("[^A-Z]", "");
      if (capitals.length() > 1) {
        all.add(capitals.toLowerCase(Locale.ROOT));
      }
      all.addAll(MORE_ALIASES.getOrDefault(display, List.of()));
      return all;
    }

    String definitionId() {
      return type.toLowerCase(Locale.ROOT);
    }
  }

  static final String DEFINITIONS = "ResourceDefinitions.meta.cosi.dev";

  /// Where Talos names a kind by more than what follows from its type (`Aliases` of each).
  private static final Map<String, List<String>> MORE_ALIASES =
      Map.of(
          "ResourceDefinition", List.of("api-resources"),
          "LinkStatus", List.of("link", "links"),
          "AddressStatus", List.of("address", "addresses"),
          "HostnameStatus", List.of("hostname"),
          "RouteStatus", List.of("route", "routes"),
          "ExtensionStatus", List.of("extensions"),
          "MetaKey", List.of("meta"),
          "Service", List.of("svc"));

  private static final List<Kind> ALL =
      List.of(
          kind(DEFINITIONS, "meta", "ResourceDefinition", "Aliases", "{.aliases[:]}"),
          kind("Namespaces.meta.cosi.dev", "meta", "Namespace"),
          kind(
              "LinkStatuses.net.talos.dev",
              "network",
              "LinkStatus",
              "Type",
              "{.type}",
              "Kind",
              "{.kind}",
              "Hw Addr",
              "{.hardwareAddr}",
              "Oper State",
              "{.operationalState}",
              "Link State",
              "{.linkState}"),
          kind(
              "AddressStatuses.net.talos.dev",
              "network",
              "AddressStatus",
              "Address",
              "{.address}",
              "Link",
              "{.linkName}"),
          kind(
              "NodeAddresses.net.talos.dev", "network", "NodeAddress", "Addresses", "{.addresses}"),
          kind(
              "HostnameStatuses.net.talos.dev",
              "network",
              "HostnameStatus",
              "Hostname",
              "{.hostname}",
              "Domainname",
              "{.domainname}"),
          kind(
              "RouteStatuses.net.talos.dev",
              "network",
              "RouteStatus",
              "Destination",
              "{.dst}",
              "Gateway",
              "{.gateway}",
              "Link",
              "{.outLinkName}"),
          kind(
              "Disks.block.talos.dev",
              "runtime",
              "Disk",
              "Size",
              "{.pretty_size}",
              "Model",
              "{.model}"),
          kind("SystemDisks.block.talos.dev", "runtime", "SystemDisk", "Disk", "{.diskID}"),
          kind(
              "VolumeStatuses.block.talos.dev",
              "runtime",
              "VolumeStatus",
              "Phase",
              "{.phase}",
              "Location",
              "{.location}"),
          kind(
              "ExtensionStatuses.runtime.talos.dev",
              "runtime",
              "ExtensionStatus",
              "Name",
              "{.metadata.name}",
              "Version",
              "{.metadata.version}"),
          kind(
              "MachineStatuses.runtime.talos.dev",
              "runtime",
              "MachineStatus",
              "Stage",
              "{.stage}",
              "Ready",
              "{.status.ready}"),
          kind("Versions.runtime.talos.dev", "runtime", "Version", "Version", "{.version}"),
          kind("Diagnostics.runtime.talos.dev", "runtime", "Diagnostic", "Message", "{.message}"),
          kind("MetaKeys.runtime.talos.dev", "runtime", "MetaKey", "Value", "{.value}"),
          kind(
              "SecurityStates.talos.dev",
              "runtime",
              "SecurityState",
              "SecureBoot",
              "{.secureBoot}"),
          kind(
              "PlatformMetadatas.talos.dev",
              "runtime",
              "PlatformMetadata",
              "Platform",
              "{.platform}"),
          kind(
              "Services.v1alpha1.talos.dev",
              "runtime",
              "Service",
              "Running",
              "{.running}",
              "Healthy",
              "{.healthy}"),
          kind(
              "SystemInformations.hardware.talos.dev",
              "hardware",
              "SystemInformation",
              "UUID",
              "{.uuid}"),
          kind(
              "Members.cluster.talos.dev",
              "cluster",
              "Member",
              "Hostname",
              "{.hostname}",
              "Machine Type",
              "{.machineType}",
              "OS",
              "{.operatingSystem}",
              "Addresses",
              "{.addresses}"),
          sensitive("MachineConfigs.config.talos.dev", "config", "MachineConfig"),
          kind("MachineTypes.config.talos.dev", "config", "MachineType", "Type", "{}"),
          kind("Nodenames.kubernetes.talos.dev", "k8s", "Nodename", "Nodename", "{.nodename}"),
          kind(
              "NodeStatuses.kubernetes.talos.dev",
              "k8s",
              "NodeStatus",
              "Ready",
              "{.nodeReady}",
              "Unschedulable",
              "{.unschedulable}"),
          kind(
              "StaticPodStatuses.kubernetes.talos.dev",
              "k8s",
              "StaticPodStatus",
              "Ready",
              "{.podStatus.conditions[?(@.type==\"Ready\")].status}"),
          kind("APIServerConfigs.kubernetes.talos.dev", "controlplane", "APIServerConfig"),
          kind(
              "ControllerManagerConfigs.kubernetes.talos.dev",
              "controlplane",
              "ControllerManagerConfig"),
          kind("SchedulerConfigs.kubernetes.talos.dev", "controlplane", "SchedulerConfig"),
          kind("KubeletSpecs.kubernetes.talos.dev", "k8s", "KubeletSpec"),
          kind("EtcdMembers.etcd.talos.dev", "etcd", "EtcdMember", "Member ID", "{.memberID}"),
          kind(
              "ImageCacheConfigs.cri.talos.dev",
              "cri",
              "ImageCacheConfig",
              "Status",
              "{.status}",
              "Copy Status",
              "{.copyStatus}"));

  private ResourceKinds() {}

  private static Kind kind(String type, String namespace, String display, String... columns) {
    Map<String, String> byName = new LinkedHashMap<>();
    for (int i = 0; i < columns.length; i += 2) {
      byName.put(columns[i], columns[i + 1]);
    }
    return new Kind(type, namespace, display, false, byName);
  }

  private static Kind sensitive(String type, String namespace, String display) {
    return new Kind(type, namespace, display, true, Map.of());
  }

  static Optional<Kind> of(String type) {
    return ALL.stream().filter(k -> k.type().equals(type)).findFirst();
  }

  static boolean isNamespace(String name) {
    return ALL.stream().anyMatch(k -> k.namespace().equals(name));
  }

  /// The definitions as resources.
  static List<Resources.Draft> definitions() {
    return ALL.stream()
        .map(kind ->
            new Resources.Draft("meta", DEFINITIONS, kind.definitionId(), yaml(kind), proto(kind)))
        .toList();
  }

  private static String yaml(Kind kind) {
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("type", kind.type());
    spec.put("displayType", kind.display());
    spec.put("defaultNamespace", kind.namespace());
    spec.put("aliases", kind.aliases().subList(0, 1));
    spec.put("allAliases", kind.aliases());
    spec.put(
        "printColumns",
        kind.columns().entrySet().stream()
            .map(c -> {
              Map<String, Object> column = new LinkedHashMap<>();
              column.put("name", c.getKey());
              column.put("jsonPath", c.getValue());
              return column;
            })
            .toList());
    if (kind.sensitive()) {
      spec.put("sensitivity", "sensitive");
    }
    return ResourceView.yaml(spec);
  }

  /// cosi.resource.meta.ResourceDefinitionSpec
  private static ByteString proto(Kind kind) {
    ProtoSpec spec =
        new ProtoSpec()
            .text(1, kind.type())
            .text(2, kind.display())
            .text(3, kind.namespace())
            .text(4, kind.aliases().getFirst());
    kind.aliases().forEach(alias -> spec.text(5, alias));
    kind.columns()
        .forEach((name, path) -> spec.message(6, new ProtoSpec().text(1, name).text(2, path)));
    return spec.number(7, kind.sensitive() ? 1 : 0).bytes();
  }
}
