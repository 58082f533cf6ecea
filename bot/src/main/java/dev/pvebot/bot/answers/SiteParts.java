package dev.pvebot.bot.answers;

import dev.pvebot.bot.storage.Backups;
import dev.pvebot.bot.storage.Storages;
import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.integrations.pve.Pve;
import dev.pvebot.integrations.pve.fleet.Gathering.Part;
import dev.pvebot.integrations.pve.fleet.NodeReader.NodeDetail;
import dev.pvebot.integrations.pve.fleet.StorageReader.Fill;
import dev.pvebot.integrations.pve.fleet.StorageReader.Volume;
import dev.pvebot.integrations.pve.task.TaskRow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/// What a status is made of, read side by side: details and tasks of the nodes that are up, the
/// history of their storages, the backups.
///
/// @param tasks of the last 24 hours, newest first, by node
/// @param fills the last month of each storage; a shared one stands once
/// @param missing what did not come, and why
record SiteParts(
    Map<NodeName, NodeDetail> nodes,
    Map<NodeName, List<TaskRow>> tasks,
    Map<Fleet.Storage, List<Fill>> fills,
    List<Volume> backups,
    List<String> missing) {

  static final Duration TASKS_OF = Duration.ofHours(24);

  private sealed interface Found {
    record Detail(NodeName node, NodeDetail detail) implements Found {}

    record Tasks(NodeName node, List<TaskRow> rows) implements Found {}

    record History(Fleet.Storage storage, List<Fill> fills) implements Found {}

    record Saved(List<Volume> backups) implements Found {}
  }

  static SiteParts read(Sight sight, Pve pve, Sight.Seen seen) throws InterruptedException {
    Fleet fleet = seen.fleet();
    Map<String, Callable<Found>> readings = new LinkedHashMap<>();
    Instant since = sight.now().minus(TASKS_OF);
    fleet
        .onlineNodes()
        .map(Fleet.Node::name)
        .forEach(node -> {
          readings.put(node.value(), () -> new Found.Detail(node, pve.nodes().detail(node)));
          readings.put(
              "tasks of " + node, () -> new Found.Tasks(node, pve.taskLists().since(node, since)));
        });
    for (Fleet.Storage storage : Storages.once(fleet)) {
      readings.put(
          "history of " + Storages.name(storage),
          () -> new Found.History(storage, pve.storages().lastMonth(storage)));
    }
    for (Fleet.Storage storage : Backups.storages(fleet)) {
      readings.put(
          "backups on " + Storages.name(storage),
          () -> new Found.Saved(pve.storages().volumes(storage, "backup")));
    }
    SiteParts parts =
        new SiteParts(
            new TreeMap<>(),
            new TreeMap<>(),
            new LinkedHashMap<>(),
            new ArrayList<>(),
            new ArrayList<>());
    for (Map.Entry<String, Part<Found>> each :
        sight.<String, Found>parts(seen, readings).entrySet()) {
      switch (each.getValue()) {
        case Part.Here<Found>(Found found) -> parts.add(found);
        case Part.Missing<Found>(String why) -> parts.missing.add(each.getKey() + ": " + why);
      }
    }
    return parts;
  }

  private void add(Found found) {
    switch (found) {
      case Found.Detail(NodeName node, NodeDetail detail) -> nodes.put(node, detail);
      case Found.Tasks(NodeName node, List<TaskRow> rows) -> tasks.put(node, rows);
      case Found.History(Fleet.Storage storage, List<Fill> history) -> fills.put(storage, history);
      case Found.Saved(List<Volume> saved) -> backups.addAll(saved);
    }
  }
}
