package dev.pvebot.integrations.pve.task;

import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Upid;
import dev.pvebot.integrations.pve.api.PveFailure;
import dev.pvebot.runbooks.action.Tasks;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Watches the tasks of one node for all who wait for them.
///
/// It makes one request at a time, and the next a little more than half an interval after it: the
/// list of what runs, once an interval while anything else is to be asked, and never twice in a row
/// then, however long it takes a node to answer; else what became of tasks that left the list, in
/// the order in which they left (one by its status, several by one look at the list of what has
/// ended); else the log of a task that failed; else, when somebody has only begun to wait, the list
/// again; else how far a task says it is.
final class NodeWatch {
  private static final Logger LOG = LoggerFactory.getLogger(NodeWatch.class);

  /// From here on one look at the archive is cheaper than a status for each.
  private static final int SEVERAL = 2;

  private static final int ARCHIVE_LIMIT = 1000;
  private static final int TAIL = 10;

  /// A tail is found by reading on from where the log was last seen; a log that grew more than this
  /// is read in parts.
  private static final int LOG_PART = 5000;

  /// A waiter is new for so many intervals: most tasks last seconds.
  private static final int NEW = 10;

  /// How many intervals pass between two looks at one task's log.
  private static final int PROGRESS = 5;

  /// What a waiter hears.
  sealed interface News {
    record Remark(String text) implements News {}

    record Ended(Tasks.End end) implements News {}
  }

  /// Somebody who waits for a task.
  static final class Waiter {
    private final Upid task;
    private final long since = System.nanoTime();
    private final BlockingQueue<News> news = new LinkedBlockingQueue<>();

    private Waiter(Upid task) {
      this.task = task;
    }

    Upid task() {
      return task;
    }

    Optional<News> next(long nanos) throws InterruptedException {
      return Optional.ofNullable(news.poll(nanos, TimeUnit.NANOSECONDS));
    }
  }

  private final NodeName node;
  private final NodeTasks tasks;
  private final long intervalNanos;

  /// A little more than half of it, so that a late arrival does not make three in one interval.
  private final long spacingNanos;

  private final Thread thread;

  private final Map<Upid, List<Waiter>> waiters = new LinkedHashMap<>();

  // Only the watching thread touches what follows.
  private final Deque<Upid> left = new ArrayDeque<>();
  private final Set<Upid> inArchiveInVain = new HashSet<>();
  private final Deque<Ended> ended = new ArrayDeque<>();
  private final Map<Upid, LogPlace> logs = new HashMap<>();
  private volatile long listedAt;
  private volatile boolean listedOnce;
  private boolean listedLast;
  private boolean away;

  private record Ended(Upid task, String status) {}

  /// @param next line to read on from
  /// @param askedAt by [System#nanoTime]
  /// @param toTheEnd whether there was no more when it was read
  private record LogPlace(int next, long askedAt, List<String> tail, boolean toTheEnd) {}

  NodeWatch(NodeName node, NodeTasks tasks, Duration interval) {
    this.node = node;
    this.tasks = tasks;
    this.intervalNanos = interval.toNanos();
    this.spacingNanos = intervalNanos / 40 * 21;
    this.thread = Thread.ofVirtual().name("tasks-of-" + node).unstarted(this::watch);
  }

  synchronized Waiter join(Upid task) {
    Waiter waiter = new Waiter(task);
    waiters.computeIfAbsent(task, _ -> new ArrayList<>()).add(waiter);
    if (thread.getState() == Thread.State.NEW) {
      thread.start();
    }
    notifyAll();
    return waiter;
  }

  /// @return whether nobody waits any more
  synchronized boolean leave(Waiter waiter) {
    List<Waiter> others = waiters.getOrDefault(waiter.task(), new ArrayList<>());
    others.remove(waiter);
    if (others.isEmpty()) {
      waiters.remove(waiter.task());
    }
    return waiters.isEmpty();
  }

  /// How long ago the node's list was last read; empty before the first time.
  Optional<Duration> sinceListed() {
    return listedOnce
        ? Optional.of(Duration.ofNanos(System.nanoTime() - listedAt))
        : Optional.empty();
  }

  void stop() {
    thread.interrupt();
  }

  private void watch() {
    try {
      while (true) {
        try {
          boolean asked = askOne(System.nanoTime());
          back();
          pause(asked);
        } catch (PveFailure failure) {
          keepWaiting(failure);
          pause(true);
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // the last waiter has gone
    }
  }

  /// Counts from the answer: a request that was long on its way does not arrive together with the
  /// next.
  private synchronized void pause(boolean asked) throws InterruptedException {
    long end = System.nanoTime() + spacingNanos;
    do {
      TimeUnit.NANOSECONDS.timedWait(this, end - System.nanoTime());
    } while (asked && end - System.nanoTime() > 0);
  }

  /// @return whether a request was made
  private boolean askOne(long now) throws InterruptedException {
    forgetDeserted();
    long sinceList = now - listedAt;
    boolean due = !listedOnce || sinceList >= intervalNanos - intervalNanos / 10;
    // the list of a slow node is due again as soon as it has come: what else there is has its turn
    boolean othersTurn = listedLast && !(left.isEmpty() && ended.isEmpty());
    listedLast = false;
    if (due && !othersTurn) {
      list(now);
    } else if (left.size() >= SEVERAL
        && left.stream().anyMatch(task -> !inArchiveInVain.contains(task))) {
      lookIntoArchive();
    } else if (!left.isEmpty()) {
      askStatus(left.element());
    } else if (!ended.isEmpty()) {
      readLog(ended.element(), now);
    } else if (hasNewWaiter(now)) {
      list(now);
    } else {
      return lookForProgress(now);
    }
    return true;
  }

  private synchronized void forgetDeserted() {
    left.removeIf(task -> !waiters.containsKey(task));
    ended.removeIf(end -> !waiters.containsKey(end.task()));
    inArchiveInVain.retainAll(left);
    logs.keySet().retainAll(waiters.keySet());
  }

  private synchronized boolean hasNewWaiter(long now) {
    return waiters.values().stream()
        .flatMap(List::stream)
        .anyMatch(waiter -> now - waiter.since < NEW * intervalNanos);
  }

  private synchronized Set<Upid> waitedFor() {
    Set<Upid> open = new java.util.LinkedHashSet<>(waiters.keySet());
    ended.forEach(end -> open.remove(end.task()));
    return open;
  }

  private void list(long now) throws InterruptedException {
    Set<Upid> wanted = waitedFor(); // before the list is read: who joins later is not missed on it
    Map<Upid, TaskRow> rows = new HashMap<>();
    tasks.active(node).forEach(row -> rows.put(row.upid(), row));
    listedAt = now;
    listedOnce = true;
    listedLast = true;
    for (Upid task : wanted) {
      TaskRow row = rows.get(task);
      if (row == null) {
        if (!left.contains(task)) {
          left.add(task);
        }
      } else {
        left.remove(task);
        row.exitStatus().ifPresent(status -> hasEnded(task, status));
      }
    }
  }

  private void lookIntoArchive() throws InterruptedException {
    Map<Upid, TaskRow> rows = new HashMap<>();
    tasks.ended(node, ARCHIVE_LIMIT).forEach(row -> rows.put(row.upid(), row));
    for (Upid task : List.copyOf(left)) {
      Optional<String> status = Optional.ofNullable(rows.get(task)).flatMap(TaskRow::exitStatus);
      if (status.isPresent()) {
        left.remove(task);
        hasEnded(task, status.get());
      } else {
        inArchiveInVain.add(task);
      }
    }
  }

  private void askStatus(Upid task) throws InterruptedException {
    left.remove(task);
    try {
      Optional<TaskRow> row = tasks.status(task);
      if (row.isEmpty()) {
        hasEnded(task, "its node does not know the task any more");
      } else {
        row.get().exitStatus().ifPresent(status -> hasEnded(task, status));
      }
    } catch (PveFailure failure) {
      left.addLast(task);
      throw failure;
    }
  }

  private void hasEnded(Upid task, String status) {
    if (status.equals("OK")) {
      tell(task, new News.Ended(ExitStatus.end(status, List.of())));
    } else if (ended.stream().noneMatch(end -> end.task().equals(task))) {
      ended.add(new Ended(task, status));
    }
  }

  private void readLog(Ended end, long now) throws InterruptedException {
    LogPlace place = readOn(end.task(), now);
    if (place.toTheEnd()) {
      ended.remove(end);
      tell(end.task(), new News.Ended(ExitStatus.end(end.status(), place.tail())));
    }
  }

  private LogPlace readOn(Upid task, long now) throws InterruptedException {
    LogPlace before = logs.getOrDefault(task, new LogPlace(0, now, List.of(), false));
    List<String> lines = tasks.log(task, before.next(), LOG_PART);
    List<String> all = new ArrayList<>(before.tail());
    // PVE answers a line of its own when there is nothing (yet)
    lines.stream()
        .filter(line -> !(lines.size() == 1 && line.equals("no content")))
        .forEach(all::add);
    List<String> tail = List.copyOf(all.subList(Math.max(0, all.size() - TAIL), all.size()));
    int read = all.size() - before.tail().size();
    LogPlace place = new LogPlace(before.next() + read, now, tail, lines.size() < LOG_PART);
    logs.put(task, place);
    return place;
  }

  /// With nothing else to ask, how far the task is whose log was not read for longest.
  private boolean lookForProgress(long now) throws InterruptedException {
    Optional<Upid> next =
        waitedFor().stream()
            .filter(task ->
                Optional.ofNullable(logs.get(task))
                    .map(place -> now - place.askedAt() >= PROGRESS * intervalNanos)
                    .orElse(true))
            .min(
                java.util.Comparator.comparingLong(task ->
                    Optional.ofNullable(logs.get(task))
                        .map(LogPlace::askedAt)
                        .orElse(Long.MIN_VALUE)));
    if (next.isEmpty()) {
      return false;
    }
    NodeTasks.percent(readOn(next.get(), now).tail())
        .ifPresent(percent -> tell(next.get(), new News.Remark(percent)));
    return true;
  }

  private synchronized void tell(Upid task, News news) {
    waiters.getOrDefault(task, List.of()).forEach(waiter -> waiter.news.add(news));
  }

  private void keepWaiting(PveFailure failure) {
    if (!away) {
      away = true;
      LOG.warn("tasks of {} cannot be watched, waiting on: {}", node, failure.getMessage());
      String text =
          switch (failure.kind()) {
            case NODE_AWAY, UNREACHABLE, NO_ANSWER, BUSY ->
                "node %s is away (%s), still waiting".formatted(node, failure.reason());
            case TLS_MISMATCH, UNAUTHENTICATED, FORBIDDEN, REJECTED, REFUSED, NONSENSE ->
                "the tasks of %s cannot be read (%s), still waiting"
                    .formatted(node, failure.reason());
          };
      waitedFor().forEach(task -> tell(task, new News.Remark(text)));
    }
  }

  private void back() {
    if (away) {
      away = false;
      waitedFor().forEach(task -> tell(task, new News.Remark("node %s is back".formatted(node))));
    }
  }
}
