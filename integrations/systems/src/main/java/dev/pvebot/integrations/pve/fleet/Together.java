package dev.pvebot.integrations.pve.fleet;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Reads side by side, each on a virtual thread. The first failure ends the others.
public final class Together {
  private Together() {}

  /// The results in the order of the readings.
  public static <T> List<T> read(List<? extends Callable<? extends T>> readings)
      throws InterruptedException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<? extends T>> futures = new ArrayList<>();
      readings.forEach(reading -> futures.add(threads.submit(reading)));
      try {
        List<T> results = new ArrayList<>();
        for (Future<? extends T> future : futures) {
          results.add(future.get());
        }
        return results;
      } catch (ExecutionException failed) {
        threads.shutdownNow();
        throw unwrap(failed);
      } catch (InterruptedException stop) {
        threads.shutdownNow();
        throw stop;
      }
    }
  }

  private static RuntimeException unwrap(ExecutionException failed) throws InterruptedException {
    return switch (failed.getCause()) {
      case RuntimeException known -> known;
      case InterruptedException stop -> throw stop;
      case null, default -> new IllegalStateException(failed);
    };
  }
}
