package dev.pvebot.integrations.console;

/// What came of asking the person for a line.
sealed interface Heard {
  record Said(String line) implements Heard {}

  /// Ctrl-C: the line is not meant.
  record Interrupted() implements Heard {}

  /// Ctrl-D, or the end of the file.
  record Left() implements Heard {}
}
