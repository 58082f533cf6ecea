package dev.pvebot.bot.figures;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {
  @ParameterizedTest
  @CsvSource({
    "0, under a second",
    "999, under a second",
    "1000, 1 s",
    "2600, 3 s",
    "89000, 89 s",
    "130000, 2:10"
  })
  void wait_isNeverNothing(long millis, String words) {
    assertThat(Figures.wait(Duration.ofMillis(millis))).isEqualTo(words);
  }
}
