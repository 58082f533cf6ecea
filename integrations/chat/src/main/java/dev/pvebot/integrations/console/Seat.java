package dev.pvebot.integrations.console;

/// Who sits at a console, and where.
///
/// @param session sets the ids of messages apart from those of other consoles and earlier runs
/// @param speaker the name by which the identity map knows them on the platform `console`
/// @param channel where their words go, for example `#infra`
public record Seat(String session, String speaker, String channel, Switching switching) {
  /// Whether one person at the keyboard may speak as another: only in a demo, where nothing is at
  /// stake.
  public enum Switching {
    FIXED,
    ALLOWED
  }
}
