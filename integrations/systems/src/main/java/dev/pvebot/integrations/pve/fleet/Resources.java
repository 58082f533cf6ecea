package dev.pvebot.integrations.pve.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.integrations.pve.api.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// `GET /cluster/resources` as records. Entries of unknown types, and entries without what makes
/// them one, are left out.
final class Resources {
  private final List<JsonNode> entries;

  Resources(JsonNode data) {
    this.entries = Json.list(data);
  }

  private Stream<JsonNode> ofType(String... types) {
    Set<String> wanted = Set.of(types);
    return entries.stream().filter(entry -> wanted.contains(entry.path("type").asText()));
  }

  /// @param online by `cluster/status`, which knows it sooner
  List<Fleet.Node> nodes(Map<NodeName, Boolean> online) {
    return ofType("node")
        .flatMap(entry ->
            Json.node(entry, "node").stream()
                .map(name ->
                    new Fleet.Node(
                        name,
                        entry.path("status").asText().equals("online")
                            && online.getOrDefault(name, true),
                        (int) Json.number(entry, "maxcpu"),
                        Json.fraction(entry, "cpu"),
                        Json.number(entry, "maxmem"),
                        Json.number(entry, "mem"),
                        Json.number(entry, "uptime"))))
        .toList();
  }

  List<Fleet.Guest> guests() {
    return ofType("qemu", "lxc").flatMap(entry -> guest(entry).stream()).toList();
  }

  Optional<Fleet.Guest> guest(Vmid vmid) {
    return ofType("qemu", "lxc")
        .filter(entry -> Json.vmid(entry, "vmid").equals(Optional.of(vmid)))
        .flatMap(entry -> guest(entry).stream())
        .findFirst();
  }

  private static Optional<Fleet.Guest> guest(JsonNode entry) {
    Optional<Vmid> vmid = Json.vmid(entry, "vmid");
    Optional<NodeName> node = Json.node(entry, "node");
    if (vmid.isEmpty() || node.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Fleet.Guest(
            vmid.get(),
            entry.path("type").asText().equals("lxc") ? Fleet.Kind.CONTAINER : Fleet.Kind.VM,
            Json.text(entry, "name").orElse("VM " + vmid.get()),
            node.get(),
            power(entry.path("status").asText()),
            Json.flag(entry, "template"),
            tags(Json.text(entry, "tags").orElse("")),
            (int) Json.number(entry, "maxcpu"),
            Json.number(entry, "maxmem"),
            Json.number(entry, "mem"),
            Json.number(entry, "maxdisk"),
            Json.number(entry, "uptime"),
            Json.text(entry, "lock"),
            Json.text(entry, "hastate")));
  }

  private static Fleet.Power power(String status) {
    return switch (status) {
      case "running", "paused", "suspended" -> Fleet.Power.RUNNING;
      case "stopped" -> Fleet.Power.STOPPED;
      default -> Fleet.Power.UNKNOWN;
    };
  }

  /// PVE takes tags by comma, semicolon or space, and gives them by semicolon.
  static Set<String> tags(String text) {
    Set<String> tags = new TreeSet<>();
    for (String tag : text.split("[,;\\s]+", -1)) {
      if (!tag.isEmpty()) {
        tags.add(tag.toLowerCase(java.util.Locale.ROOT));
      }
    }
    return tags;
  }

  List<Fleet.Storage> storages() {
    return ofType("storage").flatMap(entry -> storage(entry).stream()).toList();
  }

  private static Optional<Fleet.Storage> storage(JsonNode entry) {
    Optional<NodeName> node = Json.node(entry, "node");
    Optional<String> name = Json.text(entry, "storage");
    if (node.isEmpty() || name.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Fleet.Storage(
            name.get(),
            node.get(),
            Json.text(entry, "plugintype").orElse("unknown"),
            Json.flag(entry, "shared"),
            entry.path("status").asText().equals("available"),
            tags(Json.text(entry, "content").orElse("")),
            Json.number(entry, "maxdisk"),
            Json.number(entry, "disk")));
  }
}
