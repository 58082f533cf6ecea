package dev.pvebot.integrations.lab.pve;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// The worker tasks of all nodes, by UPID. Guarded by the datacenter's monitor.
final class Tasks {
  /// PVE keeps about a thousand finished tasks in the index of each node.
  private static final int KEPT = 3000;

  private final Datacenter datacenter;
  private final Map<String, Task> byUpid = new LinkedHashMap<>();
  private int pids = 0x0001_0000;

  Tasks(Datacenter datacenter) {
    this.datacenter = datacenter;
  }

  /// Starts a task: its work begins at once, and what it does later hangs on [Task#after].
  Task spawn(String node, String type, String id, String user, Consumer<Task> work) {
    pids += 3;
    long ticks = Duration.between(datacenter.bootedAt(), datacenter.clock().now()).toMillis() / 10;
    Task task =
        new Task(
            datacenter,
            node,
            type,
            id,
            user,
            pids,
            ticks,
            datacenter.faults().atTask(node, type, id));
    byUpid.put(task.upid, task);
    if (byUpid.size() > KEPT) {
      byUpid.values().stream()
          .filter(t -> !t.isRunning())
          .findFirst()
          .ifPresent(t -> byUpid.remove(t.upid));
    }
    task.run(() -> work.accept(task));
    return task;
  }

  Optional<Task> find(String upid) {
    return Optional.ofNullable(byUpid.get(upid));
  }

  /// Newest first.
  List<Task> all() {
    List<Task> all = new ArrayList<>(byUpid.values());
    all.sort(Comparator.comparing((Task t) -> t.started).thenComparingInt(t -> t.pid).reversed());
    return all;
  }

  List<Task> running(String type, String id) {
    return byUpid.values().stream()
        .filter(t -> t.isRunning() && t.type.equals(type) && t.id.equals(id))
        .toList();
  }
}
