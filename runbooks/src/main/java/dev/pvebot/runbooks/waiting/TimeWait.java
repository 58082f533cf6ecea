package dev.pvebot.runbooks.waiting;

import dev.pvebot.commands.Risk;
import dev.pvebot.runbooks.action.Action;
import dev.pvebot.runbooks.action.Intent;
import dev.pvebot.runbooks.action.Observation;
import dev.pvebot.runbooks.action.Planning;
import dev.pvebot.runbooks.action.Preview;
import dev.pvebot.runbooks.action.RunContext;
import dev.pvebot.runbooks.action.Started;
import dev.pvebot.runbooks.action.Traits;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/// `time.wait`: lets time pass, for example until a freed VMID may be used again. It counts from
/// when its intent was journaled, so a restart does not begin anew.
public final class TimeWait implements Action<TimeWait.Wait, TimeWait.Waited> {
  private static final int LONGEST_SECONDS = 86_400;

  private final InstantSource clock;
  private final double pace;

  /// @param pace how much faster than the clock time passes for the systems that are waited for: 1,
  ///   and more in a lab
  public TimeWait(InstantSource clock, double pace) {
    this.clock = clock;
    this.pace = pace;
  }

  /// @param seconds 1 to 86,400
  public record Wait(int seconds) {
    public Wait {
      if (seconds < 1 || seconds > LONGEST_SECONDS) {
        throw new IllegalArgumentException(
            "input seconds is %d; expected 1 to %d".formatted(seconds, LONGEST_SECONDS));
      }
    }
  }

  public record Waited() {}

  @Override
  public String name() {
    return "time.wait";
  }

  @Override
  public Class<Wait> inputs() {
    return Wait.class;
  }

  @Override
  public Class<Waited> outputs() {
    return Waited.class;
  }

  @Override
  public Traits traits() {
    return new Traits(Risk.READ, List.of(), Duration.ofDays(2), Duration.ZERO);
  }

  @Override
  public Preview<Wait> preview(Wait inputs, Planning planning) {
    return new Preview<>(
        inputs, List.of(), List.of(), planning.fleet(), Duration.ofSeconds(inputs.seconds()));
  }

  @Override
  public Map<String, String> prepare(Wait inputs, RunContext context) {
    return Map.of();
  }

  @Override
  public Started run(Wait inputs, Intent intent, RunContext context) {
    return new Started.Immediately();
  }

  @Override
  public Observation<Waited> observe(Wait inputs, Intent intent) {
    Instant end = intent.at().plusMillis((long) (inputs.seconds() * 1000 / pace));
    Duration left = Duration.between(clock.instant(), end);
    return left.isPositive()
        ? new Observation.NotDone<>("%d s to go".formatted(left.plusMillis(999).toSeconds()))
        : new Observation.Done<>(new Waited());
  }
}
