package dev.pvebot.bot.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/// Kills `serve` hundreds of times at random points, on labs side by side. `bench/soak` starts it.
public final class Soak {
  private static final int SIDE_BY_SIDE = 3;

  /// Most deaths in one performance; more of them, and operations would hardly get on.
  private static final int IN_ONE_PERFORMANCE = 16;

  private final Path dist;
  private final Path folder;
  private final int count;
  private final long seed;
  private final AtomicInteger deaths = new AtomicInteger();
  private final AtomicInteger performances = new AtomicInteger();
  private final List<String> findings = new ArrayList<>();

  private Soak(Path dist, Path folder, int count, long seed) {
    this.dist = dist;
    this.folder = folder;
    this.count = count;
    this.seed = seed;
  }

  /// @param args `target/dist`, how many deaths, and the seed
  public static void main(String[] args) throws IOException, InterruptedException {
    if (args.length != 3) {
      System.err.println("usage: Soak DIST COUNT SEED");
      System.exit(2);
    }
    Soak soak =
        new Soak(
            Path.of(args[0]).toAbsolutePath(),
            Files.createTempDirectory("pvebot-soak"),
            Integer.parseInt(args[1]),
            Long.parseLong(args[2]));
    System.exit(soak.run() ? 0 : 1);
  }

  private boolean run() throws InterruptedException {
    long begin = System.nanoTime();
    System.out.printf(
        "soak: %d deaths at random points, seed %d, files in %s%n", count, seed, folder);
    Map<Story, Trace> undisturbed = new EnumMap<>(Story.class);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Map<Story, Future<Trace>> coming = new EnumMap<>(Story.class);
      for (Story story : Story.values()) {
        coming.put(story, threads.submit(() -> play("undisturbed", story, Strikes.none())));
      }
      for (Story story : Story.values()) {
        undisturbed.put(story, get(coming.get(story)));
      }
      List<Callable<Void>> workers = new ArrayList<>();
      for (int i = 0; i < SIDE_BY_SIDE; i++) {
        workers.add(() -> {
          while (deaths.get() < count) {
            disturb(undisturbed, performances.getAndIncrement());
          }
          return null;
        });
      }
      for (Future<Void> worker : threads.invokeAll(workers)) {
        get(worker);
      }
    }
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    System.out.printf(
        "soak: %d deaths in %d performances of %d stories, seed %d, in %d:%02d: %s%n",
        deaths.get(),
        performances.get(),
        Story.values().length,
        seed,
        took.toMinutes(),
        took.toSecondsPart(),
        findings.isEmpty()
            ? "every effect once, every state as undisturbed, no lock left, every thread truthful"
            : findings.size() + " performances NOT as undisturbed");
    return findings.isEmpty();
  }

  private void disturb(Map<Story, Trace> undisturbed, int number)
      throws IOException, InterruptedException {
    Story story = Story.values()[number % Story.values().length];
    Strikes strikes = new Strikes.AtRandom(new Random(seed + number), IN_ONE_PERFORMANCE);
    List<String> wrong;
    try {
      wrong =
          play("disturbed-" + number, story, strikes)
              .differences(java.util.Objects.requireNonNull(undisturbed.get(story)));
    } catch (AssertionError stuck) {
      wrong = List.of(String.valueOf(stuck.getMessage()));
    }
    deaths.addAndGet(strikes.deaths());
    synchronized (findings) {
      System.out.printf(
          "  %3d  %-15s seed %d  %2d deaths  %s%n",
          number,
          story.title(),
          seed + number,
          strikes.deaths(),
          wrong.isEmpty() ? "ok" : "NOT OK");
      wrong.forEach(each -> System.out.println("       " + each));
      if (!wrong.isEmpty()) {
        findings.addAll(List.of(story.title()));
      }
    }
  }

  private Trace play(String name, Story story, Strikes strikes)
      throws IOException, InterruptedException {
    return Performance.play(
        dist,
        folder.resolve(name + "-" + story.name().toLowerCase(java.util.Locale.ROOT)),
        story,
        strikes);
  }

  private static <T> T get(Future<T> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException failed) {
      throw new IllegalStateException(failed.getCause());
    }
  }
}
