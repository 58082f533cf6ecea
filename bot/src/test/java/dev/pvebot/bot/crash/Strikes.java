package dev.pvebot.bot.crash;

import dev.pvebot.integrations.lab.faults.CrashPoint.Moment;
import dev.pvebot.integrations.lab.faults.Faults;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// Where `serve` dies.
abstract class Strikes implements Faults.CrashRule {
  private volatile int line;
  private final AtomicInteger deaths = new AtomicInteger();
  private final AtomicInteger deathsInLine = new AtomicInteger();
  private volatile Optional<Supplier<ProcessHandle>> victim = Optional.empty();

  /// @param serve gives the process that runs now
  final void aimAt(Supplier<ProcessHandle> serve) {
    victim = Optional.of(serve);
  }

  /// Says which line of the story is played from now on.
  final void begin(int number) {
    line = number;
    deathsInLine.set(0);
  }

  final int line() {
    return line;
  }

  /// How often the process was killed.
  final int deaths() {
    return deaths.get();
  }

  /// How often in the present line.
  final int deathsInLine() {
    return deathsInLine.get();
  }

  /// What was meant to be struck and never came.
  abstract List<String> missed();

  private static void pause(Duration wall) {
    try {
      TimeUnit.NANOSECONDS.sleep(wall.toNanos());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  final ProcessHandle victim() {
    return victim.orElseThrow().get();
  }

  final synchronized void kill(ProcessHandle process) {
    if (process.isAlive()) {
      deaths.incrementAndGet();
      deathsInLine.incrementAndGet();
    }
    Serve.kill(process);
  }

  /// Nothing happens.
  static Strikes none() {
    return new Strikes() {
      @Override
      List<String> missed() {
        return List.of();
      }

      @Override
      public Optional<Faults.Strike> at(String method, String path, String body) {
        return Optional.empty();
      }
    };
  }

  /// At mutating calls that are known from an undisturbed performance: every route of every kind of
  /// line at each of the three moments.
  ///
  /// The calls for several machines share the moments. Those that arrive together are struck by one
  /// death: it comes when one of them has not been read, another one has acted, and a third has its
  /// reply on the way. The process is frozen meanwhile, so it can do nothing with what arrives.
  static final class Planned extends Strikes {
    private static final Duration TOGETHER = Duration.ofMillis(300);

    private final Map<MutatingCall, Deque<Moment>> moments = new LinkedHashMap<>();
    private final List<String> uncovered = new ArrayList<>();
    private Optional<Death> coming = Optional.empty();

    /// @param calls of an undisturbed performance of this story
    Planned(Story story, List<MutatingCall> calls) {
      Map<String, List<MutatingCall>> kinds = new LinkedHashMap<>();
      for (MutatingCall call : new LinkedHashSet<>(calls)) {
        String kind = story.lines().get(call.line()).kind() + ": " + call.route();
        kinds.computeIfAbsent(kind, _ -> new ArrayList<>()).add(call);
      }
      kinds.forEach(this::spread);
    }

    private void spread(String kind, List<MutatingCall> calls) {
      switch (calls.size()) {
        case 1 -> {
          // what was not read comes again
          strike(calls.getFirst(), Moment.BEFORE_READ, Moment.AFTER_ACT);
          uncovered.add(kind + " " + Moment.AFTER_REPLY);
        }
        case 2 -> {
          strike(calls.getFirst(), Moment.BEFORE_READ, Moment.AFTER_ACT);
          strike(calls.getLast(), Moment.AFTER_REPLY);
        }
        default -> {
          for (int i = 0; i < calls.size(); i++) {
            strike(calls.get(i), Moment.values()[i % Moment.values().length]);
          }
        }
      }
    }

    private void strike(MutatingCall call, Moment... at) {
      moments.computeIfAbsent(call, _ -> new ArrayDeque<>()).addAll(Arrays.asList(at));
    }

    /// What has too few calls in its story for all three moments.
    List<String> uncovered() {
      return uncovered;
    }

    @Override
    public Optional<Faults.Strike> at(String method, String path, String body) {
      Optional<Moment> moment =
          MutatingCall.of(line(), method, path, body).flatMap(this::nextMoment);
      if (moment.isEmpty()) {
        return Optional.empty();
      }
      Death death = join();
      death.awaitOthers();
      return Optional.of(new Faults.Strike(moment.get(), death::ready));
    }

    private synchronized Optional<Moment> nextMoment(MutatingCall call) {
      return Optional.ofNullable(moments.get(call)).map(Deque::poll);
    }

    private synchronized Death join() {
      Death death = coming.filter(Death::join).orElseGet(() -> new Death(victim()));
      coming = Optional.of(death);
      return death;
    }

    @Override
    synchronized List<String> missed() {
      return moments.entrySet().stream()
          .filter(entry -> !entry.getValue().isEmpty())
          .map(entry ->
              "line %d: %s %s".formatted(entry.getKey().line(), entry.getKey(), entry.getValue()))
          .toList();
    }

    /// One death and the calls that it strikes.
    private final class Death {
      private final ProcessHandle process;
      private final CompletableFuture<Void> frozen = new CompletableFuture<>();
      private int waiting = 1;
      private boolean closed;

      private Death(ProcessHandle process) {
        this.process = process;
        Thread.ofVirtual()
            .name("death-of-" + process.pid())
            .start(() -> {
              pause(TOGETHER);
              close();
              Serve.freeze(process);
              frozen.complete(null);
            });
      }

      private synchronized boolean join() {
        if (closed) {
          return false;
        }
        waiting++;
        return true;
      }

      private synchronized void close() {
        closed = true;
      }

      private void awaitOthers() {
        frozen.join();
      }

      /// A call has reached its moment; the last one kills.
      private void ready() {
        boolean last;
        synchronized (this) {
          waiting--;
          last = waiting == 0;
        }
        if (last) {
          kill(process);
        } else {
          process.onExit().join();
        }
      }
    }
  }

  /// At calls of any kind, a random number of calls apart, at a random moment of the call or a
  /// little after its reply.
  static final class AtRandom extends Strikes {
    private static final int LONGEST_AFTERMATH_MILLIS = 40;

    /// Most calls between two deaths.
    private static final int FARTHEST = 60;

    private final RandomGenerator random;
    private int left;
    private int callsUntilNext;

    /// @param most how many, if the story is long enough
    AtRandom(RandomGenerator random, int most) {
      this.random = random;
      this.left = most;
      this.callsUntilNext = random.nextInt(1, FARTHEST + 1);
    }

    @Override
    public synchronized Optional<Faults.Strike> at(String method, String path, String body) {
      if (left == 0 || --callsUntilNext > 0) {
        return Optional.empty();
      }
      left--;
      callsUntilNext = random.nextInt(1, FARTHEST + 1);
      Moment moment = Moment.values()[random.nextInt(Moment.values().length)];
      int aftermath =
          moment == Moment.AFTER_REPLY ? random.nextInt(LONGEST_AFTERMATH_MILLIS + 1) : 0;
      ProcessHandle process = victim();
      return Optional.of(
          new Faults.Strike(
              moment,
              () -> {
                pause(Duration.ofMillis(aftermath));
                kill(process);
              }));
    }

    /// A story may end before all of them have come.
    @Override
    List<String> missed() {
      return List.of();
    }
  }
}
