package dev.pvebot.integrations.pve.action;

import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Backup;
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
import dev.pvebot.runbooks.action.Traits;
import java.time.Duration;
import java.util.Optional;

/// `pve.backup.overwrite`: puts one of its own backups in the place of a stopped VM. What it wrote
/// since, and its snapshots, are gone.
final class OverwriteVm extends GuestAction<OverwriteVm.Inputs, OverwriteVm.Output> {
  private final Keepsakes keepsakes;

  /// @param backup PVE's volume id
  /// @param storage where the disks go; by default where they were
  /// @param uuid smbios uuid of the VM that is meant, pinned by the preview
  public record Inputs(Vmid vm, String backup, Optional<String> storage, Optional<String> uuid) {}

  public record Output() {}

  OverwriteVm(Reach reach) {
    super(
        reach,
        "pve.backup.overwrite",
        Inputs.class,
        Output.class,
        traits(
            Risk.DESTRUCTIVE,
            Duration.ofHours(4),
            Duration.ofSeconds(30),
            onVms("VM.Backup"),
            onVms("VM.Config.Options"),
            new Traits.Privilege("Datastore.AllocateSpace", "/storage/{storage}"),
            new Traits.Privilege("Datastore.Audit", "/storage/{storage}")));
    this.keepsakes = new Keepsakes(reach);
  }

  @Override
  Vmid vm(Inputs inputs) {
    return inputs.vm();
  }

  @Override
  String act(Inputs inputs) {
    return "restoring %s over".formatted(inputs.backup());
  }

  @Override
  public Preview<Inputs> preview(Inputs inputs, Planning planning) throws InterruptedException {
    Fleet.Guest guest = planned(inputs, planning);
    refuseTemplate(guest, "overwriting");
    refuseLocked(guest);
    if (guest.isRunning()) {
      throw ActionFailure.refused(
          "%s runs; only a stopped VM is overwritten".formatted(Words.onNode(guest)),
          "stop it first");
    }
    Backup backup = RestoreBackup.find(keepsakes, inputs.vm(), inputs.backup(), planning.fleet());
    Optional<GuestDetail> detail = planning.detail(inputs.vm());
    if (detail.filter(GuestDetail::protectedByPve).isPresent()) {
      throw ActionFailure.refused(
          "%s has Proxmox VE's protection flag".formatted(Words.onNode(guest)),
          "take the flag off in the VM's options first, if it really is to be overwritten");
    }
    int snapshots = detail.map(found -> found.snapshots().size()).orElse(0);
    return preview(
        new Inputs(
            inputs.vm(),
            inputs.backup(),
            inputs.storage(),
            detail.flatMap(found -> found.identity().uuid())),
        Effect.Kind.DESTROY,
        guest,
        "what %s is now, %s%s; in its place comes backup %s"
            .formatted(
                Words.onNode(guest),
                detail
                    .map(found -> Words.disks(found.disks()))
                    .orElseGet(() -> Words.size(guest.diskBytes())),
                snapshots == 0 ? "" : " and " + Words.count(snapshots, "snapshot"),
                inputs.backup()),
        detail,
        planning.fleet(),
        Duration.ofSeconds(10 + backup.sizeBytes() / (100L << 20)));
  }

  @Override
  PveCall call(Inputs inputs, Intent intent, GuestState now) {
    if (inputs.uuid().isPresent() && !inputs.uuid().equals(now.identity().uuid())) {
      throw ActionFailure.refused(
          "%s: it is another VM than was planned".formatted(words(inputs, now)),
          "somebody gave its VMID to another VM; plan again");
    }
    if (now.running()) {
      throw ActionFailure.refused(
          "%s: it runs".formatted(words(inputs, now)),
          "find out who started it; stop it, then retry");
    }
    return PveCall.post(words(inputs, now), "nodes", now.node(), "qemu")
        .with("vmid", inputs.vm())
        .with("archive", inputs.backup())
        .with("force", true)
        .with("unique", false)
        .with("storage", inputs.storage())
        .with(
            "description",
            "restored from %s\n%s".formatted(inputs.backup(), intent.mark(inputs.vm())));
  }

  @Override
  Observation<Output> look(Inputs inputs, Intent intent, Optional<GuestState> now)
      throws InterruptedException {
    if (now.isEmpty()) {
      return notListed(inputs);
    }
    boolean ours = Marks.has(now.get().get("description").orElse(""), intent.mark(inputs.vm()));
    boolean busy = now.get().lock().filter("create"::equals).isPresent();
    if (ours && !busy) {
      return new Observation.Done<>(new Output());
    }
    Observation<Output> own = notYet(inputs, intent, "it is not restored", "qmrestore");
    return busy && own instanceof Observation.NotDone<Output>
        ? new Observation.Unknown<>(
            "VM %s on %s is half restored (lock create) and no task of ours works on it"
                .formatted(inputs.vm(), now.get().node()))
        : own;
  }
}
