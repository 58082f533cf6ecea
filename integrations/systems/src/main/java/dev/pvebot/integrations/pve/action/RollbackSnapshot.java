package dev.pvebot.integrations.pve.action;

import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.fleet.GuestDetail;
import dev.pvebot.commands.Risk;
import dev.pvebot.integrations.pve.api.PveCall;
import dev.pvebot.integrations.pve.fleet.GuestState;
import dev.pvebot.integrations.pve.task.TaskRow;
import dev.pvebot.runbooks.action.Effect;
import dev.pvebot.runbooks.action.Intent;
import dev.pvebot.runbooks.action.Observation;
import dev.pvebot.runbooks.action.Planning;
import dev.pvebot.runbooks.action.Preview;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// `pve.snapshot.rollback`: puts a VM back to a snapshot; what it wrote since is lost, and it stops
/// if it runs.
///
/// A VM does not show that it went back: its parent is that snapshot before and after. So the task
/// is the proof, found again by comparing the VM's tasks with those before the call.
final class RollbackSnapshot extends GuestAction<RollbackSnapshot.Inputs, RollbackSnapshot.Output> {

  /// @param start run it afterwards
  public record Inputs(Vmid vm, String name, Optional<Boolean> start) {}

  public record Output() {}

  RollbackSnapshot(Reach reach) {
    super(
        reach,
        "pve.snapshot.rollback",
        Inputs.class,
        Output.class,
        traits(
            Risk.DESTRUCTIVE,
            Duration.ofMinutes(30),
            Duration.ofSeconds(60),
            onVms("VM.Snapshot.Rollback|VM.Snapshot"),
            onVms("VM.PowerMgmt")));
  }

  @Override
  Vmid vm(Inputs inputs) {
    return inputs.vm();
  }

  @Override
  String act(Inputs inputs) {
    return "rolling back to snapshot %s".formatted(inputs.name());
  }

  @Override
  public Preview<Inputs> preview(Inputs inputs, Planning planning) throws InterruptedException {
    Fleet.Guest guest = planned(inputs, planning);
    refuseTemplate(guest, "rolling back");
    refuseLocked(guest);
    Optional<GuestDetail> detail = planning.detail(inputs.vm());
    Snapshots.refuseMissing(guest, detail, inputs.name());
    boolean starts = inputs.start().orElse(false);
    return preview(
        inputs,
        Effect.Kind.DESTROY,
        guest,
        "what %s wrote since snapshot %s%s%s"
            .formatted(
                Words.onNode(guest),
                inputs.name(),
                guest.isRunning() ? "; it is stopped for it" : "",
                starts ? " and started afterwards" : ""),
        detail,
        Projected.with(
            planning.fleet(),
            Projected.power(guest, starts ? Fleet.Power.RUNNING : Fleet.Power.STOPPED)),
        Duration.ofSeconds(30));
  }

  @Override
  PveCall call(Inputs inputs, Intent intent, GuestState now) {
    return PveCall.post(
            "rolling VM %s on %s back to snapshot %s"
                .formatted(now.vmid(), now.node(), inputs.name()),
            "nodes",
            now.node(),
            "qemu",
            now.vmid(),
            "snapshot",
            inputs.name(),
            "rollback")
        .with("start", inputs.start());
  }

  @Override
  Observation<Output> look(Inputs inputs, Intent intent, Optional<GuestState> now)
      throws InterruptedException {
    if (now.isEmpty()) {
      return notListed(inputs);
    }
    List<TaskRow> own = ownTasks.since(intent, inputs.vm(), "qmrollback");
    if (own.isEmpty()) {
      return new Observation.NotDone<>("no rollback of ours has begun");
    }
    TaskRow newest = own.getFirst();
    if (newest.isRunning()) {
      return new Observation.Running<>(newest.upid());
    }
    if (newest.exitStatus().filter("unexpected status"::equals).isPresent()) {
      return new Observation.Unknown<>(
          "the rollback's task was killed (%s); the disks may be anywhere between"
              .formatted(newest.upid()));
    }
    if (!newest.isGood()) {
      return new Observation.NotDone<>(
          "the rollback ended with '%s'".formatted(newest.exitStatus().orElse("")));
    }
    boolean back =
        now.get().get("parent").filter(inputs.name()::equals).isPresent()
            && now.get().lock().isEmpty();
    boolean runs = now.get().running() || !inputs.start().orElse(false);
    return back && runs
        ? new Observation.Done<>(new Output())
        : new Observation.Unknown<>(
            back
                ? "it went back and does not run yet"
                : "the rollback said OK, and the VM does not show snapshot %s as its parent"
                    .formatted(inputs.name()));
  }
}
