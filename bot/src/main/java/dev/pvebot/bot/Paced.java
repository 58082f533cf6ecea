package dev.pvebot.bot;

import dev.pvebot.runbooks.engine.EngineSettings;
import java.time.Duration;

/// Shortens waits by the pace of a lab.
final class Paced {
  private Paced() {}

  static Duration by(double pace, Duration real) {
    return Duration.ofNanos(Math.max(1_000_000, (long) (real.toNanos() / pace)));
  }

  static EngineSettings engine(double pace) {
    EngineSettings real = EngineSettings.defaults();
    return new EngineSettings(
        real.retries(),
        by(pace, real.patience()),
        by(pace, real.firstBackoff()),
        by(pace, real.longestBackoff()),
        by(pace, real.doubt()),
        by(pace, real.firstLook()),
        by(pace, real.longestLook()),
        by(pace, real.remarkEvery()),
        real.tick());
  }
}
