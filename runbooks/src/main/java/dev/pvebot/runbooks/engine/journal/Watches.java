package dev.pvebot.runbooks.engine.journal;

import dev.pvebot.commands.chat.Conversation;
import dev.pvebot.commands.chat.Person;
import java.time.Instant;
import java.util.List;

/// Conversations that follow an operation that was asked for elsewhere.
public interface Watches {
  /// @return false when the conversation watched it already
  boolean add(long operation, Conversation where, Person by, Instant at);

  /// @return false when it did not watch
  boolean remove(long operation, Conversation where);

  /// Who watches an operation, in the order in which they began.
  List<Conversation> of(long operation);
}
