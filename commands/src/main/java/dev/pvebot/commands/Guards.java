package dev.pvebot.commands;

import dev.pvebot.commands.Lexicon.Talk;
import dev.pvebot.commands.Sentence.Match;
import dev.pvebot.commands.Sentence.Token;
import java.util.Optional;
import java.util.Set;

/// Why a sentence that names a command is none all the same: it forbids, tells, asks, wishes,
/// quotes, or means later.
final class Guards {
  private static final Set<String> PLEAS =
      Set.of("please", "pls", "plz", "kindly", "pleasee", "bitte");
  private static final Set<String> SPEAKERS = Set.of("i", "we", "they", "he", "she", "you", "who");

  private final Sentence sentence;
  private final Reading reading;
  private final Risk risk;

  Guards(Sentence sentence, Reading reading, Risk risk) {
    this.sentence = sentence;
    this.reading = reading;
    this.risk = risk;
  }

  /// The reason, or empty when the sentence may be taken as a command.
  Optional<String> reason() {
    return risk == Risk.READ ? reasonToRead() : reasonToAct();
  }

  private Optional<String> reasonToAct() {
    int first = first();
    boolean asks = sentence.utterance().question();
    if (has(Talk.NEGATED)) {
      return Optional.of("negated");
    }
    if (startsAsQuestion(first)) {
      return Optional.of(isPast() ? "past" : "question");
    }
    Optional<String> form = form();
    if (form.isPresent()) {
      return form;
    }
    if (has(Talk.REPORTED)) {
      return Optional.of("quoted");
    }
    if (has(Talk.HYPOTHETICAL)) {
      return Optional.of(asks ? "question" : "hypothetical");
    }
    if (has(Talk.PAST)) {
      return Optional.of("past");
    }
    if (has(Talk.LATER)) {
      return Optional.of("later");
    }
    boolean polite = sentence.tokens().stream().anyMatch(t -> t.is(Talk.POLITE));
    boolean pleads = sentence.tokens().stream().anyMatch(t -> PLEAS.contains(t.low()));
    boolean dangerous = risk.compareTo(Risk.DISRUPTIVE) >= 0;
    if (asks && !polite && !(pleads && !dangerous)) {
      return Optional.of("question");
    }
    if (dangerous && polite && !pleads && (asks || !isRequest())) {
      return Optional.of("question");
    }
    if (dangerous && sentence.tokens().stream().anyMatch(t -> t.is(Talk.GROUP))) {
      return Optional.of("hypothetical");
    }
    if (tells()) {
      return Optional.of("quoted");
    }
    return has(Talk.EXCEPT) ? Optional.of("ambiguous") : Optional.empty();
  }

  private Optional<String> reasonToRead() {
    int first = first();
    boolean question =
        startsAsQuestion(first) || sentence.utterance().question() || asksForSight(first);
    if (first < sentence.size()
        && sentence.token(first).is(Talk.NEGATED)
        && !reading.used().get(first)) {
      return Optional.of("negated");
    }
    if (has(Talk.REPORTED) && !question) {
      return Optional.of("quoted");
    }
    if (!question && (isStatement() || hasFree(Talk.HYPOTHETICAL))) {
      return Optional.of(
          has(Talk.PAST) ? "past" : has(Talk.HYPOTHETICAL) ? "hypothetical" : "chat");
    }
    if (!question && has(Talk.PAST) && !reading.frame().intent().equals("changes")) {
      return Optional.of("past");
    }
    if (!question && hasFree(Talk.LATER)) {
      return Optional.of("later");
    }
    return Optional.empty();
  }

  /// "staging is down": the thing named first, then what is said of it.
  private boolean isStatement() {
    for (int i = 1; i < sentence.size(); i++) {
      String low = sentence.token(i).low();
      if (Set.of("is", "are", "was", "were", "has", "have", "looks", "look", "seems")
          .contains(low)) {
        return true;
      }
    }
    return false;
  }

  private boolean asksForSight(int first) {
    return first < sentence.size()
        && (sentence.isConcept(first, "list")
            || sentence.isConcept(first, "what")
            || sentence.isConcept(first, "whyword")
            || sentence.isConcept(first, "test")
            || sentence.isConcept(first, "validate")
            || sentence.isConcept(first, "discover"));
  }

  /// "could you", "would you mind": a request, unlike "can you", which may ask whether it is
  /// possible.
  private boolean isRequest() {
    return sentence.tokens().stream()
        .filter(t -> t.is(Talk.POLITE))
        .findFirst()
        .map(t -> Set.of("could", "would", "mind", "do", "will", "may").contains(t.low()))
        .orElse(false);
  }

  /// The first word that is no courtesy.
  private int first() {
    int i = 0;
    while (i < sentence.size() && isOpening(sentence.token(i))) {
      i++;
    }
    return i;
  }

  private static boolean isOpening(Token token) {
    return token.is(Talk.COURTESY) && !token.is(Talk.POLITE) && !token.is(Talk.QUESTION);
  }

  private boolean startsAsQuestion(int first) {
    if (first >= sentence.size()) {
      return false;
    }
    Token token = sentence.token(first);
    return token.is(Talk.QUESTION) && !token.is(Talk.POLITE) && !token.is(Talk.WISH);
  }

  private boolean isPast() {
    return sentence.tokens().stream()
        .anyMatch(t -> Set.of("did", "was", "were", "had").contains(t.low()));
  }

  /// "deleted 1031" tells, "deletes" tells of another, "deleting" is no order unless asked for with
  /// "mind".
  private Optional<String> form() {
    for (Match verb : reading.verbs()) {
      boolean wished =
          sentence.tokens().stream().anyMatch(t -> t.is(Talk.WISH) || t.is(Talk.GROUP));
      switch (verb.form()) {
        case PAST -> {
          if (!wished || risk.compareTo(Risk.DISRUPTIVE) >= 0 || hasSpeaker("was", "were")) {
            return Optional.of("past");
          }
        }
        case THIRD -> {
          return Optional.of("quoted");
        }
        case GERUND -> {
          boolean asked = sentence.tokens().stream().anyMatch(t -> t.is(Talk.POLITE) && isMind());
          if (!asked) {
            return Optional.of("hypothetical");
          }
        }
        case BASE -> {}
      }
    }
    return Optional.empty();
  }

  private boolean isMind() {
    return sentence.tokens().stream().anyMatch(t -> t.low().equals("mind"));
  }

  private boolean hasSpeaker(String... words) {
    return sentence.tokens().stream().anyMatch(t -> Set.of(words).contains(t.low()));
  }

  /// Somebody is the subject: "we stop 1031".
  private boolean tells() {
    for (int i = 0; i < sentence.size(); i++) {
      Token token = sentence.token(i);
      boolean asked =
          token.is(Talk.WISH)
              || token.is(Talk.POLITE)
              || token.is(Talk.GROUP)
              || token.is(Talk.COURTESY);
      if (SPEAKERS.contains(token.low()) && !asked && !token.quoted()) {
        return true;
      }
    }
    return false;
  }

  private boolean has(Talk talk) {
    return hasFree(talk);
  }

  private boolean hasFree(Talk talk) {
    for (int i = 0; i < sentence.size(); i++) {
      Token token = sentence.token(i);
      boolean excused =
          token.is(Talk.POLITE)
              || token.is(Talk.WISH)
              || token.is(Talk.COURTESY) && talk != Talk.NEGATED;
      boolean context = isContext(i);
      if (token.is(talk) && !context && !excused && !token.quoted() && !isExplained(i, talk)) {
        return true;
      }
    }
    return false;
  }

  /// Said only to explain a command that can do little harm: "… before the upgrade", "… because it
  /// was slow".
  private boolean isContext(int i) {
    if (i >= sentence.because()) {
      return risk.compareTo(Risk.DISRUPTIVE) < 0;
    }
    if (risk.compareTo(Risk.ROUTINE) > 0) {
      return false;
    }
    for (int j = 0; j <= i; j++) {
      if (sentence.token(j).low().equals("before")) {
        return true;
      }
    }
    return false;
  }

  /// A guard word that is part of what the reading found, as "off" in "take web off".
  private boolean isExplained(int i, Talk talk) {
    return reading.used().get(i) && talk != Talk.NEGATED
        || reading.used().get(i) && sentence.parts(i).size() > 0;
  }
}
