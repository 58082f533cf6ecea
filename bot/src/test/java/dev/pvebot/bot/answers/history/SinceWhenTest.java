package dev.pvebot.bot.answers.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SinceWhenTest {
  /// A Monday, 15:01 in Berlin.
  private static final Instant NOW = Instant.parse("2026-03-02T14:01:00Z");

  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  @ParameterizedTest
  @CsvSource({
    "22:00, 2026-03-01T21:00:00Z",
    "15:00, 2026-03-02T14:00:00Z",
    "15:02, 2026-03-01T14:02:00Z",
    "9pm, 2026-03-01T20:00:00Z",
    "12am, 2026-03-01T23:00:00Z",
    "12pm, 2026-03-02T11:00:00Z",
    "2026-02-20 22:00, 2026-02-20T21:00:00Z",
    "2026-02-20, 2026-02-19T23:00:00Z",
    "2h, 2026-03-02T12:01:00Z",
    "90m, 2026-03-02T12:31:00Z",
    "30s, 2026-03-02T14:00:30Z",
    "3d, 2026-02-27T14:01:00Z",
    "1w, 2026-02-23T14:01:00Z",
    "today, 2026-03-01T23:00:00Z",
    "yesterday, 2026-02-28T23:00:00Z",
    "last hour, 2026-03-02T13:01:00Z",
    "last night, 2026-03-01T21:00:00Z",
    "this morning, 2026-03-02T05:00:00Z",
    "noon, 2026-03-02T11:00:00Z",
    "monday, 2026-03-01T23:00:00Z",
    "friday, 2026-02-26T23:00:00Z",
    "last week, 2026-02-22T23:00:00Z",
    "this month, 2026-02-28T23:00:00Z",
    "last weekend, 2026-02-27T23:00:00Z"
  })
  void time_isReadInTheSpeakersZone(String said, Instant expected) {
    assertThat(SinceWhen.read(said, NOW, BERLIN)).contains(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"25:00", "2026-02-31 10:00", "someday", "", "13pm x", "-2h", "last banana"})
  void noTime_isNone(String said) {
    assertThat(SinceWhen.read(said, NOW, BERLIN)).isEmpty();
  }

  @Property
  void clockTime_isNeverInTheFuture_norOlderThanADay(
      @ForAll @IntRange(max = 23) int hour, @ForAll @IntRange(max = 59) int minute) {
    Optional<Instant> read = SinceWhen.read("%02d:%02d".formatted(hour, minute), NOW, BERLIN);

    assertThat(read).isPresent();
    assertThat(read.get()).isBetween(NOW.minusSeconds(86_400), NOW);
  }
}
