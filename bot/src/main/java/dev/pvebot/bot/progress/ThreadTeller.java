package dev.pvebot.bot.progress;

import dev.pvebot.commands.chat.Card;
import dev.pvebot.commands.chat.ChatPlatform;
import dev.pvebot.commands.chat.ChatPlatform.ChatUnavailable;
import dev.pvebot.commands.chat.ChatPlatform.ChatUnavailable.Arrival;
import dev.pvebot.commands.chat.Conversation;
import dev.pvebot.runbooks.engine.Progress;
import dev.pvebot.runbooks.engine.journal.Journal;
import dev.pvebot.runbooks.engine.journal.ThreadLog;
import dev.pvebot.runbooks.engine.journal.Watches;
import dev.pvebot.runbooks.operation.Event;
import dev.pvebot.runbooks.operation.Operation;
import dev.pvebot.runbooks.operation.OperationState;
import dev.pvebot.runbooks.operation.StepEvent;
import dev.pvebot.runbooks.operation.StepRecord;
import dev.pvebot.runbooks.operation.StepState;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells each operation in its own thread: the head card is edited in place, what matters gets a
/// line below it. The lines come from the journal, in its order, and each is told once, also over
/// restarts and failures of a platform: what is not certain to have arrived is told again and says
/// so.
public final class ThreadTeller implements Progress, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ThreadTeller.class);

  /// Begins a line that was under way when the bot died.
  public static final String PERHAPS_TOLD = "(perhaps told before) ";

  private final Journal journal;
  private final ThreadLog threads;
  private final Watches watches;
  private final OperationCards cards;
  private final Function<String, Optional<ChatPlatform>> platforms;
  private final UnaryOperator<String> redact;
  private final InstantSource clock;
  private final Duration pace;
  private final Map<Long, Teller> tellers = new ConcurrentHashMap<>();
  private volatile boolean open = true;
  private volatile java.time.Instant lastHeard = java.time.Instant.EPOCH;

  /// @param watches conversations that hear the same elsewhere
  /// @param platforms by name; empty for one that is not connected
  /// @param redact takes secrets out of a text
  /// @param pace least time between two edits of one head card
  public ThreadTeller(
      Journal journal,
      ThreadLog threads,
      Watches watches,
      OperationCards cards,
      Function<String, Optional<ChatPlatform>> platforms,
      UnaryOperator<String> redact,
      InstantSource clock,
      Duration pace) {
    this.journal = journal;
    this.threads = threads;
    this.watches = watches;
    this.cards = cards;
    this.platforms = platforms;
    this.redact = redact;
    this.clock = clock;
    this.pace = pace;
  }

  /// When an operation was last heard of: what was read before may be out of date.
  public java.time.Instant lastHeard() {
    return lastHeard;
  }

  @Override
  public void happened(Event event) {
    lastHeard = clock.instant();
    if (open) {
      offer(event.operation(), event, Optional.empty());
    }
  }

  /// Tells what an earlier process had no time to tell.
  public void catchUp(Operation operation) {
    long told = threads.told(operation.id(), thread(operation)).posted();
    if (!journal.events(operation.id(), told).isEmpty()) {
      refresh(operation.id());
    }
  }

  /// Shows the operation's head card anew, for example because consent was given.
  public void refresh(long operation) {
    if (open) {
      offer(operation, Teller.REFRESH, Optional.empty());
    }
  }

  /// Tells what is not told yet.
  ///
  /// @return completes when all that is journaled of the operation has arrived in its thread, and
  ///   its head shows it
  public CompletableFuture<Void> told(long operation) {
    CompletableFuture<Void> told = new CompletableFuture<>();
    if (open) {
      offer(operation, Teller.REFRESH, Optional.of(told));
    } else {
      told.complete(null);
    }
    return told;
  }

  /// The conversation in which an operation is told.
  public static Conversation thread(Operation operation) {
    return operation.where().thread().isPresent()
        ? operation.where()
        : operation.where().inThread("op-" + operation.id());
  }

  /// Hands something to the operation's teller; one that was about to retire stays.
  private void offer(long operation, Event event, Optional<CompletableFuture<Void>> listener) {
    tellers.compute(
        operation,
        (id, present) -> {
          Teller teller = present == null ? new Teller(id) : present;
          listener.ifPresent(teller.listeners::add);
          teller.queue.add(event);
          if (present == null) {
            Thread.ofVirtual().name("tell-" + id).start(teller);
          }
          return teller;
        });
  }

  @Override
  public void close() {
    open = false;
    tellers.values().forEach(teller -> teller.queue.add(Teller.STOP));
  }

  /// Tells one operation on a virtual thread of its own, which ends when nothing happened for a
  /// while.
  private final class Teller implements Runnable {
    private static final Duration IDLE = Duration.ofSeconds(30);
    private static final Duration RETRY = Duration.ofSeconds(5);
    private static final Event STOP =
        new Event(-1, 0, java.time.Instant.EPOCH, new StepEvent.Waiting("the process ends"));
    private static final Event REFRESH =
        new Event(
            -2, 0, java.time.Instant.EPOCH, new StepEvent.Waiting("the head is to be shown anew"));

    private final long id;
    private final LinkedBlockingQueue<Event> queue = new LinkedBlockingQueue<>();
    private final Queue<CompletableFuture<Void>> listeners = new ConcurrentLinkedQueue<>();
    private final Map<String, String> remarks = new HashMap<>();
    private OptionalLong told = OptionalLong.empty();
    private boolean failed;

    /// The first line that a conversation did not take, for its chat was away.
    private final Map<Conversation, Missed> missed = new HashMap<>();

    private record Missed(long seq, Arrival arrival) {}

    private final ThreadLines lines;

    private Teller(long id) {
      this.id = id;
      this.lines = new ThreadLines(id, cards, journal, redact, clock);
    }

    @Override
    public void run() {
      try {
        while (open) {
          Duration patience = failed ? RETRY : IDLE;
          Event first = queue.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
          if (first == null && !failed && retire()) {
            return;
          }
          List<Event> batch = new ArrayList<>();
          if (first != null) {
            batch.add(first);
          }
          queue.drainTo(batch);
          if (batch.contains(STOP)) {
            return;
          }
          tell(batch);
          if (queue.isEmpty()) {
            TimeUnit.MILLISECONDS.sleep(pace.toMillis());
          }
        }
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      } finally {
        listeners.forEach(listener -> listener.complete(null));
      }
    }

    /// Leaves unless something came meanwhile.
    private boolean retire() {
      return tellers.computeIfPresent(id, (_, self) -> queue.isEmpty() ? null : self) == null;
    }

    /// @param batch what was heard; of it only remarks count, the rest is read from the journal
    private void tell(List<Event> batch) {
      List<CompletableFuture<Void>> waiting = List.copyOf(listeners);
      try {
        for (Event event : batch) {
          if (event.what() instanceof StepEvent.Remark remark) {
            remarks.put(remark.key(), redact.apply(remark.text()));
          }
        }
        Operation operation = journal.operation(id).orElseThrow();
        long before =
            LongStream.concat(
                    LongStream.of(
                        told.orElseGet(() -> threads.told(id, thread(operation)).posted())),
                    missed.values().stream().mapToLong(line -> line.seq() - 1))
                .min()
                .orElseThrow();
        List<Event> events = journal.events(id, before);
        Map<String, StepRecord> steps = steps();
        Set<Long> lastOfItsStep = lines.lastOfItsStep(operation, steps, before);
        for (Event event : events) {
          post(
              operation,
              event,
              lines.line(event, operation, lastOfItsStep.contains(event.seq()), steps));
          told = OptionalLong.of(event.seq());
        }
        head(operation, steps);
        failed = !missed.isEmpty();
        listeners.removeAll(waiting);
        waiting.forEach(listener -> listener.complete(null));
      } catch (RuntimeException failure) {
        told = OptionalLong.empty(); // what was under way is in doubt now; the log of threads knows
        if (!open) {
          return; // the process ends, and its store is closed already; the next one catches up
        }
        if (!failed) {
          log.warn(
              "operation {} cannot be told in its thread, trying again: {}",
              id,
              redact.apply(String.valueOf(failure.getMessage())));
        }
        failed = true;
      }
    }

    private Map<String, StepRecord> steps() {
      Map<String, StepRecord> steps = new HashMap<>();
      for (StepRecord step : journal.steps(id)) {
        Optional<String> remark =
            step.state() == StepState.RUNNING
                ? Optional.ofNullable(remarks.get(step.key()))
                : Optional.empty();
        steps.put(step.key(), remark.map(text -> withNote(step, text)).orElse(step));
      }
      return steps;
    }

    private void post(Operation operation, Event event, Optional<Card> line) {
      Conversation thread = thread(operation);
      post(thread, event, line);
      for (Conversation watcher : watches.of(id)) {
        if (!watcher.equals(thread)) {
          post(watcher, event, line.map(this::forWatchers));
        }
      }
    }

    /// A conversation that does not take a line gets nothing after it before it has taken that one;
    /// the others go on.
    private void post(Conversation where, Event event, Optional<Card> line) {
      Optional<Missed> before = Optional.ofNullable(missed.get(where));
      if (before.filter(missing -> missing.seq() < event.seq()).isPresent()) {
        return;
      }
      boolean again = false;
      if (!threads.posting(id, where, event.seq())) {
        if (!threads.told(id, where).inDoubt().equals(Optional.of(event.seq()))) {
          return;
        }
        again = before.filter(missing -> missing.arrival() == Arrival.DID_NOT_ARRIVE).isEmpty();
      }
      Optional<Card> card = again ? line.map(ThreadTeller::perhapsTold) : line;
      Optional<ChatPlatform> platform = platforms.apply(where.platform());
      if (card.isPresent() && platform.isPresent()) {
        try {
          platform.get().post(where, card.get());
        } catch (ChatUnavailable away) {
          missed.put(where, new Missed(event.seq(), away.arrival()));
          log.warn(
              "operation {} is told later: {}",
              id,
              redact.apply(String.valueOf(away.getMessage())));
          return;
        }
      }
      missed.remove(where);
      threads.posted(id, where, event.seq());
    }

    /// Elsewhere a line has to say what it is about, and the buttons are in its own thread.
    private Card forWatchers(Card card) {
      return new Card(
          card.kind(),
          card.tone(),
          "Operation %d: %s".formatted(id, card.title()),
          card.body(),
          List.of(),
          card.facts());
    }

    /// The head of an operation that waits for consent is its plan with the buttons, which the gate
    /// shows.
    private void head(Operation operation, Map<String, StepRecord> steps) {
      if (operation.state() == OperationState.AWAITING_APPROVAL) {
        return;
      }
      Card head = cards.head(operation, steps, clock.instant());
      for (ChatPlatform.Posted posted : threads.heads(id)) {
        platforms
            .apply(posted.where().platform())
            .ifPresent(platform -> platform.edit(posted, head));
      }
    }
  }

  private static Card perhapsTold(Card card) {
    return new Card(
        card.kind(),
        card.tone(),
        PERHAPS_TOLD + card.title(),
        card.body(),
        card.buttons(),
        card.facts());
  }

  private static StepRecord withNote(StepRecord step, String note) {
    return new StepRecord(
        step.key(),
        step.state(),
        step.facts(),
        step.intendedAt(),
        step.task(),
        step.output(),
        Optional.of(note),
        step.attempts(),
        step.startedAt(),
        step.endedAt());
  }
}
