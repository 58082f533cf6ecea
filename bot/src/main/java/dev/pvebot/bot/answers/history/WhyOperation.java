package dev.pvebot.bot.answers.history;

import dev.pvebot.commands.chat.Button;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.commands.chat.Person;
import dev.pvebot.runbooks.engine.journal.Approvals;
import dev.pvebot.runbooks.engine.journal.Journal;
import dev.pvebot.runbooks.engine.journal.Locks;
import dev.pvebot.runbooks.operation.Operation;
import dev.pvebot.runbooks.operation.OperationState;
import dev.pvebot.runbooks.operation.StepRecord;
import dev.pvebot.runbooks.operation.StepState;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Why an operation is in its state: the consent it waits for, the locks in its way, the question
/// it asks, the step that failed.
public final class WhyOperation {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("EEE HH:mm", Locale.ROOT);

  private final Journal journal;
  private final Locks locks;
  private final Approvals approvals;
  private final Function<Person, ZoneId> zones;

  /// @param zones in which each person reads times
  public WhyOperation(
      Journal journal, Locks locks, Approvals approvals, Function<Person, ZoneId> zones) {
    this.journal = journal;
    this.locks = locks;
    this.approvals = approvals;
    this.zones = zones;
  }

  Card card(Operation operation, Person reader) {
    DateTimeFormatter time = TIME.withZone(zones.apply(reader));
    List<Card.Field> fields = new ArrayList<>();
    operation.stateReason().ifPresent(why -> fields.add(new Card.Field("Because", why)));
    consent(operation, time).forEach(fields::add);
    if (operation.state() == OperationState.QUEUED) {
      for (Locks.Entry entry : locks.inTheWay(operation.id())) {
        fields.add(
            new Card.Field(
                "In the way",
                "%s: operation %d, %s, %s"
                    .formatted(
                        entry.key().name(),
                        entry.operation(),
                        entry.title(),
                        entry
                            .heldSince()
                            .map(since -> "since " + time.format(since))
                            .orElse("waits too, but came first"))));
      }
    }
    journal
        .hold()
        .filter(_ -> !operation.state().isFinal())
        .ifPresent(hold ->
            fields.add(
                new Card.Field(
                    "Hold",
                    "%s stopped everything at %s: %s"
                        .formatted(hold.by(), time.format(hold.since()), hold.reason()))));
    journal.questions(operation.id()).stream()
        .filter(question -> question.answer().isEmpty())
        .forEach(question ->
            fields.add(new Card.Field("It asks", question.title() + ": " + question.text())));
    journal.steps(operation.id()).stream()
        .filter(step -> step.state() == StepState.FAILED || step.state() == StepState.RUNNING)
        .forEach(step -> fields.add(step(step)));
    mark(fields);
    return new Card(
        "answer",
        operation.state() == OperationState.FAILED ? Card.Tone.BAD : Card.Tone.NEUTRAL,
        "Operation %d · %s · %s%s"
            .formatted(
                operation.id(),
                operation.plan().title(),
                operation.state().words(),
                operation
                    .endedAt()
                    .or(operation::startedAt)
                    .map(at -> " since " + time.format(at))
                    .orElse("")),
        fields.isEmpty() ? List.of() : List.of(new Card.Fields(fields)),
        buttons(operation),
        Map.of(
            "operation",
            operation.id(),
            "state",
            operation.state().words(),
            "why",
            fields.stream().map(field -> field.label() + ": " + field.value()).toList()));
  }

  private static Card.Field step(StepRecord step) {
    String word = step.state() == StepState.FAILED ? "Failed at" : "At";
    return new Card.Field(
        word,
        step.key()
            + step.note().map(note -> ": " + note).orElse("")
            + step.task().map(task -> " (task %s)".formatted(task)).orElse(""));
  }

  private List<Card.Field> consent(Operation operation, DateTimeFormatter time) {
    return operation.state() != OperationState.AWAITING_APPROVAL
        ? List.of()
        : approvals.of(operation.id()).stream()
            .filter(approval -> approval.state() == Approvals.State.PENDING)
            .map(approval ->
                new Card.Field(
                    "Waits for",
                    "%s, until %s"
                        .formatted(
                            words(approval.kind(), operation), time.format(approval.expiresAt()))))
            .toList();
  }

  private static String words(Approvals.Kind kind, Operation operation) {
    return switch (kind) {
      case CONFIRM -> "the Confirm of " + operation.requestedBy();
      case TYPED_NAME ->
          "%s to type `%s`"
              .formatted(
                  operation.requestedBy(), operation.plan().confirmName().orElse("the name"));
      case SECOND_PERSON -> "the approval of somebody else than " + operation.requestedBy();
    };
  }

  private static void mark(List<Card.Field> fields) {
    if (!fields.isEmpty()) {
      Card.Field first = fields.getFirst();
      fields.set(
          0, new Card.Field(first.label(), first.value(), Optional.of("<- look here first")));
    }
  }

  private static List<Button> buttons(Operation operation) {
    Button show =
        Button.plain("Show operation %d".formatted(operation.id()), "op show " + operation.id());
    return switch (operation.state()) {
      case FAILED -> List.of(Button.primary("Retry", "retry " + operation.id()), show);
      case QUEUED -> List.of(Button.plain("Locks", "lock list"), show);
      default -> List.of(show);
    };
  }

  /// Who holds or wants a lock.
  List<Card.Field> holders(String lock, Person reader) {
    DateTimeFormatter time = TIME.withZone(zones.apply(reader));
    return locks.all().stream()
        .filter(entry -> entry.key().name().equals(lock))
        .map(entry ->
            new Card.Field(
                "Operation %d".formatted(entry.operation()),
                "%s %s"
                    .formatted(
                        entry.title(),
                        entry
                            .heldSince()
                            .map(since -> "is at it since " + time.format(since))
                            .orElse("waits for it"))))
        .toList();
  }
}
