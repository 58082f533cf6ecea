package dev.pvebot.integrations.pve.fleet;

import dev.pvebot.integrations.pve.api.PveFailure;
import dev.pvebot.runbooks.action.ActionFailure;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Reads side by side with a deadline for all, and keeps what comes: a site of which half is dead
/// still gives half an answer, in time. [Together] is for readings that are nothing without each
/// other.
public final class Gathering {
  /// A node answers a few at once; who asks for three hundred gets them in a row.
  private static final int AT_ONCE = 24;

  private Gathering() {}

  /// What became of one reading.
  public sealed interface Part<T> {
    record Here<T>(T value) implements Part<T> {}

    /// @param why for people: `node pve02 cannot be reached`, `no answer in time`
    record Missing<T>(String why) implements Part<T> {}

    default Optional<T> found() {
      return switch (this) {
        case Here<T>(T value) -> Optional.of(value);
        case Missing<T> _ -> Optional.empty();
      };
    }

    default Optional<String> missing() {
      return switch (this) {
        case Here<T> _ -> Optional.empty();
        case Missing<T>(String why) -> Optional.of(why);
      };
    }
  }

  /// @param patience until what has not come is given up; real time
  /// @return a part for each key, in the order of the keys
  public static <K, T> Map<K, Part<T>> read(
      Map<K, ? extends Callable<? extends T>> readings, Duration patience)
      throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    Semaphore slots = new Semaphore(AT_ONCE);
    try (ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("gather-", 0).factory())) {
      try {
        Map<K, Future<? extends T>> futures = new LinkedHashMap<>();
        readings.forEach(
            (key, reading) -> futures.put(key, threads.submit(() -> inSlot(slots, reading))));
        Map<K, Part<T>> parts = new LinkedHashMap<>();
        for (Map.Entry<K, Future<? extends T>> future : futures.entrySet()) {
          parts.put(future.getKey(), part(future.getValue(), deadline));
        }
        return parts;
      } finally {
        threads.shutdownNow(); // whoever has not answered by now is not waited for
      }
    }
  }

  private static <T> T inSlot(Semaphore slots, Callable<? extends T> reading) throws Exception {
    slots.acquire();
    try {
      return reading.call();
    } finally {
      slots.release();
    }
  }

  private static <T> Part<T> part(Future<? extends T> future, long deadline)
      throws InterruptedException {
    try {
      long left = Math.max(0, deadline - System.nanoTime());
      return new Part.Here<>(future.get(left, TimeUnit.NANOSECONDS));
    } catch (TimeoutException _) {
      future.cancel(true);
      return new Part.Missing<>("no answer in time");
    } catch (ExecutionException failed) {
      return switch (failed.getCause()) {
        case PveFailure failure -> new Part.Missing<>(why(failure));
        case ActionFailure failure when failure.getCause() instanceof PveFailure cause ->
            new Part.Missing<>(why(cause));
        case ActionFailure failure -> new Part.Missing<>(failure.what());
        case InterruptedException _ -> new Part.Missing<>("it was given up");
        case RuntimeException defect -> throw defect;
        case null, default -> throw new IllegalStateException(failed);
      };
    }
  }

  /// The shortest sentence that still says whom to look at.
  public static String why(PveFailure failure) {
    return switch (failure.kind()) {
      case NODE_AWAY, UNREACHABLE ->
          failure
              .node()
              .map(node -> "node %s cannot be reached".formatted(node))
              .orElse("no node can be reached");
      case FORBIDDEN ->
          failure
              .missing()
              .map(missing ->
                  "the token lacks %s on %s".formatted(missing.privilege(), missing.path()))
              .orElse("the token may not (%s)".formatted(failure.reason()));
      case NO_ANSWER, BUSY, NONSENSE, TLS_MISMATCH, UNAUTHENTICATED, REJECTED, REFUSED ->
          failure.reason();
    };
  }
}
