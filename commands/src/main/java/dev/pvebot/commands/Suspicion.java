package dev.pvebot.commands;

import java.util.Optional;

/// Texts that are not taken for a command whatever they say: hidden characters, look-alike letters,
/// pieces of a shell.
final class Suspicion {
  private Suspicion() {}

  /// What is wrong, as the end of the sentence "I do nothing with that: …".
  ///
  /// @param original as it arrived
  /// @param plain after NFKC and straightening of quotes
  static Optional<String> in(String original, String plain) {
    Optional<String> hidden = hidden(original);
    if (hidden.isPresent()) {
      return hidden;
    }
    if (isMixed(plain)) {
      return Optional.of("it mixes letters of different alphabets that look alike; type it again");
    }
    return shell(plain)
        .map(piece -> "`%s` looks like a piece of a shell command; I run none".formatted(piece));
  }

  /// An invisible character.
  static Optional<String> hidden(String text) {
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      int type = Character.getType(c);
      boolean invisible =
          type == Character.FORMAT
              || type == Character.SURROGATE
              || type == Character.PRIVATE_USE
              || c == 0x034F
              || c == 0x115F
              || c == 0x1160
              || c == 0x17B4
              || c == 0x17B5
              || c == 0x3164
              || c == 0xFFA0
              || (type == Character.CONTROL && c != '\n' && c != '\r' && c != '\t');
      boolean emojiJoiner =
          c == 0x200D
              && i > 0
              && Character.getType(text.codePointBefore(i)) != Character.LOWERCASE_LETTER
              && Character.getType(text.codePointBefore(i)) != Character.UPPERCASE_LETTER
              && !Character.isDigit(text.codePointBefore(i))
              && !Character.isWhitespace(text.codePointBefore(i));
      if (invisible && !emojiJoiner) {
        return Optional.of(
            "it contains an invisible character (U+%04X); type it again".formatted(c));
      }
      i += Character.charCount(c);
    }
    return Optional.empty();
  }

  /// Letters outside ASCII that stand in one word with ASCII letters or digits, accents of Latin
  /// excepted.
  private static boolean isMixed(String text) {
    boolean ascii = false;
    boolean foreign = false;
    for (int i = 0; i <= text.length(); ) {
      int c = i < text.length() ? text.codePointAt(i) : ' ';
      if (Character.isWhitespace(c)) {
        if (ascii && foreign) {
          return true;
        }
        ascii = false;
        foreign = false;
      } else if (c < 128) {
        ascii |= Character.isLetterOrDigit(c);
      } else if (Character.isLetterOrDigit(c)
          || Character.getType(c) == Character.NON_SPACING_MARK) {
        foreign |= Character.UnicodeScript.of(c) != Character.UnicodeScript.LATIN || !hasAccent(c);
      }
      i += Character.charCount(c);
    }
    return false;
  }

  private static boolean hasAccent(int c) {
    String parts =
        java.text.Normalizer.normalize(Character.toString(c), java.text.Normalizer.Form.NFD);
    return parts.length() > 1 && parts.charAt(0) < 128
        || c == '\u00df'
        || c == '\u00f8'
        || c == '\u00e6';
  }

  private static Optional<String> shell(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      char next = i + 1 < text.length() ? text.charAt(i + 1) : ' ';
      char before = i > 0 ? text.charAt(i - 1) : ' ';
      boolean bad =
          switch (c) {
            case '`', '\\' -> true;
            case '$' -> next == '(' || next == '{' || Character.isLetter(next) || next == '?';
            case '|' -> !isInMark(text, i);
            case '&' ->
                next == '&' || next == '>' || (next != ' ' && before != ' ' && !isInUrl(text, i));
            case ';' ->
                next != ')'
                    && next != '-'
                    && !text.substring(i + 1).isBlank()
                    && !isInPair(text, i);
            case '<' ->
                next != '@'
                    && next != '#'
                    && next != '!'
                    && !text.startsWith("<http", i)
                    && next != '3';
            case '>' -> i > 0 && before != '-' && before != '=' && !isInMark(text, i);
            case '{' -> next == '{';
            case '-' -> text.startsWith("-rf", i) && before == ' ';
            case '.' -> text.startsWith("../", i);
            default -> false;
          };
      if (bad) {
        return Optional.of(text.substring(i, Math.min(text.length(), i + 2)).strip());
      }
    }
    return Optional.empty();
  }

  private static boolean isInUrl(String text, int at) {
    int start = wordStart(text, at);
    return text.startsWith("http", start) || text.startsWith("<http", start);
  }

  /// Inside `<@U123|name>` or `<https://…|label>`.
  private static boolean isInMark(String text, int at) {
    int open = text.lastIndexOf('<', at);
    return open >= 0 && text.indexOf('>', open) >= at;
  }

  /// `TAGS=web;prod`
  private static boolean isInPair(String text, int at) {
    int start = wordStart(text, at);
    return text.substring(start, at).toLowerCase(java.util.Locale.ROOT).startsWith("tags=")
        && Character.isLetterOrDigit(text.charAt(at + 1));
  }

  private static int wordStart(String text, int at) {
    int i = at;
    while (i > 0 && !Character.isWhitespace(text.charAt(i - 1))) {
      i--;
    }
    return i;
  }
}
