package dev.pvebot.bot.router;

import dev.pvebot.commands.chat.Card;
import dev.pvebot.commands.chat.ChatPlatform;
import dev.pvebot.commands.chat.Conversation;

/// Answers whoever spoke, where they spoke.
public interface Replier {
  /// @param where the conversation, or a thread of it
  ChatPlatform.Posted reply(Conversation where, Card card);

  /// Says why something is not done. Nothing was.
  default Outcome refuse(Conversation where, String why) {
    reply(where, Card.of("refusal", Card.Tone.WARNING, why, ""));
    return Outcome.of(Outcome.REFUSED);
  }
}
