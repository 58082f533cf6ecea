package dev.pvebot.integrations.pve.action;

import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.fleet.GuestDetail;
import dev.pvebot.commands.Risk;
import dev.pvebot.integrations.pve.api.PveCall;
import dev.pvebot.integrations.pve.fleet.GuestState;
import dev.pvebot.runbooks.action.ActionFailure;
import dev.pvebot.runbooks.action.Effect;
import dev.pvebot.runbooks.action.Intent;
import dev.pvebot.runbooks.action.Observation;
import dev.pvebot.runbooks.action.Planning;
import dev.pvebot.runbooks.action.Preview;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// `pve.disk.delete`: destroys an unused disk of a VM. A disk in use has to be detached in Proxmox
/// VE first: that is a decision of its own.
final class DeleteDisk extends GuestAction<DeleteDisk.Inputs, DeleteDisk.Output> {

  /// @param disk `unused0`
  /// @param volume PVE's volume id of the disk that is meant, pinned by the preview
  public record Inputs(Vmid vm, String disk, Optional<String> volume) {}

  public record Output() {}

  DeleteDisk(Reach reach) {
    super(
        reach,
        "pve.disk.delete",
        Inputs.class,
        Output.class,
        traits(
            Risk.DESTRUCTIVE,
            Duration.ofMinutes(10),
            Duration.ofSeconds(20),
            onVms("VM.Config.Disk")));
  }

  @Override
  Vmid vm(Inputs inputs) {
    return inputs.vm();
  }

  @Override
  String act(Inputs inputs) {
    return "deleting disk %s of".formatted(inputs.disk());
  }

  @Override
  public Preview<Inputs> preview(Inputs inputs, Planning planning) throws InterruptedException {
    Fleet.Guest guest = planned(inputs, planning);
    refuseLocked(guest);
    Optional<GuestDetail> detail = planning.detail(inputs.vm());
    List<GuestDetail.Disk> unused =
        detail.map(GuestDetail::disks).orElse(List.of()).stream()
            .filter(disk -> disk.key().startsWith("unused"))
            .toList();
    if (!inputs.disk().matches("unused\\d+")) {
      throw ActionFailure.refused(
          "%s of %s may be in use; only an unused disk is deleted"
              .formatted(inputs.disk(), Words.named(guest)),
          "detach it in Proxmox VE first; then it is called unused and a number");
    }
    GuestDetail.Disk disk =
        unused.stream()
            .filter(each -> each.key().equals(inputs.disk()))
            .findFirst()
            .orElseThrow(() ->
                ActionFailure.refused(
                    "%s has no disk %s".formatted(Words.named(guest), inputs.disk()),
                    unused.isEmpty()
                        ? "it has no unused disk"
                        : "unused are "
                            + String.join(
                                ", ", unused.stream().map(GuestDetail.Disk::key).toList())));
    return preview(
        new Inputs(inputs.vm(), inputs.disk(), Optional.of(disk.volume())),
        Effect.Kind.DESTROY,
        guest,
        "disk %s of %s (%s)".formatted(inputs.disk(), Words.onNode(guest), disk.volume()),
        detail,
        planning.fleet(),
        Duration.ofSeconds(2));
  }

  private static boolean isThere(Inputs inputs, GuestState now) {
    return now.get(inputs.disk())
        .filter(line -> line.split(",", 2)[0].equals(inputs.volume().orElse("")))
        .isPresent();
  }

  @Override
  PveCall call(Inputs inputs, Intent intent, GuestState now) {
    if (!isThere(inputs, now)) {
      throw ActionFailure.refused(
          "%s: it is another disk than was planned".formatted(words(inputs, now)),
          "somebody changed the VM's disks meanwhile; plan again");
    }
    return PveCall.put(words(inputs, now), path(now, "config"))
        .with("delete", inputs.disk())
        .with("digest", now.digest());
  }

  @Override
  Observation<Output> look(Inputs inputs, Intent intent, Optional<GuestState> now) {
    if (now.isEmpty()) {
      return notListed(inputs);
    }
    return isThere(inputs, now.get())
        ? new Observation.NotDone<>("%s is still there".formatted(inputs.disk()))
        : new Observation.Done<>(new Output());
  }
}
