package dev.pvebot.runbooks.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/// A clock on which waiting takes no time: whoever sleeps moves it.
final class FakeClock implements EngineClock {
  private Instant now = Instant.parse("2026-11-24T16:20:00Z");

  @Override
  public synchronized Instant instant() {
    return now;
  }

  synchronized void advanceTo(Instant then) {
    if (then.isAfter(now)) {
      now = then;
    }
  }

  void advance(Duration duration) {
    advanceTo(instant().plus(duration));
  }

  @Override
  public void sleep(Duration duration, CompletableFuture<?> wake) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    if (!wake.isDone()) {
      advance(duration);
    }
    Thread.yield();
  }
}
