package dev.pvebot.integrations.lab.faults;

/// What can go wrong inside a worker task, after its UPID was handed out.
public sealed interface TaskFault {
  /// It runs and never ends; its locks stay.
  record Hang() implements TaskFault {}

  /// It ends with this text and undoes what a failed task of its kind undoes.
  record Fail(String text) implements TaskFault {}

  /// It works and ends with `WARNINGS: n`.
  record Warn(int warnings) implements TaskFault {}

  /// It takes `factor` times as long.
  record Slow(double factor) implements TaskFault {}

  /// Its storage stays locked by somebody else: `can't lock file … - got timeout` after 10 s.
  record StorageLocked() implements TaskFault {}

  /// A destroy that says OK and leaves the guest behind.
  record Ghost() implements TaskFault {}
}
