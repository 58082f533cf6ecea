package dev.pvebot.bot.answers.history;

import dev.pvebot.clusters.Upid;
import dev.pvebot.runbooks.engine.journal.Journal;
import dev.pvebot.runbooks.operation.Operation;
import dev.pvebot.runbooks.operation.StepRecord;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Which tasks are ours: those whose UPID the journal has.
public final class OurTasks {
  /// More than this many operations are not looked through for one answer.
  private static final int MOST = 200;

  private final Journal journal;

  public OurTasks(Journal journal) {
    this.journal = journal;
  }

  /// Operations that were begun or open after a time, newest first.
  List<Operation> operations(Instant since) {
    return journal.operations(Journal.Filter.all(MOST)).stream()
        .filter(operation -> operation.endedAt().map(end -> !end.isBefore(since)).orElse(true))
        .toList();
  }

  /// The tasks of those operations.
  Map<Upid, Operation> of(List<Operation> operations) {
    Map<Upid, Operation> tasks = new HashMap<>();
    for (Operation operation : operations) {
      for (StepRecord step : journal.steps(operation.id())) {
        step.task().ifPresent(task -> tasks.put(task, operation));
      }
    }
    return tasks;
  }

  /// Knows which operation started a task, as the journal stands now. The clocks of nodes are not
  /// ours, so times are not compared.
  public Function<Upid, Optional<Long>> lookup() {
    Map<Upid, Operation> known = of(journal.operations(Journal.Filter.all(MOST)));
    return task -> Optional.ofNullable(known.get(task)).map(Operation::id);
  }
}
