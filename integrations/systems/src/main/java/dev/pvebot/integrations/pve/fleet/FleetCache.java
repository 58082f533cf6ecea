package dev.pvebot.integrations.pve.fleet;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.pvebot.clusters.fleet.Fleet;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;

/// The newest fleet, read by one at a time however many ask. Its age is its [Fleet#seenAt].
public final class FleetCache {
  /// Reads the fleet.
  @FunctionalInterface
  public interface Source {
    Fleet read() throws InterruptedException;
  }

  private static final Executor READERS =
      task -> Thread.ofVirtual().name("fleet-reader").start(task);

  private final Source source;
  private final InstantSource clock;

  /// Who asks for a fresh fleet joins the reading of this number. It begins after they asked,
  /// because the number moves on when a reading begins.
  private final AtomicLong next = new AtomicLong();

  private final ReentrantLock reading = new ReentrantLock();
  private final AsyncCache<Long, Fleet> readings =
      Caffeine.newBuilder().maximumSize(4).executor(READERS).buildAsync();
  private final AtomicReference<Optional<Fleet>> newest = new AtomicReference<>(Optional.empty());

  public FleetCache(Source source, InstantSource clock) {
    this.source = source;
    this.clock = clock;
  }

  /// A fleet that was read after this call.
  ///
  /// @throws dev.pvebot.integrations.pve.api.PveFailure when it cannot be read
  public Fleet fresh() throws InterruptedException {
    CompletableFuture<Fleet> future = readings.get(next.get(), (number, _) -> begin(number));
    try {
      return future.get();
    } catch (ExecutionException failed) {
      switch (failed.getCause()) {
        case RuntimeException known -> throw known;
        case null, default -> throw new IllegalStateException(failed);
      }
    }
  }

  /// A fleet that is at most so old.
  public Fleet cached(Duration maxAge) throws InterruptedException {
    Optional<Fleet> known = newest.get();
    boolean young =
        known.isPresent() && !known.get().seenAt().plus(maxAge).isBefore(clock.instant());
    return young ? known.get() : fresh();
  }

  /// The newest fleet that was ever read, however old: for saying something while nothing can be
  /// read.
  public Optional<Fleet> newest() {
    return newest.get();
  }

  private CompletableFuture<Fleet> begin(long number) {
    return CompletableFuture.supplyAsync(() -> read(number), READERS);
  }

  private Fleet read(long number) {
    reading.lock();
    try {
      next.updateAndGet(now -> Math.max(now, number + 1));
      Fleet fleet = source.read();
      newest.set(Optional.of(fleet));
      return fleet;
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new CompletionException(stop);
    } finally {
      reading.unlock();
    }
  }
}
