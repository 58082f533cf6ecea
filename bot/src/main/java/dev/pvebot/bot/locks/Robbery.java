package dev.pvebot.bot.locks;

import dev.pvebot.commands.Risk;
import dev.pvebot.commands.chat.Person;
import dev.pvebot.runbooks.action.Action;
import dev.pvebot.runbooks.action.ActionFailure;
import dev.pvebot.runbooks.action.Effect;
import dev.pvebot.runbooks.action.Intent;
import dev.pvebot.runbooks.action.Observation;
import dev.pvebot.runbooks.action.Planning;
import dev.pvebot.runbooks.action.Preview;
import dev.pvebot.runbooks.action.RunContext;
import dev.pvebot.runbooks.action.Started;
import dev.pvebot.runbooks.action.Traits;
import dev.pvebot.runbooks.engine.journal.Journal;
import dev.pvebot.runbooks.engine.journal.Locks;
import dev.pvebot.runbooks.operation.Operation;
import dev.pvebot.runbooks.operation.OperationState;
import dev.pvebot.runbooks.plan.Plan;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// What both steps of a robbery have in common: the operation that holds the locks.
abstract class Robbery implements Action<Robbery.Inputs, Robbery.Output> {
  private final String name;
  private final Duration settle;
  final Journal journal;
  final Locks locks;
  private final Consumer<Operation> tell;

  /// @param operation that holds the locks
  /// @param by the person who wants them taken
  public record Inputs(long operation, String by, String reason) {
    Person person() {
      return new Person(by);
    }
  }

  public record Output() {}

  Robbery(String name, Duration settle, Journal journal, Locks locks, Consumer<Operation> tell) {
    this.name = name;
    this.settle = settle;
    this.journal = journal;
    this.locks = locks;
    this.tell = tell;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Class<Inputs> inputs() {
    return Inputs.class;
  }

  @Override
  public Class<Output> outputs() {
    return Output.class;
  }

  @Override
  public Traits traits() {
    return new Traits(Risk.DISRUPTIVE, List.of(), Duration.ofMinutes(5), settle);
  }

  /// What happens to an operation.
  abstract Effect effect(Operation operation, String held);

  @Override
  public Preview<Inputs> preview(Inputs inputs, Planning planning) {
    Operation holder = holder(inputs.operation());
    return new Preview<>(
        inputs,
        List.of(effect(holder, words(held(holder.id())))),
        List.of(),
        planning.fleet(),
        Duration.ofSeconds(10));
  }

  @Override
  public Map<String, String> prepare(Inputs inputs, RunContext context) {
    return Map.of("locks", words(held(inputs.operation())));
  }

  private Operation holder(long id) {
    Optional<Operation> found = journal.operation(id);
    if (found.isEmpty() || held(id).isEmpty()) {
      throw ActionFailure.refused(
          "operation %d holds no lock".formatted(id), "`lock list` shows who does.");
    }
    return found.get();
  }

  /// Its own people read it in its own thread.
  void tellHolder(long operation) {
    journal.operation(operation).ifPresent(tell);
  }

  List<Plan.LockKey> held(long operation) {
    return locks.all().stream()
        .filter(entry -> entry.operation() == operation && entry.isHeld())
        .map(Locks.Entry::key)
        .sorted()
        .toList();
  }

  static String words(List<Plan.LockKey> keys) {
    return keys.stream()
        .map(key -> key.name() + (key.exclusive() ? "" : " (shared)"))
        .collect(Collectors.joining(", "));
  }

  static Effect effect(Operation operation, String verb, String rest) {
    return new Effect(
        Effect.Kind.CHANGE,
        new Effect.Subject.Elsewhere("operation/" + operation.id()),
        "operation %d (%s, by %s) %s%s"
            .formatted(
                operation.id(), operation.plan().title(), operation.requestedBy(), verb, rest));
  }

  /// Brings the holder to a safe point: what is under way there ends first, and is journaled.
  static final class Pause extends Robbery {
    static final String NAME = "operation.pause";

    Pause(Journal journal, Locks locks, Consumer<Operation> tell) {
      super(NAME, Duration.ofMinutes(2), journal, locks, tell);
    }

    @Override
    Effect effect(Operation operation, String held) {
      return effect(operation, "pauses at its next safe point", "");
    }

    @Override
    public Started run(Inputs inputs, Intent intent, RunContext context) {
      context.beforeCall();
      journal.order(
          inputs.operation(),
          Journal.Order.PAUSE,
          inputs.person(),
          Optional.of(inputs.reason()),
          context.clock().instant());
      tellHolder(inputs.operation());
      return new Started.Immediately();
    }

    @Override
    public Observation<Output> observe(Inputs inputs, Intent intent) {
      Operation holder = journal.operation(inputs.operation()).orElseThrow();
      return holder.state() == OperationState.PAUSED || holder.state().isFinal()
          ? new Observation.Done<>(new Output())
          : new Observation.NotDone<>(
              "operation %d is %s: a call of its is under way"
                  .formatted(holder.id(), holder.state().words()));
    }
  }

  /// Takes the locks.
  static final class Take extends Robbery {
    static final String NAME = "lock.steal";

    Take(Journal journal, Locks locks, Consumer<Operation> tell) {
      super(NAME, Duration.ZERO, journal, locks, tell);
    }

    @Override
    Effect effect(Operation operation, String held) {
      return effect(
          operation, "loses ", held + "; to go on it has to be resumed, and gets them again first");
    }

    @Override
    public Started run(Inputs inputs, Intent intent, RunContext context) {
      context.beforeCall();
      if (locks.steal(
              inputs.operation(), inputs.person(), inputs.reason(), context.clock().instant())
          instanceof Locks.Theft.Refused(String why)) {
        throw ActionFailure.refused(
            "taking the locks: " + why, "`retry` tries again when it is paused.");
      }
      tellHolder(inputs.operation());
      return new Started.Immediately();
    }

    @Override
    public Observation<Output> observe(Inputs inputs, Intent intent) {
      return held(inputs.operation()).isEmpty()
          ? new Observation.Done<>(new Output())
          : new Observation.NotDone<>("operation %d holds its locks".formatted(inputs.operation()));
    }
  }
}
