package dev.pvebot.integrations.pve.action;

import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.fleet.GuestDetail;
import dev.pvebot.commands.Risk;
import dev.pvebot.integrations.pve.api.PveCall;
import dev.pvebot.integrations.pve.fleet.ConfigWords;
import dev.pvebot.integrations.pve.fleet.GuestState;
import dev.pvebot.runbooks.action.ActionFailure;
import dev.pvebot.runbooks.action.Effect;
import dev.pvebot.runbooks.action.Intent;
import dev.pvebot.runbooks.action.Observation;
import dev.pvebot.runbooks.action.Planning;
import dev.pvebot.runbooks.action.Preview;
import dev.pvebot.runbooks.action.Traits;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// `pve.disk.move`: copies a disk to another storage and lets the VM use the copy. The old one
/// stays as an unused disk, so nothing is lost by it.
final class MoveDisk extends GuestAction<MoveDisk.Inputs, MoveDisk.Output> {

  /// @param disk key of the configuration; by default the disk that the VM boots from
  /// @param storage the target
  public record Inputs(Vmid vm, Optional<String> disk, String storage) {}

  /// @param volume PVE's volume id of the copy
  public record Output(String volume) {}

  MoveDisk(Reach reach) {
    super(
        reach,
        "pve.disk.move",
        Inputs.class,
        Output.class,
        traits(
            Risk.CHANGE,
            Duration.ofHours(4),
            Duration.ofSeconds(30),
            onVms("VM.Config.Disk"),
            new Traits.Privilege("Datastore.AllocateSpace", "/storage/{storage}")));
  }

  @Override
  Vmid vm(Inputs inputs) {
    return inputs.vm();
  }

  @Override
  String act(Inputs inputs) {
    return "moving disk %s to %s for".formatted(inputs.disk().orElse("?"), inputs.storage());
  }

  @Override
  public Preview<Inputs> preview(Inputs inputs, Planning planning) throws InterruptedException {
    Fleet.Guest guest = planned(inputs, planning);
    refuseTemplate(guest, "moving a disk of");
    Optional<GuestDetail> detail = planning.detail(inputs.vm());
    List<GuestDetail.Disk> disks = detail.map(GuestDetail::disks).orElse(List.of());
    Optional<GuestDetail.Disk> disk =
        inputs.disk().isPresent()
            ? disks.stream().filter(each -> each.key().equals(inputs.disk().get())).findFirst()
            : detail.flatMap(found -> ConfigWords.bootDisk(found.config()));
    if (disk.isEmpty()) {
      throw ActionFailure.refused(
          "%s has no disk %s".formatted(Words.named(guest), inputs.disk().orElse("to boot from")),
          disks.isEmpty()
              ? "it has none at all"
              : "it has " + String.join(", ", disks.stream().map(GuestDetail.Disk::key).toList()));
    }
    Inputs pinned = new Inputs(inputs.vm(), Optional.of(disk.get().key()), inputs.storage());
    if (disk.get().storage().equals(inputs.storage())) {
      return preview(
          pinned,
          Effect.Kind.KEEP,
          guest,
          "disk %s of %s is on %s already"
              .formatted(disk.get().key(), Words.named(guest), inputs.storage()),
          detail,
          planning.fleet(),
          Duration.ZERO);
    }
    refuseLocked(guest);
    Fleet.Storage target =
        Volumes.choose(
            planning.fleet(), Optional.of(inputs.storage()), Optional.of(guest.node()), "images");
    if (target.freeBytes() < disk.get().sizeBytes()) {
      throw ActionFailure.refused(
          "%s on %s has %s free; disk %s of %s needs %s"
              .formatted(
                  target.name(),
                  target.node(),
                  Words.size(target.freeBytes()),
                  disk.get().key(),
                  Words.named(guest),
                  Words.size(disk.get().sizeBytes())),
          "choose another storage, or make room");
    }
    return preview(
        pinned,
        Effect.Kind.CHANGE,
        guest,
        "disk %s of %s moves from %s to %s (%s); the old copy stays as an unused disk"
            .formatted(
                disk.get().key(),
                Words.onNode(guest),
                disk.get().storage(),
                inputs.storage(),
                Words.size(disk.get().sizeBytes())),
        detail,
        planning.fleet(),
        Duration.ofSeconds(5 + disk.get().sizeBytes() / (100L << 20)));
  }

  @Override
  PveCall call(Inputs inputs, Intent intent, GuestState now) {
    return PveCall.post(words(inputs, now), path(now, "move_disk"))
        .with("disk", inputs.disk().orElseThrow())
        .with("storage", inputs.storage())
        .with("digest", now.digest());
  }

  @Override
  Observation<Output> look(Inputs inputs, Intent intent, Optional<GuestState> now)
      throws InterruptedException {
    if (now.isEmpty()) {
      return notListed(inputs);
    }
    String volume =
        ConfigWords.parts(now.get().get(inputs.disk().orElseThrow()).orElse(""), "volume")
            .getOrDefault("volume", "");
    return volume.startsWith(inputs.storage() + ":")
        ? new Observation.Done<>(new Output(volume))
        : notYet(inputs, intent, "it is on " + volume.replaceFirst(":.*", ""), "qmmove");
  }
}
