package dev.pvebot.bot.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimetableTest {
  /// A Monday, 15:01 in Berlin.
  private static final Instant NOW = Instant.parse("2026-03-02T14:01:00Z");

  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  @ParameterizedTest
  @CsvSource({
    "every night at 2, 0 2 * * *, 2026-03-03T01:00:00Z",
    "every day at 02:00, 0 2 * * *, 2026-03-03T01:00:00Z",
    "every day at 15:30, 30 15 * * *, 2026-03-02T14:30:00Z",
    "every monday at 3, 0 3 * * 1, 2026-03-09T02:00:00Z",
    "every sunday, 0 6 * * 0, 2026-03-08T05:00:00Z",
    "weekdays at 8am, 0 8 * * 1-5, 2026-03-03T07:00:00Z",
    "every weekend at noon, '0 12 * * 6,0', 2026-03-07T11:00:00Z",
    "nightly, 0 2 * * *, 2026-03-03T01:00:00Z",
    "every evening at 7:15 pm, 15 19 * * *, 2026-03-02T18:15:00Z",
    "every day at 12am, 0 0 * * *, 2026-03-02T23:00:00Z",
    "monthly, 0 6 1 * *, 2026-04-01T04:00:00Z",
    "hourly, 0 * * * *, 2026-03-02T15:00:00Z",
    "every 6 hours, 0 */6 * * *, 2026-03-02T17:00:00Z",
    "every 15 minutes, */15 * * * *, 2026-03-02T14:15:00Z",
    "30 4 * * 1-5, 30 4 * * 1-5, 2026-03-03T03:30:00Z"
  })
  void words_becomeCron_inTheSpeakersZone(String said, String cron, Instant next) {
    Timetable table = Timetable.read(said, BERLIN, NOW).orElseThrow();

    assertThat(table.cron()).isEqualTo(cron);
    assertThat(table.next(NOW)).isEqualTo(next);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "soon",
        "every blue moon",
        "every day at 25",
        "every day at 13pm",
        "every 7 hours",
        "every 3 minutes",
        "* * * * *",
        "*/2 * * * *",
        "0,1 3 * * *",
        "61 * * * *",
        "0 0 30 2 *"
      })
  void whatIsNoTime_orTooOften_isRefused(String said) {
    assertThat(Timetable.read(said, BERLIN, NOW)).isEmpty();
  }

  @Test
  void next_isAlwaysLater_alsoWhenAskedAtTheVeryTime() {
    Timetable table = Timetable.read("every day at 15:30", BERLIN, NOW).orElseThrow();
    Instant first = table.next(NOW);

    assertThat(table.next(first)).isEqualTo(first.plusSeconds(86_400));
  }

  @Test
  void summerTime_keepsTheHourOfTheClock() {
    Timetable table = Timetable.read("every day at 06:00", BERLIN, NOW).orElseThrow();

    assertThat(table.next(Instant.parse("2026-03-28T06:00:00Z")))
        .isEqualTo(Instant.parse("2026-03-29T04:00:00Z"));
  }

  @Property
  void anyText_isReadOrRefused_neverThrown(@ForAll String said) {
    Timetable.read(said, BERLIN, NOW).ifPresent(table -> assertThat(table.next(NOW)).isAfter(NOW));
  }
}
