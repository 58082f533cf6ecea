package dev.pvebot.runbooks.operation;

import java.util.Locale;

/// What a person may say to a step that asks.
public enum Answer {
  /// Look at the world again and, if it is not so yet, do it again.
  RETRY,
  /// Go on without it.
  SKIP,
  /// End the operation as failed.
  STOP,
  /// A manual step: it has been done.
  DONE;

  /// The word in commands and on buttons.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
