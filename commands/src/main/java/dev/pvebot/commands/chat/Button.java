package dev.pvebot.commands.chat;

import java.util.Optional;

/// A button says a command: pressing it is the same as typing [#command] in its thread.
///
/// @param command the text, for example `approve 42 7c1e90`; it carries all that is needed, so that
///   it means the same after a restart
/// @param input the question of a form with one line that the press opens first; its answer is
///   appended to the command
public record Button(String label, String command, Style style, Optional<String> input) {
  public enum Style {
    PLAIN,
    PRIMARY,
    DANGER
  }

  public static Button plain(String label, String command) {
    return new Button(label, command, Style.PLAIN, Optional.empty());
  }

  public static Button primary(String label, String command) {
    return new Button(label, command, Style.PRIMARY, Optional.empty());
  }
}
