package dev.pvebot.runbooks.engine;

import dev.pvebot.commands.chat.Person;
import dev.pvebot.runbooks.action.Actions;
import dev.pvebot.runbooks.action.RunContext;
import dev.pvebot.runbooks.action.Tasks;
import dev.pvebot.runbooks.engine.journal.AuditLog;
import dev.pvebot.runbooks.engine.journal.Dispatch;
import dev.pvebot.runbooks.engine.journal.EpochLost;
import dev.pvebot.runbooks.engine.journal.Journal;
import dev.pvebot.runbooks.engine.journal.Journal.Creation;
import dev.pvebot.runbooks.engine.journal.Journal.Order;
import dev.pvebot.runbooks.engine.journal.Journal.Transition;
import dev.pvebot.runbooks.engine.journal.JournalUnavailable;
import dev.pvebot.runbooks.engine.journal.Locks;
import dev.pvebot.runbooks.operation.Answer;
import dev.pvebot.runbooks.operation.Event;
import dev.pvebot.runbooks.operation.Operation;
import dev.pvebot.runbooks.operation.OperationState;
import dev.pvebot.runbooks.operation.Question;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs operations from their stored plans. What is asked of it by people is journaled first and
/// then heard by whichever process runs the operation; a death at any moment loses nothing and
/// repeats nothing.
///
/// Thread-safe. Every method may throw [JournalUnavailable]; then the answer is no.
public final class Engine implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

  /// How many ticks pass between two looks for operations that nobody has.
  private static final int SWEEP = 20;

  private final Ports ports;
  private final Map<Long, Run> runs = new ConcurrentHashMap<>();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();

  /// Everything that the engine needs from others.
  public record Ports(
      Journal journal,
      Locks locks,
      Dispatch dispatch,
      Actions actions,
      Tasks tasks,
      Expressions expressions,
      SecretSink secrets,
      Staleness staleness,
      Progress progress,
      EngineClock clock,
      RandomGenerator random,
      EngineSettings settings) {}

  public Engine(Ports ports) {
    this.ports = ports;
  }

  /// Begins to run operations: those that were under way when a process died, and those that are
  /// queued.
  public void start() {
    ports.dispatch().start(this::run);
    sweep();
    Thread.ofVirtual().name("engine-ears").start(this::listen);
  }

  /// Stops. What runs is given up at once, without ending any PVE task, and goes on at the next
  /// start.
  @Override
  public void close() {
    closed.complete(null);
    ports.dispatch().stop();
  }

  // --- what people say
  // ----------------------------------------------------------------------------------------------

  /// What came of a wish.
  public sealed interface Reply {
    /// It is journaled.
    ///
    /// @param operation as it is now; the effect may come at the next safe point
    record Accepted(Operation operation) implements Reply {}

    /// @param why for people
    record Refused(String why) implements Reply {}
  }

  /// Takes an operation that is `queued` (its last consent was given) and sees that it begins.
  /// Cheap to repeat.
  public void submit(long operation) {
    ports.dispatch().due(operation);
  }

  /// Takes an operation that needs no consent from `planned` to `queued`, and sees that it begins.
  public Reply enqueue(long operation, Person by) {
    Journal.Move move =
        ports
            .journal()
            .move(
                operation,
                Set.of(OperationState.PLANNED),
                Transition.to(OperationState.QUEUED, ports.clock().instant()).by(by));
    if (!move.done()) {
      return new Reply.Refused(isAlready(move.now()));
    }
    move.event().ifPresent(ports.progress()::happened);
    submit(operation);
    return new Reply.Accepted(move.now());
  }

  /// Pauses at the next safe point: the steps that are under way end and are journaled first.
  public Reply pause(long operation, Person by, Optional<String> why) {
    return order(operation, Order.PAUSE, by, why);
  }

  public Reply resume(long operation, Person by) {
    return order(operation, Order.GO, by, Optional.empty());
  }

  /// Ends an operation. One that has not begun ends at once; one that runs lets its current calls
  /// end and be journaled.
  public Reply cancel(long operation, Person by, Optional<String> why) {
    String reason = why.map(w -> "cancelled by " + by + ": " + w).orElse("cancelled by " + by);
    Journal.Move move =
        ports
            .journal()
            .move(
                operation,
                Set.of(OperationState.PLANNED, OperationState.AWAITING_APPROVAL),
                Transition.to(OperationState.CANCELLED, ports.clock().instant())
                    .because(reason)
                    .by(by)
                    .noting(
                        AuditLog.Note.of(by.id(), "operation.cancel", operation)
                            .with("reason", why.orElse(""))));
    if (move.done()) {
      move.event().ifPresent(ports.progress()::happened);
      signal(move.granted());
      return new Reply.Accepted(move.now());
    }
    return order(operation, Order.CANCEL, by, why);
  }

  /// Answers a step that asks. The first answer counts.
  public Reply answer(long operation, String step, Answer answer, Person by) {
    Optional<Question> question =
        ports.journal().answer(operation, step, answer, by, ports.clock().instant());
    if (question.isEmpty()) {
      return new Reply.Refused(
          "step %s of operation %d asks nothing that can be answered with '%s'; see op show %d"
              .formatted(step, operation, answer.word(), operation));
    }
    Question.Given given = question.get().answer().orElseThrow();
    if (!given.by().equals(by) || given.answer() != answer) {
      return new Reply.Refused(
          "%s has already answered '%s' at %s"
              .formatted(given.by(), given.answer().word(), given.at()));
    }
    signal(List.of(operation));
    return accepted(operation);
  }

  /// Takes a failed operation up again at the steps that failed.
  public Reply retry(long operation, Person by) {
    Optional<Creation> retried =
        ports
            .journal()
            .retry(
                operation,
                by,
                AuditLog.Note.of(by.id(), "operation.retry", operation),
                ports.clock().instant());
    return switch (retried.orElse(null)) {
      case null ->
          new Reply.Refused(
              ports
                  .journal()
                  .operation(operation)
                  .map(Engine::isAlready)
                  .orElse("there is no operation " + operation));
      case Creation.VmidTaken(var vmid, var holder) ->
          new Reply.Refused(
              "VMID %s of this plan is now %s; plan it again"
                  .formatted(
                      vmid,
                      holder
                          .map(h -> "reserved by operation " + h)
                          .orElse("resting, it was freed a moment ago")));
      case Creation.Created(Operation queued) -> {
        tell(operation, queued);
        submit(operation);
        yield new Reply.Accepted(queued);
      }
    };
  }

  /// Pauses every operation at its next safe point and lets none begin.
  public Journal.Hold hold(Person by, String reason) {
    Journal.Hold hold =
        ports
            .journal()
            .holdOn(
                by,
                reason,
                new AuditLog.Note(by.id(), "hold.on", Optional.empty(), Map.of("reason", reason)),
                ports.clock().instant());
    runs.values().forEach(Run::signal);
    return hold;
  }

  /// @return the hold that was on
  public Optional<Journal.Hold> release(Person by) {
    Optional<Journal.Hold> hold =
        ports
            .journal()
            .holdOff(
                by,
                new AuditLog.Note(by.id(), "hold.off", Optional.empty(), Map.of()),
                ports.clock().instant());
    runs.values().forEach(Run::signal);
    return hold;
  }

  /// Takes the locks from a paused operation; an audited act.
  public Locks.Theft steal(long operation, Person by, String reason) {
    Locks.Theft theft = ports.locks().steal(operation, by, reason, ports.clock().instant());
    if (theft instanceof Locks.Theft.Done(var _, var granted)) {
      signal(granted);
    }
    return theft;
  }

  /// Says that something was journaled for these operations outside of the engine (locks that were
  /// granted by [Journal.Move#granted], say). Other processes hear it by themselves, a little
  /// later.
  public void signal(Collection<Long> operations) {
    for (long operation : operations) {
      Run run = runs.get(operation);
      if (run != null) {
        run.signal();
      }
    }
  }

  private Reply order(long operation, Order order, Person by, Optional<String> why) {
    Optional<Event> event =
        ports.journal().order(operation, order, by, why, ports.clock().instant());
    if (event.isEmpty()) {
      return new Reply.Refused(
          ports
              .journal()
              .operation(operation)
              .map(Engine::isAlready)
              .orElse("there is no operation " + operation));
    }
    ports.progress().happened(event.get());
    signal(List.of(operation));
    return accepted(operation);
  }

  private Reply accepted(long operation) {
    return new Reply.Accepted(ports.journal().operation(operation).orElseThrow());
  }

  private void tell(long operation, Operation retried) {
    List<Event> events = ports.journal().events(operation, 0);
    if (!events.isEmpty() && retried.id() == operation) {
      ports.progress().happened(events.getLast());
    }
  }

  private static String isAlready(Operation operation) {
    return "operation %d is %s%s"
        .formatted(
            operation.id(),
            operation.state().words(),
            operation.stateReason().map(why -> ": " + why).orElse(""));
  }

  // --- running
  // ------------------------------------------------------------------------------------------------------

  private void run(Dispatch.Ownership ownership) throws InterruptedException {
    long operation = ownership.claim().operation();
    Run run = new Run(ports, ownership, this::signal);
    runs.put(operation, run);
    try {
      run.execute();
    } catch (EpochLost | RunContext.LeaseLost lost) {
      LOG.warn("operation {} goes on elsewhere: {}", operation, lost.getMessage());
      throw lost;
    } finally {
      runs.remove(operation, run);
    }
  }

  /// Hears what other processes journaled for operations that run here.
  private void listen() {
    for (int tick = 1; !waitClosed(); tick++) {
      try {
        List<Long> ours = ports.journal().signalled().stream().filter(runs::containsKey).toList();
        if (!ours.isEmpty()) {
          ports.journal().heard(ours);
          signal(ours);
        }
        if (tick % SWEEP == 0) {
          sweep();
        }
      } catch (JournalUnavailable unavailable) {
        LOG.warn("the journal cannot be asked, trying again: {}", unavailable.getMessage());
      }
    }
  }

  private boolean waitClosed() {
    try {
      closed.get(ports.settings().tick().toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException _) {
      return false;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return true;
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /// An operation becomes `queued` and due in two commits; a death between them is mended here.
  private void sweep() {
    ports
        .dispatch()
        .due(
            ports.journal().unfinished().stream()
                .filter(operation -> !runs.containsKey(operation))
                .toList());
  }
}
