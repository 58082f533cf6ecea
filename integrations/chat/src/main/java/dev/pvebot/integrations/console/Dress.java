package dev.pvebot.integrations.console;

import java.util.Optional;

/// How a console shows cards and takes lines: [PlainDress] for files and pipes, [JsonDress] for
/// scripts, [TerminalDress] for a person. Cards may come from any thread; lines are read by one.
public abstract sealed class Dress implements AutoCloseable
    permits PlainDress, JsonDress, TerminalDress {
  Dress() {}

  abstract void show(Shown shown);

  /// Whether the person has begun a line and not entered it yet, as far as one can tell.
  abstract boolean typing();

  /// Something was said, where it is not on the screen yet.
  ///
  /// @param place the channel, where it is worth naming; else empty
  abstract void said(String speaker, String place, String text);

  /// A remark of the console itself, not of the bot.
  abstract void note(String text);

  /// Waits for a line.
  ///
  /// @param speaker who will have said it
  /// @param place the channel, where it is worth naming; else empty
  /// @param question what is asked, where the line answers a button's form
  abstract Heard read(String speaker, String place, Optional<String> question);

  @Override
  public abstract void close();
}
