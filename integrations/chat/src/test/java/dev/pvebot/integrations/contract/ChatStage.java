package dev.pvebot.integrations.contract;

import dev.pvebot.commands.chat.ChatPlatform;
import dev.pvebot.commands.chat.ChatPlatform.Posted;
import dev.pvebot.commands.chat.Conversation;

/// A platform with the bot on it and one member in front of it, for [ChatPlatformContract].
public interface ChatStage extends AutoCloseable {
  /// Not started yet.
  ChatPlatform platform();

  /// A channel in which the bot is.
  Conversation channel();

  /// The [dev.pvebot.commands.chat.Speaker#id] of the member.
  String member();

  /// The member says something to the bot, in a channel or in a thread of it.
  void say(Conversation where, String text);

  /// The member presses a button that opens no form.
  void press(Posted posted, String label);

  /// The member presses a button, and fills the form that opens.
  void fill(Posted posted, String label, String answer);

  /// The text that the member reads in that place now. Buttons are named in it too.
  String read(Posted posted);

  /// The text that stands below a thread's first message.
  String readThread(Conversation thread);

  /// What only the member reads.
  String readWhispers();

  /// How many people or groups the bot's messages have pinged.
  int pings();

  @Override
  void close();
}
