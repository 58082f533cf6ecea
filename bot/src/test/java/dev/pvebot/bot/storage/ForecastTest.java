package dev.pvebot.bot.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pvebot.integrations.pve.fleet.StorageReader.Fill;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntToLongFunction;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class ForecastTest {
  private static final Instant START = Instant.parse("2026-02-01T00:00:00Z");
  private static final long GIB = 1L << 30;
  private static final long TOTAL = 1000 * GIB;

  /// A figure every twelve hours.
  private static List<Fill> history(int figures, IntToLongFunction usedGib) {
    List<Fill> fills = new ArrayList<>();
    for (int i = 0; i < figures; i++) {
      fills.add(
          new Fill(START.plus(Duration.ofHours(12L * i)), usedGib.applyAsLong(i) * GIB, TOTAL));
    }
    return fills;
  }

  @Test
  void steadyGrowth_isFullWhenTheLineGetsThere() {
    // 5 GiB each half day from 100: at figure 39 it is 295, so 705 GiB and 70.5 days are left
    Optional<Duration> left = Forecast.untilFull(history(40, i -> 100 + 5L * i));

    assertThat(left).isPresent();
    assertThat(left.get().toHours()).isEqualTo(1692);
    assertThat(Forecast.words(left.get())).isEqualTo("full in about 70 d");
  }

  @Test
  void shortTime_isSaidInHours() {
    assertThat(Forecast.words(Duration.ofHours(30))).isEqualTo("full in about 30 h");
    assertThat(Forecast.words(Duration.ofMinutes(5))).isEqualTo("full in about 1 h");
  }

  @Test
  void oneJump_isNoTrend() {
    assertThat(Forecast.untilFull(history(40, i -> i < 37 ? 100 : 600))).isEmpty();
  }

  @Test
  void sawtooth_isNoTrend() {
    assertThat(Forecast.untilFull(history(40, i -> 100 + 50L * (i % 8)))).isEmpty();
  }

  @Test
  void whatShrinksOrStays_isNeverFull() {
    assertThat(Forecast.untilFull(history(40, i -> 500 - 5L * i))).isEmpty();
    assertThat(Forecast.untilFull(history(40, _ -> 500))).isEmpty();
  }

  @Test
  void fewFiguresOrFewDays_tellNothing() {
    assertThat(Forecast.untilFull(history(7, i -> 100 + 50L * i))).isEmpty();
    List<Fill> oneDay = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      oneDay.add(new Fill(START.plus(Duration.ofHours(i)), i * GIB, TOTAL));
    }
    assertThat(Forecast.untilFull(oneDay)).isEmpty();
  }

  @Test
  void moreThanAYear_isNoForecast() {
    assertThat(Forecast.untilFull(history(40, i -> 100 + i / 10))).isEmpty();
  }

  @Property
  void noisyLine_isFoundWithinAFifth(
      @ForAll @IntRange(min = 20, max = 70) int figures,
      @ForAll @LongRange(min = 3, max = 10) long step,
      @ForAll long seed) {
    Random noise = new Random(seed);
    List<Fill> history = history(figures, i -> 50 + step * i + noise.nextInt(3));
    double exactDays = (1000 - (50 + step * (figures - 1))) / (2.0 * step);

    assertThat(Forecast.untilFull(history))
        .hasValueSatisfying(left ->
            assertThat(left.toHours() / 24.0).isBetween(exactDays * 0.8 - 1, exactDays * 1.2 + 1));
  }

  @Property
  void anyFigures_giveNoForecastBelowZeroOrBeyondAYear(
      @ForAll List<@LongRange(min = 0, max = 1000) Long> used) {
    List<Fill> history = history(used.size(), used::get);

    Forecast.untilFull(history)
        .ifPresent(left -> assertThat(left).isBetween(Duration.ZERO, Duration.ofDays(365)));
  }
}
