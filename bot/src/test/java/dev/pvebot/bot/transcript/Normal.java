package dev.pvebot.bot.transcript;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// Takes out of a text what differs from run to run.
final class Normal {
  private static final Pattern UPID = Pattern.compile("UPID:[^\\s\"]+");
  private static final Pattern UUID =
      Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", Pattern.CASE_INSENSITIVE);
  private static final Pattern MAC =
      Pattern.compile("([0-9a-f]{2}:){5}[0-9a-f]{2}", Pattern.CASE_INSENSITIVE);
  private static final Pattern AGO = Pattern.compile("\\b\\d+ (s|min|h|d) ago");
  private static final Pattern LONG =
      Pattern.compile("(?<![\\d:])\\d{1,2}:\\d\\d:\\d\\d(?![\\d:])");
  private static final Pattern SHORT = Pattern.compile("(?<![\\d:])\\d:\\d\\d(?!:?\\d)");
  private static final Pattern TIME =
      Pattern.compile("(?<![\\d:])([01]\\d|2[0-3]):([0-5]\\d)(?!:?\\d)");
  private static final Pattern PADDING = Pattern.compile("(?<=\\S) {2,}(?=\\S)");
  private static final Pattern COMMIT =
      Pattern.compile("(?<=(committed as|git revert) )[0-9a-f]{7}\\b");
  private static final Pattern HASH = Pattern.compile("\\b[0-9a-f]{64}\\b");

  private final String subnet;
  private final Map<String, String> digests = new ConcurrentHashMap<>();

  /// @param subnet the lab's, shown as `127.10.0`
  Normal(String subnet) {
    this.subnet = subnet;
  }

  /// A digest will be shown under the name of what it belongs to, whole or by its first characters.
  void digest(String digest, String owner) {
    digests.put(digest, "<digest%s>".formatted(owner.isEmpty() ? "" : " " + owner));
  }

  String text(String text) {
    String normal = text.replace(subnet + ".", "127.10.0.");
    for (Map.Entry<String, String> digest : digests.entrySet()) {
      normal = normal.replace(digest.getKey(), digest.getValue());
      normal = normal.replace(digest.getKey().substring(0, 6), digest.getValue());
    }
    normal = COMMIT.matcher(normal).replaceAll("<commit>");
    normal = HASH.matcher(normal).replaceAll("<hash>");
    normal = UPID.matcher(normal).replaceAll("<upid>");
    normal = UUID.matcher(normal).replaceAll("<uuid>");
    normal = MAC.matcher(normal).replaceAll("<mac>");
    normal = AGO.matcher(normal).replaceAll("… ago");
    normal = LONG.matcher(normal).replaceAll("0:00:00");
    normal = SHORT.matcher(normal).replaceAll("0:00");
    // columns are as wide as what was taken out
    normal = PADDING.matcher(normal).replaceAll("  ");
    return TIME.matcher(normal).replaceAll(Normal::fiveMinutes);
  }

  /// Rounded down to five minutes, so that a slow machine shows the same.
  private static String fiveMinutes(MatchResult time) {
    return "%s:%02d".formatted(time.group(1), Integer.parseInt(time.group(2)) / 5 * 5);
  }
}
