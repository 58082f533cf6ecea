package dev.pvebot.commands;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The words with which somebody breaks the glass: passes a freeze and the second person, in the
/// sight of everyone. They may follow any command in any of its forms: `… --break-glass "reason"`,
/// `… BREAK_GLASS="reason"`, `…, break glass: reason`.
///
/// Only these are the words; who merely talks of breaking a glass breaks none.
///
/// @param rest the text without them: the command itself
/// @param reason why; empty when none was given, and then nothing may be done
public record BreakGlass(String rest, Optional<String> reason) {
  /// Name of the argument in [Command#args] that carries the reason.
  static final String ARG = "break_glass";

  private static final String QUOTED =
      "\"([^\"]*)\"|'([^']*)'|[\u201c\u201e\u00ab]([^\u201d\u201c\u00bb]*)[\u201d\u201c\u00bb]";
  private static final Pattern FLAG =
      Pattern.compile(
          "(?<!\\S)(?:(?:--|[\u2013\u2014])break-glass(?:\\s*=\\s*|\\s+|$)|BREAK_GLASS\\s*=\\s*)"
              + "(?:%s|(.*))".formatted(QUOTED),
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  private static final Pattern SENTENCE =
      Pattern.compile(
          "(?<!not|n't|never|no|without)[\\s,;.]+(?:and\\s+)?break(?:ing)?(?:\\s+the|-|\\s)\\s*glass\\s*:\\s*(?:%s|(.*))"
              .formatted(QUOTED),
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  /// Empty when the glass is not spoken of.
  public static Optional<BreakGlass> in(String text) {
    Matcher flag = FLAG.matcher(text);
    Matcher found = flag.find() ? flag : SENTENCE.matcher(text);
    if (found != flag && !found.find()) {
      return Optional.empty();
    }
    String before = text.substring(0, found.start());
    String after = text.substring(found.end());
    for (int group = 1; group <= found.groupCount(); group++) {
      if (found.group(group) != null) {
        return Optional.of(
            new BreakGlass(
                (before.strip() + " " + after.strip()).strip(),
                Optional.of(found.group(group).strip().replaceAll("\\s+", " "))
                    .filter(reason -> !reason.isEmpty())));
      }
    }
    throw new IllegalStateException("one of the groups holds the reason");
  }
}
