package dev.pvebot.commands;

import java.util.List;
import java.util.Map;

/// The forms of English verbs that the catalog needs.
final class Inflection {
  private static final Map<String, List<String>> IRREGULAR_PAST =
      Map.ofEntries(
          Map.entry("tear", List.of("tore", "torn")),
          Map.entry("take", List.of("took", "taken")),
          Map.entry("bring", List.of("brought")),
          Map.entry("spin", List.of("spun")),
          Map.entry("build", List.of("built")),
          Map.entry("rebuild", List.of("rebuilt")),
          Map.entry("re-build", List.of("re-built")),
          Map.entry("make", List.of("made")),
          Map.entry("stand", List.of("stood")),
          Map.entry("get", List.of("got", "gotten")),
          Map.entry("throw", List.of("threw", "thrown")),
          Map.entry("blow", List.of("blew", "blown")),
          Map.entry("give", List.of("gave", "given")),
          Map.entry("grow", List.of("grew", "grown")),
          Map.entry("send", List.of("sent")),
          Map.entry("find", List.of("found")),
          Map.entry("run", List.of("ran")),
          Map.entry("hold", List.of("held")),
          Map.entry("do", List.of("did", "done")),
          Map.entry("go", List.of("went", "gone")),
          Map.entry("break", List.of("broke", "broken")),
          Map.entry("steal", List.of("stole", "stolen")),
          Map.entry("undo", List.of("undid", "undone")),
          Map.entry("redo", List.of("redid", "redone")),
          Map.entry("freeze", List.of("froze", "frozen")),
          Map.entry("write", List.of("wrote", "written")),
          Map.entry("draw", List.of("drew", "drawn")),
          Map.entry("wake", List.of("woke", "woken")),
          Map.entry("stick", List.of("stuck")),
          Map.entry("wind", List.of("wound")),
          Map.entry("keep", List.of("kept")));

  private static final List<String> NO_PAST =
      List.of("put", "set", "shut", "reset", "read", "cut", "unset", "quit", "let", "rm", "del");

  private Inflection() {}

  static List<String> of(String verb, Lexicon.Form form) {
    return switch (form) {
      case BASE -> List.of(verb);
      case THIRD -> List.of(third(verb));
      case PAST ->
          IRREGULAR_PAST.containsKey(verb)
              ? IRREGULAR_PAST.getOrDefault(verb, List.of())
              : NO_PAST.contains(verb) ? List.of() : past(verb);
      case GERUND -> gerund(verb);
    };
  }

  private static String third(String verb) {
    if (endsInConsonantY(verb)) {
      return verb.substring(0, verb.length() - 1) + "ies";
    }
    return verb.endsWith("s")
            || verb.endsWith("x")
            || verb.endsWith("ch")
            || verb.endsWith("sh")
            || verb.equals("go")
        ? verb + "es"
        : verb + "s";
  }

  private static List<String> past(String verb) {
    if (verb.endsWith("e")) {
      return List.of(verb + "d");
    }
    if (endsInConsonantY(verb)) {
      return List.of(verb.substring(0, verb.length() - 1) + "ied");
    }
    return doubles(verb)
        ? List.of(verb + verb.charAt(verb.length() - 1) + "ed", verb + "ed")
        : List.of(verb + "ed");
  }

  private static List<String> gerund(String verb) {
    if (verb.endsWith("e") && !verb.endsWith("ee")) {
      return List.of(verb.substring(0, verb.length() - 1) + "ing");
    }
    return doubles(verb)
        ? List.of(verb + verb.charAt(verb.length() - 1) + "ing", verb + "ing")
        : List.of(verb + "ing");
  }

  private static boolean endsInConsonantY(String verb) {
    return verb.endsWith("y")
        && verb.length() > 1
        && "aeou".indexOf(verb.charAt(verb.length() - 2)) < 0;
  }

  /// Consonant, vowel, consonant at the end: stop, stopped; the form with one consonant is accepted
  /// as well.
  private static boolean doubles(String verb) {
    int n = verb.length();
    return n >= 3
        && "bdgklmnprtp".indexOf(verb.charAt(n - 1)) >= 0
        && "aeiou".indexOf(verb.charAt(n - 2)) >= 0
        && "aeiou".indexOf(verb.charAt(n - 3)) < 0;
  }
}
