package dev.pvebot.commands;

import dev.pvebot.commands.Sentence.Token;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/// Commands that carry a text of their own: `help …`, `plan …`, `schedule …`.
final class Special {
  private static final Set<String> REGULARLY =
      Set.of("nightly", "daily", "weekly", "hourly", "monthly");
  private static final Set<String> PERIODS =
      Set.of(
          "day",
          "night",
          "week",
          "hour",
          "month",
          "morning",
          "evening",
          "weekday",
          "weekend",
          "monday",
          "tuesday",
          "wednesday",
          "thursday",
          "friday",
          "saturday",
          "sunday",
          "minute",
          "minutes",
          "hours",
          "days",
          "weeks",
          "other");

  private Special() {}

  static Optional<Command> read(
      Sentence sentence, Grammar grammar, BiFunction<String, Grammar, Command> inner) {
    Token first = sentence.token(0);
    String low = first.low();
    if ((low.equals("help") || low.equals("usage")) && !first.quoted()) {
      return Optional.of(help(sentence));
    }
    if (low.equals("plan")
        && sentence.size() > 1
        && !(sentence.token(1).value().orElse(null) instanceof Values.Num)) {
      return plan(sentence, grammar, inner);
    }
    return schedule(sentence, grammar, inner);
  }

  private static Command help(Sentence sentence) {
    String topic =
        sentence.tokens().stream()
            .skip(1)
            .filter(t -> !Set.of("with", "on", "about", "for", "me", "please").contains(t.low()))
            .map(Token::low)
            .collect(Collectors.joining(" "));
    return Command.of("help", topic.isEmpty() ? Map.of() : Map.of("topic", topic), Risk.READ);
  }

  /// `plan tear down staging` shows the plan and changes nothing.
  private static Optional<Command> plan(
      Sentence sentence, Grammar grammar, BiFunction<String, Grammar, Command> inner) {
    String text = text(sentence, 1, sentence.size());
    Command command = inner.apply(text, grammar);
    return command.isNone() || command.risk() == Risk.READ
        ? Optional.empty()
        : Optional.of(Command.of("plan", Map.of("command", text), Risk.READ));
  }

  private static Optional<Command> schedule(
      Sentence sentence, Grammar grammar, BiFunction<String, Grammar, Command> inner) {
    int when = when(sentence);
    Token first = sentence.token(0);
    if (when < 0 || first.is(Lexicon.Talk.QUESTION) && !first.is(Lexicon.Talk.POLITE)) {
      return Optional.empty();
    }
    if (sentence.utterance().question() && !first.is(Lexicon.Talk.POLITE)) {
      return Optional.of(Command.none("question"));
    }
    int from = sentence.token(0).low().equals("schedule") ? 1 : 0;
    if (from == 1
        && sentence.size() > 1
        && Set.of("add", "a", "an").contains(sentence.token(1).low())) {
      from = 2;
    }
    if (when < from) {
      return Optional.empty();
    }
    int end = end(sentence, when);
    String what = (text(sentence, from, when) + " " + text(sentence, end, sentence.size())).strip();
    if (what.isEmpty()) {
      return Optional.empty();
    }
    Command command = inner.apply(what, grammar);
    if (command.isNone()) {
      return Optional.of(command);
    }
    if (command.risk() == Risk.READ && from == 0) {
      return Optional.empty();
    }
    Map<String, Object> args = new LinkedHashMap<>();
    args.put("command", what);
    args.put("when", text(sentence, when, end).strip());
    return Optional.of(Command.of("schedule.add", args, Risk.CHANGE.atLeast(command.risk())));
  }

  /// Where the words begin that say when; -1 without any.
  private static int when(Sentence sentence) {
    for (int i = 0; i < sentence.size(); i++) {
      String low = sentence.token(i).low();
      boolean each =
          (low.equals("every") || low.equals("each"))
              && i + 1 < sentence.size()
              && (PERIODS.contains(sentence.token(i + 1).low())
                  || sentence.token(i + 1).value().orElse(null) instanceof Values.Span);
      boolean cron =
          sentence.token(i).quoted()
              && sentence.token(0).low().equals("schedule")
              && Resource.split(sentence.token(i).raw(), ' ').size() == 5;
      if (each || cron || REGULARLY.contains(low) && sentence.token(0).low().equals("schedule")) {
        return i;
      }
    }
    return -1;
  }

  private static int end(Sentence sentence, int when) {
    if (sentence.token(when).quoted() || when + 1 >= sentence.size()) {
      return when + 1;
    }
    int i = when + 1;
    while (i < sentence.size() && isTime(sentence.token(i))) {
      i++;
    }
    return i;
  }

  private static boolean isTime(Token token) {
    return PERIODS.contains(token.low())
        || Set.of("at", "on", "am", "pm", "o'clock", "noon", "midnight", "half", "past")
            .contains(token.low())
        || switch (token.value().orElse(null)) {
          case Values.Clock _, Values.Span _ -> true;
          case Values.Num num -> num.value() < 60;
          case null, default -> token.low().endsWith("am") || token.low().endsWith("pm");
        };
  }

  private static String text(Sentence sentence, int from, int to) {
    StringBuilder out = new StringBuilder();
    for (int i = from; i < to; i++) {
      Token token = sentence.token(i);
      out.append(i == from ? "" : " ")
          .append(token.quoted() && to - from > 1 ? "\"" + token.raw() + "\"" : token.raw());
    }
    return out.toString();
  }
}
