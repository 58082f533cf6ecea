package dev.pvebot.bot.transcript;

import dev.pvebot.runbooks.engine.EngineClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/// Runs as the wall does, from a given time, and can be put forward; who sleeps wakes then and
/// looks.
final class MovableClock implements EngineClock {
  private final Instant start;
  private final long startedNanos = System.nanoTime();
  private final AtomicReference<Duration> skipped = new AtomicReference<>(Duration.ZERO);
  private final Set<CompletableFuture<Void>> sleepers = ConcurrentHashMap.newKeySet();

  MovableClock(Instant start) {
    this.start = start;
  }

  void skip(Duration time) {
    skipped.updateAndGet(before -> before.plus(time));
    sleepers.forEach(sleeper -> sleeper.complete(null));
  }

  @Override
  public Instant instant() {
    return start.plusNanos(System.nanoTime() - startedNanos).plus(skipped.get());
  }

  @Override
  public void sleep(Duration duration, CompletableFuture<?> wake) throws InterruptedException {
    Instant until = instant().plus(duration);
    CompletableFuture<Void> moved = new CompletableFuture<>();
    sleepers.add(moved);
    try {
      EngineClock.system()
          .sleep(Duration.between(instant(), until), CompletableFuture.anyOf(moved, wake));
    } finally {
      sleepers.remove(moved);
    }
  }
}
