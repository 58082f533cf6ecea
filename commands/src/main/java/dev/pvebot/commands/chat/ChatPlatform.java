package dev.pvebot.commands.chat;

import java.time.Instant;
import java.util.Optional;

/// The port that a chat adapter fills: how the bot shows things and hears people on one platform.
///
/// Calls may block for the network and are made on virtual threads, several at a time. What the
/// platform says never comes from these calls but through the [Inbox]. Limits of the platform
/// (lengths, counts, rates) are the adapter's business: any [Card] can be shown, if need be
/// shortened or with its long parts as files.
public interface ChatPlatform extends AutoCloseable {
  /// `console`, `slack` or `discord`, as in [Conversation#platform].
  String name();

  /// Begins to listen. Returns when the first attempt to connect has ended, well or not; from then
  /// on the adapter reconnects by itself until [#close].
  ///
  /// @param inbox is told everything that reaches the bot
  void start(Inbox inbox);

  /// Shows a card, as a reply where the conversation names a thread.
  ///
  /// @return where it stands now; it can be kept and edited after a restart
  /// @throws ChatUnavailable when it did not arrive, or nobody knows whether it did
  Posted post(Conversation where, Card card);

  /// Shows a card that begins a thread, or posts it in the thread that `where` already is.
  ///
  /// @param topic names the thread where the platform shows a name, for example `op-42`
  /// @return the card; what follows belongs into [Posted#thread]
  /// @throws ChatUnavailable as for [#post]
  Posted open(Conversation where, String topic, Card head);

  /// Shows another card in place of one that was posted before. It may take a while until it is
  /// seen and states in between may be left out, but the newest is always shown in the end, also
  /// when the platform is away in between.
  void edit(Posted posted, Card card);

  /// Shows a card to one person only, in that conversation if the platform can, else in private. It
  /// cannot be edited.
  ///
  /// @param speaker [Speaker#id]
  /// @throws ChatUnavailable as for [#post]
  void whisper(Conversation where, String speaker, Card card);

  Health health();

  /// Stops listening and gives up what it holds. Edits that were not shown yet are given one
  /// attempt.
  @Override
  void close();

  /// @param where the conversation in which it stands
  /// @param id the platform's id of the message
  record Posted(Conversation where, String id) {
    /// The conversation for what belongs to this card: its thread. On every platform that makes
    /// threads of messages, such a thread has the id of its first message.
    public Conversation thread() {
      return where.thread().isPresent() ? where : where.inThread(id);
    }
  }

  /// @param connectedSince empty while there is no connection
  /// @param lastHeard when the platform last gave any sign of life
  /// @param trouble what is wrong and how to mend it, for people; without secrets
  record Health(
      Optional<Instant> connectedSince, Optional<Instant> lastHeard, Optional<String> trouble) {}

  /// The platform could not be reached, or refused.
  final class ChatUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// Whether the message may stand in the chat all the same.
    public enum Arrival {
      DID_NOT_ARRIVE,
      IN_DOUBT
    }

    private final Arrival arrival;

    public ChatUnavailable(Arrival arrival, String what) {
      super(what);
      this.arrival = arrival;
    }

    public Arrival arrival() {
      return arrival;
    }
  }
}
