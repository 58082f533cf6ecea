package dev.pvebot.integrations.lab.pve;

import dev.pvebot.integrations.lab.faults.TaskFault;
import dev.pvebot.integrations.lab.time.LabClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A worker task: what runs behind a UPID. Guarded by the datacenter's monitor.
///
/// The work is written as a chain of [#after]; whatever a task holds it gives back in [#atEnd], and
/// what a failure must undo stands in [#onFailure].
final class Task {
  final String upid;
  final String node;
  final String type;
  final String id;
  final String user;
  final int pid;
  final long pstart;
  final Instant started;
  final List<String> log = new ArrayList<>();
  final Optional<TaskFault> fault;
  private final Datacenter datacenter;
  private final Deque<Runnable> atEnd = new ArrayDeque<>();
  private final Deque<Runnable> onFailure = new ArrayDeque<>();
  private String interruption = "received interrupt";
  private Optional<Instant> ended = Optional.empty();
  private String exitStatus = "";
  private int warnings;

  Task(
      Datacenter datacenter,
      String node,
      String type,
      String id,
      String user,
      int pid,
      long pstart,
      Optional<TaskFault> fault) {
    this.datacenter = datacenter;
    this.node = node;
    this.type = type;
    this.id = id;
    this.user = user;
    this.pid = pid;
    this.pstart = pstart;
    this.started = datacenter.clock().now();
    this.fault = fault;
    this.upid =
        String.format(
            Locale.ROOT,
            "UPID:%s:%08X:%08X:%08X:%s:%s:%s:",
            node,
            pid,
            pstart,
            started.getEpochSecond(),
            type,
            id,
            user);
  }

  boolean isRunning() {
    return ended.isEmpty();
  }

  Optional<Instant> ended() {
    return ended;
  }

  /// `OK`, `WARNINGS: n`, or the error; empty while it runs.
  String exitStatus() {
    return exitStatus;
  }

  void log(String line) {
    log.add(line);
  }

  /// What the task dies of when somebody stops it.
  void diesOf(String text) {
    interruption = text;
  }

  void atEnd(Runnable what) {
    atEnd.push(what);
  }

  void onFailure(Runnable what) {
    onFailure.push(what);
  }

  /// Goes on after this much lab time, unless the task has ended by then; an [ApiError] fails the
  /// task.
  void after(Duration delay, Runnable next) {
    switch (fault.orElse(new TaskFault.Warn(0))) {
      case TaskFault.Hang _ -> {}
      case TaskFault.Fail fail -> schedule(delay, () -> fail(fail.text()));
      case TaskFault.Slow slow ->
          schedule(Duration.ofMillis((long) (delay.toMillis() * slow.factor())), next);
      case TaskFault.Warn _, TaskFault.StorageLocked _, TaskFault.Ghost _ -> schedule(delay, next);
    }
  }

  private void schedule(Duration delay, Runnable next) {
    LabClock.Timer timer =
        datacenter.clock().after(delay, () -> datacenter.locked(() -> run(next)));
    atEnd.push(timer::cancel);
  }

  /// Runs a part of the work now.
  void run(Runnable work) {
    if (!isRunning()) {
      return;
    }
    try {
      work.run();
    } catch (ApiError e) {
      fail(e.text());
    }
  }

  void warn(String line) {
    log.add("WARN: " + line);
    warnings++;
  }

  void ok() {
    if (fault.orElse(new TaskFault.Warn(0)) instanceof TaskFault.Warn warn) {
      warnings += warn.warnings();
    }
    end(warnings > 0 ? "WARNINGS: " + warnings : "OK", true);
  }

  void fail(String text) {
    String line = text.strip().replace('\n', ' ');
    if (!isRunning()) {
      return;
    }
    log.add("TASK ERROR: " + text.strip());
    undo();
    finish(line);
  }

  private void undo() {
    while (!onFailure.isEmpty()) {
      onFailure.pop().run();
    }
  }

  private void end(String status, boolean logged) {
    if (!isRunning()) {
      return;
    }
    if (logged) {
      log.add("TASK " + status);
    }
    finish(status);
  }

  private void finish(String status) {
    ended = Optional.of(datacenter.clock().now());
    exitStatus = status;
    while (!atEnd.isEmpty()) {
      atEnd.pop().run();
    }
  }

  /// Stops it as `DELETE /nodes/…/tasks/…` does.
  void interrupt() {
    fail(interruption);
  }

  /// The node lost power: nothing is undone, and the log has no last word.
  void vanish() {
    end("unexpected status", false);
  }
}
