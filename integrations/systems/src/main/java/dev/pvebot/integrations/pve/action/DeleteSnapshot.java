package dev.pvebot.integrations.pve.action;

import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.fleet.GuestDetail;
import dev.pvebot.commands.Risk;
import dev.pvebot.integrations.pve.api.PveCall;
import dev.pvebot.integrations.pve.fleet.GuestReader;
import dev.pvebot.integrations.pve.fleet.GuestState;
import dev.pvebot.runbooks.action.ActionFailure;
import dev.pvebot.runbooks.action.Effect;
import dev.pvebot.runbooks.action.Intent;
import dev.pvebot.runbooks.action.Observation;
import dev.pvebot.runbooks.action.Planning;
import dev.pvebot.runbooks.action.Preview;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// `pve.snapshot.delete`: removes the way back to a snapshot. What it names must still be the
/// snapshot that was journaled, by the time it was taken.
final class DeleteSnapshot extends GuestAction<DeleteSnapshot.Inputs, DeleteSnapshot.Output> {
  private static final String TAKEN_AT = "taken_at";

  public record Inputs(Vmid vm, String name) {}

  public record Output() {}

  DeleteSnapshot(Reach reach) {
    super(
        reach,
        "pve.snapshot.delete",
        Inputs.class,
        Output.class,
        traits(
            Risk.DESTRUCTIVE,
            Duration.ofMinutes(30),
            Duration.ofSeconds(20),
            onVms("VM.Snapshot")));
  }

  @Override
  Vmid vm(Inputs inputs) {
    return inputs.vm();
  }

  @Override
  String act(Inputs inputs) {
    return "deleting snapshot %s of".formatted(inputs.name());
  }

  @Override
  public Preview<Inputs> preview(Inputs inputs, Planning planning) throws InterruptedException {
    Fleet.Guest guest = planned(inputs, planning);
    refuseLocked(guest);
    Optional<GuestDetail> detail = planning.detail(inputs.vm());
    Snapshots.refuseMissing(guest, detail, inputs.name());
    return preview(
        inputs,
        Effect.Kind.DESTROY,
        guest,
        "snapshot %s of %s".formatted(inputs.name(), Words.onNode(guest)),
        detail,
        planning.fleet(),
        Duration.ofSeconds(20));
  }

  private Optional<GuestReader.Snapshot> find(Inputs inputs) throws InterruptedException {
    return reach.guests().snapshots(inputs.vm()).stream()
        .filter(each -> each.name().equals(inputs.name()))
        .findFirst();
  }

  @Override
  Map<String, String> facts(Inputs inputs, GuestState now) throws InterruptedException {
    return find(inputs)
        .map(found -> Map.of(TAKEN_AT, String.valueOf(found.takenAt())))
        .orElseGet(() -> Map.of(ABSENT, "1"));
  }

  @Override
  PveCall call(Inputs inputs, Intent intent, GuestState now) throws InterruptedException {
    Optional<String> planned = Optional.ofNullable(intent.facts().get(TAKEN_AT));
    Optional<String> found = find(inputs).map(snapshot -> String.valueOf(snapshot.takenAt()));
    if (!planned.equals(found)) {
      throw ActionFailure.refused(
          "deleting snapshot %s of VM %s on %s: it is another one than was planned"
              .formatted(inputs.name(), now.vmid(), now.node()),
          "somebody made it anew meanwhile; plan again");
    }
    return PveCall.delete(
        "deleting snapshot %s of VM %s on %s".formatted(inputs.name(), now.vmid(), now.node()),
        "nodes",
        now.node(),
        "qemu",
        now.vmid(),
        "snapshot",
        inputs.name());
  }

  @Override
  Observation<Output> look(Inputs inputs, Intent intent, Optional<GuestState> now)
      throws InterruptedException {
    if (now.isEmpty()) {
      return notListed(inputs);
    }
    return find(inputs).isEmpty()
        ? new Observation.Done<>(new Output())
        : notYet(
            inputs, intent, "snapshot %s is still there".formatted(inputs.name()), "qmdelsnapshot");
  }
}
