package dev.pvebot.commands.chat;

import java.util.Optional;

/// Something that reached the bot.
///
/// @param id the platform's id of the event; the same id delivered twice is one message
/// @param speaker who said it; the identity map turns them into a [Person]
/// @param addressed whether the bot was addressed: a slash command, a mention, a direct message, a
///   button, its own thread
public record Message(
    String id, Conversation where, Speaker speaker, boolean addressed, Content content) {

  public sealed interface Content {}

  /// Something typed.
  public record Text(String text) implements Content {}

  /// A button pressed.
  ///
  /// @param command the button's command
  /// @param input what was typed into the button's form, if it has one
  public record Press(String command, Optional<String> input) implements Content {}
}
