package dev.pvebot.bot.doctor;

import java.util.List;

/// One thing that was looked at.
///
/// @param subject what it is about: `Node pve02`, `Token`, `Storage local-lvm`
/// @param what how it was found, one sentence
/// @param mending what to do: sentences, or lines to type; empty when there is nothing to mend
public record Finding(String subject, Level level, String what, List<String> mending) {
  public Finding {
    mending = List.copyOf(mending);
  }

  public enum Level {
    GOOD,
    /// Works, and is worth knowing.
    NOTE,
    /// Something will not work, or is not safe.
    WRONG
  }

  static Finding good(String subject, String what) {
    return new Finding(subject, Level.GOOD, what, List.of());
  }

  static Finding note(String subject, String what, String... mending) {
    return new Finding(subject, Level.NOTE, what, List.of(mending));
  }

  static Finding wrong(String subject, String what, String... mending) {
    return new Finding(subject, Level.WRONG, what, List.of(mending));
  }

  static Finding wrong(String subject, String what, List<String> mending) {
    return new Finding(subject, Level.WRONG, what, mending);
  }
}
