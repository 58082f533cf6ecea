package dev.pvebot.integrations.pve.action;

import dev.pvebot.clusters.Upid;
import dev.pvebot.commands.Risk;
import dev.pvebot.integrations.pve.action.GuestAction.Readable;
import dev.pvebot.integrations.pve.api.PveCall;
import dev.pvebot.integrations.pve.task.TaskRow;
import dev.pvebot.runbooks.action.ActionFailure;
import dev.pvebot.runbooks.action.Effect;
import dev.pvebot.runbooks.action.Intent;
import dev.pvebot.runbooks.action.Observation;
import dev.pvebot.runbooks.action.Planning;
import dev.pvebot.runbooks.action.Preview;
import dev.pvebot.runbooks.action.RunContext;
import dev.pvebot.runbooks.action.Started;
import dev.pvebot.runbooks.action.Traits;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `pve.task.stop`: ends a running task of Proxmox VE. What it had half done is left to PVE to
/// undo, and a lock may remain. Tasks of others need Sys.Modify on their node, which the least role
/// does not have.
final class StopTask extends PveAction<StopTask.Inputs, StopTask.Output> {

  /// @param upid of the task
  public record Inputs(String upid) {}

  /// @param status with which it ended
  public record Output(String status) {}

  StopTask(Reach reach) {
    super(
        reach,
        "pve.task.stop",
        Inputs.class,
        Output.class,
        new Traits(
            Risk.DISRUPTIVE,
            List.of(new Traits.Privilege("Sys.Audit", "/nodes/{node}")),
            Duration.ofMinutes(2),
            Duration.ofSeconds(20)));
  }

  private static Upid upid(Inputs inputs) {
    if (!Upid.isUpid(inputs.upid())) {
      throw ActionFailure.refused(
          "'%s' is no task of Proxmox VE".formatted(inputs.upid()),
          "`task list` shows tasks with their UPIDs; give the whole of one");
    }
    return new Upid(inputs.upid());
  }

  private TaskRow task(Inputs inputs) throws InterruptedException {
    return Readable.read(() -> reach.tasks().status(upid(inputs)))
        .orElseThrow(() ->
            ActionFailure.refused(
                "node %s knows no task %s".formatted(upid(inputs).node(), inputs.upid()),
                "`task list` shows what runs"));
  }

  @Override
  public Preview<Inputs> preview(Inputs inputs, Planning planning) throws InterruptedException {
    Upid upid = upid(inputs);
    TaskRow task = task(inputs);
    String words =
        "task %s%s on %s, started by %s"
            .formatted(
                upid.type(), upid.id().map(id -> " of " + id).orElse(""), upid.node(), upid.user());
    String text =
        task.exitStatus()
            .map(status -> "%s has ended with '%s'".formatted(words, status))
            .orElse(words + ", is stopped");
    return new Preview<>(
        inputs,
        List.of(
            new Effect(
                task.isRunning() ? Effect.Kind.CHANGE : Effect.Kind.KEEP,
                new Effect.Subject.Elsewhere("task " + inputs.upid()),
                text)),
        List.of(),
        planning.fleet(),
        Duration.ofSeconds(5));
  }

  @Override
  public Map<String, String> prepare(Inputs inputs, RunContext context) {
    return Map.of();
  }

  @Override
  public Started run(Inputs inputs, Intent intent, RunContext context) throws InterruptedException {
    Upid upid = upid(inputs);
    PveCall call =
        PveCall.delete(
            "stopping task %s on %s".formatted(upid.type(), upid.node()),
            "nodes",
            upid.node(),
            "tasks",
            upid);
    context.beforeCall();
    Readable.read(() -> reach.caller().call(call));
    return new Started.Immediately();
  }

  @Override
  public Observation<Output> observe(Inputs inputs, Intent intent) throws InterruptedException {
    Optional<TaskRow> task = Readable.read(() -> reach.tasks().status(upid(inputs)));
    return task.map(TaskRow::exitStatus)
        .<Observation<Output>>map(status ->
            status
                .<Observation<Output>>map(text -> new Observation.Done<>(new Output(text)))
                .orElseGet(() -> new Observation.NotDone<>("it runs")))
        .orElseGet(() -> new Observation.Unknown<>("its node does not know it any more"));
  }
}
