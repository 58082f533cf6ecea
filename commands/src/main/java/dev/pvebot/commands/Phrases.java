package dev.pvebot.commands;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Turns a runbook's phrase into rules: `(create|provision) [a fresh] {cluster}`. Words stand for
/// their concepts, so that a phrase also covers their synonyms; a word that the language does not
/// know must be said as it is written.
final class Phrases {
  private static final int MOST = 64;

  private Phrases() {}

  static List<Frame.Rule> rules(String phrase, Catalog.Entry entry) {
    Set<Frame.Rule> rules = new LinkedHashSet<>();
    for (List<String> words : expand(phrase.toLowerCase(Locale.ROOT))) {
      Frame.Rule rule = rule(words, entry);
      if (!rule.items().isEmpty()) {
        rules.add(rule);
      }
    }
    return List.copyOf(rules);
  }

  private static Frame.Rule rule(List<String> words, Catalog.Entry entry) {
    List<Frame.Item> items = new ArrayList<>();
    for (int i = 0; i < words.size(); ) {
      String word = words.get(i);
      if (word.startsWith("{")) {
        value(word.substring(1, word.length() - 1), entry).ifPresent(items::add);
        i++;
        continue;
      }
      int length = 0;
      Set<String> concepts = new LinkedHashSet<>();
      for (Lexicon.Lexeme lexeme : Lexicon.ENGLISH.lexemes(word)) {
        int n = lexeme.words().size();
        boolean here = i + n <= words.size() && words.subList(i, i + n).equals(lexeme.words());
        if (here && n >= length) {
          if (n > length) {
            concepts.clear();
            length = n;
          }
          concepts.add(lexeme.concept());
        }
      }
      if (length > 0) {
        items.add(new Frame.Word(meant(concepts, words.subList(i, i + length), entry)));
      } else if (Lexicon.ENGLISH.sayings(word).isEmpty()) {
        items.add(new Frame.Word(List.of("=" + word)));
      }
      i += Math.max(1, length);
    }
    return new Frame.Rule(items);
  }

  /// Which of a word's concepts a phrase means: those that the intent is built in with ("bring up"
  /// creates clusters and starts VMs), else the only one there is, else the word itself.
  private static List<String> meant(Set<String> concepts, List<String> words, Catalog.Entry entry) {
    Set<String> own =
        Optional.ofNullable(BuiltIns.frames().get(entry.intent()))
            .map(Frame::concepts)
            .orElse(Set.of());
    List<String> shared = concepts.stream().filter(own::contains).toList();
    if (!shared.isEmpty()) {
      return shared;
    }
    boolean plain = concepts.size() == 1 || words.size() > 1;
    return plain ? List.copyOf(concepts) : List.of("=" + words.getFirst());
  }

  private static Optional<Frame.Item> value(String param, Catalog.Entry entry) {
    Optional<Catalog.Type> type =
        entry.params().stream()
            .filter(p -> p.name().equals(param))
            .map(Catalog.Param::type)
            .findFirst();
    return type.flatMap(t ->
            switch (t) {
              case PROFILE -> Optional.of("cluster");
              case NODE -> Optional.of("node");
              case VM, VMS, TEMPLATE -> Optional.of("vm");
              case OPERATION -> Optional.of("op");
              case VERSION -> Optional.of("version");
              case URL -> Optional.of("url");
              case UPID -> Optional.of("upid");
              case DISK -> Optional.of("disk");
              case TAG, NAME, TEXT, INTEGER, MEMORY, SIZE, CIDR, STORAGE, BOOLEAN, DURATION ->
                  Optional.<String>empty();
            })
        .map(Frame.Value::new);
  }

  /// Every way to say a phrase, at most [#MOST].
  static List<List<String>> expand(String phrase) {
    List<String> texts = new ArrayList<>(List.of(phrase));
    for (int i = 0; i < texts.size() && texts.size() <= MOST; ) {
      String text = texts.get(i);
      int open = innermost(text);
      if (open < 0) {
        i++;
        continue;
      }
      char close = text.charAt(open) == '(' ? ')' : ']';
      int end = text.indexOf(close, open);
      if (end < 0) {
        i++;
        continue;
      }
      texts.remove(i);
      List<String> choices = new ArrayList<>(Resource.split(text.substring(open + 1, end), '|'));
      if (close == ']') {
        choices.add("");
      }
      for (String choice : choices) {
        texts.add(text.substring(0, open) + " " + choice + " " + text.substring(end + 1));
      }
    }
    return texts.stream().limit(MOST).map(text -> Resource.split(text, ' ')).distinct().toList();
  }

  /// The last opening bracket: what it encloses has no brackets inside.
  private static int innermost(String text) {
    return Math.max(text.lastIndexOf('('), text.lastIndexOf('['));
  }
}
