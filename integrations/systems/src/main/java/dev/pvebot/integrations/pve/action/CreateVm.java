package dev.pvebot.integrations.pve.action;

import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.commands.Risk;
import dev.pvebot.integrations.pve.api.PveCall;
import dev.pvebot.runbooks.action.ActionFailure;
import dev.pvebot.runbooks.action.Effect;
import dev.pvebot.runbooks.action.Intent;
import dev.pvebot.runbooks.action.Planning;
import dev.pvebot.runbooks.action.Preview;
import dev.pvebot.runbooks.action.Traits;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// `pve.vm.create`: a VM from scratch, with UEFI, one disk and one network card. The disk is empty,
/// or a copy of an image that a storage has.
final class CreateVm extends NewVm<CreateVm.Inputs> {

  /// @param storage where its disks go
  /// @param memory MiB
  /// @param disk size of an empty disk in GiB; without `image`
  /// @param image volume id of a disk image, which becomes the disk
  /// @param iso volume id of an ISO image for its CD-ROM drive
  /// @param cloudinit whether it gets a cloud-init drive, on scsi1: UEFI sees one on IDE too late
  public record Inputs(
      Vmid vm,
      String name,
      NodeName node,
      String storage,
      int cores,
      int memory,
      String bridge,
      List<String> tags,
      Optional<Integer> disk,
      Optional<String> image,
      Optional<String> iso,
      Optional<Boolean> cloudinit) {
    public Inputs {
      tags = List.copyOf(tags);
    }
  }

  CreateVm(Reach reach) {
    super(
        reach,
        "pve.vm.create",
        "qmcreate",
        Inputs.class,
        GuestAction.traits(
            Risk.CHANGE,
            Duration.ofHours(1),
            Duration.ofSeconds(30),
            GuestAction.onVms("VM.Allocate"),
            GuestAction.onVms("VM.Config.CPU"),
            GuestAction.onVms("VM.Config.Memory"),
            GuestAction.onVms("VM.Config.Disk"),
            GuestAction.onVms("VM.Config.CDROM"),
            GuestAction.onVms("VM.Config.Cloudinit"),
            GuestAction.onVms("VM.Config.Network"),
            GuestAction.onVms("VM.Config.HWType"),
            GuestAction.onVms("VM.Config.Options"),
            new Traits.Privilege("Datastore.AllocateSpace", "/storage/{storage}"),
            new Traits.Privilege("Datastore.Audit", "/storage/{storage}"),
            new Traits.Privilege("SDN.Use", "/sdn")));
  }

  @Override
  Vmid vm(Inputs inputs) {
    return inputs.vm();
  }

  @Override
  NodeName node(Inputs inputs) {
    return inputs.node();
  }

  @Override
  public Preview<Inputs> preview(Inputs inputs, Planning planning) {
    Fleet fleet = planning.fleet();
    refuseTaken(inputs.vm(), fleet);
    CloneVm.refuseUnfitName(inputs.name());
    Volumes.choose(fleet, Optional.of(inputs.storage()), Optional.of(inputs.node()), "images");
    if (inputs.disk().isPresent() && inputs.image().isPresent()) {
      throw ActionFailure.refused(
          "a new VM has either an empty disk or one from an image",
          "give a size or an image, not both");
    }
    Fleet.Guest made =
        new Fleet.Guest(
            inputs.vm(),
            Fleet.Kind.VM,
            inputs.name(),
            inputs.node(),
            Fleet.Power.STOPPED,
            false,
            Set.copyOf(inputs.tags()),
            inputs.cores(),
            (long) inputs.memory() << 20,
            0,
            inputs.disk().map(gib -> (long) gib << 30).orElse(0L),
            0,
            Optional.empty(),
            Optional.empty());
    String text =
        "%s, %s, %s, %s on %s%s"
            .formatted(
                Words.onNode(made),
                Words.count(made.cores(), "core"),
                Words.size(made.memoryBytes()),
                inputs.disk().map(gib -> gib + " GiB").orElse("a disk from an image"),
                inputs.storage(),
                inputs.iso().map(iso -> ", boots from " + iso).orElse(""));
    return new Preview<>(
        inputs,
        List.of(
            new Effect(
                Effect.Kind.CREATE, new Effect.Subject.Guest(made.vmid(), made.node()), text)),
        List.of(),
        Projected.with(fleet, made),
        Duration.ofSeconds(30));
  }

  @Override
  PveCall call(Inputs inputs, Intent intent) {
    String disk =
        inputs
            .image()
            .map(image -> "%s:0,import-from=%s".formatted(inputs.storage(), image))
            .or(() -> inputs.disk().map(gib -> "%s:%d".formatted(inputs.storage(), gib)))
            .orElseThrow(() ->
                ActionFailure.refused(
                    "creating VM %s: neither a size nor an image for its disk is known"
                        .formatted(inputs.vm()),
                    "give one of them"));
    PveCall call =
        PveCall.post(
                "creating VM %s on %s".formatted(inputs.vm(), inputs.node()),
                "nodes",
                inputs.node(),
                "qemu")
            .with("vmid", inputs.vm())
            .with("name", inputs.name())
            .with("description", intent.mark(inputs.vm()))
            .with("cores", inputs.cores())
            .with("memory", inputs.memory())
            .with("cpu", "host")
            .with("bios", "ovmf")
            .with("machine", "q35")
            .with("ostype", "l26")
            .with("agent", "1")
            .with("scsihw", "virtio-scsi-single")
            .with("net0", "virtio,bridge=" + inputs.bridge())
            .with("efidisk0", inputs.storage() + ":0,efitype=4m,pre-enrolled-keys=0")
            .with("scsi0", disk + ",discard=on,iothread=1,ssd=1");
    if (!inputs.tags().isEmpty()) {
      call = call.with("tags", String.join(";", inputs.tags()));
    }
    if (inputs.cloudinit().orElse(false)) {
      call = call.with("scsi1", inputs.storage() + ":cloudinit");
    }
    if (inputs.iso().isPresent()) {
      call = call.with("ide2", inputs.iso().get() + ",media=cdrom");
    }
    return call.with("boot", inputs.iso().isPresent() ? "order=scsi0;ide2" : "order=scsi0");
  }
}
