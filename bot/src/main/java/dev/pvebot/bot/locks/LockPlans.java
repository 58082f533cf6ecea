package dev.pvebot.bot.locks;

import dev.pvebot.commands.Risk;
import dev.pvebot.commands.chat.Person;
import dev.pvebot.runbooks.action.Action;
import dev.pvebot.runbooks.engine.journal.Journal;
import dev.pvebot.runbooks.engine.journal.Locks;
import dev.pvebot.runbooks.operation.Operation;
import dev.pvebot.runbooks.plan.Plan;
import dev.pvebot.runbooks.plan.PlanJson;
import dev.pvebot.runbooks.plan.PlanStep;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Plans the taking of locks. No runbook of the library says how, for there is nothing about it
/// that a site could want otherwise; it is an operation all the same, and so it is gated, journaled
/// and told.
public final class LockPlans {
  /// The intent, and the name under which it stands where other plans name their runbook.
  public static final String INTENT = "lock.steal";

  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Duration ABOUT = Duration.ofSeconds(10);

  private final Journal journal;
  private final Locks locks;
  private final Robbery.Pause pause;
  private final Robbery.Take take;

  /// @param tell tells what happened to an operation in its own thread
  public LockPlans(Journal journal, Locks locks, Consumer<Operation> tell) {
    this.journal = journal;
    this.locks = locks;
    this.pause = new Robbery.Pause(journal, locks, tell);
    this.take = new Robbery.Take(journal, locks, tell);
  }

  /// What the plans call.
  public List<Action<?, ?>> actions() {
    return List.of(pause, take);
  }

  /// Who holds one of these locks exclusively, or else shares it.
  public Optional<Long> holder(String lock) {
    List<Locks.Entry> held =
        locks.all().stream()
            .filter(entry -> entry.isHeld() && entry.key().name().equals(lock))
            .toList();
    return Stream.concat(
            held.stream().filter(entry -> entry.key().exclusive()),
            held.stream().filter(_ -> held.size() == 1))
        .map(Locks.Entry::operation)
        .findFirst();
  }

  /// @return empty when the operation holds no lock
  public Optional<Plan> steal(long id, Person by, String reason) {
    List<String> held =
        locks.all().stream()
            .filter(entry -> entry.operation() == id && entry.isHeld())
            .map(entry -> entry.key().name())
            .sorted()
            .toList();
    return journal
        .operation(id)
        .filter(_ -> !held.isEmpty())
        .map(holder -> plan(holder, by, reason));
  }

  private Plan plan(Operation holder, Person by, String reason) {
    Map<String, Object> inputs = Map.of("operation", holder.id(), "by", by.id(), "reason", reason);
    String held = Robbery.words(take.held(holder.id()));
    return PlanJson.seal(
        new Plan(
            INTENT,
            "",
            INTENT,
            "take the locks from operation %d".formatted(holder.id()),
            Map.of("op", holder.id()),
            Risk.DISRUPTIVE,
            holder.plan().environment(),
            Optional.empty(),
            holder.plan().cluster(),
            List.of(),
            List.of(
                step("pause-it", "Let it come to a safe point", Robbery.Pause.NAME, inputs),
                step("take-them", "Take its locks", Robbery.Take.NAME, inputs)),
            List.of(),
            List.of(pause.effect(holder, held), take.effect(holder, held)),
            List.of(),
            List.of(),
            List.of(),
            List.of(new Plan.LockKey("operation/" + holder.id(), true)),
            waiting(holder.id()),
            ABOUT,
            ""));
  }

  /// Who gets the locks: a fact that moves, so a note.
  private List<String> waiting(long holder) {
    List<String> next =
        locks.all().stream()
            .filter(entry -> !entry.isHeld())
            .filter(entry ->
                locks.inTheWay(entry.operation()).stream()
                    .anyMatch(other -> other.operation() == holder))
            .map(entry -> "operation %d (%s)".formatted(entry.operation(), entry.title()))
            .distinct()
            .toList();
    return next.isEmpty()
        ? List.of("Nobody waits for them.")
        : List.of("Waiting for them: %s.".formatted(String.join(", ", next)));
  }

  private static PlanStep step(
      String key, String title, String action, Map<String, Object> inputs) {
    return new PlanStep.Act(
        key,
        title,
        action,
        inputs,
        Risk.DISRUPTIVE,
        Optional.empty(),
        Optional.empty(),
        PATIENCE,
        0,
        PlanStep.OnFailure.STOP,
        Optional.empty(),
        ABOUT);
  }
}
