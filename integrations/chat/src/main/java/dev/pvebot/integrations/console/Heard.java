package dev.pvebot.integrations.console;

/// What came of asking the person for a line.
sealed interface Heard {
  record Said(String line) implements Heard {}

  /// Ctrl-C: the line is not meant.
  ///
  /// @param line as far as it was typed
  record Interrupted(String line) implements Heard {}

  /// Ctrl-D, or the end of the file.
  record Left() implements Heard {}
}
