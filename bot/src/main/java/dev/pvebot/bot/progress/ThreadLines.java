package dev.pvebot.bot.progress;

import dev.pvebot.bot.figures.Figures;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.runbooks.engine.journal.Journal;
import dev.pvebot.runbooks.operation.Event;
import dev.pvebot.runbooks.operation.Operation;
import dev.pvebot.runbooks.operation.StepEvent;
import dev.pvebot.runbooks.operation.StepRecord;
import dev.pvebot.runbooks.plan.PlanStep;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/// The lines of one operation's thread: what an event of its journal is to people.
final class ThreadLines {
  private final long id;
  private final OperationCards cards;
  private final Journal journal;
  private final UnaryOperator<String> redact;
  private final InstantSource clock;

  /// @param id the operation
  /// @param redact takes secrets out of a text
  ThreadLines(
      long id,
      OperationCards cards,
      Journal journal,
      UnaryOperator<String> redact,
      InstantSource clock) {
    this.id = id;
    this.cards = cards;
    this.journal = journal;
    this.redact = redact;
    this.clock = clock;
  }

  /// The events with which a step of the runbook's first level came to its end, whatever was told
  /// so far: the same ones after a restart.
  ///
  /// @param steps as they were before this is called: the events of all that has ended there are in
  ///   the journal now
  Set<Long> lastOfItsStep(Operation operation, Map<String, StepRecord> steps, long after) {
    Map<String, Long> last = new HashMap<>();
    for (Event event : journal.events(id, after)) {
      endedLeaf(event.what())
          .flatMap(leaf -> top(operation, leaf))
          .filter(top -> StepLines.hasEnded(top, steps))
          .ifPresent(top -> last.put(top.key(), event.seq()));
    }
    return Set.copyOf(last.values());
  }

  /// @param steps journal rows by step key
  /// @return empty for what is no line of its own
  Optional<Card> line(
      Event event, Operation operation, boolean endsItsStep, Map<String, StepRecord> steps) {
    return switch (event.what()) {
      case StepEvent.StateChanged change -> stateLine(change, operation, steps);
      case StepEvent.Waiting waiting ->
          Optional.of(line("Waiting: " + waiting.why(), Card.Tone.NEUTRAL));
      case StepEvent.Ordered ordered ->
          Optional.of(
              line(
                  "%s asked to %s%s"
                      .formatted(
                          ordered.by(),
                          ordered.what(),
                          ordered.why().map(why -> ": " + why).orElse("")),
                  Card.Tone.NEUTRAL));
      case StepEvent.Resumed resumed -> Optional.of(resumedLine(resumed));
      case StepEvent.Found found ->
          Optional.of(line("%s: %s".formatted(found.title(), found.what()), Card.Tone.NEUTRAL));
      case StepEvent.Retrying retrying ->
          Optional.of(
              line(
                  "%s: %s. Trying again in %s (attempt %d)."
                      .formatted(
                          StepLines.where(retrying.key(), retrying.title()),
                          retrying.why(),
                          Figures.wait(retrying.in()),
                          retrying.attempt()),
                  Card.Tone.WARNING));
      case StepEvent.Done done when endsItsStep ->
          okLine(done.key(), operation, done.note(), done.warnings());
      case StepEvent.Done done when done.warnings() ->
          Optional.of(
              line(
                  "%s ended with warnings%s"
                      .formatted(
                          StepLines.where(done.key(), done.title()),
                          done.note().map(n -> ": " + n).orElse("")),
                  Card.Tone.WARNING));
      case StepEvent.Done _ -> Optional.empty();
      case StepEvent.Skipped skipped when skipped.by().isPresent() ->
          Optional.of(
              line(
                  "%s skipped by %s"
                      .formatted(
                          StepLines.where(skipped.key(), skipped.title()), skipped.by().get()),
                  Card.Tone.WARNING));
      case StepEvent.Skipped skipped ->
          endsItsStep
              ? okLine(skipped.key(), operation, Optional.empty(), false)
              : Optional.empty();
      case StepEvent.Failed failed ->
          Optional.of(failed.goesOn() ? failureCard(failed) : failureLine(failed));
      case StepEvent.Asking asking ->
          Optional.of(
              line(
                  "%s: %s"
                      .formatted(StepLines.where(asking.key(), asking.title()), asking.question()),
                  Card.Tone.WARNING));
      case StepEvent.Answered answered ->
          Optional.of(
              line(
                  "%s: %s says %s"
                      .formatted(answered.title(), answered.by(), answered.answer().word()),
                  Card.Tone.NEUTRAL));
      case StepEvent.Started _ -> Optional.empty();
      case StepEvent.Remark _ -> Optional.empty();
    };
  }

  private Optional<Card> stateLine(
      StepEvent.StateChanged change, Operation operation, Map<String, StepRecord> steps) {
    return switch (change.to()) {
      case FAILED ->
          Optional.of(
              redacted(cards.failure(operation, steps, journal.events(id, 0), clock.instant())));
      case STALE ->
          Optional.of(
              line(
                  "Operation %d is stale: the world has moved since it was planned. Nothing was done; planning it again."
                      .formatted(id),
                  Card.Tone.WARNING));
      case CANCELLED, EXPIRED, PAUSED ->
          Optional.of(
              line(
                  "Operation %d %s%s"
                      .formatted(
                          id,
                          change.to().words(),
                          change.reason().map(why -> ": " + why).orElse("")),
                  Card.Tone.WARNING));
      case SUCCEEDED, SUCCEEDED_WITH_WARNINGS ->
          Optional.of(
              line(
                  "%s done in %s"
                      .formatted(
                          operation.plan().title(),
                          Figures.clock(
                              Duration.between(
                                  operation.startedAt().orElse(operation.createdAt()),
                                  operation.endedAt().orElse(clock.instant())))),
                  Card.Tone.GOOD));
      // a denial is told by who takes it, with its reason
      case PLANNED, AWAITING_APPROVAL, QUEUED, RUNNING, DENIED -> Optional.empty();
    };
  }

  private Card resumedLine(StepEvent.Resumed resumed) {
    String away = resumed.away().map(gap -> " for " + Figures.clock(gap)).orElse("");
    String under =
        resumed.underWay().isEmpty()
            ? ""
            : " Under way were: "
                + String.join(", ", resumed.underWay())
                + ". Looking at them first.";
    return line("I was away%s (restarted).%s Going on.".formatted(away, under), Card.Tone.WARNING);
  }

  /// One line for each step of the runbook's first level, when all in it has ended.
  private Optional<Card> okLine(
      String leaf, Operation operation, Optional<String> note, boolean warnings) {
    return top(operation, leaf)
        .map(top ->
            line(
                "ok  %s%s".formatted(top.title(), note.map(n -> "   " + n).orElse("")),
                warnings ? Card.Tone.WARNING : Card.Tone.GOOD));
  }

  /// The whole of it comes when the operation has ended.
  private Card failureLine(StepEvent.Failed failed) {
    return line(FailureCards.line(failed), Card.Tone.BAD);
  }

  private Card redacted(Card card) {
    return new Card(
        card.kind(),
        card.tone(),
        redact.apply(card.title()),
        card.body().stream()
            .map(block ->
                switch (block) {
                  case Card.Text(String text) -> new Card.Text(redact.apply(text));
                  case Card.Literal(String text) -> new Card.Literal(redact.apply(text));
                  case Card.Fields _, Card.Table _, Card.Effects _, Card.Steps _ -> block;
                })
            .toList(),
        card.buttons(),
        card.facts());
  }

  private Card failureCard(StepEvent.Failed failed) {
    List<Card.Block> body = new ArrayList<>();
    if (!failed.logTail().isEmpty()) {
      body.add(new Card.Literal(redact.apply(String.join("\n", failed.logTail()))));
    }
    failed.why().ifPresent(why -> body.add(new Card.Text("Why: " + redact.apply(why))));
    failed.now().ifPresent(now -> body.add(new Card.Text("Now: " + redact.apply(now))));
    return new Card(
        "failure",
        Card.Tone.BAD,
        redact.apply(FailureCards.line(failed)),
        body,
        List.of(),
        Map.of("operation", id, "step", failed.key()));
  }

  private Card line(String text, Card.Tone tone) {
    return new Card(
        "notice", tone, redact.apply(text), List.of(), List.of(), Map.of("operation", id));
  }

  /// The key of the step that the event tells the good end of.
  private static Optional<String> endedLeaf(StepEvent event) {
    return switch (event) {
      case StepEvent.Done done -> Optional.of(done.key());
      case StepEvent.Skipped skipped -> Optional.of(skipped.key());
      default -> Optional.empty();
    };
  }

  /// The step of the runbook's first level that a leaf is in.
  private static Optional<PlanStep> top(Operation operation, String leaf) {
    return operation.plan().steps().stream().filter(step -> StepLines.has(step, leaf)).findFirst();
  }
}
