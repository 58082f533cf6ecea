package dev.pvebot.bot.local;

import java.util.Optional;

/// What a second process asks of the running bot; one JSON line.
///
/// @param verb `say`, `plan`, `follow` (an operation by its number), `audit-verify`, `audit-export`
///   or `ping`
/// @param text what is said; for `audit-verify` the expected head, if any
/// @param as the person to speak as; honoured only where the configuration trusts its console
/// @param channel the console channel it is said in
/// @param thread the thread it is said in, for example `op-42`
/// @param follow whether to stay until the operation that follows has ended
public record Call(
    String verb,
    String text,
    Optional<String> as,
    String channel,
    Optional<String> thread,
    boolean follow) {

  /// Longest text in characters that is read; anything longer is refused.
  public static final int MAX_TEXT = 20_000;
}
