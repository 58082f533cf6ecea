package dev.pvebot.bot.router;

import dev.pvebot.bot.progress.Announcer;
import dev.pvebot.bot.progress.ThreadTeller;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.commands.chat.ChatPlatform.Posted;
import dev.pvebot.commands.chat.Conversation;
import dev.pvebot.runbooks.action.ActionFailure;
import dev.pvebot.runbooks.action.Effect;
import dev.pvebot.runbooks.engine.Progress;
import dev.pvebot.runbooks.engine.journal.Journal;
import dev.pvebot.runbooks.engine.journal.ThreadLog;
import dev.pvebot.runbooks.operation.Event;
import dev.pvebot.runbooks.operation.Operation;
import dev.pvebot.runbooks.operation.OperationState;
import dev.pvebot.runbooks.operation.StepEvent;
import dev.pvebot.runbooks.plan.Plan;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks again for operations that became stale: the world had moved when they were to begin. A new
/// plan is shown in the same thread, with what is different, and waits for a consent of its own.
public final class StaleDesk implements Progress, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StaleDesk.class);

  /// Who comes back later than this after it is not surprised by an old plan.
  private static final Duration STILL_WANTED = Duration.ofMinutes(15);

  /// How long the line that says "stale" may take to be told before the plan that follows it.
  private static final Duration LINE_FIRST = Duration.ofSeconds(5);

  private static final Duration LOOK_EVERY = Duration.ofMillis(20);
  private static final int MOST_RECENT = 100;

  /// No operation has this number.
  private static final long STOP = -1;

  private final Journal journal;
  private final ThreadLog threads;
  private final Announcer announcer;
  private final InstantSource clock;
  private final LinkedBlockingQueue<Long> stale = new LinkedBlockingQueue<>();

  public StaleDesk(Journal journal, ThreadLog threads, Announcer announcer, InstantSource clock) {
    this.journal = journal;
    this.threads = threads;
    this.announcer = announcer;
    this.clock = clock;
  }

  @Override
  public void happened(Event event) {
    if (event.what() instanceof StepEvent.StateChanged change
        && change.to() == OperationState.STALE) {
      stale.add(event.operation());
    }
  }

  @Override
  public void close() {
    stale.add(STOP);
  }

  /// Asks again for what became stale, until this is closed; first for what a process before this
  /// one had no time for.
  public void run(Router router) {
    Instant since = clock.instant().minus(STILL_WANTED);
    journal.operations(Journal.Filter.all(MOST_RECENT)).stream()
        .filter(operation -> operation.state() == OperationState.STALE)
        .filter(operation -> operation.endedAt().filter(since::isBefore).isPresent())
        .map(Operation::id)
        .sorted()
        .forEach(stale::add);
    try {
      for (long id = stale.take(); id != STOP; id = stale.take()) {
        ask(router, id);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void ask(Router router, long id) throws InterruptedException {
    try {
      Operation operation = journal.operation(id).orElseThrow();
      if (wasAskedAgain(operation)) {
        return;
      }
      awaitLine(operation);
      router.askAgain(
          operation,
          (where, card) -> announcer.post(where, card).orElseGet(() -> new Posted(where, "")),
          plan -> difference(operation, plan));
    } catch (ActionFailure unread) {
      announcer.post(ThreadTeller.thread(journal.operation(id).orElseThrow()), unread(unread));
    } catch (RuntimeException failure) {
      log.warn("operation {} is stale and could not be asked for again", id, failure);
    }
  }

  private static Card unread(ActionFailure failure) {
    Card card = Router.failureCard(failure);
    List<Card.Block> body = new ArrayList<>(card.body());
    body.add(new Card.Text("It was not planned again. Ask for it when the site can be read."));
    return new Card(card.kind(), card.tone(), card.title(), body, card.buttons(), card.facts());
  }

  /// A later operation in the same thread, for the same words.
  private boolean wasAskedAgain(Operation operation) {
    Conversation thread = ThreadTeller.thread(operation);
    return journal.operations(Journal.Filter.all(MOST_RECENT)).stream()
        .anyMatch(other ->
            other.id() > operation.id()
                && other.said().equals(operation.said())
                && ThreadTeller.thread(other).equals(thread));
  }

  private void awaitLine(Operation operation) throws InterruptedException {
    Conversation thread = ThreadTeller.thread(operation);
    long last = journal.events(operation.id(), 0).getLast().seq();
    long deadline = System.nanoTime() + LINE_FIRST.toNanos();
    while (threads.told(operation.id(), thread).posted() < last && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(LOOK_EVERY.toMillis());
    }
  }

  /// What came, went and changed; where that is nothing, what else is not as it was.
  private static List<Card.Block> difference(Operation before, Plan now) {
    List<Effect> gone = new ArrayList<>(before.plan().effects());
    List<Effect> come = new ArrayList<>();
    now.effects()
        .forEach(effect -> {
          if (!gone.remove(effect)) {
            come.add(effect);
          }
        });
    List<String> lines = new ArrayList<>();
    for (Effect effect : come) {
      Optional<Effect> was =
          gone.stream()
              .filter(old -> old.kind() == effect.kind() && sameSubject(old, effect))
              .findFirst();
      was.ifPresent(gone::remove);
      lines.add(
          was.map(old -> "changed: %s; it was: %s".formatted(words(effect), old.text()))
              .orElseGet(() -> "new: " + words(effect)));
    }
    gone.forEach(effect -> lines.add("gone: " + words(effect)));
    if (lines.isEmpty()) {
      before.stateReason().ifPresent(reason -> lines.addAll(reason.lines().toList()));
    }
    List<Card.Block> blocks = new ArrayList<>();
    blocks.add(
        new Card.Text(
            "In place of plan %d, which is stale: the world has moved since. What is different:"
                .formatted(before.id())));
    lines.forEach(line -> blocks.add(new Card.Text("  " + line)));
    return blocks;
  }

  /// A guest is the same wherever it is.
  private static boolean sameSubject(Effect one, Effect other) {
    return one.subject() instanceof Effect.Subject.Guest first
            && other.subject() instanceof Effect.Subject.Guest second
        ? first.vmid().equals(second.vmid())
        : one.subject().equals(other.subject());
  }

  private static String words(Effect effect) {
    return effect.kind().sign() + " " + effect.text();
  }
}
