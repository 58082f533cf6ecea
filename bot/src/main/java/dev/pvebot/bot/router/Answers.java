package dev.pvebot.bot.router;

import dev.pvebot.commands.Command;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.commands.chat.Person;
import java.util.Optional;

/// Answers questions about the fleet.
public interface Answers {
  /// @return empty when this build cannot answer the intent
  Optional<Card> answer(Command command, Person asker) throws InterruptedException;
}
