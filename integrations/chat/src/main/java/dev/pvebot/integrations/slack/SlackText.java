package dev.pvebot.integrations.slack;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a person meant by a text as Slack sends it: escaped, with links and names in brackets
/// (https://docs.slack.dev/messaging/formatting-message-text).
final class SlackText {
  private static final Pattern BRACKETED = Pattern.compile("<([^<>|]*)(?:\\|([^<>]*))?>");

  private SlackText() {}

  /// @param botUser whose mention is not part of what is said
  static String read(String text, String botUser) {
    Matcher matcher = BRACKETED.matcher(text);
    StringBuilder out = new StringBuilder();
    while (matcher.find()) {
      String target = matcher.group(1);
      String label = matcher.group(2) == null ? "" : matcher.group(2);
      String said;
      if (target.equals("@" + botUser)) {
        said = "";
      } else if (target.startsWith("@") || target.startsWith("!")) {
        said = target;
      } else if (target.startsWith("#")) {
        said = label.isEmpty() ? target : "#" + label;
      } else {
        // `pve02.example.net` typed by a person comes as a link with itself as label
        said = label.isEmpty() ? target : label;
      }
      matcher.appendReplacement(out, Matcher.quoteReplacement(said));
    }
    matcher.appendTail(out);
    return out.toString()
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
        .replaceAll("[“”]", "\"")
        .replaceAll("[‘’]", "'")
        .replace('\u00a0', ' ')
        .strip();
  }
}
