package dev.pvebot.commands;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What a person said, as data.
///
/// @param intent one of the catalog's intents, or `none`
/// @param args what was said or follows from it, in a stable order; values are `String`, `Integer`,
///   `Boolean` or lists of these (`vm` is a list of VMIDs, `memory` is in MiB); `break_glass` is
///   the reason of who breaks the glass
/// @param risk the declared risk of the intent; [Risk#READ] for `none`
/// @param reason why the text is no command, or what is missing: `negated`, `past`, `question`,
///   `hypothetical`, `quoted`, `later`, `ambiguous`, `incomplete`, `chat`, `unsafe`, `unknown`
/// @param reply what to say back when there is a reason: a question, or "did you mean …"
public record Command(
    String intent,
    Map<String, Object> args,
    Risk risk,
    Optional<String> reason,
    Optional<Reply> reply) {

  public static final String NONE = "none";

  public Command {
    args = Collections.unmodifiableMap(new LinkedHashMap<>(args));
  }

  /// @param text the sentence
  /// @param suggestions commands that would do, to be offered as buttons; nothing is chosen for the
  ///   person
  public record Reply(String text, java.util.List<String> suggestions) {
    public Reply {
      suggestions = java.util.List.copyOf(suggestions);
    }
  }

  public static Command of(String intent, Map<String, Object> args, Risk risk) {
    return new Command(intent, args, risk, Optional.empty(), Optional.empty());
  }

  public static Command none(String reason) {
    return new Command(NONE, Map.of(), Risk.READ, Optional.of(reason), Optional.empty());
  }

  public static Command none(String reason, Reply reply) {
    return new Command(NONE, Map.of(), Risk.READ, Optional.of(reason), Optional.of(reply));
  }

  /// The same, said by somebody who breaks the glass.
  Command breakingGlass(String why) {
    Map<String, Object> more = new LinkedHashMap<>(args);
    more.put(BreakGlass.ARG, why);
    return new Command(intent, more, risk, reason, reply);
  }

  /// Why the glass is to be broken: freezes and the second person are passed then.
  public Optional<String> breakGlass() {
    return Optional.ofNullable(args.get(BreakGlass.ARG)).map(Object::toString);
  }

  /// The arguments that are the command's own.
  public Map<String, Object> ownArgs() {
    Map<String, Object> own = new LinkedHashMap<>(args);
    own.remove(BreakGlass.ARG);
    return own;
  }

  public boolean isNone() {
    return intent.equals(NONE);
  }
}
