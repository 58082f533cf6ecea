package dev.pvebot.runbooks.engine;

import static dev.pvebot.runbooks.engine.journal.Plans.ALICE;

import dev.pvebot.clusters.secret.Secret;
import dev.pvebot.clusters.secret.SecretRef;
import dev.pvebot.commands.Risk;
import dev.pvebot.runbooks.engine.journal.Claim;
import dev.pvebot.runbooks.engine.journal.Dispatch;
import dev.pvebot.runbooks.engine.journal.InMemoryStore;
import dev.pvebot.runbooks.engine.journal.Journal;
import dev.pvebot.runbooks.engine.journal.Plans;
import dev.pvebot.runbooks.operation.Event;
import dev.pvebot.runbooks.operation.Operation;
import dev.pvebot.runbooks.operation.OperationState;
import dev.pvebot.runbooks.operation.StepEvent;
import dev.pvebot.runbooks.plan.PlanStep;
import dev.pvebot.runbooks.plan.PlanStep.OnFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/// An engine with its store and its world, that can die and start again.
final class Bench implements AutoCloseable {
  /// A death of the process, in process: nothing may catch it.
  static final class Death extends Error {
    private static final long serialVersionUID = 1;

    Death(String where) {
      super(where, null, false, false);
    }
  }

  final FakeClock clock = new FakeClock();
  final FakeWorld world = new FakeWorld(clock);
  final InMemoryStore store = new InMemoryStore();
  final List<Event> told = new CopyOnWriteArrayList<>();
  final Map<String, String> secrets = new ConcurrentHashMap<>();
  private final AtomicInteger boundaries = new AtomicInteger();
  private volatile int dieAt = Integer.MAX_VALUE;
  private volatile boolean dead;
  private volatile java.util.function.Consumer<String> also = _ -> {};
  private Staleness.Verdict verdict = new Staleness.Verdict.Same();
  private Threads dispatch;
  private Engine engine;

  Bench() {
    world.boundary(this::boundary);
    store.boundary(this::boundary);
    start();
  }

  Engine engine() {
    return engine;
  }

  void start() {
    dead = false;
    dispatch = new Threads();
    engine =
        new Engine(
            new Engine.Ports(
                store,
                store,
                dispatch,
                world.actions(),
                world,
                Bench::evaluate,
                this::keep,
                _ -> verdict,
                told::add,
                clock,
                new java.util.Random(7),
                EngineSettings.defaults()));
    engine.start();
  }

  /// Starts again after a death.
  void restart() {
    dispatch.join();
    engine.close();
    start();
  }

  /// Another hook at every boundary.
  void also(java.util.function.Consumer<String> hook) {
    also = also.andThen(hook);
  }

  private void boundary(String where) {
    also.accept(where);
    if (dead || boundaries.incrementAndGet() > dieAt) {
      dead = true;
      dieAt = Integer.MAX_VALUE;
      throw new Death(where);
    }
  }

  /// Dies after so many more boundaries.
  void dieAfter(int more) {
    dieAt = boundaries.get() + more;
  }

  boolean isDead() {
    return dead;
  }

  void becomesStale(String why) {
    verdict = new Staleness.Verdict.Different(List.of(why));
  }

  private SecretRef keep(long operation, String name, Secret secret) {
    secrets.put(name, secret.reveal());
    return SecretRef.parse("pass:pvebot/%d/%s".formatted(operation, name.replace('/', '.')));
  }

  long create(Plans plans) {
    return ((Journal.Creation.Created) store.create(plans.draft(), clock.instant()))
        .operation()
        .id();
  }

  long submit(Plans plans) {
    long id = create(plans);
    engine.enqueue(id, ALICE);
    return id;
  }

  /// Runs it to its end.
  Operation run(Plans plans) {
    return end(submit(plans));
  }

  Operation end(long id) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(1))
        .until(() -> operation(id).state().isFinal());
    dispatch.join();
    return operation(id);
  }

  Operation in(long id, OperationState state) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(1))
        .until(() -> operation(id).state() == state);
    return operation(id);
  }

  void joinThreads() {
    dispatch.join();
  }

  Operation operation(long id) {
    return store.operation(id).orElseThrow();
  }

  <E extends StepEvent> List<E> events(long id, Class<E> type) {
    return store.events(id, 0).stream()
        .map(Event::what)
        .filter(type::isInstance)
        .map(type::cast)
        .toList();
  }

  @Override
  public void close() {
    engine.close();
  }

  // --- steps ---

  static PlanStep.Act act(String key, String action, Integer vmid) {
    return new PlanStep.Act(
        key,
        key,
        action,
        vmid == null ? Map.of() : Map.of("vmid", vmid),
        Risk.CHANGE,
        Optional.empty(),
        Optional.empty(),
        Duration.ofMinutes(10),
        0,
        OnFailure.STOP,
        Optional.empty(),
        Duration.ofSeconds(30));
  }

  static PlanStep.Act cloneVm(int vmid) {
    return act("clone[" + vmid + "]", "fake.clone", vmid);
  }

  static PlanStep.Act startVm(int vmid) {
    return act("start[" + vmid + "]", "fake.start", vmid);
  }

  static PlanStep.Act destroy(int vmid) {
    return act("destroy[" + vmid + "]", "fake.destroy", vmid);
  }

  static PlanStep.Act count(String key) {
    return new PlanStep.Act(
        key,
        key,
        "fake.count",
        Map.of(),
        Risk.READ,
        Optional.empty(),
        Optional.empty(),
        Duration.ofMinutes(10),
        0,
        OnFailure.STOP,
        Optional.empty(),
        Duration.ofSeconds(1));
  }

  static PlanStep.Act on(PlanStep.Act act, OnFailure onFailure) {
    return new PlanStep.Act(
        act.key(),
        act.title(),
        act.action(),
        act.inputs(),
        act.risk(),
        act.onlyIf(),
        act.until(),
        act.timeout(),
        act.retries(),
        onFailure,
        act.register(),
        act.estimate());
  }

  static PlanStep.Act registered(PlanStep.Act act, String name) {
    return new PlanStep.Act(
        act.key(),
        act.title(),
        act.action(),
        act.inputs(),
        act.risk(),
        act.onlyIf(),
        act.until(),
        act.timeout(),
        act.retries(),
        act.onFailure(),
        Optional.of(name),
        act.estimate());
  }

  static PlanStep.Act onlyIf(PlanStep.Act act, String condition) {
    return new PlanStep.Act(
        act.key(),
        act.title(),
        act.action(),
        act.inputs(),
        act.risk(),
        Optional.of(condition),
        act.until(),
        act.timeout(),
        act.retries(),
        act.onFailure(),
        act.register(),
        act.estimate());
  }

  static PlanStep.Act until(PlanStep.Act act, String condition, Duration timeout) {
    return new PlanStep.Act(
        act.key(),
        act.title(),
        act.action(),
        act.inputs(),
        act.risk(),
        act.onlyIf(),
        Optional.of(new PlanStep.Until(condition, Duration.ofSeconds(10))),
        timeout,
        act.retries(),
        act.onFailure(),
        act.register(),
        act.estimate());
  }

  static PlanStep.Act with(PlanStep.Act act, Map<String, Object> inputs) {
    return new PlanStep.Act(
        act.key(),
        act.title(),
        act.action(),
        inputs,
        act.risk(),
        act.onlyIf(),
        act.until(),
        act.timeout(),
        act.retries(),
        act.onFailure(),
        act.register(),
        act.estimate());
  }

  static PlanStep.Group group(String key, int parallel, PlanStep... children) {
    return new PlanStep.Group(key, key, parallel, List.of(children));
  }

  /// The little that tests say: `true`, `false`, `name`, `name.field`, `name[item].field`, `x ==
  /// 3`, `x >= 3`.
  static Object evaluate(String expression, Map<String, Object> values) {
    for (String operator : List.of(" == ", " >= ")) {
      int at = expression.indexOf(operator);
      if (at > 0) {
        long left = ((Number) evaluate(expression.substring(0, at), values)).longValue();
        long right =
            ((Number) evaluate(expression.substring(at + operator.length()), values)).longValue();
        return operator.equals(" == ") ? left == right : left >= right;
      }
    }
    if (expression.matches("true|false")) {
      return Boolean.valueOf(expression);
    }
    if (expression.matches("[0-9]+")) {
      return Long.valueOf(expression);
    }
    Object value = values;
    for (String part : expression.split("[.\\[\\]]+")) {
      value = value instanceof Map<?, ?> map ? map.get(part) : null;
      if (value == null) {
        throw new IllegalArgumentException("there is no '%s' in %s".formatted(part, values));
      }
    }
    return value;
  }

  // --- a dispatch with threads and nothing else ---

  private final class Threads implements Dispatch {
    private final Map<Long, Thread> running = new HashMap<>();
    private final List<Thread> all = new ArrayList<>();
    private Optional<Runner> runner = Optional.empty();

    @Override
    public synchronized void start(Runner newRunner) {
      runner = Optional.of(newRunner);
    }

    @Override
    public synchronized void due(long operation) {
      if (runner.isEmpty() || running.containsKey(operation)) {
        return;
      }
      Instant before = clock.instant();
      Claim claim = store.pickUp(operation);
      Runner to = runner.get();
      Thread thread =
          Thread.ofVirtual()
              .name("operation-" + operation)
              .unstarted(() -> {
                try {
                  to.run(new Own(claim, before));
                } catch (Death _) {
                  // that is what the test wants; the next start goes on
                } catch (dev.pvebot.runbooks.engine.journal.EpochLost
                    | dev.pvebot.runbooks.action.RunContext.LeaseLost _) {
                  // somebody else has it
                } catch (InterruptedException _) {
                  Thread.currentThread().interrupt();
                } finally {
                  gone(operation);
                }
              });
      running.put(operation, thread);
      all.add(thread);
      thread.start();
    }

    private synchronized void gone(long operation) {
      running.remove(operation);
    }

    @Override
    public void stop() {
      List<Thread> threads;
      synchronized (this) {
        runner = Optional.empty();
        threads = List.copyOf(all);
      }
      threads.forEach(Thread::interrupt);
      join();
    }

    void join() {
      List<Thread> threads;
      synchronized (this) {
        threads = List.copyOf(all);
      }
      for (Thread thread : threads) {
        try {
          thread.join();
        } catch (InterruptedException _) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  private record Own(Claim claim, Instant before) implements Dispatch.Ownership {
    @Override
    public Optional<Instant> lastOwnerSeen() {
      return claim.epoch() > 1 ? Optional.of(before.minusSeconds(41)) : Optional.empty();
    }

    @Override
    public void check() {}
  }
}
