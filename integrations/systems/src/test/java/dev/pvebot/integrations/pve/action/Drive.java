package dev.pvebot.integrations.pve.action;

import static org.awaitility.Awaitility.await;

import dev.pvebot.clusters.Upid;
import dev.pvebot.integrations.pve.Pve;
import dev.pvebot.integrations.pve.PveLab;
import dev.pvebot.runbooks.action.Action;
import dev.pvebot.runbooks.action.ActionFailure;
import dev.pvebot.runbooks.action.Intent;
import dev.pvebot.runbooks.action.Observation;
import dev.pvebot.runbooks.action.RunContext;
import dev.pvebot.runbooks.action.Started;
import dev.pvebot.runbooks.action.Tasks;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/// Drives one action as the engine does: prepare, observe, call, wait, observe. What the journal
/// would hold (the intent, and the task once it is known) survives a change of the client; nothing
/// else does.
final class Drive<I extends Record, O extends Record> {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /// How long the world is looked at before an open call counts as never made.
  private static final Duration DOUBT = Duration.ofMillis(300);

  private final I inputs;
  private final String name;
  private Pve pve;
  private Action<I, O> action;
  private Optional<Intent> intent = Optional.empty();
  private boolean doubtful;
  final AtomicInteger calls = new AtomicInteger();

  Drive(Pve pve, String name, I inputs) throws InterruptedException {
    this.pve = pve;
    this.name = name;
    this.action = PveLab.action(pve, name);
    this.inputs = action.preview(inputs, PveLab.planning(pve)).pinned();
  }

  I inputs() {
    return inputs;
  }

  /// Another process takes over with what the journal holds.
  void rebornWith(Pve fresh) {
    pve = fresh;
    action = PveLab.action(fresh, name);
  }

  void prepare() throws InterruptedException {
    Map<String, String> facts = action.prepare(inputs, context());
    intent = Optional.of(new Intent(42, "step", Instant.now(), facts, Optional.empty()));
  }

  Observation<O> observe() throws InterruptedException {
    return action.observe(inputs, intent.orElseThrow());
  }

  /// The call alone; the process dies before it can journal anything of its answer.
  void callAndDie() throws InterruptedException {
    doubtful = true;
    try {
      action.run(inputs, intent.orElseThrow(), context());
    } catch (ActionFailure _) {
      calls.get(); // whatever it was told, it dies with it
    }
  }

  /// From where the journal is to the end.
  O finish() throws InterruptedException {
    if (intent.isEmpty()) {
      prepare();
    }
    Observation<O> seen = look(doubtful ? DOUBT : Duration.ZERO);
    for (int turn = 0; turn < 40; turn++) {
      switch (seen) {
        case Observation.Done<O>(O output) -> {
          return output;
        }
        case Observation.Running<O>(Upid task) -> seen = afterTask(task);
        case Observation.NotDone<O> _ -> seen = call();
        case Observation.Foreign<O>(String why) -> throw new AssertionError("foreign: " + why);
        case Observation.Unknown<O>(String why) -> throw new AssertionError("unknown: " + why);
      }
    }
    throw new AssertionError("no end; last seen: " + seen);
  }

  private Observation<O> call() throws InterruptedException {
    try {
      return switch (action.run(inputs, intent.orElseThrow(), context())) {
        case Started.Task(Upid task) -> {
          keep(Optional.of(task));
          yield afterTask(task);
        }
        case Started.Immediately() -> settled();
      };
    } catch (ActionFailure failure) {
      return switch (failure.kind()) {
        case REFUSED -> throw failure;
        case RETRYABLE -> look(Duration.ofMillis(50));
        case OPEN -> look(DOUBT);
      };
    }
  }

  private Observation<O> afterTask(Upid task) throws InterruptedException {
    Tasks.End end;
    try {
      end = pve.tasks().await(task, PATIENCE, _ -> {});
    } catch (TimeoutException late) {
      throw new AssertionError(late);
    }
    if (end.outcome() != Tasks.Outcome.FAILED) {
      return settled();
    }
    if (!end.retryable()) {
      throw new AssertionError("task failed: " + end.status() + " " + end.logTail());
    }
    keep(Optional.empty());
    return observe();
  }

  private void keep(Optional<Upid> task) {
    Intent old = intent.orElseThrow();
    intent = Optional.of(new Intent(old.operation(), old.step(), old.at(), old.facts(), task));
  }

  private Observation<O> settled() {
    AtomicReference<Optional<Observation<O>>> seen = new AtomicReference<>(Optional.empty());
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> {
          seen.set(Optional.of(looked()));
          return seen.get().orElseThrow() instanceof Observation.Done<O>;
        });
    return seen.get().orElseThrow();
  }

  /// Looks until something is to be seen or the window has passed.
  private Observation<O> look(Duration window) throws InterruptedException {
    Instant until = Instant.now().plus(window);
    AtomicReference<Observation<O>> seen = new AtomicReference<>(looked());
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> {
          boolean clear =
              seen.get() instanceof Observation.Done<O>
                  || seen.get() instanceof Observation.Running<O>;
          if (!clear) {
            seen.set(looked());
          }
          return clear || Instant.now().isAfter(until);
        });
    return seen.get();
  }

  /// A look that finds nobody to ask is taken again, as the engine does.
  private Observation<O> looked() throws InterruptedException {
    for (int turn = 0; ; turn++) {
      try {
        return observe();
      } catch (ActionFailure failure) {
        if (failure.kind() == ActionFailure.Kind.REFUSED || turn == 5) {
          throw failure;
        }
      }
    }
  }

  RunContext context() {
    return new RunContext() {
      @Override
      public long operation() {
        return 42;
      }

      @Override
      public String step() {
        return "step";
      }

      @Override
      public InstantSource clock() {
        return InstantSource.system();
      }

      @Override
      public void beforeCall() {
        calls.incrementAndGet();
      }

      @Override
      public void progress(String note) {}
    };
  }
}
