package dev.pvebot.commands;

import dev.pvebot.commands.Lexicon.Form;
import dev.pvebot.commands.Lexicon.Part;
import dev.pvebot.commands.Lexicon.Talk;
import dev.pvebot.commands.Sentence.Match;
import dev.pvebot.commands.Sentence.Token;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One way to understand a sentence: an intent, what fills its parameters, and what remains
/// unexplained.
///
/// @param verbs the acts that the rule found, for their form
/// @param left the words that nothing explains
/// @param missing the groups of parameters that are needed and were not said
/// @param proof how much of the sentence speaks for this reading
record Reading(
    Frame frame,
    Map<String, Object> args,
    List<Match> verbs,
    BitSet used,
    List<Integer> left,
    List<List<String>> missing,
    double cost,
    int proof,
    boolean misspelt,
    Optional<String> impossible,
    Optional<String> ambiguous) {

  /// The best reading by what it leaves unexplained; empty when no intent fits at all.
  static Optional<Reading> best(Grammar grammar, Sentence sentence, Optional<Long> operation) {
    Optional<Reading> best = Optional.empty();
    for (Frame frame : grammar.frames()) {
      for (Frame.Rule rule : frame.rules()) {
        Optional<Reading> reading = of(frame, rule, sentence, operation);
        if (reading.isPresent()
            && (best.isEmpty() || reading.orElseThrow().beats(best.orElseThrow()))) {
          best = reading;
        }
      }
    }
    return best;
  }

  private boolean beats(Reading other) {
    return cost != other.cost ? cost < other.cost : proof > other.proof;
  }

  private static Optional<Reading> of(
      Frame frame, Frame.Rule rule, Sentence sentence, Optional<Long> operation) {
    BitSet used = new BitSet();
    List<Match> found = new ArrayList<>();
    int values = 0;
    for (Frame.Item item : rule.items()) {
      switch (item) {
        case Frame.Value value -> {
          if (!Presence.has(value.type(), sentence)) {
            return Optional.empty();
          }
          values++;
        }
        case Frame.Word word -> {
          Optional<Match> match = match(word, sentence, used);
          if (match.isEmpty()) {
            return Optional.empty();
          }
          for (int t : match.orElseThrow().tokens()) {
            used.set(t);
          }
          found.add(match.orElseThrow());
        }
      }
    }
    for (Frame.Item item : rule.items()) {
      if (item instanceof Frame.Word word) {
        word.concepts().forEach(concept -> explain(concept, frame, sentence, used));
      }
    }
    return Optional.of(fill(frame, sentence, used, found, values, operation, false));
  }

  /// Reads the slash form: the intent is given, the rest fills its parameters in order.
  static Reading positional(Frame frame, Sentence sentence, int head, Optional<Long> operation) {
    BitSet used = new BitSet();
    used.set(0, head);
    return fill(frame, sentence, used, List.of(), 3, operation, true);
  }

  private static Reading fill(
      Frame frame,
      Sentence sentence,
      BitSet used,
      List<Match> found,
      int values,
      Optional<Long> operation,
      boolean positional) {
    frame.may().forEach(concept -> explain(concept, frame, sentence, used));
    int because = frame.risk() == Risk.READ ? sentence.size() : sentence.because();
    used.set(because, sentence.size());
    Filling slots = Slots.fill(frame, sentence, used, positional);
    Map<String, Object> args = slots.args();
    if (operation.isPresent()
        && frame.param("op").isPresent()
        && !args.containsKey("op")
        && (frame.intent().startsWith("op.") || args.isEmpty())) {
      args.put("op", (int) (long) operation.orElseThrow());
    }
    if (because < sentence.size()) {
      boolean of = sentence.token(because + 1).low().equals("of") && because + 2 < sentence.size();
      args.put("reason", sentence.rest(because + (of ? 2 : 1)));
    }
    List<List<String>> missing =
        slots.impossible().isPresent()
            ? List.of()
            : frame.needs().stream()
                .filter(group -> group.stream().noneMatch(args::containsKey))
                .toList();
    List<Integer> left = new ArrayList<>();
    double cost = (missing.isEmpty() ? 0 : 2.5 + 0.5 * missing.size()) + 0.8 * slots.doubts();
    for (int i = 0; i < sentence.size(); i++) {
      if (!used.get(i)) {
        double weight = weight(i, sentence);
        cost += weight;
        if (weight > 0) {
          left.add(i);
        }
      }
    }
    List<Match> verbs = found.stream().filter(m -> m.part() == Part.VERB).toList();
    boolean misspelt = false;
    int proof = values;
    for (Match match : found) {
      misspelt |= match.misspelt();
      cost += match.misspelt() ? 0.4 : 0;
      cost += match.form() == Form.BASE ? 0 : 0.3;
      proof += match.part() == Part.WEAK ? 0 : match.tokens().length > 1 ? 2 : 1;
    }
    return new Reading(
        frame,
        args,
        verbs,
        used,
        left,
        missing,
        cost,
        proof + args.size(),
        misspelt,
        slots.impossible(),
        slots.ambiguous());
  }

  /// Every word of a concept is explained once the concept is.
  private static void explain(String concept, Frame frame, Sentence sentence, BitSet used) {
    for (Match match : sentence.matches(concept)) {
      for (int t : match.tokens()) {
        boolean warns =
            frame.risk() != Risk.READ && match.tokens().length == 1 && isGuard(sentence.token(t));
        if (sentence.token(t).value().isEmpty() && !warns) {
          used.set(t);
        }
      }
    }
  }

  private static Optional<Match> match(Frame.Word word, Sentence sentence, BitSet used) {
    Optional<Match> best = Optional.empty();
    for (String concept : word.concepts()) {
      for (Match match : sentence.matches(concept)) {
        if (overlaps(match, used)) {
          continue;
        }
        if (best.isEmpty() || rank(match) > rank(best.orElseThrow())) {
          best = Optional.of(match);
        }
      }
    }
    return best;
  }

  private static int rank(Match match) {
    return match.tokens().length * 2
        - (match.misspelt() ? 3 : 0)
        - (match.form() == Form.BASE ? 0 : 1);
  }

  private static boolean overlaps(Match match, BitSet used) {
    for (int t : match.tokens()) {
      if (used.get(t)) {
        return true;
      }
    }
    return false;
  }

  /// How much an unexplained word speaks against a reading; 0 for words that only hold a sentence
  /// together.
  private static double weight(int i, Sentence sentence) {
    Token token = sentence.token(i);
    if (token.quoted() || token.value().isPresent()) {
      return 3;
    }
    if (sentence.isFiller(i)) {
      return token.low().equals("called") || token.low().equals("named") ? 0.2 : 0;
    }
    if (isGuard(token)) {
      return 0.6;
    }
    if (sentence.isAct(i)) {
      return 4;
    }
    if (sentence.parts(i).contains(Part.NOUN)) {
      return 3;
    }
    if (token.is(Talk.SOFT)) {
      return 0.5;
    }
    return sentence.parts(i).contains(Part.WEAK) ? 1 : 2;
  }

  static boolean isGuard(Token token) {
    return token.is(Talk.NEGATED)
        || token.is(Talk.HYPOTHETICAL)
        || token.is(Talk.LATER)
        || token.is(Talk.PAST)
        || token.is(Talk.REPORTED)
        || token.is(Talk.EXCEPT)
        || token.is(Talk.QUESTION);
  }
}
