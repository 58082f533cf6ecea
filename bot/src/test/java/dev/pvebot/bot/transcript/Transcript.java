package dev.pvebot.bot.transcript;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A transcript as its file has it: what is said and done, and what was to come of it.
///
/// @param settings lines for `pvebot.yaml`
/// @param entries in order, with comments and blank lines
record Transcript(List<String> settings, List<Entry> entries) {
  private static final String OUTPUT = "    ";
  private static final Pattern SAID =
      Pattern.compile("([a-z0-9._-]+)(?: in(?: #([a-z0-9-]+))?(?: (op-\\d+))?)?: (.*)");

  /// A line of the file that is no output.
  sealed interface Entry {
    /// A comment, a setting or a blank line: kept, and nothing happens.
    record Remark(String line) implements Entry {}

    record Said(
        String line, String person, Optional<String> channel, Optional<String> thread, String text)
        implements Entry {}

    /// @param act what happens in the world, or what is waited for
    record Done(String line, String act) implements Entry {}

    String line();
  }

  static Transcript parse(String file) {
    List<String> settings = new ArrayList<>();
    List<Entry> entries = new ArrayList<>();
    for (String line : file.lines().toList()) {
      if (line.startsWith(OUTPUT)) {
        continue;
      }
      if (line.startsWith("| ")) {
        settings.add(line.substring(2));
      }
      entries.add(entry(line));
    }
    return new Transcript(settings, entries);
  }

  private static Entry entry(String line) {
    if (line.isBlank() || line.startsWith("#") || line.startsWith("| ")) {
      return new Entry.Remark(line);
    }
    if (line.startsWith("* ")) {
      return new Entry.Done(line, line.substring(2));
    }
    Matcher said = SAID.matcher(line);
    if (!said.matches()) {
      throw new IllegalArgumentException(
          "'%s' is neither a comment (#), a setting (|), an act (*), output (four blanks) nor 'person: text'"
              .formatted(line));
    }
    return new Entry.Said(
        line,
        said.group(1),
        Optional.ofNullable(said.group(2)),
        Optional.ofNullable(said.group(3)),
        said.group(4));
  }

  static String output(String line) {
    return line.isEmpty() ? "" : OUTPUT + line;
  }
}
