package dev.pvebot.bot.progress;

import dev.pvebot.bot.figures.Figures;
import dev.pvebot.commands.chat.Button;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.runbooks.operation.Event;
import dev.pvebot.runbooks.operation.Operation;
import dev.pvebot.runbooks.operation.StepEvent;
import dev.pvebot.runbooks.operation.StepRecord;
import dev.pvebot.runbooks.operation.StepState;
import dev.pvebot.runbooks.plan.Plan;
import dev.pvebot.runbooks.plan.PlanStep;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// The card of an operation that failed: what, why, how the targets stand now, and the ways on.
public final class FailureCards {
  /// How many targets are named.
  private static final int MOST_TARGETS = 8;

  /// How many failures are shown in full.
  private static final int MOST_FAILURES = 3;

  private final Targets targets;
  private final Predicate<Plan> rollsBack;

  /// @param rollsBack whether a plan's runbook says how to roll it back
  public FailureCards(Targets targets, Predicate<Plan> rollsBack) {
    this.targets = targets;
    this.rollsBack = rollsBack;
  }

  /// @param steps journal rows by step key
  /// @param events what happened, oldest first
  Card of(Operation operation, Map<String, StepRecord> steps, List<Event> events, Instant now) {
    List<StepEvent.Failed> failures =
        events.stream()
            .map(Event::what)
            .filter(StepEvent.Failed.class::isInstance)
            .map(StepEvent.Failed.class::cast)
            .filter(failed -> isFailed(failed, steps))
            .toList();
    List<Card.Block> body = new ArrayList<>();
    for (StepEvent.Failed failed : failures.subList(0, Math.min(failures.size(), MOST_FAILURES))) {
      body.add(new Card.Text(line(failed)));
      if (!failed.logTail().isEmpty()) {
        body.add(new Card.Literal(String.join("\n", failed.logTail())));
      }
      failed.why().ifPresent(why -> body.add(new Card.Text("Why: " + why)));
      failed.now().ifPresent(next -> body.add(new Card.Text("Next: " + next)));
    }
    if (failures.size() > MOST_FAILURES) {
      body.add(
          new Card.Text(
              "and %d more; `op show %d` has them all"
                  .formatted(failures.size() - MOST_FAILURES, operation.id())));
    }
    if (failures.isEmpty()) {
      operation.stateReason().ifPresent(reason -> body.add(new Card.Text(reason)));
    }
    body.add(new Card.Text(state(operation, steps)));
    return new Card(
        "failure",
        Card.Tone.BAD,
        title(operation, steps, failures, now),
        body,
        buttons(operation),
        OperationCards.facts(operation));
  }

  /// What failed, in one line: `x Grow its disk (ts02): resizing scsi0 of VM 1052 …`.
  static String line(StepEvent.Failed failed) {
    String title = failed.title() + ": ";
    return "x  %s: %s"
        .formatted(
            StepLines.where(failed.key(), failed.title()),
            failed.what().startsWith(title)
                ? failed.what().substring(title.length())
                : failed.what());
  }

  /// The ways on after a failure.
  List<Button> buttons(Operation operation) {
    long id = operation.id();
    List<Button> buttons = new ArrayList<>();
    buttons.add(Button.primary("Retry", "retry " + id));
    if (operation.startedAt().isPresent() && rollsBack.test(operation.plan())) {
      buttons.add(new Button("Roll back", "rollback " + id, Button.Style.DANGER, Optional.empty()));
    }
    buttons.add(Button.plain("Leave it", "leave " + id));
    return buttons;
  }

  /// A step that failed and was done by a retry has not failed any more.
  private static boolean isFailed(StepEvent.Failed failed, Map<String, StepRecord> steps) {
    return Optional.ofNullable(steps.get(failed.key()))
        .filter(row -> row.state() == StepState.FAILED)
        .isPresent();
  }

  private static String title(
      Operation operation,
      Map<String, StepRecord> steps,
      List<StepEvent.Failed> failures,
      Instant now) {
    List<PlanStep> top = operation.plan().steps();
    String at =
        failures.isEmpty()
            ? "before the start"
            : "at step %d of %d after %s"
                .formatted(
                    number(top, failures.getFirst().key()),
                    top.size(),
                    Figures.clock(
                        Duration.between(
                            operation.startedAt().orElse(operation.createdAt()),
                            operation.endedAt().orElse(now))));
    return "Operation %d · %s · FAILED %s%s"
        .formatted(operation.id(), operation.plan().title(), at, through(top, steps));
  }

  private static int number(List<PlanStep> top, String key) {
    for (int i = 0; i < top.size(); i++) {
      if (StepLines.has(top.get(i), key)) {
        return i + 1;
      }
    }
    throw new IllegalArgumentException("the plan has no step " + key);
  }

  /// How many steps are done, where there are many.
  private static String through(List<PlanStep> top, Map<String, StepRecord> steps) {
    long all = StepLines.inOrder(top).count();
    long done = StepLines.inOrder(top).filter(leaf -> StepLines.hasEnded(leaf, steps)).count();
    return all > 1 ? " · %d of %d steps done".formatted(done, all) : "";
  }

  private String state(Operation operation, Map<String, StepRecord> steps) {
    boolean touched = steps.values().stream().anyMatch(row -> row.intendedAt().isPresent());
    if (!touched) {
      return "Now: nothing was done.";
    }
    List<String> lines = targets.now(operation);
    if (lines.isEmpty()) {
      return "Now: `op show %d` says what was done.".formatted(operation.id());
    }
    String more =
        lines.size() > MOST_TARGETS ? "\n  and %d more".formatted(lines.size() - MOST_TARGETS) : "";
    return "Now:\n  "
        + String.join("\n  ", lines.subList(0, Math.min(lines.size(), MOST_TARGETS)))
        + more;
  }
}
