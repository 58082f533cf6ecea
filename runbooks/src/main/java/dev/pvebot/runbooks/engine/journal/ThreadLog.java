package dev.pvebot.runbooks.engine.journal;

import dev.pvebot.commands.chat.ChatPlatform.Posted;
import dev.pvebot.commands.chat.Conversation;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What of an operation was told where: a restarted bot edits the same head card and tells each
/// event once, or says that it may have told it before.
public interface ThreadLog {

  /// Remembers where an operation's head card stands. One for each platform; a later one replaces
  /// it.
  void head(long operation, Posted posted);

  Optional<Posted> head(long operation, String platform);

  List<Posted> heads(long operation);

  /// The operation whose head card that is.
  Optional<Long> operationAt(Posted head);

  /// Says that the event is about to be posted there.
  ///
  /// @return false when this or a later one was posted or is being posted already: do not post it
  boolean posting(long operation, Conversation where, long seq);

  /// Says that it arrived.
  void posted(long operation, Conversation where, long seq);

  /// @param posted the last event that certainly arrived, 0 for none
  /// @param inDoubt an event that was about to be posted when the process died; it may have arrived
  record Told(long posted, Optional<Long> inDoubt) {}

  Told told(long operation, Conversation where);

  /// Remembers a message that reached us.
  ///
  /// @return whether it is the first time that this id of this platform came
  boolean firstTime(String platform, String messageId, Instant at);

  /// Forgets messages from before that time.
  void forgetMessages(Instant before);
}
