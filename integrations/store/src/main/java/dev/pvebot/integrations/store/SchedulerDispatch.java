package dev.pvebot.integrations.store;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.logging.LogLevel;
import com.github.kagkarlsson.scheduler.serializer.Serializer;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.pvebot.runbooks.engine.journal.Claim;
import dev.pvebot.runbooks.engine.journal.Dispatch;
import dev.pvebot.runbooks.engine.journal.JournalUnavailable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hands operations out by db-scheduler: one row of its table is one operation that somebody should
/// be running.
///
/// Whether an owner lives is told by the process's [Lease], not by a heartbeat of each row: a
/// thousand waiting operations cost one small write every few seconds. See
/// `docs/decisions/0202-ownership-and-lease.md`.
final class SchedulerDispatch implements Dispatch {
  private static final Logger LOG = LoggerFactory.getLogger(SchedulerDispatch.class);
  private static final String TASK = "operation";
  private static final int AT_ONCE = 10_000;
  private static final Duration AGAIN = Duration.ofSeconds(3);

  private final Database database;
  private final StoreConfig config;
  private final InstantSource clock;
  private final Optional<OwnedFile> file;

  private final Object monitor = new Object();
  private final Set<Long> active = new HashSet<>();
  private final Set<Long> again = new HashSet<>();
  private @Nullable Office office;
  private @Nullable Runner runner;

  /// What belongs to one lease: when the lease is lost, everything in here goes with it.
  private record Office(
      Lease lease, Scheduler scheduler, ExecutorService threads, CountDownLatch closed) {}

  SchedulerDispatch(
      Database database, StoreConfig config, InstantSource clock, Optional<OwnedFile> file) {
    this.database = database;
    this.config = config;
    this.clock = clock;
    this.file = file;
  }

  @Override
  public void start(Runner newRunner) {
    synchronized (monitor) {
      if (office != null) {
        throw new IllegalStateException("already started");
      }
      runner = newRunner;
      office = open();
    }
  }

  private Office open() {
    Lease lease = new Lease(database, config, clock, System::nanoTime);
    lease.register();
    // on SQLite the file's lock says that nobody else is alive
    lease.bury(file.isPresent());
    ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("operation-", 0).factory());
    CustomTask<Void> task = task(lease);
    Scheduler scheduler =
        database
            .dialect
            .polling(Scheduler.create(database.writer, task))
            .jdbcCustomization(database.dialect.scheduler())
            .serializer(NOTHING)
            .schedulerName(new SchedulerName.Fixed(lease.name()))
            .threads(AT_ONCE)
            .executorService(threads)
            .pollingInterval(Duration.ofMillis(500))
            .enableImmediateExecution()
            .failureLogging(LogLevel.DEBUG, false)
            .shutdownMaxWait(Duration.ofSeconds(2))
            .build();
    Office opened = new Office(lease, scheduler, threads, new CountDownLatch(1));
    scheduler.start();
    Thread.ofVirtual().name("journal-lease").start(() -> keep(opened));
    return opened;
  }

  private CustomTask<Void> task(Lease lease) {
    FailureHandler<Void> later =
        (complete, operations) -> {
          complete
              .getCause()
              .ifPresent(cause ->
                  LOG.warn(
                      "operation {} stopped here and will be taken up again: {}",
                      complete.getExecution().taskInstance.getId(),
                      cause.toString()));
          operations.reschedule(complete, Instant.now().plus(AGAIN));
        };
    return Tasks.custom(TASK, Void.class)
        .onFailure(later)
        .onDeadExecutionRevive()
        .execute((instance, _) -> run(instance, lease));
  }

  private CompletionHandler<Void> run(TaskInstance<Void> instance, Lease lease) {
    long operation = Long.parseLong(instance.getId());
    synchronized (monitor) {
      active.add(operation);
    }
    try {
      java.util.Objects.requireNonNull(runner).run(pickUp(operation, lease));
      return this::completed;
    } catch (InterruptedException stop) {
      inactive(operation);
      Thread.currentThread().interrupt();
      throw new IllegalStateException("stopped", stop);
    } catch (Throwable failed) {
      inactive(operation);
      throw failed;
    }
  }

  private void inactive(long operation) {
    synchronized (monitor) {
      active.remove(operation);
      again.remove(operation);
    }
  }

  /// Somebody may have said "again" while it came to its end; then its row must stay.
  private void completed(ExecutionComplete complete, ExecutionOperations<Void> operations) {
    long operation = Long.parseLong(complete.getExecution().taskInstance.getId());
    synchronized (monitor) {
      try {
        if (again.remove(operation)) {
          operations.reschedule(complete, Instant.now());
        } else {
          operations.stop();
        }
      } finally {
        active.remove(operation);
      }
    }
  }

  @Override
  public void due(long operation) {
    synchronized (monitor) {
      if (active.contains(operation)) {
        again.add(operation);
        return;
      }
    }
    Office here = office;
    try {
      if (here != null) {
        here.scheduler()
            .scheduleIfNotExists(new TaskInstance<>(TASK, Long.toString(operation)), Instant.now());
      } else {
        insert(operation);
      }
    } catch (RuntimeException failed) {
      throw failed instanceof JournalUnavailable ? failed : database.dialect.unavailable(failed);
    }
  }

  @Override
  public void due(Collection<Long> operations) {
    if (operations.isEmpty()) {
      return;
    }
    Set<String> known =
        database.read(handle ->
            handle
                .createQuery("select task_instance from scheduled_tasks where task_name = :task")
                .bind("task", TASK)
                .mapTo(String.class)
                .collect(Collectors.toSet()));
    operations.stream()
        .filter(operation -> !known.contains(Long.toString(operation)))
        .forEach(this::due);
  }

  /// For a process beside the one that runs operations: that one finds the row when it looks next.
  private void insert(long operation) {
    com.github.kagkarlsson.scheduler.SchedulerClient.Builder.create(
            database.writer, task(new Lease(database, config, clock, System::nanoTime)))
        .jdbcCustomization(database.dialect.scheduler())
        .serializer(NOTHING)
        .build()
        .scheduleIfNotExists(new TaskInstance<>(TASK, Long.toString(operation)), Instant.now());
  }

  private Ownership pickUp(long operation, Lease lease) {
    Optional<Instant> seen =
        database.write(handle -> {
          Optional<Instant> lastSeen =
              handle
                  .createQuery(
                      "select w.seen_at, (select max(e.at) from events e where e.operation ="
                          + " o.id) as event_at from operations o join owners w on w.name ="
                          + " o.owner where o.id = :id and o.owner <> :me")
                  .bind("id", operation)
                  .bind("me", lease.name())
                  .map((row, _) ->
                      Instant.ofEpochMilli(
                          Math.max(row.getLong("seen_at"), row.getLong("event_at"))))
                  .findOne();
          handle
              .createUpdate("update operations set epoch = epoch + 1, owner = :me where id = :id")
              .bind("me", lease.name())
              .bind("id", operation)
              .execute();
          return lastSeen;
        });
    long epoch =
        database.read(handle ->
            handle
                .createQuery("select epoch from operations where id = :id and owner = :me")
                .bind("id", operation)
                .bind("me", lease.name())
                .mapTo(Long.class)
                .findOne()
                .orElse(-1L));
    return new Ownership() {
      @Override
      public Claim claim() {
        return new Claim(operation, epoch);
      }

      @Override
      public Optional<Instant> lastOwnerSeen() {
        return seen;
      }

      @Override
      public void check() {
        if (file.isPresent()) {
          if (!file.get().isValid()) {
            throw new dev.pvebot.runbooks.action.RunContext.LeaseLost(
                "the lock of the journal's file is gone");
          }
        } else {
          lease.check();
        }
      }
    };
  }

  /// Renews the lease, takes over from the dead, and begins anew when we were taken for dead
  /// ourselves.
  private void keep(Office kept) {
    long pause = config.lease().toMillis() / 6;
    try {
      while (!kept.closed().await(pause, TimeUnit.MILLISECONDS)) {
        try {
          kept.lease().renew();
          if (kept.lease().isLost()) {
            LOG.warn("another process took our operations over; beginning anew");
            reopen(kept);
            return;
          }
          if (file.isEmpty() && kept.lease().bury(false)) {
            kept.scheduler().triggerCheckForDueExecutions();
          }
        } catch (JournalUnavailable unavailable) {
          LOG.warn("the lease cannot be renewed, trying again: {}", unavailable.getMessage());
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void reopen(Office old) {
    synchronized (monitor) {
      if (office != old) {
        return;
      }
      office = null;
    }
    close(old);
    synchronized (monitor) {
      office = open();
    }
  }

  @Override
  public void stop() {
    Office old;
    synchronized (monitor) {
      old = office;
      office = null;
    }
    if (old == null) {
      return;
    }
    close(old);
    old.lease().resign();
  }

  private static void close(Office old) {
    old.closed().countDown();
    old.threads().shutdownNow();
    old.scheduler().stop();
  }

  private static final Serializer NOTHING =
      new Serializer() {
        @Override
        public byte[] serialize(@Nullable Object data) {
          return new byte[0];
        }

        @Override
        public <T> @Nullable T deserialize(Class<T> type, byte[] data) {
          return null;
        }
      };
}
