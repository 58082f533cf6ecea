package dev.pvebot.commands;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// A text cut into words: normalised, quotes kept together, marks of the chat platform taken away.
///
/// @param words in order
/// @param question whether a word ends with a question mark
/// @param slash whether it began with `/pve`
/// @param broken whether it has several lines or sentences
/// @param unsafe why the text must not be taken for a command, whatever it says
record Utterance(
    String text,
    List<Word> words,
    boolean question,
    boolean slash,
    boolean broken,
    Optional<String> unsafe) {

  /// Longer texts are prose, not commands.
  static final int LONGEST = 600;

  /// @param raw as written, without punctuation around it
  /// @param low lower case, without `'s`
  /// @param quoted whether it stood in quotation marks; then it may contain blanks
  record Word(String raw, String low, boolean quoted, Optional<Values> shape) {}

  static Utterance read(String original) {
    String text =
        Normalizer.isNormalized(original, Normalizer.Form.NFKC)
            ? original
            : Normalizer.normalize(original, Normalizer.Form.NFKC);
    String plain = straighten(text);
    Optional<String> unsafe = Suspicion.in(original, plain);
    if (unsafe.isPresent() || plain.length() > LONGEST) {
      return new Utterance(plain, List.of(), false, false, false, unsafe);
    }
    Cutter cutter = new Cutter(plain);
    List<Word> words = cutter.cut();
    boolean slash = !words.isEmpty() && words.getFirst().low().equals("/pve");
    if (slash) {
      words = words.subList(1, words.size());
    }
    return new Utterance(
        plain, List.copyOf(words), cutter.question, slash, cutter.broken, Optional.empty());
  }

  /// Typographic quotes and dashes become plain ones, emoji vanish.
  private static String straighten(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(c -> {
          switch (c) {
            case '\u2018', '\u2019', '\u00b4', '\u02bc' -> out.append('\'');
            case '\u201c', '\u201d', '\u201e', '\u00ab', '\u00bb' -> out.append('"');
            case '\u2010', '\u2011' -> out.append('-');
            case '\u2012', '\u2013', '\u2014', '\u2015' -> out.append(" , ");
            case '\u2192', '\u21d2' -> out.append(" to ");
            case '\u2026' -> out.append("...");
            case '\u00a0' -> out.append(' ');
            default -> {
              boolean picture =
                  Character.getType(c) == Character.OTHER_SYMBOL
                      || (c >= 0x1F3FB && c <= 0x1F3FF)
                      || c == 0xFE0F;
              if (picture) {
                out.append(' ');
              } else {
                out.appendCodePoint(c);
              }
            }
          }
        });
    return out.toString();
  }

  /// Words in which `'s` is no possessive.
  private static final Set<String> CONTRACTED =
      Set.of(
          "how's",
          "what's",
          "who's",
          "where's",
          "it's",
          "that's",
          "let's",
          "he's",
          "she's",
          "there's",
          "here's",
          "when's",
          "why's",
          "everything's",
          "anything's");

  static String lower(String raw) {
    String low = raw.toLowerCase(Locale.ROOT);
    if (CONTRACTED.contains(low)) {
      return low;
    }
    return low.endsWith("'s") && low.length() > 2 ? low.substring(0, low.length() - 2) : low;
  }

  /// Cuts at blanks and commas, keeps quoted stretches whole.
  private static final class Cutter {
    private final String text;
    private final List<Word> words = new ArrayList<>();
    private boolean broken;
    private boolean question;

    Cutter(String text) {
      this.text = text;
    }

    List<Word> cut() {
      int i = 0;
      while (i < text.length()) {
        char c = text.charAt(i);
        if (c == '"') {
          i = quoted(i);
        } else if (c == '\'' && text.indexOf('\'', i + 1) > i) {
          i = quoted(i);
        } else if (Character.isWhitespace(c) || c == ',') {
          broken |= c == '\n' && !text.substring(i).isBlank() && !words.isEmpty();
          i++;
        } else {
          int end = i;
          while (end < text.length() && (!isEnd(end) || isInList(i, end))) {
            end++;
          }
          chunk(text.substring(i, end));
          i = end;
        }
      }
      return words;
    }

    private boolean isEnd(int i) {
      char c = text.charAt(i);
      return Character.isWhitespace(c) || c == ',' || (c == '"' && text.charAt(i - 1) != '=');
    }

    /// The comma of `tags+=web,db`: inside a pair, with an item right behind it that is no pair.
    private boolean isInList(int start, int at) {
      if (text.charAt(at) != ',' || text.substring(start, at).indexOf('=') <= 0) {
        return false;
      }
      int end = at + 1;
      while (end < text.length() && !isEnd(end)) {
        end++;
      }
      return end > at + 1 && text.substring(at + 1, end).indexOf('=') < 0;
    }

    private int quoted(int start) {
      char mark = text.charAt(start);
      int end = text.indexOf(mark, start + 1);
      while (mark == '\''
          && end > 0
          && end + 1 < text.length()
          && Character.isLetter(text.charAt(end + 1))) {
        end = text.indexOf(mark, end + 1);
      }
      if (end < 0) {
        return start + 1;
      }
      String inside = text.substring(start + 1, end).strip();
      if (!inside.isEmpty()) {
        words.add(
            new Word(
                inside,
                inside.toLowerCase(Locale.ROOT),
                true,
                inside.indexOf(' ') < 0 ? Values.shape(inside) : Optional.empty()));
      }
      return end + 1;
    }

    private void chunk(String chunk) {
      if (chunk.startsWith("<") && chunk.endsWith(">")) {
        if (chunk.startsWith("<http")) {
          int bar = chunk.indexOf('|');
          add(chunk.substring(1, bar > 0 ? bar : chunk.length() - 1));
        }
        return;
      }
      if (chunk.startsWith("@") && words.isEmpty()) {
        return;
      }
      int from = 0;
      int to = chunk.length();
      while (from < to && "([{.,:!?;".indexOf(chunk.charAt(from)) >= 0) {
        from++;
      }
      while (to > from
          && !chunk.toLowerCase(Locale.ROOT).contains("upid:")
          && ")]}.,:!?;\"".indexOf(chunk.charAt(to - 1)) >= 0) {
        to--;
      }
      question |= (chunk.substring(0, from) + chunk.substring(to)).indexOf('?') >= 0;
      if (from == to) {
        return;
      }
      String word = chunk.substring(from, to);
      if (word.equals("-") || word.equals("'") || word.equals("&")) {
        return;
      }
      if (word.equals("->") || word.equals("=>")) {
        add("to");
        return;
      }
      int slash = word.indexOf('/');
      if (slash > 2
          && Values.digits(word, 0) == slash
          && Values.digits(word, slash + 1) == word.length()
          && word.length() > slash + 3) {
        add(word.substring(0, slash));
        add(word.substring(slash + 1));
        return;
      }
      add(word);
    }

    private void add(String raw) {
      String low = lower(raw);
      int equals = raw.indexOf('=');
      boolean pair = equals > 0 && equals < raw.length() - 1 && !raw.contains("://");
      Optional<Values> shape =
          pair
              ? Optional.of(
                  new Values.Pair(
                      stripDashes(low.substring(0, low.indexOf('='))), raw.substring(equals + 1)))
              : Values.shape(low.length() < raw.length() ? raw.substring(0, low.length()) : raw);
      words.add(
          new Word(
              low.length() < raw.length() ? raw.substring(0, low.length()) : raw,
              low,
              false,
              shape));
    }

    private static String stripDashes(String key) {
      return key.startsWith("--") ? key.substring(2) : key;
    }
  }
}
