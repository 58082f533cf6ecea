package dev.pvebot.bot.answers.history;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Times in the past as people say them, in the speaker's zone: `22:00` is the last time that a
/// clock showed that, `yesterday` its midnight, `2h` so long ago.
final class SinceWhen {
  private static final Pattern CLOCK =
      Pattern.compile("(?:(\\d{4}-\\d{2}-\\d{2})[ t])?(\\d{1,2}):(\\d{2})(?::\\d{2})?");
  private static final Pattern HOUR = Pattern.compile("(\\d{1,2})\\s?(am|pm)");
  private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");
  private static final Pattern SPAN = Pattern.compile("(\\d{1,4})\\s?(s|m|min|h|d|w)");

  /// Hours of the day at which a part of it begins.
  private static final Map<String, Integer> PARTS =
      Map.of("morning", 6, "noon", 12, "afternoon", 12, "evening", 18, "night", 22);

  private SinceWhen() {}

  /// @return empty when it is no time that can be read
  static Optional<Instant> read(String text, Instant now, ZoneId zone) {
    String said = text.strip().toLowerCase(Locale.ROOT);
    try {
      return clock(said, now.atZone(zone))
          .or(() -> span(said, now))
          .or(() -> word(said, now.atZone(zone)));
    } catch (DateTimeException _) {
      return Optional.empty(); // 25:00, the 31st of February
    }
  }

  private static Optional<Instant> clock(String said, ZonedDateTime now) {
    Matcher clock = CLOCK.matcher(said);
    if (clock.matches()) {
      LocalTime time =
          LocalTime.of(Integer.parseInt(clock.group(2)), Integer.parseInt(clock.group(3)));
      return Optional.of(
          clock.group(1) == null
              ? last(time, now)
              : LocalDate.parse(clock.group(1)).atTime(time).atZone(now.getZone()).toInstant());
    }
    Matcher hour = HOUR.matcher(said);
    if (hour.matches()) {
      int twelve = Integer.parseInt(hour.group(1)) % 12;
      return Optional.of(
          last(LocalTime.of(hour.group(2).equals("pm") ? twelve + 12 : twelve, 0), now));
    }
    return DATE.matcher(said).matches()
        ? Optional.of(LocalDate.parse(said).atStartOfDay(now.getZone()).toInstant())
        : Optional.empty();
  }

  /// The last time before now at which a clock showed it.
  private static Instant last(LocalTime time, ZonedDateTime now) {
    ZonedDateTime today = now.toLocalDate().atTime(time).atZone(now.getZone());
    return (today.isAfter(now)
            ? now.toLocalDate().minusDays(1).atTime(time).atZone(now.getZone())
            : today)
        .toInstant();
  }

  private static Optional<Instant> span(String said, Instant now) {
    Matcher span = SPAN.matcher(said);
    if (!span.matches()) {
      return Optional.empty();
    }
    long many = Long.parseLong(span.group(1));
    Duration back =
        switch (span.group(2)) {
          case "s" -> Duration.ofSeconds(many);
          case "h" -> Duration.ofHours(many);
          case "d" -> Duration.ofDays(many);
          case "w" -> Duration.ofDays(7 * many);
          default -> Duration.ofMinutes(many);
        };
    return Optional.of(now.minus(back));
  }

  private static Optional<Instant> word(String said, ZonedDateTime now) {
    LocalDate today = now.toLocalDate();
    String last = said.replaceFirst("^(?:last|this|past) ", "");
    Integer hour = PARTS.get(last);
    if (hour != null) {
      return Optional.of(last(LocalTime.of(hour, 0), now));
    }
    Optional<LocalDate> day =
        switch (said) {
          case "today", "midnight", "tonight" -> Optional.of(today);
          case "yesterday", "last day", "past day" -> Optional.of(today.minusDays(1));
          case "last week", "past week" -> Optional.of(today.minusDays(7));
          case "this week" ->
              Optional.of(today.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY)));
          case "last month", "past month" -> Optional.of(today.minusMonths(1));
          case "this month" -> Optional.of(today.withDayOfMonth(1));
          case "last weekend", "this weekend", "past weekend" ->
              Optional.of(today.with(TemporalAdjusters.previousOrSame(DayOfWeek.SATURDAY)));
          default -> weekday(last).map(name -> today.with(TemporalAdjusters.previousOrSame(name)));
        };
    return said.endsWith(" hour")
        ? Optional.of(now.minusHours(1).toInstant())
        : day.map(date -> date.atStartOfDay(now.getZone()).toInstant());
  }

  private static Optional<DayOfWeek> weekday(String name) {
    for (DayOfWeek day : DayOfWeek.values()) {
      if (day.name().toLowerCase(Locale.ROOT).equals(name)) {
        return Optional.of(day);
      }
    }
    return Optional.empty();
  }
}
