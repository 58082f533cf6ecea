package dev.pvebot.integrations.console;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jline.utils.WCWidth;

/// Measures, cuts and wraps text by the columns it takes on a terminal: East Asian characters and
/// most emoji take two, combining marks none. The text is [Harmless] already.
final class Columns {
  /// A word that belongs to the one before it: a unit after its number, a separator between two
  /// phrases.
  private static final Pattern STICKS_TO_NUMBER =
      Pattern.compile("(%|[KMGT]iB|ms|s|min|h|d|days?|of)[,.;:)]*");

  private Columns() {}

  static int of(String text) {
    int columns = 0;
    for (int at = 0, cp; at < text.length(); at += Character.charCount(cp)) {
      cp = text.codePointAt(at);
      columns += of(cp);
    }
    return columns;
  }

  private static int of(int cp) {
    // Latin, and the dots and dashes of our own texts: answered here, so that plain output does not
    // load JLine.
    if ((cp >= 0x20 && cp < 0x7f) || (cp >= 0xa0 && cp < 0x300) || (cp >= 0x2010 && cp <= 0x2027)) {
      return 1;
    }
    return Math.max(0, WCWidth.wcwidth(cp));
  }

  /// The text, or its beginning with `…` when it takes more than `columns`.
  static String cut(String text, int columns) {
    return of(text) <= columns ? text : head(text, Math.max(0, columns - 1)).stripTrailing() + "…";
  }

  static String padRight(String text, int columns) {
    return text + " ".repeat(Math.max(0, columns - of(text)));
  }

  static String padLeft(String text, int columns) {
    return " ".repeat(Math.max(0, columns - of(text))) + text;
  }

  /// Pieces of at most `columns` each, cut anywhere.
  static List<String> chop(String text, int columns) {
    if (of(text) <= columns) {
      return List.of(text);
    }
    var pieces = new ArrayList<String>();
    String rest = text;
    while (!rest.isEmpty()) {
      String piece = head(rest, columns);
      if (piece.isEmpty()) { // a wide character in one column
        piece = rest.substring(0, rest.offsetByCodePoints(0, 1));
      }
      pieces.add(piece);
      rest = rest.substring(piece.length());
    }
    return pieces;
  }

  /// Wraps at blanks. Runs of blanks stay as they are inside a line; they set phrases apart, so a
  /// phrase that would fit into a line of its own gets one. A word longer than a line is chopped,
  /// because a UPID or an address must be there whole.
  ///
  /// @return at least one line
  static List<String> wrap(String text, int columns) {
    var lines = new ArrayList<String>();
    var line = new StringBuilder();
    int used = 0;
    List<Word> words = words(text);
    for (int i = 0; i < words.size(); i++) {
      Word word = words.get(i);
      int wide = of(word.text());
      int phrase = word.gap() > 1 ? phrase(words, i) : wide;
      int needed = phrase <= columns ? phrase : wide;
      if (used + word.gap() + needed <= columns) {
        line.repeat(' ', word.gap()).append(word.text());
        used += word.gap() + wide;
        continue;
      }
      if (!line.toString().isBlank()) {
        lines.add(line.toString());
      }
      List<String> pieces = chop(word.text(), columns);
      lines.addAll(pieces.subList(0, pieces.size() - 1));
      line = new StringBuilder(pieces.getLast());
      used = of(pieces.getLast());
    }
    lines.add(line.toString().stripTrailing());
    return lines;
  }

  /// Like [#chop], at a blank where the last third of a piece has one.
  static List<String> chopAtBlanks(String text, int columns) {
    var pieces = new ArrayList<String>();
    String rest = text;
    while (of(rest) > columns) {
      String piece = chop(rest, columns).getFirst();
      int blank = piece.lastIndexOf(' ') + 1;
      if (blank > piece.length() * 2 / 3 && rest.charAt(piece.length()) != ' ') {
        piece = piece.substring(0, blank);
      }
      pieces.add(piece);
      rest = rest.substring(piece.length());
    }
    pieces.add(rest);
    return pieces;
  }

  private record Word(int gap, String text) {}

  /// Columns from a word to the next run of blanks.
  private static int phrase(List<Word> words, int from) {
    int columns = of(words.get(from).text());
    for (int i = from + 1; i < words.size() && words.get(i).gap() == 1; i++) {
      columns += 1 + of(words.get(i).text());
    }
    return columns;
  }

  private static List<Word> words(String text) {
    var words = new ArrayList<Word>();
    int at = 0;
    while (at < text.length()) {
      int start = at;
      while (start < text.length() && text.charAt(start) == ' ') {
        start++;
      }
      int end = start;
      while (end < text.length() && text.charAt(end) != ' ') {
        end++;
      }
      if (start == end) {
        break;
      }
      String word = text.substring(start, end);
      int gap = start - at;
      if (gap == 1 && !words.isEmpty() && sticks(words.getLast().text(), word)) {
        Word before = words.removeLast();
        words.add(new Word(before.gap(), before.text() + " " + word));
      } else {
        words.add(new Word(gap, word));
      }
      at = end;
    }
    return words;
  }

  private static boolean sticks(String before, String word) {
    return word.equals("·")
        || (Character.isDigit(before.charAt(before.length() - 1))
            && STICKS_TO_NUMBER.matcher(word).matches());
  }

  private static String head(String text, int columns) {
    int used = 0;
    int at = 0;
    while (at < text.length()) {
      int cp = text.codePointAt(at);
      int wide = of(cp);
      if (used + wide > columns) {
        break;
      }
      used += wide;
      at += Character.charCount(cp);
    }
    return text.substring(0, at);
  }
}
