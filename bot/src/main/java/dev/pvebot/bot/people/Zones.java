package dev.pvebot.bot.people;

import dev.pvebot.commands.chat.Person;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.util.Locale;
import java.util.Map;

/// Times as people read them: in their own zone, which is named as soon as there are several.
public final class Zones {
  private static final DateTimeFormatter TODAY = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);
  private static final DateTimeFormatter THIS_WEEK =
      DateTimeFormatter.ofPattern("EEE HH:mm", Locale.ENGLISH);
  private static final DateTimeFormatter ANY =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);
  private static final Duration NEAR = Duration.ofDays(6);

  private final ZoneId site;
  private final Map<Person, ZoneId> own;
  private final InstantSource clock;
  private final boolean several;

  /// @param site for everybody who has none of their own
  /// @param own zones of people
  public Zones(ZoneId site, Map<Person, ZoneId> own, InstantSource clock) {
    this.site = site;
    this.own = Map.copyOf(own);
    this.clock = clock;
    this.several = own.values().stream().anyMatch(zone -> !zone.equals(site));
  }

  public ZoneId of(Person person) {
    return own.getOrDefault(person, site);
  }

  /// `16:45`; `Tue 16:45` on another day, `2026-12-24 16:45` on one that is far; with the zone's
  /// name, `16:45 CET`, where people have different ones.
  public String time(Instant instant, Person reader) {
    return time(instant, of(reader));
  }

  /// The same for everybody in a channel.
  public String time(Instant instant) {
    return time(instant, site);
  }

  private String time(Instant instant, ZoneId zone) {
    ZonedDateTime then = instant.atZone(zone);
    ZonedDateTime now = clock.instant().atZone(zone);
    DateTimeFormatter form =
        then.toLocalDate().equals(now.toLocalDate())
            ? TODAY
            : Duration.between(now, then).abs().compareTo(NEAR) < 0 ? THIS_WEEK : ANY;
    return several ? form.format(then) + " " + name(then) : form.format(then);
  }

  private static String name(ZonedDateTime time) {
    return time.getZone() instanceof java.time.ZoneOffset offset
        ? offset.getDisplayName(TextStyle.SHORT, Locale.ENGLISH)
        : DateTimeFormatter.ofPattern("zzz", Locale.ENGLISH).format(time);
  }
}
