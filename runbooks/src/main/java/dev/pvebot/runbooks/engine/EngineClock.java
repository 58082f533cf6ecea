package dev.pvebot.runbooks.engine;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Time as the engine sees it, with the one way in which it waits.
public interface EngineClock extends InstantSource {

  /// Waits until the time has passed or `wake` is complete, whichever comes first.
  void sleep(Duration duration, CompletableFuture<?> wake) throws InterruptedException;

  /// The clock of the machine.
  static EngineClock system() {
    return new EngineClock() {
      @Override
      public Instant instant() {
        return Instant.now();
      }

      @Override
      public void sleep(Duration duration, CompletableFuture<?> wake) throws InterruptedException {
        try {
          wake.get(Math.max(1, duration.toMillis()), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
          return; // the time has passed, which is what was asked for
        } catch (ExecutionException failed) {
          throw new IllegalStateException("a wake-up call never fails", failed);
        }
      }
    };
  }
}
