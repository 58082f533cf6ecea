package dev.pvebot.bot.figures;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/// Figures with their units, as cards show them.
public final class Figures {
  private static final long KIB = 1024;
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};

  private Figures() {}

  /// Bytes with three significant digits at most: `8 GiB`, `1.4 TiB`.
  public static String bytes(long bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= KIB && unit < UNITS.length - 1) {
      value /= KIB;
      unit++;
    }
    boolean whole = value >= 100 || Math.abs(value - Math.rint(value)) < 0.05;
    return String.format(Locale.ROOT, whole ? "%.0f %s" : "%.1f %s", value, UNITS[unit]);
  }

  /// A share of a whole, `61 %`; a dash when the whole is not known.
  public static String percent(long part, long whole) {
    return whole <= 0 ? "-" : "%d %%".formatted(Math.round(100.0 * part / whole));
  }

  /// Minutes and seconds as a clock shows them: `0:41`, `12:40`, `1:02:03`.
  public static String clock(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    long hours = seconds / 3600;
    return hours > 0
        ? "%d:%02d:%02d".formatted(hours, seconds / 60 % 60, seconds % 60)
        : "%d:%02d".formatted(seconds / 60, seconds % 60);
  }

  /// A number with what it counts: `1 task`, `3 tasks`.
  public static String count(long number, String one) {
    return number == 1 ? "1 " + one : "%d %ss".formatted(number, one);
  }

  /// How long ago something was, in one unit: `12 s ago`, `5 min ago`, `3 h ago`, `9 d ago`.
  public static String ago(Instant then, Instant now) {
    return uptime(Math.max(0, Duration.between(then, now).toSeconds())) + " ago";
  }

  /// A rough length for people: `about 6 min`, `about 40 s`.
  public static String about(Duration duration) {
    long seconds = Math.max(1, duration.toSeconds());
    return seconds < 90
        ? "about %d s".formatted(seconds)
        : "about %d min".formatted(Math.round(seconds / 60.0));
  }

  /// How long something will be waited for: `under a second`, `3 s`, `2:10`.
  public static String wait(Duration duration) {
    if (duration.compareTo(Duration.ofSeconds(1)) < 0) {
      return "under a second";
    }
    long seconds = Math.round(duration.toMillis() / 1000.0);
    return seconds < 90 ? seconds + " s" : clock(Duration.ofSeconds(seconds));
  }

  /// How long a machine has been up: `12 d`, `3 h`, `5 min`.
  public static String uptime(long seconds) {
    if (seconds >= 172_800) {
      return seconds / 86_400 + " d";
    }
    if (seconds >= 7_200) {
      return seconds / 3_600 + " h";
    }
    return seconds >= 120 ? seconds / 60 + " min" : seconds + " s";
  }
}
