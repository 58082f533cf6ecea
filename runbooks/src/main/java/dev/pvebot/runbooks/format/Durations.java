package dev.pvebot.runbooks.format;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Durations as people write them: `90s`, `10m`, `2h`.
public final class Durations {
  private static final Pattern FORMAT = Pattern.compile("([1-9][0-9]{0,5})\\s*(s|m|h)");

  private Durations() {}

  /// Empty when the text is no duration.
  public static Optional<Duration> parse(String text) {
    Matcher matcher = FORMAT.matcher(text.strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long count = Long.parseLong(matcher.group(1));
    return Optional.of(
        switch (matcher.group(2)) {
          case "m" -> Duration.ofMinutes(count);
          case "h" -> Duration.ofHours(count);
          default -> Duration.ofSeconds(count);
        });
  }
}
