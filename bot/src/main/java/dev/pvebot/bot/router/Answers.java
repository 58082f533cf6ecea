package dev.pvebot.bot.router;

import dev.pvebot.commands.Command;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.commands.chat.Conversation;
import dev.pvebot.commands.chat.Person;
import java.util.Optional;

/// Answers questions: commands that no runbook runs.
public interface Answers {
  /// @return empty when this build cannot answer the intent
  Optional<Card> answer(Command command, Asker asker) throws InterruptedException;

  /// Who asks, and where.
  ///
  /// @param replier shows what there is to say before the answer; a long wait tells how it goes
  record Asker(Person person, Conversation where, Replier replier) {}
}
