package dev.pvebot.integrations.pve.api;

import java.util.Map;
import java.util.Optional;

/// What PVE's configuration locks mean, and what to do about each (source: qemu-server
/// `QemuConfig.pm`).
public final class LockWords {
  /// @param meaning completes `VM 1031 is locked (backup): …`
  /// @param now what to do
  public record Words(String meaning, String now) {}

  private static final String STALE =
      "; if no such task runs any more (task list), the lock is left over: `qm unlock VMID` as root"
          + " on its node";

  private static final Map<String, Words> ALL =
      Map.of(
          "backup", new Words("a backup of it is running", "wait for the backup to end" + STALE),
          "clone", new Words("it is being cloned into being", "wait for the clone to end" + STALE),
          "create", new Words("it is being created or restored", "wait for that to end" + STALE),
          "migrate",
              new Words("it is moving to another node", "wait for the migration to end" + STALE),
          "rollback",
              new Words("it is going back to a snapshot", "wait for the rollback to end" + STALE),
          "snapshot",
              new Words("a snapshot of it is being made", "wait for the snapshot to end" + STALE),
          "snapshot-delete",
              new Words("a snapshot of it is being removed", "wait for that to end" + STALE),
          "suspending",
              new Words("its memory is being saved to disk", "wait until it is suspended" + STALE),
          "suspended",
              new Words("it is suspended to disk", "start it: that resumes it and ends the lock"),
          "destroyed", new Words("it is being destroyed", "wait until it is gone" + STALE));

  private LockWords() {}

  public static Words of(String lock) {
    return Optional.ofNullable(ALL.get(lock))
        .orElseGet(() ->
            new Words(
                "PVE or another tool is at work on it",
                "look at its tasks and wait for them" + STALE));
  }
}
