package dev.pvebot.integrations.console;

import java.util.List;
import java.util.regex.Pattern;

/// Text from elsewhere (names of VMs, task logs, what people typed), made safe to show.
///
/// A terminal obeys control characters: a VM named with an escape sequence could clear the screen,
/// recolour it or hide the line above. They are shown as pictures (`␛`). Format characters go: bidi
/// controls reorder what is read ("Trojan Source", CVE-2021-42574), joiners and variation selectors
/// have another width on each terminal.
final class Harmless {
  /// Colour only, as task logs have it: dropping it loses nothing.
  private static final Pattern SGR = Pattern.compile("\u001b\\[[0-9;:]*m");

  private static final Pattern LINE_END =
      Pattern.compile("\r\n|[\n\r\u000b\u000c\u0085\u2028\u2029]");
  private static final int TAB = 8;

  /// Enough for every living script; more is a drawing over the lines around.
  private static final int COMBINING_MARKS = 3;

  private Harmless() {}

  /// One line: line ends and tabs become a blank.
  static String line(String raw) {
    return clean(LINE_END.matcher(raw).replaceAll(" ").replace('\t', ' '));
  }

  /// Lines as they are, tabs expanded to columns of eight, no empty lines at the end.
  static List<String> lines(String raw) {
    String text = SGR.matcher(raw).replaceAll("").stripTrailing();
    return LINE_END.splitAsStream(text).map(Harmless::clean).map(Harmless::untabbed).toList();
  }

  private static String clean(String raw) {
    if (raw.chars().allMatch(c -> (c >= ' ' && c < 0x7f) || c == '\t')) {
      return raw;
    }
    var out = new StringBuilder(raw.length());
    int marks = COMBINING_MARKS;
    for (int at = 0, cp; at < raw.length(); at += Character.charCount(cp)) {
      cp = raw.codePointAt(at);
      if (cp == '\t') {
        out.append('\t');
        marks = COMBINING_MARKS;
        continue;
      }
      switch (Character.getType(cp)) {
        case Character.CONTROL -> {
          out.appendCodePoint(picture(cp));
          marks = 0;
        }
        case Character.SURROGATE -> {
          out.append('\ufffd');
          marks = 0;
        }
        case Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> {}
        case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK -> {
          if (marks < COMBINING_MARKS && !isVariationSelector(cp) && !out.isEmpty()) {
            out.appendCodePoint(cp);
            marks++;
          }
        }
        default -> {
          if (!isSkinTone(cp)) {
            out.appendCodePoint(cp);
            marks = 0;
          }
        }
      }
    }
    return out.toString();
  }

  private static int picture(int control) {
    if (control < 0x20) {
      return 0x2400 + control;
    }
    return control == 0x7f ? 0x2421 : 0xfffd;
  }

  private static boolean isVariationSelector(int cp) {
    return (cp >= 0xfe00 && cp <= 0xfe0f) || (cp >= 0xe0100 && cp <= 0xe01ef);
  }

  private static boolean isSkinTone(int cp) {
    return cp >= 0x1f3fb && cp <= 0x1f3ff;
  }

  private static String untabbed(String line) {
    if (line.indexOf('\t') < 0) {
      return line;
    }
    var out = new StringBuilder();
    int column = 0;
    int at = 0;
    for (int tab = line.indexOf('\t'); tab >= 0; tab = line.indexOf('\t', at)) {
      String part = line.substring(at, tab);
      column += Columns.of(part);
      int blanks = TAB - column % TAB;
      out.append(part).repeat(' ', blanks);
      column += blanks;
      at = tab + 1;
    }
    return out.append(line.substring(at)).toString();
  }
}
