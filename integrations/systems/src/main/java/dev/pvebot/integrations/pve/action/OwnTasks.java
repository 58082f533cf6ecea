package dev.pvebot.integrations.pve.action;

import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Upid;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.integrations.pve.task.TaskRow;
import dev.pvebot.runbooks.action.Intent;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Finds the task that an intent started when nobody lived to journal its UPID: the newest one by
/// our token that was not there before. Compares tasks with tasks only, so it does not matter whose
/// clock is right.
final class OwnTasks {
  /// The fact with the newest tasks there were before the call, by their UPIDs.
  private static final String BEFORE = "tasks_before";

  /// The fact with the node whose tasks count.
  static final String NODE = "node";

  private final Reach reach;

  OwnTasks(Reach reach) {
    this.reach = reach;
  }

  /// Adds to the facts what is needed to tell later tasks from earlier ones.
  void remember(Map<String, String> facts, NodeName node, Vmid vmid) throws InterruptedException {
    remember(facts, node, reach.tasks().of(node, vmid));
  }

  /// The same for tasks that are no guest's.
  void remember(Map<String, String> facts, NodeName node, String type) throws InterruptedException {
    remember(facts, node, reach.tasks().of(node, type));
  }

  private static void remember(Map<String, String> facts, NodeName node, List<TaskRow> rows) {
    List<Upid> all = rows.stream().map(TaskRow::upid).toList();
    Optional<Instant> newest = all.stream().map(Upid::startedAt).max(Instant::compareTo);
    facts.put(NODE, node.value());
    facts.put(
        BEFORE,
        all.stream()
            .filter(upid -> newest.equals(Optional.of(upid.startedAt())))
            .map(Upid::value)
            .collect(Collectors.joining(" ")));
  }

  /// Tasks of these types by our token that have begun since, newest first.
  List<TaskRow> since(Intent intent, Vmid vmid, String... types) throws InterruptedException {
    Set<String> wanted = Set.of(types);
    return since(intent, node -> reach.tasks().of(node, vmid)).stream()
        .filter(row -> wanted.contains(row.upid().type()))
        .toList();
  }

  /// The same for tasks that are no guest's.
  ///
  /// @param id what the task works on, as its UPID says
  List<TaskRow> since(Intent intent, String type, Predicate<String> id)
      throws InterruptedException {
    return since(intent, node -> reach.tasks().of(node, type)).stream()
        .filter(row -> id.test(row.upid().id().orElse("")))
        .toList();
  }

  private interface Listing {
    List<TaskRow> on(NodeName node) throws InterruptedException;
  }

  private List<TaskRow> since(Intent intent, Listing listing) throws InterruptedException {
    if (intent.task().isPresent()) {
      return reach.tasks().status(intent.task().get()).stream().toList();
    }
    Optional<NodeName> node = Optional.ofNullable(intent.facts().get(NODE)).map(NodeName::new);
    if (node.isEmpty()) {
      return List.of();
    }
    Set<String> before =
        Set.of(
            Arrays.stream(intent.facts().getOrDefault(BEFORE, "").split(" ", -1))
                .distinct()
                .toArray(String[]::new));
    Instant newest =
        before.stream()
            .filter(Upid::isUpid)
            .map(text -> new Upid(text).startedAt())
            .max(Instant::compareTo)
            .orElse(Instant.MIN);
    return listing.on(node.get()).stream()
        .filter(row -> row.upid().user().equals(reach.caller().tokenId()))
        .filter(
            row -> !row.upid().startedAt().isBefore(newest) && !before.contains(row.upid().value()))
        .sorted(java.util.Comparator.comparing((TaskRow row) -> row.upid().startedAt()).reversed())
        .toList();
  }
}
