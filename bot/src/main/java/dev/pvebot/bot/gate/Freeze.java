package dev.pvebot.bot.gate;

import dev.pvebot.clusters.Environment;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A time in which nothing disruptive or destructive is begun.
///
/// @param clusters profile names; empty means every cluster and what is in no profile
/// @param environments empty means every environment
public record Freeze(
    Set<String> clusters, Set<Environment> environments, Window window, String reason) {

  public Freeze {
    clusters = Set.copyOf(clusters);
    environments = Set.copyOf(environments);
  }

  boolean covers(Set<String> touched, Set<Environment> where) {
    return (clusters.isEmpty() || touched.stream().anyMatch(clusters::contains))
        && (environments.isEmpty() || where.stream().anyMatch(environments::contains));
  }

  /// When it is. Local times are those of the site's zone.
  public sealed interface Window {
    /// When the window ends that is open now; empty when none is.
    Optional<Instant> openUntil(Instant now, ZoneId site);
  }

  /// Once, from a time (included) to another (excluded).
  public record Once(Moment from, Moment to) implements Window {
    @Override
    public Optional<Instant> openUntil(Instant now, ZoneId site) {
      Instant end = to.in(site);
      return !now.isBefore(from.in(site)) && now.isBefore(end)
          ? Optional.of(end)
          : Optional.empty();
    }
  }

  /// Every week, `Fri 16:00 - Mon 07:00`.
  public record Weekly(DayOfWeek fromDay, LocalTime from, DayOfWeek toDay, LocalTime to)
      implements Window {
    private static final Pattern FORM =
        Pattern.compile(
            "([A-Za-z]{3,9})\\s+(\\d{1,2}:\\d{2})\\s*(?:-|to)\\s*([A-Za-z]{3,9})\\s+(\\d{1,2}:\\d{2})");

    /// @throws IllegalArgumentException for anything else, and for a week that begins and ends at
    ///   the same time
    public static Weekly parse(String text) {
      Matcher form = FORM.matcher(text.strip());
      if (!form.matches()) {
        throw new IllegalArgumentException("no window: " + text);
      }
      Weekly weekly =
          new Weekly(
              day(form.group(1)), time(form.group(2)), day(form.group(3)), time(form.group(4)));
      if (weekly.fromDay == weekly.toDay && weekly.from.equals(weekly.to)) {
        throw new IllegalArgumentException("it begins and ends at the same time: " + text);
      }
      return weekly;
    }

    private static DayOfWeek day(String text) {
      for (DayOfWeek day : DayOfWeek.values()) {
        if (day.name().startsWith(text.toUpperCase(Locale.ROOT))) {
          return day;
        }
      }
      throw new IllegalArgumentException("no day: " + text);
    }

    private static LocalTime time(String text) {
      try {
        return LocalTime.parse(text.length() == 4 ? "0" + text : text);
      } catch (DateTimeParseException e) {
        throw new IllegalArgumentException("no time: " + text, e);
      }
    }

    @Override
    public Optional<Instant> openUntil(Instant now, ZoneId site) {
      ZonedDateTime local = now.atZone(site);
      ZonedDateTime begun = local.with(TemporalAdjusters.previousOrSame(fromDay)).with(from);
      if (begun.isAfter(local)) {
        begun = local.with(TemporalAdjusters.previous(fromDay)).with(from);
      }
      ZonedDateTime end = begun.with(TemporalAdjusters.nextOrSame(toDay)).with(to);
      if (!end.isAfter(begun)) {
        end = begun.with(TemporalAdjusters.next(toDay)).with(to);
      }
      return local.isBefore(end) ? Optional.of(end.toInstant()) : Optional.empty();
    }
  }

  /// A moment in a configuration: with an offset, or of the site's zone.
  public sealed interface Moment {
    Instant in(ZoneId site);

    record Fixed(Instant at) implements Moment {
      @Override
      public Instant in(ZoneId site) {
        return at;
      }
    }

    record Local(LocalDateTime at) implements Moment {
      @Override
      public Instant in(ZoneId site) {
        return at.atZone(site).toInstant();
      }
    }

    /// `2026-12-18 16:00`, `2026-12-18T16:00`, `2026-12-18T16:00:00+01:00`, `2026-12-18T15:00:00Z`.
    ///
    /// @throws IllegalArgumentException for anything else
    static Moment parse(String text) {
      String iso = text.strip().replaceFirst("^(\\d{4}-\\d{2}-\\d{2}) +", "$1T");
      try {
        return DateTimeFormatter.ISO_DATE_TIME.parseBest(
                    iso, OffsetDateTime::from, LocalDateTime::from)
                instanceof OffsetDateTime offset
            ? new Fixed(offset.toInstant())
            : new Local(LocalDateTime.parse(iso));
      } catch (DateTimeParseException e) {
        throw new IllegalArgumentException("no time: " + text, e);
      }
    }
  }
}
