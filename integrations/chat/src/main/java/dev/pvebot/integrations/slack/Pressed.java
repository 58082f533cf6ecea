package dev.pvebot.integrations.slack;

import java.util.Optional;

/// What a button carries through Slack and back. It is all that a press needs, so a click means the
/// same after a restart and on every replica.
///
/// @param command what the button says
/// @param question of the form that opens first
record Pressed(String command, Optional<String> question) {
  private static final char BETWEEN = '\u001f';

  String value() {
    return question.map(asked -> command + BETWEEN + asked).orElse(command);
  }

  static Pressed read(String value) {
    int between = value.indexOf(BETWEEN);
    return between < 0
        ? new Pressed(value, Optional.empty())
        : new Pressed(value.substring(0, between), Optional.of(value.substring(between + 1)));
  }
}
