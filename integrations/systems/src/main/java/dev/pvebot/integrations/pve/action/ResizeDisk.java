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
import java.util.Map;
import java.util.Optional;

/// `pve.vm.resize`: makes a disk larger. A wish like `+50G` becomes the absolute size in the
/// preview, so doing it twice grows the disk once.
final class ResizeDisk extends GuestAction<ResizeDisk.Inputs, ResizeDisk.Output> {

  /// @param disk the configuration's key, `scsi0`; by default the disk that the VM boots from
  /// @param size `150G`, or `+50G` for so much more; K, M, G and T are powers of 1024
  public record Inputs(Vmid vm, Optional<String> disk, String size) {}

  public record Output(long sizeBytes) {}

  ResizeDisk(Reach reach) {
    super(
        reach,
        "pve.vm.resize",
        Inputs.class,
        Output.class,
        traits(
            Risk.CHANGE,
            Duration.ofMinutes(10),
            Duration.ofSeconds(20),
            onVms("VM.Config.Disk"),
            new Traits.Privilege("Datastore.AllocateSpace", "/storage/{storage}")));
  }

  @Override
  Vmid vm(Inputs inputs) {
    return inputs.vm();
  }

  @Override
  String act(Inputs inputs) {
    return "resizing a disk of";
  }

  @Override
  public Preview<Inputs> preview(Inputs inputs, Planning planning) throws InterruptedException {
    Fleet.Guest guest = planned(inputs, planning);
    refuseLocked(guest);
    refuseTemplate(guest, "resizing");
    Optional<GuestDetail> detail = planning.detail(inputs.vm());
    Optional<GuestDetail.Disk> disk = Optional.empty();
    if (detail.isPresent()) {
      disk =
          Optional.of(
              find(inputs.disk(), detail.get().config())
                  .orElseThrow(() ->
                      ActionFailure.refused(
                          "%s has no disk %s"
                              .formatted(Words.named(guest), inputs.disk().orElse("to boot from")),
                          "it has %s"
                              .formatted(
                                  detail.get().disks().stream()
                                      .map(GuestDetail.Disk::key)
                                      .toList()))));
    }
    boolean bootDisk =
        detail.isEmpty()
            || inputs.disk().isEmpty()
            || detail
                .flatMap(d -> ConfigWords.bootDisk(d.config()))
                .map(GuestDetail.Disk::key)
                .equals(inputs.disk());
    // An earlier step of this plan may have grown it: the projection knows.
    long now =
        Math.max(
            disk.map(GuestDetail.Disk::sizeBytes).orElse(0L),
            bootDisk || disk.isEmpty() ? guest.diskBytes() : 0);
    long wanted = wanted(inputs.size(), now, guest);
    if (wanted < now) {
      throw ActionFailure.refused(
          "%s of %s is %s; shrinking it to %s would lose data, and PVE does not do it"
              .formatted(
                  disk.map(GuestDetail.Disk::key).orElse("the disk"),
                  Words.named(guest),
                  Words.size(now),
                  Words.size(wanted)),
          "give a larger size, or restore onto a smaller disk");
    }
    Optional<String> key =
        inputs.disk().isPresent() ? inputs.disk() : disk.map(GuestDetail.Disk::key);
    String what = "disk %s of %s".formatted(key.orElse("(boot)"), Words.named(guest));
    return preview(
        new Inputs(inputs.vm(), key, ConfigWords.size(wanted)),
        wanted == now ? Effect.Kind.KEEP : Effect.Kind.CHANGE,
        guest,
        wanted == now
            ? "%s has %s already".formatted(what, Words.size(now))
            : "%s: %s%s"
                .formatted(what, now > 0 ? Words.size(now) + " -> " : "", Words.size(wanted)),
        detail,
        Projected.with(planning.fleet(), bootDisk ? Projected.disk(guest, wanted) : guest),
        Duration.ofSeconds(5));
  }

  private static long wanted(String size, long now, Fleet.Guest guest) {
    boolean relative = size.startsWith("+");
    long bytes =
        ConfigWords.bytes(relative ? size.substring(1) : size)
            .filter(amount -> amount > 0)
            .orElseThrow(() ->
                ActionFailure.refused(
                    "'%s' is no size".formatted(size), "write 150G, or +50G for so much more"));
    if (relative && now == 0) {
      throw ActionFailure.refused(
          "the disk of %s has no known size to add %s to".formatted(Words.named(guest), size),
          "give the size it shall have");
    }
    return relative ? now + bytes : bytes;
  }

  private static Optional<GuestDetail.Disk> find(Optional<String> key, Map<String, String> config) {
    return key.isEmpty()
        ? ConfigWords.bootDisk(config)
        : ConfigWords.disks(config).stream()
            .filter(disk -> disk.key().equals(key.get()))
            .findFirst();
  }

  private static GuestDetail.Disk disk(Inputs inputs, GuestState now) {
    return find(inputs.disk(), now.config())
        .orElseThrow(() ->
            ActionFailure.refused(
                "resizing a disk of VM %s on %s: it has no disk %s"
                    .formatted(now.vmid(), now.node(), inputs.disk().orElse("to boot from")),
                "it has %s; plan again"
                    .formatted(
                        ConfigWords.disks(now.config()).stream()
                            .map(GuestDetail.Disk::key)
                            .toList())));
  }

  private static long bytes(Inputs inputs) {
    return ConfigWords.bytes(inputs.size())
        .orElseThrow(() ->
            ActionFailure.refused(
                "'%s' is no absolute size".formatted(inputs.size()), "plan again"));
  }

  @Override
  PveCall call(Inputs inputs, Intent intent, GuestState now) {
    return PveCall.put(
            "resizing %s of VM %s on %s to %s"
                .formatted(disk(inputs, now).key(), now.vmid(), now.node(), inputs.size()),
            "nodes",
            now.node(),
            "qemu",
            now.vmid(),
            "resize")
        .with("disk", disk(inputs, now).key())
        .with("size", ConfigWords.size(bytes(inputs)))
        .with("digest", now.digest());
  }

  @Override
  Observation<Output> look(Inputs inputs, Intent intent, Optional<GuestState> now)
      throws InterruptedException {
    if (now.isEmpty()) {
      return notListed(inputs);
    }
    GuestDetail.Disk disk = disk(inputs, now.get());
    long wanted = bytes(inputs);
    if (disk.sizeBytes() == wanted) {
      return new Observation.Done<>(new Output(wanted));
    }
    if (disk.sizeBytes() > wanted) {
      return new Observation.Foreign<>(
          "%s of VM %s has %s, more than the %s that were planned"
              .formatted(
                  disk.key(), inputs.vm(), Words.size(disk.sizeBytes()), Words.size(wanted)));
    }
    return notYet(
        inputs, intent, "%s has %s".formatted(disk.key(), Words.size(disk.sizeBytes())), "resize");
  }
}
