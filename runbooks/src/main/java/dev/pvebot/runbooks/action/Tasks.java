package dev.pvebot.runbooks.action;

import dev.pvebot.clusters.Upid;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/// Waits for tasks of Proxmox VE, however many there are, at the cost of one poll a second for each
/// node.
public interface Tasks {
  /// Waits until the task has ended.
  ///
  /// @param remark told when there is something to say meanwhile (`node pve02 is away, still
  ///   waiting`, `64 %`)
  /// @throws InterruptedException when the wait is given up; the task goes on
  /// @throws java.util.concurrent.TimeoutException after `timeout`; the task goes on
  End await(Upid task, Duration timeout, Consumer<String> remark)
      throws InterruptedException, java.util.concurrent.TimeoutException;

  /// How a task ended.
  ///
  /// @param outcome as PVE's exit status says
  /// @param status PVE's exit status text: `OK`, `WARNINGS: 1`, or the error
  /// @param retryable whether the error is one that did nothing and may be tried again (a lock
  ///   timeout)
  /// @param logTail the last lines of its log; for a failure or warnings
  record End(Outcome outcome, String status, boolean retryable, List<String> logTail) {
    public End {
      logTail = List.copyOf(logTail);
    }
  }

  enum Outcome {
    OK,
    WARNINGS,
    FAILED
  }
}
