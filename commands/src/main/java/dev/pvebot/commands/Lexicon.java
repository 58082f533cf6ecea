package dev.pvebot.commands;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// What words mean, independent of any site: concepts of the catalog, and the words of talk around
/// them.
final class Lexicon {
  static final Lexicon ENGLISH = read();

  /// The form in which a concept's word stands.
  enum Form {
    BASE,
    THIRD,
    PAST,
    GERUND
  }

  enum Part {
    VERB,
    NOUN,
    WEAK
  }

  /// Why a word of talk matters.
  enum Talk {
    COURTESY,
    WISH,
    GROUP,
    POLITE,
    FILLER,
    SOFT,
    NEGATED,
    HYPOTHETICAL,
    LATER,
    PAST,
    REPORTED,
    QUESTION,
    EXCEPT,
    CHAT,
    YES,
    NO
  }

  /// @param gap whether something may stand before the last word: "tear staging down"
  record Lexeme(List<String> words, String concept, Part part, Form form, boolean gap) {}

  record Saying(List<String> words, Talk talk) {}

  private final Map<String, List<Lexeme>> lexemes = new HashMap<>();
  private final Map<String, List<Saying>> sayings = new HashMap<>();
  private final Set<String> known = new HashSet<>();
  private final Set<String> common = new HashSet<>();
  private final Map<String, Part> parts = new HashMap<>();
  private String[][] byLength = new String[0][];
  private int[][] letters = new int[0][];

  List<Lexeme> lexemes(String first) {
    return lexemes.getOrDefault(first, List.of());
  }

  List<Saying> sayings(String first) {
    return sayings.getOrDefault(first, List.of());
  }

  boolean knows(String word) {
    return known.contains(word) || common.contains(word);
  }

  /// Whether it is a word of the catalog or of talk; names must not be mistaken for these.
  boolean speaks(String word) {
    return known.contains(word);
  }

  boolean hasConcept(String concept) {
    return parts.containsKey(concept);
  }

  Part part(String concept) {
    return parts.getOrDefault(concept, Part.NOUN);
  }

  /// The catalog's words that a misspelt word may be meant for, the nearest only; empty for known
  /// words.
  List<String> corrections(String word) {
    int tolerance = Spelling.tolerance(word.length());
    if (tolerance == 0 || word.length() > 24 || knows(word) || !isWord(word)) {
      return List.of();
    }
    int bits = Spelling.letters(word);
    List<String> best = new ArrayList<>();
    int limit = tolerance;
    for (int length = Math.max(4, word.length() - tolerance);
        length <= word.length() + tolerance;
        length++) {
      if (length >= byLength.length) {
        break;
      }
      for (int i = 0; i < byLength[length].length; i++) {
        if (Integer.bitCount(bits ^ letters[length][i]) > 2 * limit) {
          continue;
        }
        String candidate = byLength[length][i];
        int d = Spelling.distance(word, candidate, limit);
        if (d <= limit
            && (candidate.charAt(0) == word.charAt(0) || isSwappedStart(word, candidate))) {
          if (d < limit) {
            best.clear();
            limit = d;
          }
          best.add(candidate);
        }
      }
    }
    return best;
  }

  /// A misspelt "please".
  boolean isPlea(String word) {
    return word.length() > 4
        && word.length() < 9
        && word.charAt(0) == 'p'
        && !knows(word)
        && Spelling.distance(word, "please", 2) <= 2;
  }

  private static boolean isSwappedStart(String a, String b) {
    return a.length() > 1
        && b.length() > 1
        && (a.charAt(0) == b.charAt(1) || a.charAt(1) == b.charAt(0));
  }

  private static boolean isWord(String word) {
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      if ((c < 'a' || c > 'z') && c != '-') {
        return false;
      }
    }
    return true;
  }

  private static Lexicon read() {
    Lexicon lexicon = new Lexicon();
    for (String line : Resource.lines("words.txt")) {
      int blank = line.indexOf(' ');
      int colon = line.indexOf(':');
      String concept = line.substring(blank + 1, colon);
      String kind = line.substring(0, blank);
      for (String form : Resource.split(line.substring(colon + 1), ',')) {
        lexicon.add(kind, concept, form);
      }
    }
    for (String line : Resource.lines("talk.txt")) {
      int colon = line.indexOf(':');
      Talk talk = Talk.valueOf(line.substring(0, colon).toUpperCase(Locale.ROOT));
      for (String form : Resource.split(line.substring(colon + 1), ',')) {
        List<String> words = Resource.split(form, ' ');
        lexicon
            .sayings
            .computeIfAbsent(words.getFirst(), _ -> new ArrayList<>())
            .add(new Saying(words, talk));
        lexicon.known.addAll(words);
      }
    }
    for (String line : Resource.lines("common.txt")) {
      lexicon.common.addAll(Resource.split(line, ' '));
    }
    lexicon.index();
    return lexicon;
  }

  private void add(String kind, String concept, String text) {
    boolean literal = text.endsWith("*");
    String form = literal ? text.substring(0, text.length() - 1) : text;
    boolean gap = form.indexOf('~') > 0;
    List<String> words = Resource.split(form.replace('~', ' '), ' ');
    Part part = kind.equals("noun") ? Part.NOUN : kind.equals("weak") ? Part.WEAK : Part.VERB;
    parts.put(concept, part);
    put(words, concept, part, Form.BASE, gap);
    if (literal || part == Part.WEAK) {
      return;
    }
    if (part == Part.NOUN) {
      put(withLast(words, plural(words.getLast())), concept, part, Form.BASE, gap);
      return;
    }
    for (Form each : EnumSet.of(Form.THIRD, Form.PAST, Form.GERUND)) {
      if (each == Form.THIRD && kind.equals("both")) {
        continue;
      }
      for (String inflected : Inflection.of(words.getFirst(), each)) {
        List<String> changed = new ArrayList<>(words);
        changed.set(0, inflected);
        put(changed, concept, part, each, gap);
      }
    }
  }

  private static List<String> withLast(List<String> words, String last) {
    List<String> changed = new ArrayList<>(words);
    changed.set(words.size() - 1, last);
    return changed;
  }

  private static String plural(String word) {
    return word.endsWith("s")
        ? word
        : word.endsWith("y") && !word.endsWith("ay") && !word.endsWith("ey")
            ? word.substring(0, word.length() - 1) + "ies"
            : word.endsWith("x") || word.endsWith("ch") ? word + "es" : word + "s";
  }

  private void put(List<String> words, String concept, Part part, Form form, boolean gap) {
    List<Lexeme> list = lexemes.computeIfAbsent(words.getFirst(), _ -> new ArrayList<>());
    for (Lexeme each : list) {
      if (each.words().equals(words) && each.concept().equals(concept)) {
        return;
      }
    }
    list.add(new Lexeme(List.copyOf(words), concept, part, form, gap));
    known.addAll(words);
  }

  private void index() {
    Set<String> candidates = new HashSet<>();
    lexemes.values().forEach(list -> list.forEach(lexeme -> candidates.addAll(lexeme.words())));
    List<List<String>> buckets = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      buckets.add(new ArrayList<>());
    }
    candidates.stream()
        .filter(word -> word.length() >= 4 && word.length() < 24 && isWord(word))
        .sorted()
        .forEach(word -> buckets.get(word.length()).add(word));
    byLength = buckets.stream().map(list -> list.toArray(new String[0])).toArray(String[][]::new);
    letters =
        Arrays.stream(byLength)
            .map(words -> Arrays.stream(words).mapToInt(Spelling::letters).toArray())
            .toArray(int[][]::new);
  }
}
