package dev.pvebot.commands.chat;

import java.time.Duration;
import java.util.List;

/// What an adapter tells the bot, and asks it. The bot fills it; every method may be called from
/// several threads at once.
///
/// An adapter acknowledges first, as its platform demands (Slack: within 3 s), and calls [#heard]
/// afterwards on a virtual thread. The other methods answer from memory or from one row of the
/// store, fast enough for a platform that waits for the answer.
public interface Inbox {
  /// Takes what somebody said or pressed, and answers through the [ChatPlatform]. It returns when
  /// the answer is posted. It may take long, and does not throw for what can go wrong with the
  /// message.
  ///
  /// A message whose [Message#id] came before is dropped: also after a restart, and when another
  /// replica got it. Whoever may not speak here ([Speaker#standing], or nobody of the identity map)
  /// is refused; what addresses nobody is left alone.
  void heard(Message message);

  /// How a text that somebody types may go on; at most `most`, the likeliest first.
  ///
  /// @param typed as far as it is typed, without the name of the command
  List<Suggestion> suggest(Speaker speaker, String typed, int most);

  /// What a person's own page shows: what waits for them, and what runs.
  List<Card> home(Speaker speaker);

  /// Says that the platform is connected, again perhaps: what could not be shown meanwhile is told
  /// now.
  void connected(ChatPlatform platform);

  /// Takes or renews a lease, for what only one of several replicas may do at a time, for example
  /// hold a gateway session.
  ///
  /// @param name of what is leased, for example `discord/gateway`
  /// @return whether this process holds it for `length` from now
  boolean lease(String name, Duration length);

  /// One way to go on.
  ///
  /// @param text the word that replaces the one being typed
  /// @param note what it is, for example the name of a VM; may be empty
  record Suggestion(String text, String note) {}
}
