package dev.pvebot.bot.schedule;

import com.github.kagkarlsson.scheduler.task.schedule.CronSchedule;
import com.github.kagkarlsson.scheduler.task.schedule.CronStyle;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// When something is to happen again and again: five fields of cron in a zone. Read from plain
/// English too: `every night at 2`, `every monday at 03:30`, `weekdays at 8am`, `every 6 hours`.
///
/// @param cron minute, hour, day of the month, month, day of the week
public record Timetable(String cron, ZoneId zone) {
  /// More often than this is no schedule but a loop.
  static final Duration SHORTEST = Duration.ofMinutes(5);

  private static final Pattern CRON = Pattern.compile("\\S+ \\S+ \\S+ \\S+ \\S+");
  private static final Pattern EACH =
      Pattern.compile("every (\\d{1,2}) ?(m|min|minutes?|h|hours?)");
  private static final Pattern AT =
      Pattern.compile(
          "(?:at |@ ?)?(?:(\\d{1,2}):(\\d{2})|(\\d{1,2})(?: ?o'clock)?) ?(am|pm)?|(?:at"
              + " )?(noon|midnight)");

  private static final List<String> DAYS =
      List.of("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday");

  /// What a word means, with the hour that is meant when none is said.
  private record Days(String days, int hour) {}

  private static final Map<String, Days> WORDS =
      Map.ofEntries(
          Map.entry("day", new Days("* * *", 6)),
          Map.entry("night", new Days("* * *", 2)),
          Map.entry("morning", new Days("* * *", 7)),
          Map.entry("evening", new Days("* * *", 19)),
          Map.entry("weekday", new Days("* * 1-5", 6)),
          Map.entry("weekend", new Days("* * 6,0", 6)),
          Map.entry("week", new Days("* * 1", 6)),
          Map.entry("month", new Days("1 * *", 6)),
          Map.entry("daily", new Days("* * *", 6)),
          Map.entry("nightly", new Days("* * *", 2)),
          Map.entry("weekdays", new Days("* * 1-5", 6)),
          Map.entry("weekly", new Days("* * 1", 6)),
          Map.entry("monthly", new Days("1 * *", 6)));

  /// @return empty when it cannot be read, or would be more often than every five minutes
  public static Optional<Timetable> read(String text, ZoneId zone, Instant now) {
    String said = text.strip().toLowerCase(Locale.ROOT).replaceAll("\\s+", " ");
    return cron(said).map(cron -> new Timetable(cron, zone)).filter(table -> table.isValid(now));
  }

  private static Optional<String> cron(String said) {
    if (CRON.matcher(said).matches()
        && said.matches("[-0-9*/,a-z ]+")
        && said.matches("[-0-9*/,].*")) {
      return Optional.of(said);
    }
    if (said.equals("hourly") || said.equals("every hour")) {
      return Optional.of("0 * * * *");
    }
    Matcher each = EACH.matcher(said);
    if (each.matches()) {
      return each(Integer.parseInt(each.group(1)), each.group(2).startsWith("h"));
    }
    return days(said);
  }

  /// Only what divides the hour or the day: anything else would jump at its end.
  private static Optional<String> each(int many, boolean hours) {
    int whole = hours ? 24 : 60;
    if (many < 1 || many >= whole || whole % many != 0) {
      return Optional.empty();
    }
    return Optional.of(hours ? "0 */%d * * *".formatted(many) : "*/%d * * * *".formatted(many));
  }

  private static Optional<String> days(String said) {
    String words = said.replaceFirst("^(?:every|each|on) ", "");
    int space = words.indexOf(' ');
    String first = space < 0 ? words : words.substring(0, space);
    String rest = space < 0 ? "" : words.substring(space + 1);
    int day = DAYS.indexOf(first.replaceFirst("s$", ""));
    Days days = day >= 0 ? new Days("* * " + day, 6) : WORDS.get(first);
    if (days == null) {
      return Optional.empty();
    }
    if (rest.isEmpty()) {
      return Optional.of("0 %d %s".formatted(days.hour(), days.days()));
    }
    Matcher at = AT.matcher(rest);
    return at.matches() ? time(at).map(time -> time + " " + days.days()) : Optional.empty();
  }

  /// Minute and hour.
  private static Optional<String> time(Matcher at) {
    if (at.group(5) != null) {
      return Optional.of(at.group(5).equals("noon") ? "0 12" : "0 0");
    }
    int hour = Integer.parseInt(at.group(1) != null ? at.group(1) : at.group(3));
    int minute = at.group(2) != null ? Integer.parseInt(at.group(2)) : 0;
    if (at.group(4) != null) {
      if (hour < 1 || hour > 12) {
        return Optional.empty();
      }
      hour = hour % 12 + (at.group(4).equals("pm") ? 12 : 0);
    }
    return hour > 23 || minute > 59
        ? Optional.empty()
        : Optional.of("%d %d".formatted(minute, hour));
  }

  private boolean isValid(Instant now) {
    try {
      Instant first = next(now);
      Instant second = next(first);
      Instant third = next(second);
      return Duration.between(first, second).compareTo(SHORTEST) >= 0
          && Duration.between(second, third).compareTo(SHORTEST) >= 0;
    } catch (RuntimeException _) {
      return false; // db-scheduler's parser refuses it, or it never comes
    }
  }

  /// The first time after one.
  public Instant next(Instant after) {
    return new CronSchedule(cron, zone, CronStyle.UNIX).getInitialExecutionTime(after);
  }
}
