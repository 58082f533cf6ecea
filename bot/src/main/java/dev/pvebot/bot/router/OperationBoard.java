package dev.pvebot.bot.router;

import dev.pvebot.bot.gate.GateDesk;
import dev.pvebot.bot.people.Zones;
import dev.pvebot.bot.progress.OperationCards;
import dev.pvebot.commands.chat.Button;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.commands.chat.Person;
import dev.pvebot.runbooks.engine.journal.Journal;
import dev.pvebot.runbooks.engine.journal.Locks;
import dev.pvebot.runbooks.operation.Operation;
import dev.pvebot.runbooks.operation.OperationState;
import dev.pvebot.runbooks.operation.StepRecord;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Shows operations and their locks.
public final class OperationBoard {
  /// How many operations a list shows.
  private static final int MOST_LISTED = 20;

  private final Journal journal;
  private final Locks locks;
  private final GateDesk gates;
  private final OperationCards cards;
  private final Zones zones;
  private final InstantSource clock;

  public OperationBoard(Records records, GateDesk gates, Telling telling, InstantSource clock) {
    this.journal = records.journal();
    this.locks = records.locks();
    this.gates = gates;
    this.cards = telling.cards();
    this.zones = telling.zones();
    this.clock = clock;
  }

  /// The newest operations, those that are not at their end first.
  Card list() {
    List<Operation> open = journal.operations(Journal.Filter.open());
    List<Operation> shown = new ArrayList<>(open);
    journal.operations(Journal.Filter.all(MOST_LISTED)).stream()
        .filter(op -> open.stream().noneMatch(o -> o.id() == op.id()))
        .forEach(shown::add);
    List<Operation> rows = shown.stream().limit(MOST_LISTED).toList();
    return new Card(
        "answer",
        Card.Tone.NEUTRAL,
        rows.isEmpty()
            ? "No operation yet"
            : "%d operations, %d open".formatted(shown.size(), open.size()),
        rows.isEmpty()
            ? List.of()
            : List.of(
                new Card.Table(
                    List.of("Id", "What", "State", "By"),
                    rows.stream()
                        .map(op ->
                            List.of(
                                Long.toString(op.id()),
                                op.plan().title(),
                                op.state().words(),
                                op.requestedBy().id()))
                        .toList())),
        List.of(),
        Map.of("operations", rows.stream().map(OperationCards::facts).toList()));
  }

  Card show(long id) {
    return journal
        .operation(id)
        .map(operation ->
            operation.state() == OperationState.AWAITING_APPROVAL
                ? cards.plan(operation, gates.consent(operation))
                : cards.head(operation, steps(operation), clock.instant()))
        .orElseGet(() -> unknown(id));
  }

  static Card unknown(long id) {
    return Card.of(
        "refusal",
        Card.Tone.WARNING,
        "There is no operation %d".formatted(id),
        "`op list` shows what there is.");
  }

  /// Journal rows by step key.
  Map<String, StepRecord> steps(Operation operation) {
    Map<String, StepRecord> steps = new HashMap<>();
    journal.steps(operation.id()).forEach(step -> steps.put(step.key(), step));
    return steps;
  }

  /// Each lock with who holds it since when and who waits for it in which order, and a way to take
  /// it.
  Card locks(Person reader) {
    Map<String, List<Locks.Entry>> byName = new LinkedHashMap<>();
    locks
        .all()
        .forEach(
            entry -> byName.computeIfAbsent(entry.key().name(), _ -> new ArrayList<>()).add(entry));
    List<List<String>> rows = new ArrayList<>();
    byName.forEach((name, entries) -> {
      int place = 1;
      for (Locks.Entry entry : entries) {
        rows.add(
            List.of(
                name + (entry.key().exclusive() ? "" : " (shared)"),
                "%d %s".formatted(entry.operation(), entry.title()),
                journal.operation(entry.operation()).map(op -> op.requestedBy().id()).orElse(""),
                entry
                    .heldSince()
                    .map(since -> "since " + zones.time(since, reader))
                    .orElse("waits, place " + place)));
        place += entry.isHeld() ? 0 : 1;
      }
    });
    List<Button> buttons =
        byName.values().stream()
            .filter(entries -> entries.stream().anyMatch(entry -> !entry.isHeld()))
            .flatMap(List::stream)
            .filter(Locks.Entry::isHeld)
            .map(Locks.Entry::operation)
            .distinct()
            .sorted()
            .map(id -> Button.plain("Take from " + id, "lock steal op " + id))
            .toList();
    return new Card(
        "answer",
        Card.Tone.NEUTRAL,
        byName.isEmpty()
            ? "Nothing is locked"
            : byName.size() == 1 ? "1 lock" : "%d locks".formatted(byName.size()),
        rows.isEmpty()
            ? List.of()
            : List.of(new Card.Table(List.of("Lock", "Operation", "By", "State"), rows)),
        buttons,
        Map.of(
            "locks",
            byName.values().stream()
                .flatMap(List::stream)
                .map(entry ->
                    Map.of(
                        "lock",
                        entry.key().name(),
                        "operation",
                        entry.operation(),
                        "held",
                        entry.isHeld()))
                .toList()));
  }

  /// What an operation that may begin waits for, before the engine has come to it; empty when
  /// nothing is in its way.
  Optional<String> queue(Operation queued, Person reader) {
    Optional<Journal.Hold> hold = journal.hold();
    if (hold.isPresent()) {
      return Optional.of(
          "On hold by %s since %s: %s. It begins when `hold off` is said."
              .formatted(
                  hold.get().by(), zones.time(hold.get().since(), reader), hold.get().reason()));
    }
    Map<Long, Locks.Entry> before = new LinkedHashMap<>();
    locks.all().stream()
        .filter(entry -> entry.operation() != queued.id())
        .filter(entry -> entry.isHeld() || entry.operation() < queued.id())
        .filter(entry ->
            queued.plan().locks().stream()
                .anyMatch(wanted ->
                    wanted.name().equals(entry.key().name())
                        && (wanted.exclusive() || entry.key().exclusive())))
        .sorted(java.util.Comparator.comparing(entry -> !entry.isHeld()))
        .forEach(entry -> before.putIfAbsent(entry.operation(), entry));
    if (before.isEmpty()) {
      return Optional.empty();
    }
    String who =
        before.values().stream()
            .map(entry ->
                "%s %s by operation %d (%s)%s"
                    .formatted(
                        entry.key().name(),
                        entry.isHeld() ? "is held" : "is wanted before",
                        entry.operation(),
                        entry.title(),
                        entry
                            .heldSince()
                            .map(since -> " since " + zones.time(since, reader))
                            .orElse("")))
            .collect(Collectors.joining("; "));
    return Optional.of("It waits, place %d in the queue: %s.".formatted(before.size(), who));
  }
}
