package dev.pvebot.bot.cli;

import dev.pvebot.commands.chat.Card;
import dev.pvebot.commands.chat.ChatPlatform;

/// Where a command-line call shows the cards it gets.
interface Screen {
  void show(ChatPlatform.Posted posted, Card card, boolean edit);

  void line(String text);
}
