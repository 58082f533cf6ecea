package dev.pvebot.runbooks.waiting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pvebot.runbooks.action.Intent;
import dev.pvebot.runbooks.action.Observation;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TimeWaitTest {
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
  private static final Intent INTENT = new Intent(1, "rest", BEGIN, Map.of(), Optional.empty());

  private static Observation<TimeWait.Waited> after(long seconds) {
    return at(BEGIN.plusSeconds(seconds), 1);
  }

  private static Observation<TimeWait.Waited> at(Instant now, double pace) {
    return new TimeWait(InstantSource.fixed(now), pace).observe(new TimeWait.Wait(30), INTENT);
  }

  @Test
  void wait_endsWhenTheTimeSinceTheIntentHasPassed_whateverHappenedInBetween() {
    assertThat(after(0)).isEqualTo(new Observation.NotDone<>("30 s to go"));
    assertThat(after(29)).isInstanceOf(Observation.NotDone.class);
    assertThat(after(30)).isEqualTo(new Observation.Done<>(new TimeWait.Waited()));
    assertThat(after(3000)).isInstanceOf(Observation.Done.class);
  }

  @Test
  void wait_inALabWhoseTimeRunsFaster_isOverSooner() {
    assertThat(at(BEGIN.plusMillis(499), 60)).isInstanceOf(Observation.NotDone.class);
    assertThat(at(BEGIN.plusMillis(500), 60)).isInstanceOf(Observation.Done.class);
  }

  @Test
  void waitOfNoTime_orOfDays_isRefused() {
    assertThatThrownBy(() -> new TimeWait.Wait(0))
        .hasMessage("input seconds is 0; expected 1 to 86400");
    assertThatThrownBy(() -> new TimeWait.Wait(86_401))
        .hasMessage("input seconds is 86401; expected 1 to 86400");
  }
}
