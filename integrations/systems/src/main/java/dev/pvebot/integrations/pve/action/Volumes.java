package dev.pvebot.integrations.pve.action;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.integrations.pve.api.Json;
import dev.pvebot.integrations.pve.api.PveCall;
import dev.pvebot.runbooks.action.ActionFailure;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Files and images on storages, by their volume ids (`pbs:backup/vm/101/2026-01-31T02:00:05Z`).
final class Volumes {
  private final Reach reach;

  Volumes(Reach reach) {
    this.reach = reach;
  }

  /// The storage that a volume id names.
  static String storage(String volid) {
    int colon = volid.indexOf(':');
    if (colon <= 0) {
      throw ActionFailure.refused(
          "'%s' is no volume of a storage".formatted(volid), "write it as STORAGE:NAME");
    }
    return volid.substring(0, colon);
  }

  /// The volume as its storage lists it.
  ///
  /// @param content `backup`, `iso`, `import`
  Optional<JsonNode> find(NodeName node, String volid, String content) throws InterruptedException {
    return Json.list(
            reach
                .caller()
                .call(
                    PveCall.get(
                            "listing what is on %s of %s".formatted(storage(volid), node),
                            "nodes",
                            node,
                            "storage",
                            storage(volid),
                            "content")
                        .with("content", content)))
        .stream()
        .filter(row -> row.path("volid").asText().equals(volid))
        .findFirst();
  }

  /// The storage to use: the one that was named, else the first shared one, else the first.
  ///
  /// @param node where it must be, if that matters
  /// @throws ActionFailure when there is none
  static Fleet.Storage choose(
      Fleet fleet, Optional<String> named, Optional<NodeName> node, String content) {
    List<Fleet.Storage> usable =
        fleet.storages().stream()
            .filter(storage -> storage.active() && storage.content().contains(content))
            .filter(storage -> node.isEmpty() || node.get().equals(storage.node()))
            .filter(storage -> fleet.node(storage.node()).filter(Fleet.Node::online).isPresent())
            .sorted(
                Comparator.comparing((Fleet.Storage storage) -> !storage.shared())
                    .thenComparing(Fleet.Storage::name)
                    .thenComparing(Fleet.Storage::node))
            .toList();
    return usable.stream()
        .filter(storage -> named.isEmpty() || named.get().equals(storage.name()))
        .findFirst()
        .orElseThrow(() -> {
          String where = node.map(name -> " on " + name).orElse("");
          String names =
              usable.stream().map(Fleet.Storage::name).distinct().collect(Collectors.joining(", "));
          return ActionFailure.refused(
              named
                  .map(name ->
                      "storage %s%s is missing, inactive or takes no content of type %s"
                          .formatted(name, where, content))
                  .orElse("no storage%s takes content of type %s".formatted(where, content)),
              names.isEmpty()
                  ? "add the content type '%s' to a storage in Proxmox VE".formatted(content)
                  : "choose one of " + names);
        });
  }
}
