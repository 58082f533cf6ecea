package dev.pvebot.integrations.console;

import java.util.Map;

/// How many colours the reader of our output can see.
public enum Colours {
  NONE,
  EIGHT,
  MANY;

  /// None for a file or pipe, a dumb terminal, or a person who set `NO_COLOR`
  /// (https://no-color.org).
  public static Colours of(Map<String, String> environment, boolean terminal) {
    String type = environment.getOrDefault("TERM", "");
    if (!terminal
        || !environment.getOrDefault("NO_COLOR", "").isEmpty()
        || type.isEmpty()
        || type.startsWith("dumb")) {
      return NONE;
    }
    boolean many =
        type.contains("256color") || !environment.getOrDefault("COLORTERM", "").isEmpty();
    return many ? MANY : EIGHT;
  }
}
