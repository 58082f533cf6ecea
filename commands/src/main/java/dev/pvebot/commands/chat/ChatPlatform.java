package dev.pvebot.commands.chat;

/// The port that a chat adapter fills. Calls may block for the network and are made on virtual
/// threads.
public interface ChatPlatform extends AutoCloseable {
  /// `console`, `slack` or `discord`, as in [Conversation#platform].
  String name();

  /// Shows a card, as a reply where the conversation names a thread.
  ///
  /// @return where it stands now; its id can be kept and edited after a restart
  Posted post(Conversation where, Card card);

  /// Shows another card in place of one that was posted before.
  void edit(Posted posted, Card card);

  /// @param id the platform's id of the message
  record Posted(Conversation where, String id) {}

  @Override
  void close();
}
