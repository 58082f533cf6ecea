package dev.pvebot.commands;

import java.util.Locale;

/// What can be lost when a command turns out to be a mistake, from least to most. The gate asked
/// for follows from it and from the environment of the targets.
public enum Risk {
  /// Changes nothing: status, list, logs.
  READ,
  /// Cheap to undo: start, snapshot, backup.
  ROUTINE,
  /// Changes something that can be changed back: create, clone, set, resize, migrate, stop.
  CHANGE,
  /// Interrupts what runs: kill, evacuate, upgrades.
  DISRUPTIVE,
  /// Cannot be undone: delete, teardown, rollback.
  DESTRUCTIVE;

  public Risk atLeast(Risk other) {
    return compareTo(other) >= 0 ? this : other;
  }

  /// The word in cards, runbooks and JSON, lower case.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
