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
  private static final Set<String> PREPOSITIONS =
      Set.of(
          "of", "for", "to", "on", "in", "at", "with", "by", "from", "into", "onto", "as", "via");
  private static final Set<String> STRAY =
      Set.of("is", "are", "do", "does", "have", "has", "having", "which", "be", "myself", "what");
  private static final Set<String> ARTICLES = Set.of("the", "a", "an", "my", "our", "your");
  private static final Set<String> SELECTORS = Set.of("vm", "tag", "cluster", "node");
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
    if (selectsTwice() || dangerous && reachesFurther()) {
      return Optional.of("ambiguous");
    }
    if (dangerous && isGarbled()) {
      return Optional.of("unknown");
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
    boolean named = false;
    for (int i = 1; i < sentence.size(); i++) {
      named |=
          sentence.token(i - 1).value().isPresent()
              || sentence.parts(i - 1).contains(Lexicon.Part.NOUN);
      if (!named) {
        continue;
      }
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
    boolean doing =
        token.low().equals("do")
            && first + 1 < sentence.size()
            && Set.of("a", "an", "the", "it").contains(sentence.token(first + 1).low());
    return token.is(Talk.QUESTION) && !token.is(Talk.POLITE) && !token.is(Talk.WISH) && !doing;
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

  /// VMs by number and by tag at once, or of a cluster besides.
  private boolean selectsTwice() {
    return reading.frame().needs().stream()
        .anyMatch(group ->
            group.stream().filter(SELECTORS::contains).filter(reading.args()::containsKey).count()
                > 1);
  }

  /// A preposition or an article that nothing follows: no sentence that a person means.
  private boolean isGarbled() {
    int last = sentence.size() - 1;
    for (int i = 0; i <= last; i++) {
      String low = sentence.token(i).low();
      boolean binds = PREPOSITIONS.contains(low) || ARTICLES.contains(low);
      boolean free = !reading.used().get(i);
      if (free && STRAY.contains(low) && !isAsking(sentence.token(i))) {
        return true;
      }
      if (!binds || !free || sentence.token(i).is(Talk.COURTESY)) {
        continue;
      }
      boolean hangs =
          i == last
              || i == first() && PREPOSITIONS.contains(low)
              || PREPOSITIONS.contains(sentence.token(i + 1).low())
              || ARTICLES.contains(low) && ARTICLES.contains(sentence.token(i + 1).low());
      if (hangs) {
        return true;
      }
    }
    return false;
  }

  private static boolean isAsking(Token token) {
    return token.is(Talk.WISH)
        || token.is(Talk.POLITE)
        || token.is(Talk.GROUP)
        || token.is(Talk.COURTESY);
  }

  /// "delete 300 and its backups" wants more than one thing; "from its backup" does not.
  private boolean reachesFurther() {
    for (int i = 1; i < sentence.size(); i++) {
      boolean possessive = Set.of("its", "their", "his", "her").contains(sentence.token(i).low());
      if (possessive && sentence.token(i - 1).low().equals("and")) {
        return true;
      }
    }
    return false;
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
    if (i >= sentence.because()) {
      return false;
    }
    return reading.used().get(i) && talk != Talk.NEGATED
        || reading.used().get(i) && sentence.parts(i).size() > 0;
  }
}
