package dev.pvebot.commands;

import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What is known while the parameters of one intent are filled: the words used, the arguments
/// found, what cannot be.
final class Filling {
  /// Words between a marker and its value that mean nothing there.
  static final Set<String> BETWEEN =
      Set.of(
          "the",
          "a",
          "an",
          "of",
          "for",
          "to",
          "is",
          "be",
          "with",
          "as",
          "=",
          "name",
          "my",
          "our",
          "this",
          "that",
          "its",
          "id",
          "number",
          "no.",
          "nr",
          "from",
          "named",
          "called",
          "new",
          "host",
          "node",
          "hypervisor",
          "vm",
          "vmid",
          "server",
          "cluster",
          "template",
          "storage",
          "same",
          "machine",
          "template's",
          "both");

  private final Frame frame;
  private final Sentence sentence;
  private final BitSet used;
  private final boolean positional;
  private final Map<String, Object> args = new LinkedHashMap<>();
  private Optional<String> impossible = Optional.empty();
  private Optional<String> ambiguous = Optional.empty();
  private int doubts;

  /// @param used words that the rule explains; extended by those that fill parameters
  /// @param positional whether words without a marker fill names in order, as in the slash form
  Filling(Frame frame, Sentence sentence, BitSet used, boolean positional) {
    this.frame = frame;
    this.sentence = sentence;
    this.used = used;
    this.positional = positional;
  }

  Frame frame() {
    return frame;
  }

  Sentence sentence() {
    return sentence;
  }

  BitSet used() {
    return used;
  }

  boolean positional() {
    return positional;
  }

  Map<String, Object> args() {
    return args;
  }

  /// A value that cannot be, as the end of a sentence.
  Optional<String> impossible() {
    return impossible;
  }

  /// What could mean several things, as the end of a sentence.
  Optional<String> ambiguous() {
    return ambiguous;
  }

  /// How often a value was taken without a word that says so.
  int doubts() {
    return doubts;
  }

  void refuse(String why) {
    impossible = Optional.of(why);
  }

  void doubt(String why) {
    ambiguous = Optional.of(why);
  }

  void guess() {
    doubts++;
  }

  /// Whether the nearest telling word to the left is one of these.
  boolean follows(int at, Set<String> markers) {
    for (int i = at - 1; i >= 0; i--) {
      String low = sentence.token(i).low();
      if (markers.contains(low) && !sentence.token(i).quoted()) {
        return true;
      }
      boolean passable =
          BETWEEN.contains(low) && !low.equals("to") && !low.equals("from") && !low.equals("of");
      if (!passable) {
        return false;
      }
    }
    return false;
  }

  void mark(String concept) {
    sentence
        .matches(concept)
        .forEach(match -> {
          for (int t : match.tokens()) {
            used.set(t);
          }
        });
  }

  <T extends Values> Optional<Integer> first(Class<T> type) {
    for (int i = 0; i < sentence.size(); i++) {
      if (!used.get(i) && type.isInstance(sentence.token(i).value().orElse(null))) {
        return Optional.of(i);
      }
    }
    return Optional.empty();
  }
}
