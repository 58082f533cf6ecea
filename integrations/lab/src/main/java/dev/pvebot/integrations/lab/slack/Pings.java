package dev.pvebot.integrations.lab.slack;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Counts whom a message calls: what mrkdwn and rich text make of it, as Slack does.
final class Pings {
  private static final Pattern MENTION =
      Pattern.compile("<(?:@[UW]|!(?:channel|here|everyone|subteam))");

  private Pings() {}

  static int of(String text, List<Object> blocks) {
    int count = in(text);
    for (Object each : blocks) {
      Map<String, Object> block = Wire.map(each);
      Map<String, Object> said = Wire.map(block, "text");
      if ("mrkdwn".equals(said.get("type"))) {
        count += in(Wire.text(said, "text"));
      }
      for (Object part : Wire.list(block, "elements")) {
        for (Object element : Wire.list(Wire.map(part), "elements")) {
          if (List.of("user", "usergroup", "broadcast").contains(Wire.map(element).get("type"))) {
            count++;
          }
        }
      }
    }
    return count;
  }

  private static int in(String mrkdwn) {
    return (int) MENTION.matcher(mrkdwn).results().count();
  }
}
