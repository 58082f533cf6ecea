package dev.pvebot.integrations.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pvebot.clusters.Upid;
import dev.pvebot.clusters.secret.SecretRef;
import dev.pvebot.commands.Risk;
import dev.pvebot.runbooks.action.Action;
import dev.pvebot.runbooks.action.Actions;
import dev.pvebot.runbooks.action.Intent;
import dev.pvebot.runbooks.action.Observation;
import dev.pvebot.runbooks.action.Planning;
import dev.pvebot.runbooks.action.Preview;
import dev.pvebot.runbooks.action.RunContext;
import dev.pvebot.runbooks.action.Started;
import dev.pvebot.runbooks.action.Tasks;
import dev.pvebot.runbooks.action.Traits;
import dev.pvebot.runbooks.engine.Engine;
import dev.pvebot.runbooks.engine.EngineClock;
import dev.pvebot.runbooks.engine.EngineSettings;
import dev.pvebot.runbooks.engine.Staleness;
import dev.pvebot.runbooks.engine.journal.Approvals;
import dev.pvebot.runbooks.engine.journal.Journal;
import dev.pvebot.runbooks.engine.journal.Plans;
import dev.pvebot.runbooks.operation.OperationState;
import dev.pvebot.runbooks.plan.PlanStep;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Hundreds of operations that wait at once; `bench/run` measures a thousand.
final class CapacityTest {
  private static final int MANY = 400;

  @TempDir Path folder;

  @Test
  void hundredsOfWaitingOperations_leaveTheJournalQuick_andAllEnd() {
    World world = new World();
    try (Store store = Child.open(StoreConfig.sqlite(folder.resolve("pvebot.db")))) {
      Engine engine = engine(store, world);
      engine.start();
      List<Duration> acknowledged = new ArrayList<>();
      for (int i = 0; i < MANY; i++) {
        long begin = System.nanoTime();
        long id = consented(store, i);
        acknowledged.add(Duration.ofNanos(System.nanoTime() - begin));
        engine.submit(id);
      }
      Awaitility.await().atMost(Duration.ofSeconds(90)).until(() -> world.waiting.get() == MANY);
      for (int i = 0; i < 100; i++) {
        long begin = System.nanoTime();
        consented(store, MANY + i);
        acknowledged.add(Duration.ofNanos(System.nanoTime() - begin));
      }
      System.gc();
      long used = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
      acknowledged.sort(null);

      Duration p99 = acknowledged.get(acknowledged.size() * 99 / 100);
      assertThat(p99).isLessThan(Duration.ofMillis(500));
      assertThat(used).as("bytes of heap").isLessThan(200L << 20);

      world.end.countDown();
      Awaitility.await()
          .atMost(Duration.ofSeconds(90))
          .until(() ->
              store
                      .journal()
                      .operations(
                          new Journal.Filter(
                              Set.of(OperationState.SUCCEEDED),
                              Optional.empty(),
                              Integer.MAX_VALUE))
                      .size()
                  == MANY);
      assertThat(store.locks().all()).isEmpty();
      engine.close();
    }
  }

  private static long consented(Store store, int number) {
    Instant now = Instant.now();
    Plans plans =
        Plans.plan("wait " + number)
            .locking("vm/" + (1000 + number))
            .sharing("cluster/birch", "node/alder")
            .doing(
                new PlanStep.Act(
                    "wait",
                    "Wait",
                    "test.wait",
                    Map.of(),
                    Risk.CHANGE,
                    Optional.empty(),
                    Optional.empty(),
                    Duration.ofHours(1),
                    0,
                    PlanStep.OnFailure.STOP,
                    Optional.empty(),
                    Duration.ofSeconds(1)));
    long id =
        ((Journal.Creation.Created) store.journal().create(plans.draft(), now)).operation().id();
    store
        .approvals()
        .ask(id, Set.of(Approvals.Kind.CONFIRM), 3, now.plus(Duration.ofMinutes(15)), now);
    store.approvals().give(id, Approvals.Kind.CONFIRM, Plans.ALICE, Optional.empty(), now);
    return id;
  }

  private static Engine engine(Store store, World world) {
    return new Engine(
        new Engine.Ports(
            store.journal(),
            store.locks(),
            store.dispatch(),
            new Actions(List.of(world)),
            world,
            (expression, _) -> expression,
            (_, name, _) -> SecretRef.parse("pass:" + name),
            _ -> new Staleness.Verdict.Same(),
            _ -> {},
            EngineClock.system(),
            new Random(1),
            EngineSettings.defaults()));
  }

  record Nothing() {}

  /// One action whose task goes on until the test ends it.
  private static final class World implements Action<Nothing, Nothing>, Tasks {
    final AtomicInteger waiting = new AtomicInteger();
    final CountDownLatch end = new CountDownLatch(1);
    private final AtomicInteger tasks = new AtomicInteger();
    private final Set<Long> done = ConcurrentHashMap.newKeySet();

    @Override
    public String name() {
      return "test.wait";
    }

    @Override
    public Class<Nothing> inputs() {
      return Nothing.class;
    }

    @Override
    public Class<Nothing> outputs() {
      return Nothing.class;
    }

    @Override
    public Traits traits() {
      return new Traits(Risk.CHANGE, List.of(), Duration.ofHours(1), Duration.ofSeconds(1));
    }

    @Override
    public Preview<Nothing> preview(Nothing inputs, Planning planning) {
      throw new UnsupportedOperationException("planned by hand");
    }

    @Override
    public Map<String, String> prepare(Nothing inputs, RunContext context) {
      return Map.of();
    }

    @Override
    public Started run(Nothing inputs, Intent intent, RunContext context) {
      context.beforeCall();
      done.add(intent.operation());
      return new Started.Task(
          new Upid(
              "UPID:alder:%08X:00000001:6745F0A1:wait:1:bot@pve!t:"
                  .formatted(tasks.incrementAndGet())));
    }

    @Override
    public Observation<Nothing> observe(Nothing inputs, Intent intent) {
      return done.contains(intent.operation())
          ? new Observation.Done<>(new Nothing())
          : new Observation.NotDone<>("not yet");
    }

    @Override
    public End await(Upid task, Duration timeout, Consumer<String> remark)
        throws InterruptedException {
      waiting.incrementAndGet();
      end.await();
      return new End(Outcome.OK, "OK", false, List.of());
    }
  }
}
