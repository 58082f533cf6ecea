package dev.pvebot.integrations.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pvebot.clusters.Vmid;
import dev.pvebot.runbooks.engine.journal.Claim;
import dev.pvebot.runbooks.engine.journal.Dispatch;
import dev.pvebot.runbooks.engine.journal.EpochLost;
import dev.pvebot.runbooks.engine.journal.JournalUnavailable;
import dev.pvebot.runbooks.operation.OperationState;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Real processes that really die.
final class DeathTest {
  @TempDir Path folder;

  private StoreConfig sqlite() {
    return StoreConfig.sqlite(folder.resolve("pvebot.db"));
  }

  private static StoreConfig postgres() {
    return PostgresServer.running().database().lease(Duration.ofSeconds(3), Duration.ofSeconds(1));
  }

  @Test
  void commitThenHalt_isReadBack_onSqlite() throws Exception {
    commitThenHalt(sqlite());
  }

  @Test
  void commitThenHalt_isReadBack_onPostgres() throws Exception {
    commitThenHalt(postgres());
  }

  private static void commitThenHalt(StoreConfig config) throws Exception {
    try (Child child = Child.start("halt", config)) {
      long id = Long.parseLong(child.line());
      assertThat(child.waitFor()).isEqualTo(3);
      try (Store store = Child.open(config)) {
        assertThat(store.journal().operation(id).orElseThrow().state())
            .isEqualTo(OperationState.QUEUED);
        assertThat(store.journal().unavailableVmids(Instant.now())).contains(new Vmid(1051));
      }
    }
  }

  @Test
  void kill_onSqlite_theNextStartTakesOverAtOnce() throws Exception {
    StoreConfig config = sqlite();
    try (Child child = Child.start("own", config)) {
      assertThat(child.line()).isEqualTo("runs 1 epoch 1");
      assertThatThrownBy(() -> Child.open(config))
          .isInstanceOf(JournalUnavailable.class)
          .hasMessageContaining("is owned by process");
      child.kill();

      try (Store store = Child.open(config)) {
        Ran ran = new Ran();
        long begin = System.nanoTime();
        store.dispatch().start(ran);
        Dispatch.Ownership mine = ran.next(Duration.ofSeconds(6));
        assertThat(Duration.ofNanos(System.nanoTime() - begin))
            .as("without waiting for the lease of 30 s")
            .isLessThan(Duration.ofSeconds(6));
        assertThat(mine.claim()).isEqualTo(new Claim(1, 2));
        assertThat(mine.lastOwnerSeen()).isPresent();
        mine.check();
        assertThatThrownBy(
                () -> store.journal().write(new Claim(1, 1), List.of(), List.of(), Instant.now()))
            .isInstanceOf(EpochLost.class);
        ran.end();
      }
    }
  }

  @Test
  void kill_onPostgres_anotherReplicaTakesOverAfterTheLease() throws Exception {
    StoreConfig config = postgres();
    try (Child child = Child.start("own", config);
        Store store = Child.open(config)) {
      assertThat(child.line()).isEqualTo("runs 1 epoch 1");
      Ran ran = new Ran();
      store.dispatch().start(ran);
      child.kill();
      long killed = System.nanoTime();

      Dispatch.Ownership mine = ran.next(Duration.ofSeconds(40));
      assertThat(mine.claim()).isEqualTo(new Claim(1, 2));
      assertThat(Duration.ofNanos(System.nanoTime() - killed))
          .as("not before the lease has run out")
          .isGreaterThan(Duration.ofMillis(2300));
      mine.check();
      ran.end();
    }
  }

  @Test
  void stalledReplica_onPostgres_mayNotCallWhenItWakesUp() throws Exception {
    StoreConfig config = postgres();
    try (Child child = Child.start("own", config);
        Store store = Child.open(config)) {
      assertThat(child.line()).isEqualTo("runs 1 epoch 1");
      Ran ran = new Ran();
      store.dispatch().start(ran);
      child.signal("STOP");
      assertThat(ran.next(Duration.ofSeconds(40)).claim().epoch()).isEqualTo(2);
      child.signal("CONT");

      assertThat(child.line()).isEqualTo("lost");
      ran.end();
    }
  }

  @Test
  void gracefulStop_handsOverWithoutWaiting() throws Exception {
    StoreConfig config = PostgresServer.running().database();
    try (Store second = Child.open(config)) {
      Ran ran = new Ran();
      try (Store first = Child.open(config)) {
        Ran before = new Ran();
        first.dispatch().start(before);
        long id = Child.queued(first, "one");
        first.dispatch().due(id);
        before.next(Duration.ofSeconds(20));
        second.dispatch().start(ran);
      }
      assertThat(ran.next(Duration.ofSeconds(20)).claim()).isEqualTo(new Claim(1, 2));
      ran.end();
    }
  }

  @Test
  void due_whileItComesToItsEnd_runsItAgain() throws Exception {
    try (Store store = Child.open(sqlite())) {
      Ran ran = new Ran();
      store.dispatch().start(ran);
      long id = Child.queued(store, "one");
      store.dispatch().due(id);
      assertThat(ran.next(Duration.ofSeconds(20)).claim().epoch()).isEqualTo(1);
      store.dispatch().due(id);
      ran.end();

      assertThat(ran.next(Duration.ofSeconds(20)).claim().epoch()).isEqualTo(2);
      ran.end();
    }
  }

  @Test
  void due_fromAProcessBeside_reachesTheOwner() throws Exception {
    try (Store owner = Child.open(sqlite());
        Store beside = Store.open(sqlite(), Store.Role.BESIDE, InstantSource.system())) {
      Ran ran = new Ran();
      owner.dispatch().start(ran);
      beside.dispatch().due(Child.queued(beside, "one"));

      assertThat(ran.next(Duration.ofSeconds(20)).claim().epoch()).isEqualTo(1);
      ran.end();
    }
  }

  @Test
  void runnerThatThrows_isRunAgain() throws Exception {
    try (Store store = Child.open(sqlite())) {
      BlockingQueue<Long> epochs = new LinkedBlockingQueue<>();
      store
          .dispatch()
          .start(ownership -> {
            epochs.add(ownership.claim().epoch());
            if (ownership.claim().epoch() == 1) {
              throw new JournalUnavailable(JournalUnavailable.Kind.FULL, "the disk is full");
            }
          });
      store.dispatch().due(Child.queued(store, "one"));

      Awaitility.await().atMost(Duration.ofSeconds(40)).until(() -> epochs.contains(2L));
    }
  }

  /// A runner that waits to be told.
  private static final class Ran implements Dispatch.Runner {
    private final BlockingQueue<Dispatch.Ownership> owned = new LinkedBlockingQueue<>();
    private volatile CountDownLatch end = new CountDownLatch(1);

    @Override
    public void run(Dispatch.Ownership ownership) throws InterruptedException {
      CountDownLatch wait = end;
      owned.add(ownership);
      wait.await();
    }

    Dispatch.Ownership next(Duration within) throws InterruptedException {
      Dispatch.Ownership next = owned.poll(within.toMillis(), TimeUnit.MILLISECONDS);
      assertThat(next).as("an operation was handed out").isNotNull();
      return next;
    }

    void end() {
      CountDownLatch before = end;
      end = new CountDownLatch(1);
      before.countDown();
    }
  }
}
