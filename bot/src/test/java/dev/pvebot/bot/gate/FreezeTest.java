package dev.pvebot.bot.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FreezeTest {
  private static final ZoneId STOCKHOLM = ZoneId.of("Europe/Stockholm");

  @ParameterizedTest
  @CsvSource({
    "Fri 16:00 - Mon 07:00, 2026-03-06T15:59:00+01:00, ",
    "Fri 16:00 - Mon 07:00, 2026-03-06T16:00:00+01:00, 2026-03-09T07:00:00+01:00",
    "Fri 16:00 - Mon 07:00, 2026-03-08T12:00:00+01:00, 2026-03-09T07:00:00+01:00",
    "Fri 16:00 - Mon 07:00, 2026-03-09T07:00:00+01:00, ",
    "fri 16:00 to monday 7:00, 2026-03-07T00:00:00+01:00, 2026-03-09T07:00:00+01:00",
    "Mon 09:00 - Mon 17:00, 2026-03-02T12:00:00+01:00, 2026-03-02T17:00:00+01:00",
    "Mon 09:00 - Mon 17:00, 2026-03-02T18:00:00+01:00, ",
    "Mon 17:00 - Mon 09:00, 2026-03-04T12:00:00+01:00, 2026-03-09T09:00:00+01:00",
    "Mon 17:00 - Mon 09:00, 2026-03-02T12:00:00+01:00, ",
    // the clocks go forward on 29 March
    "Sat 00:00 - Mon 00:00, 2026-03-29T12:00:00+02:00, 2026-03-30T00:00:00+02:00"
  })
  void weekly_isOpenFromItsBeginToItsEnd(String window, String now, String until) {
    assertThat(Freeze.Weekly.parse(window).openUntil(instant(now), STOCKHOLM))
        .isEqualTo(Optional.ofNullable(until).map(FreezeTest::instant));
  }

  private static Instant instant(String text) {
    return ZonedDateTime.parse(text).toInstant();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Fri 16:00",
        "Fri 25:00 - Mon 07:00",
        "Fry 16:00 - Mon 07:00",
        "Mon 9:00 - Mon 9:00"
      })
  void weekly_ofAnythingElse_isRefused(String text) {
    assertThatThrownBy(() -> Freeze.Weekly.parse(text))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Property
  void weekly_isNeverOpenLongerThanAWeek_andClosesWhenItSays(
      @ForAll @IntRange(min = 1, max = 7) int from,
      @ForAll @IntRange(min = 0, max = 1439) int fromMinute,
      @ForAll @IntRange(min = 1, max = 7) int to,
      @ForAll @IntRange(min = 0, max = 1438) int toMinute,
      @ForAll @IntRange(min = 0, max = 60 * 24 * 400) int later) {
    LocalTime begin = LocalTime.ofSecondOfDay(fromMinute * 60L);
    LocalTime end = LocalTime.ofSecondOfDay(toMinute * 60L);
    Freeze.Weekly weekly =
        new Freeze.Weekly(
            DayOfWeek.of(from),
            begin,
            DayOfWeek.of(to),
            begin.equals(end) ? end.plusMinutes(1) : end);
    Instant now = Instant.parse("2026-01-01T00:00:00Z").plus(Duration.ofMinutes(later));

    weekly
        .openUntil(now, STOCKHOLM)
        .ifPresent(until -> {
          assertThat(until).isAfter(now).isBefore(now.plus(Duration.ofDays(8)));
          assertThat(weekly.openUntil(until.minusSeconds(1), STOCKHOLM)).contains(until);
          assertThat(weekly.openUntil(until, STOCKHOLM)).isNotEqualTo(Optional.of(until));
        });
  }

  @Test
  void once_isOfTheSitesZone_unlessItSaysAnother() {
    Freeze.Once once =
        new Freeze.Once(
            Freeze.Moment.parse("2026-12-18 16:00"),
            Freeze.Moment.parse("2027-01-04T07:00:00+01:00"));

    assertThat(once.openUntil(instant("2026-12-18T15:59:00+01:00"), STOCKHOLM)).isEmpty();
    assertThat(once.openUntil(instant("2026-12-18T16:00:00+01:00"), STOCKHOLM))
        .contains(instant("2027-01-04T07:00:00+01:00"));
    assertThat(once.openUntil(instant("2026-12-18T15:30:00Z"), ZoneId.of("UTC"))).isEmpty();
    assertThat(once.openUntil(instant("2027-01-04T06:00:00Z"), STOCKHOLM)).isEmpty();
  }
}
