package dev.pvebot.bot.storage;

import dev.pvebot.integrations.pve.fleet.StorageReader.Fill;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// When a storage will be full if it goes on as it did: a straight line through the last month, and
/// only where a line is what the figures are. A storage that jumps gets no forecast, rather than a
/// wrong one.
public final class Forecast {
  private static final int FEWEST = 8;
  private static final Duration SHORTEST = Duration.ofDays(3);

  /// Least share of the movement that the line must explain (the coefficient of determination).
  private static final double STRAIGHT = 0.8;

  /// Nobody plans for longer.
  private static final Duration LONGEST = Duration.ofDays(365);

  private Forecast() {}

  /// @param history oldest first
  /// @return how long from the newest figure until full; empty when it does not grow, or not in a
  ///   straight line, or not within a year, or when there are too few figures
  public static Optional<Duration> untilFull(List<Fill> history) {
    if (history.size() < FEWEST) {
      return Optional.empty();
    }
    Fill first = history.getFirst();
    Fill last = history.getLast();
    if (Duration.between(first.at(), last.at()).compareTo(SHORTEST) < 0 || last.totalBytes() <= 0) {
      return Optional.empty();
    }
    double n = history.size();
    double meanX = history.stream().mapToDouble(fill -> x(first, fill)).sum() / n;
    double meanY = history.stream().mapToDouble(Fill::usedBytes).sum() / n;
    double xx = 0;
    double xy = 0;
    double yy = 0;
    for (Fill fill : history) {
      double dx = x(first, fill) - meanX;
      double dy = fill.usedBytes() - meanY;
      xx += dx * dx;
      xy += dx * dy;
      yy += dy * dy;
    }
    if (xx == 0 || yy == 0) {
      return Optional.empty();
    }
    double bytesPerSecond = xy / xx;
    boolean straight = xy * xy / (xx * yy) >= STRAIGHT;
    long left = last.totalBytes() - last.usedBytes();
    if (bytesPerSecond <= 0 || !straight) {
      return Optional.empty();
    }
    double seconds = Math.max(0, left) / bytesPerSecond;
    return seconds > LONGEST.toSeconds()
        ? Optional.empty()
        : Optional.of(Duration.ofSeconds((long) seconds));
  }

  private static double x(Fill first, Fill fill) {
    return Duration.between(first.at(), fill.at()).toSeconds();
  }

  /// `full in about 12 d`
  public static String words(Duration untilFull) {
    long days = untilFull.toDays();
    return days >= 2
        ? "full in about %d d".formatted(days)
        : "full in about %d h".formatted(Math.max(1, untilFull.toHours()));
  }
}
