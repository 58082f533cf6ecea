package dev.pvebot.commands;

import dev.pvebot.commands.Lexicon.Form;
import dev.pvebot.commands.Lexicon.Lexeme;
import dev.pvebot.commands.Lexicon.Part;
import dev.pvebot.commands.Lexicon.Talk;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A text with everything that its words can mean on this site: values, concepts of the catalog,
/// words of talk.
final class Sentence {
  /// One word.
  ///
  /// @param talk which words of talk it belongs to
  /// @param near names it may be a misspelling of
  record Token(
      String raw,
      String low,
      boolean quoted,
      Optional<Values> value,
      Set<Talk> talk,
      List<Values> near) {

    boolean is(Talk kind) {
      return talk.contains(kind);
    }
  }

  /// A concept found.
  ///
  /// @param misspelt whether a typing error was corrected to find it
  record Match(String concept, Part part, Form form, int[] tokens, boolean misspelt) {}

  private final Utterance utterance;
  private final Lexicon lexicon;
  private final List<Token> tokens = new ArrayList<>();
  private final List<List<String>> forms = new ArrayList<>();
  private final Map<String, List<Match>> matches = new HashMap<>();
  private final List<EnumSet<Part>> parts = new ArrayList<>();

  private final SiteNames names;

  private Sentence(Utterance utterance, Lexicon lexicon, SiteNames names) {
    this.utterance = utterance;
    this.lexicon = lexicon;
    this.names = names;
  }

  static Sentence of(Utterance utterance, Lexicon lexicon, SiteNames names) {
    Sentence sentence = new Sentence(utterance, lexicon, names);
    List<Utterance.Word> words = Joining.join(utterance.words());
    List<EnumSet<Talk>> talk = sentence.talk(words);
    for (int i = 0; i < words.size(); i++) {
      sentence.add(words.get(i), talk.get(i));
    }
    sentence.findConcepts();
    return sentence;
  }

  private void add(Utterance.Word word, EnumSet<Talk> talk) {
    Optional<Values> value =
        word.low().indexOf(' ') >= 0 ? Optional.empty() : names.find(word.low());
    if (value.isEmpty()) {
      value = word.shape();
    }
    if (value.isEmpty() && talk.isEmpty() && !word.quoted() && lexicon.isPlea(word.low())) {
      talk.add(Talk.COURTESY);
    }
    boolean plain = value.isEmpty() && !word.quoted() && talk.isEmpty();
    List<Values> near = plain && !lexicon.knows(word.low()) ? names.near(word.low()) : List.of();
    tokens.add(new Token(word.raw(), word.low(), word.quoted(), value, talk, near));
    if (word.quoted()) {
      forms.add(List.of());
    } else if (plain && near.isEmpty()) {
      List<String> corrections = lexicon.corrections(word.low());
      forms.add(corrections.isEmpty() ? List.of(word.low()) : corrections);
    } else {
      forms.add(List.of(word.low()));
    }
    parts.add(EnumSet.noneOf(Part.class));
  }

  /// Marks the longest words of talk at each place.
  private List<EnumSet<Talk>> talk(List<Utterance.Word> words) {
    List<EnumSet<Talk>> result = new ArrayList<>();
    words.forEach(_ -> result.add(EnumSet.noneOf(Talk.class)));
    for (int i = 0; i < words.size(); ) {
      int longest = 0;
      if (!words.get(i).quoted()) {
        List<Lexicon.Saying> sayings = lexicon.sayings(words.get(i).low());
        if (sayings.isEmpty()
            && !words.get(i).low().equals(words.get(i).raw().toLowerCase(java.util.Locale.ROOT))) {
          sayings = lexicon.sayings(words.get(i).low() + "'s");
        }
        for (Lexicon.Saying saying : sayings) {
          if (saying.words().size() >= longest && matches(words, i, saying.words())) {
            if (saying.words().size() > longest) {
              clear(result, i, longest);
              longest = saying.words().size();
            }
            for (int j = 0; j < longest; j++) {
              result.get(i + j).add(saying.talk());
            }
          }
        }
      }
      i += Math.max(1, longest);
    }
    return result;
  }

  private static void clear(List<EnumSet<Talk>> result, int from, int length) {
    for (int j = 0; j < length; j++) {
      result.get(from + j).clear();
    }
  }

  private static boolean matches(List<Utterance.Word> words, int from, List<String> form) {
    if (from + form.size() > words.size()) {
      return false;
    }
    for (int j = 1; j < form.size(); j++) {
      if (words.get(from + j).quoted() || !words.get(from + j).low().equals(form.get(j))) {
        return false;
      }
    }
    return true;
  }

  private void findConcepts() {
    int opening = 0;
    while (opening < tokens.size() - 1 && tokens.get(opening).is(Talk.COURTESY)) {
      opening++;
    }
    for (int i = 0; i < tokens.size(); i++) {
      List<String> here = forms.get(i);
      for (String form : here) {
        for (Lexeme lexeme : lexicon.lexemes(form)) {
          if (i < opening && lexeme.part() == Part.WEAK) {
            continue;
          }
          int[] found = match(lexeme, i);
          if (found.length > 0) {
            boolean misspelt = false;
            for (int t : found) {
              misspelt |= !forms.get(t).contains(tokens.get(t).low());
              parts.get(t).add(lexeme.part());
            }
            matches
                .computeIfAbsent(lexeme.concept(), _ -> new ArrayList<>(2))
                .add(new Match(lexeme.concept(), lexeme.part(), lexeme.form(), found, misspelt));
          }
        }
      }
    }
  }

  /// The places of a lexeme that begins here; its last word may stand up to eight words away where
  /// it is split.
  private int[] match(Lexeme lexeme, int from) {
    List<String> words = lexeme.words();
    int n = words.size();
    int[] found = new int[n];
    found[0] = from;
    int at = from;
    for (int j = 1; j < n; j++) {
      at++;
      if (at < tokens.size() && forms.get(at).contains(words.get(j))) {
        found[j] = at;
        continue;
      }
      if (!lexeme.gap() || j != 1) {
        return new int[0];
      }
      int end = Math.min(tokens.size(), from + 9);
      while (at < end && !forms.get(at).contains(words.get(j))) {
        at++;
      }
      if (at >= end) {
        return new int[0];
      }
      found[j] = at;
    }
    return found;
  }

  /// A name of the site, in lower case.
  Optional<Values> named(String low) {
    return names.find(low);
  }

  Utterance utterance() {
    return utterance;
  }

  int size() {
    return tokens.size();
  }

  Token token(int i) {
    return tokens.get(i);
  }

  List<Token> tokens() {
    return tokens;
  }

  List<Match> matches(String concept) {
    if (concept.startsWith("=")) {
      return literal(concept);
    }
    return matches.getOrDefault(concept, List.of());
  }

  /// A word that must stand as it is written, `=word`.
  private List<Match> literal(String concept) {
    List<Match> found = new ArrayList<>(1);
    for (int i = 0; i < tokens.size(); i++) {
      if (tokens.get(i).low().equals(concept.substring(1))) {
        found.add(new Match(concept, Part.NOUN, Form.BASE, new int[] {i}, false));
      }
    }
    return found;
  }

  boolean has(String concept) {
    return matches.containsKey(concept);
  }

  Set<Part> parts(int token) {
    return parts.get(token);
  }

  /// Whether a word is an act of the catalog and nothing weaker.
  boolean isAct(int token) {
    Set<Part> is = parts.get(token);
    return is.contains(Part.VERB)
        && !is.contains(Part.WEAK)
        && !tokens.get(token).low().equals("new");
  }

  /// Where a reason begins, or the size when none is given.
  int because() {
    for (int i = 1; i < tokens.size() - 1; i++) {
      if (tokens.get(i).low().equals("because") && !tokens.get(i).quoted()) {
        return i;
      }
    }
    return tokens.size();
  }

  /// The words from a place on, as they were written.
  String rest(int from) {
    StringBuilder out = new StringBuilder();
    for (int i = from; i < tokens.size(); i++) {
      out.append(out.isEmpty() ? "" : " ").append(tokens.get(i).raw());
    }
    return out.toString();
  }

  boolean isConcept(int token, String concept) {
    for (Match match : matches(concept)) {
      for (int t : match.tokens()) {
        if (t == token) {
          return true;
        }
      }
    }
    return false;
  }

  /// Whether a word adds nothing: an article, a preposition, a courtesy.
  boolean isFiller(int token) {
    Token t = tokens.get(token);
    return t.is(Talk.FILLER)
        || t.is(Talk.COURTESY)
        || t.is(Talk.WISH)
        || t.is(Talk.POLITE)
        || t.is(Talk.GROUP);
  }
}
