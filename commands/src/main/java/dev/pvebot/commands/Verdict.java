package dev.pvebot.commands;

import dev.pvebot.commands.Lexicon.Part;
import dev.pvebot.commands.Lexicon.Talk;
import dev.pvebot.commands.Sentence.Token;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Decides what the best reading of a sentence comes to: the more dangerous it is, the less may be
/// left unexplained, misspelt, missing or in doubt.
final class Verdict {
  private static final List<String> WITHOUT_TARGET = List.of("cluster", "vm", "node");

  private final Grammar grammar;
  private final Sentence sentence;
  private final Optional<Long> operation;

  Verdict(Grammar grammar, Sentence sentence, Optional<Long> operation) {
    this.grammar = grammar;
    this.sentence = sentence;
    this.operation = operation;
  }

  Command command() {
    Optional<Reading> best = Reading.best(grammar, sentence, operation);
    if (best.isEmpty()) {
      return repaired().orElseGet(this::nothing);
    }
    Reading reading = best.orElseThrow();
    Command command = decide(reading);
    if (command.isNone()
        && Set.of("unknown", "incomplete", "ambiguous", "chat")
            .contains(command.reason().orElse(""))) {
      return repaired().orElse(command);
    }
    return command;
  }

  /// The slash form: empty when words are left over, so that plain English may try.
  Optional<Command> positional(Frame frame, int head, Map<String, Object> fixed) {
    Reading reading = Reading.positional(frame, sentence, head, operation);
    reading.args().putAll(fixed);
    boolean clean = reading.left().isEmpty() || reading.impossible().isPresent();
    boolean only = clean && new Guards(sentence, reading, risk(reading)).reason().isEmpty();
    return only ? Optional.of(decide(reading)) : Optional.empty();
  }

  /// A command whose arguments are already known.
  static Command complete(Grammar grammar, Frame frame, Map<String, Object> args) {
    Optional<List<String>> missing =
        frame.needs().stream()
            .filter(group -> group.stream().noneMatch(args::containsKey))
            .findFirst();
    return missing.isPresent()
        ? Command.none("incomplete", ask(grammar, frame, args, missing.orElseThrow()))
        : Command.of(frame.intent(), args, risk(frame, args));
  }

  private Command decide(Reading reading) {
    Risk risk = risk(reading);
    Optional<String> guard = new Guards(sentence, reading, risk).reason();
    if (guard.isPresent()) {
      return Command.none(guard.orElseThrow(), unsaid(reading, guard.orElseThrow()));
    }
    if (reading.impossible().isPresent()) {
      return Command.none(
          "unsafe", reply("That cannot be: %s.".formatted(reading.impossible().orElseThrow())));
    }
    if (reading.ambiguous().isPresent()) {
      return Command.none(
          "ambiguous",
          reply("Say it for one at a time: %s.".formatted(reading.ambiguous().orElseThrow())));
    }
    Optional<String> excess = excess(reading, risk);
    if (excess.isPresent()) {
      return Command.none(excess.orElseThrow(), leftover(reading));
    }
    if (!reading.missing().isEmpty()) {
      return Command.none(
          "incomplete",
          ask(grammar, reading.frame(), reading.args(), reading.missing().getFirst()));
    }
    String said = Wording.slash(reading.frame().intent(), reading.args());
    if (reading.misspelt() && risk.compareTo(Risk.DISRUPTIVE) >= 0) {
      return Command.none(
          "ambiguous", new Command.Reply("Did you mean: %s?".formatted(said), List.of(said)));
    }
    return Command.of(reading.frame().intent(), reading.args(), risk);
  }

  private static Risk risk(Reading reading) {
    return risk(reading.frame(), reading.args());
  }

  /// Taking off `protected` lets go what it protected.
  private static Risk risk(Frame frame, Map<String, Object> args) {
    return "protected".equals(args.get("remove")) ? Risk.DESTRUCTIVE : frame.risk();
  }

  /// Why too much is left unexplained; empty when it is little enough for the risk.
  private Optional<String> excess(Reading reading, Risk risk) {
    int unknown = 0;
    int serious = 0;
    int soft = 0;
    boolean act = false;
    for (int i : reading.left()) {
      Token token = sentence.token(i);
      boolean before =
          risk.compareTo(Risk.ROUTINE) <= 0 && isAfter(i, "before") && token.value().isEmpty();
      if (before
          || risk == Risk.READ && token.is(Talk.QUESTION)
          || token.is(Talk.PAST) && risk == Risk.READ) {
        continue;
      }
      boolean banter = token.is(Talk.CHAT) && risk != Risk.READ;
      if (token.value().isPresent() || token.quoted() || banter) {
        serious++;
      } else if (sentence.isAct(i)) {
        act = true;
      } else if (token.is(Talk.SOFT)
          && (risk.compareTo(Risk.DISRUPTIVE) < 0 || sentence.parts(i).isEmpty())) {
        soft++;
      } else if (sentence.parts(i).contains(Part.NOUN)) {
        serious++;
      } else if (sentence.parts(i).contains(Part.WEAK) && risk == Risk.READ) {
        soft++;
      } else {
        unknown++;
      }
    }
    boolean complete = reading.missing().isEmpty();
    boolean fine =
        switch (risk) {
          case READ ->
              !act
                  && (unknown + serious == 0
                      || unknown + serious == 1 && reading.proof() >= 3
                      || unknown + serious == 2 && reading.proof() >= 5);
          case ROUTINE, CHANGE ->
              !act
                  && serious == 0
                  && (unknown == 0 || unknown == 1 && complete && reading.proof() >= 5);
          case DISRUPTIVE, DESTRUCTIVE -> !act && serious + unknown == 0 && soft <= 2;
        };
    if (fine && sentence.utterance().broken() && risk != Risk.READ) {
      return Optional.of("ambiguous");
    }
    if (fine) {
      return Optional.empty();
    }
    if (reading.left().stream().anyMatch(i -> isSpeech(sentence.token(i)))) {
      return Optional.of("quoted");
    }
    boolean subject = subject() > 0;
    return Optional.of(act && complete && subject ? "ambiguous" : subject ? "unknown" : "chat");
  }

  private boolean isAfter(int at, String word) {
    for (int i = 0; i <= at; i++) {
      if (sentence.token(i).low().equals(word)) {
        return true;
      }
    }
    return false;
  }

  /// A second try with misspelt names put right; what is dangerous is only offered.
  private Optional<Command> repaired() {
    StringBuilder text = new StringBuilder();
    boolean changed = false;
    for (Token token : sentence.tokens()) {
      boolean one = token.near().size() == 1;
      changed |= one;
      String word =
          one
              ? SiteNames.text(token.near().getFirst())
              : token.quoted() ? "\"" + token.raw() + "\"" : token.raw();
      text.append(word).append(' ');
    }
    if (!changed) {
      return Optional.empty();
    }
    if (sentence.utterance().question()) {
      text.append('?');
    }
    Sentence again = Sentence.of(Utterance.read(text.toString()), Lexicon.ENGLISH, grammar.names());
    Optional<Reading> best = Reading.best(grammar, again, operation);
    if (best.isEmpty()) {
      return Optional.empty();
    }
    Command command = new Verdict(grammar, again, operation).decide(best.orElseThrow());
    if (command.isNone()) {
      return Set.of("unknown", "chat").contains(command.reason().orElse(""))
          ? Optional.empty()
          : Optional.of(command);
    }
    if (command.risk().compareTo(Risk.DISRUPTIVE) >= 0) {
      String said = Wording.slash(command.intent(), command.args());
      return Optional.of(
          Command.none(
              "ambiguous", new Command.Reply("Did you mean: %s?".formatted(said), List.of(said))));
    }
    return Optional.of(command);
  }

  /// Nothing fits: something about the fleet that is not understood, or talk.
  private Command nothing() {
    boolean act = false;
    for (int i = 0; i < sentence.size(); i++) {
      act |= sentence.isAct(i) && !sentence.isFiller(i);
    }
    if (sentence.tokens().stream().anyMatch(Verdict::isSpeech)) {
      return Command.none("quoted");
    }
    boolean addressed = sentence.utterance().slash() || act && subject() > 0;
    return addressed
        ? Command.none(
            "unknown",
            new Command.Reply(
                "I do not understand that. `help` shows what I can do.", List.of("help")))
        : Command.none("chat");
  }

  /// Several words in quotation marks.
  private static boolean isSpeech(Token token) {
    return token.quoted() && token.low().indexOf(' ') > 0;
  }

  /// How many words name something of the fleet.
  private int subject() {
    int subject = 0;
    for (int i = 0; i < sentence.size(); i++) {
      boolean named =
          sentence.token(i).value().isPresent() || sentence.parts(i).contains(Part.NOUN);
      subject += named ? 1 : 0;
    }
    return subject;
  }

  private Command.Reply leftover(Reading reading) {
    List<String> words = reading.left().stream().map(i -> sentence.token(i).raw()).toList();
    String said = Wording.slash(reading.frame().intent(), reading.args());
    String text =
        "I do not understand `%s` in that, so I do nothing.".formatted(String.join(" ", words));
    if (!reading.missing().isEmpty()) {
      Command.Reply ask =
          ask(grammar, reading.frame(), reading.args(), reading.missing().getFirst());
      return new Command.Reply(text + " " + ask.text(), ask.suggestions());
    }
    return new Command.Reply(text, reading.args().isEmpty() ? List.of() : List.of(said));
  }

  private static Command.Reply unsaid(Reading reading, String reason) {
    String said = Wording.slash(reading.frame().intent(), reading.args());
    String why =
        switch (reason) {
          case "question" -> "That sounds like a question, so I do nothing.";
          case "negated" -> "You said not to, so I do nothing.";
          case "past" -> "That tells of something done, so I do nothing.";
          case "hypothetical" -> "That sounds like a thought, so I do nothing.";
          case "later" ->
              "That is for later, so I do nothing now; `schedule` runs a command at set times.";
          case "quoted" -> "That sounds like somebody else's words, so I do nothing.";
          default -> "I do nothing with that.";
        };
    boolean act = reading.frame().risk() != Risk.READ && reading.missing().isEmpty();
    return new Command.Reply(
        act ? why + " `plan %s` shows what it would do.".formatted(said) : why, List.of());
  }

  /// What is missing, with the candidates that are known here; live VMs are the asker's to add.
  private static Command.Reply ask(
      Grammar grammar, Frame frame, Map<String, Object> args, List<String> group) {
    List<String> suggestions = new ArrayList<>();
    for (String name : group) {
      Optional<Frame.Param> param = frame.param(name);
      List<String> values =
          param
              .map(p ->
                  switch (p.kind()) {
                    case PROFILE -> grammar.names().clusters();
                    case NODE -> grammar.names().nodes();
                    default -> List.<String>of();
                  })
              .orElse(List.of());
      for (String value : values) {
        Map<String, Object> with = new LinkedHashMap<>(args);
        with.put(name, value);
        if (group.getFirst().equals(name) || !WITHOUT_TARGET.contains(group.getFirst())) {
          suggestions.add(Wording.slash(frame.intent(), with));
        }
      }
    }
    return new Command.Reply(Wording.question(group), suggestions);
  }

  private static Command.Reply reply(String text) {
    return new Command.Reply(text, List.of());
  }
}
