package dev.pvebot.integrations.lab.talos;

import dev.pvebot.integrations.lab.talos.proto.common.Error;
import dev.pvebot.integrations.lab.talos.proto.machine.PhaseEvent;
import dev.pvebot.integrations.lab.talos.proto.machine.SequenceEvent;
import dev.pvebot.integrations.lab.talos.proto.machine.TaskEvent;
import java.time.Duration;
import java.util.List;

/// One of Talos' sequences (boot, reboot, upgrade …) as it runs through its phases, telling each.
/// It ends without a word when the machine stops or boots in between.
final class Sequence {
  /// A task has failed; the sequence ends with this text.
  static final class Failed extends RuntimeException {
    private static final long serialVersionUID = 1;

    Failed(String message) {
      super(message);
    }
  }

  /// @param act what is true at the end of the phase
  record Phase(String name, String task, Duration time, Runnable act) {
    static Phase of(String name, String task, Duration time) {
      return new Phase(name, task, time, () -> {});
    }

    static Phase of(String name, String task) {
      return of(name, task, Duration.ZERO);
    }
  }

  private final TalosMachine machine;
  private final String name;
  private final String actor;
  private final List<Phase> phases;
  private final Runnable end;
  private final java.util.function.Consumer<Failed> failure;

  private Sequence(
      TalosMachine machine,
      String name,
      String actor,
      List<Phase> phases,
      Runnable end,
      java.util.function.Consumer<Failed> failure) {
    this.machine = machine;
    this.name = name;
    this.actor = actor;
    this.phases = List.copyOf(phases);
    this.end = end;
    this.failure = failure;
  }

  static void run(
      TalosMachine machine,
      String name,
      String actor,
      List<Phase> phases,
      Runnable end,
      java.util.function.Consumer<Failed> failure) {
    Sequence sequence = new Sequence(machine, name, actor, phases, end, failure);
    sequence.tell(SequenceEvent.Action.START, Error.getDefaultInstance());
    machine.kernel("[talos] %s sequence: %d phase(s)".formatted(name, phases.size()));
    sequence.step(0);
  }

  private void step(int index) {
    if (index == phases.size()) {
      tell(SequenceEvent.Action.STOP, Error.getDefaultInstance());
      machine.kernel("[talos] %s sequence: done".formatted(name));
      end.run();
      return;
    }
    Phase phase = phases.get(index);
    machine.tell(
        PhaseEvent.newBuilder().setPhase(phase.name()).setAction(PhaseEvent.Action.START).build(),
        actor);
    machine.tell(
        TaskEvent.newBuilder().setTask(phase.task()).setAction(TaskEvent.Action.START).build(),
        actor);
    machine.kernel(
        "[talos] phase %s (%d/%d): 1 tasks(s)".formatted(phase.name(), index + 1, phases.size()));
    if (phase.time().isZero()) {
      finish(index, phase);
    } else {
      long generation = machine.generation();
      machine.after(
          phase.time(),
          () -> {
            if (machine.generation() == generation) {
              finish(index, phase);
            }
          });
    }
  }

  private void finish(int index, Phase phase) {
    long generation = machine.generation();
    try {
      phase.act().run();
    } catch (Failed e) {
      machine.kernel("[talos] %s sequence: failed: %s".formatted(name, e.getMessage()));
      tell(
          SequenceEvent.Action.STOP,
          Error.newBuilder()
              .setMessage("task \"%s\" failed: %s".formatted(phase.task(), e.getMessage()))
              .build());
      failure.accept(e);
      return;
    }
    if (machine.generation() != generation) {
      return;
    }
    machine.tell(
        TaskEvent.newBuilder().setTask(phase.task()).setAction(TaskEvent.Action.STOP).build(),
        actor);
    machine.tell(
        PhaseEvent.newBuilder().setPhase(phase.name()).setAction(PhaseEvent.Action.STOP).build(),
        actor);
    step(index + 1);
  }

  private void tell(SequenceEvent.Action action, Error error) {
    SequenceEvent.Builder event = SequenceEvent.newBuilder().setSequence(name).setAction(action);
    if (!error.getMessage().isEmpty()) {
      event.setError(error);
    }
    machine.tell(event.build(), actor);
  }
}
