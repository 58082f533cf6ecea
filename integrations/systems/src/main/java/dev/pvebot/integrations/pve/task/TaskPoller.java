package dev.pvebot.integrations.pve.task;

import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Upid;
import dev.pvebot.runbooks.action.Tasks;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/// Waits for tasks. Each node with tasks that are waited for is watched by one [NodeWatch], which
/// ends with its last waiter.
public final class TaskPoller implements Tasks, AutoCloseable {
  private final NodeTasks tasks;
  private final Duration interval;
  private final Map<NodeName, NodeWatch> watches = new HashMap<>();

  /// @param interval between two looks at a node's list: 1 s in the field. At most two requests go
  ///   to a node in it
  public TaskPoller(NodeTasks tasks, Duration interval) {
    this.tasks = tasks;
    this.interval = interval;
  }

  @Override
  public End await(Upid task, Duration timeout, Consumer<String> remark)
      throws InterruptedException, TimeoutException {
    long deadline = System.nanoTime() + timeout.toNanos();
    NodeWatch.Waiter waiter = join(task);
    try {
      while (true) {
        long left = deadline - System.nanoTime();
        Optional<NodeWatch.News> news = left > 0 ? waiter.next(left) : Optional.empty();
        switch (news.orElse(null)) {
          case null ->
              throw new TimeoutException(
                  "task %s of %s still runs after %d s; it goes on"
                      .formatted(task.type(), task.node(), timeout.toSeconds()));
          case NodeWatch.News.Remark(String text) -> remark.accept(text);
          case NodeWatch.News.Ended(End end) -> {
            return end;
          }
        }
      }
    } finally {
      leave(waiter);
    }
  }

  /// How long ago the running tasks of each node were listed whose tasks are waited for now.
  public Map<NodeName, Duration> lags() {
    Map<NodeName, Duration> lags = new TreeMap<>();
    synchronized (watches) {
      watches.forEach(
          (node, watch) -> watch.sinceListed().ifPresent(since -> lags.put(node, since)));
    }
    return lags;
  }

  private NodeWatch.Waiter join(Upid task) {
    synchronized (watches) {
      NodeWatch watch =
          watches.computeIfAbsent(task.node(), node -> new NodeWatch(node, tasks, interval));
      return watch.join(task);
    }
  }

  private void leave(NodeWatch.Waiter waiter) {
    synchronized (watches) {
      NodeName node = waiter.task().node();
      NodeWatch watch = watches.get(node);
      if (watch != null && watch.leave(waiter)) {
        watches.remove(node);
        watch.stop();
      }
    }
  }

  @Override
  public void close() {
    synchronized (watches) {
      watches.values().forEach(NodeWatch::stop);
      watches.clear();
    }
  }
}
