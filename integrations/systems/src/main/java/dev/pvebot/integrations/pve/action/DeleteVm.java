package dev.pvebot.integrations.pve.action;

import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.fleet.GuestDetail;
import dev.pvebot.commands.Risk;
import dev.pvebot.integrations.pve.api.PveCall;
import dev.pvebot.integrations.pve.fleet.GuestState;
import dev.pvebot.integrations.pve.fleet.VmidAbsence;
import dev.pvebot.runbooks.action.ActionFailure;
import dev.pvebot.runbooks.action.Effect;
import dev.pvebot.runbooks.action.Intent;
import dev.pvebot.runbooks.action.Observation;
import dev.pvebot.runbooks.action.Planning;
import dev.pvebot.runbooks.action.Preview;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// `pve.vm.delete`: destroys a stopped VM with its disks, snapshots, and its places in backup,
/// replication and HA jobs. Its identity is read again right before; it is done when the VMID is
/// free on every node.
final class DeleteVm extends GuestAction<DeleteVm.Inputs, DeleteVm.Output> {
  private static final String PROTECTED = "protected";

  /// @param uuid smbios uuid of the VM that is meant, pinned by the preview
  public record Inputs(Vmid vm, Optional<String> uuid) {}

  public record Output() {}

  DeleteVm(Reach reach) {
    super(
        reach,
        "pve.vm.delete",
        Inputs.class,
        Output.class,
        traits(
            Risk.DESTRUCTIVE,
            Duration.ofMinutes(15),
            Duration.ofSeconds(30),
            onVms("VM.Allocate")));
  }

  @Override
  Vmid vm(Inputs inputs) {
    return inputs.vm();
  }

  @Override
  String act(Inputs inputs) {
    return "destroying";
  }

  @Override
  boolean mayBeAbsent() {
    return true;
  }

  @Override
  public Preview<Inputs> preview(Inputs inputs, Planning planning) throws InterruptedException {
    Fleet.Guest guest = planned(inputs, planning);
    refuseLocked(guest);
    Optional<GuestDetail> detail = planning.detail(inputs.vm());
    if (guest.tags().contains(PROTECTED)
        || detail.filter(GuestDetail::protectedByPve).isPresent()) {
      throw protectedVm(Words.onNode(guest), guest.tags().contains(PROTECTED));
    }
    if (guest.isRunning()) {
      throw ActionFailure.refused(
          "%s runs; only a stopped VM is destroyed".formatted(Words.onNode(guest)),
          "stop it first");
    }
    String disks =
        detail
            .map(found -> Words.disks(found.disks()))
            .orElseGet(() -> "its disks, " + Words.size(guest.diskBytes()));
    int snapshots = detail.map(found -> found.snapshots().size()).orElse(0);
    return preview(
        new Inputs(inputs.vm(), detail.flatMap(found -> found.identity().uuid())),
        Effect.Kind.DESTROY,
        guest,
        "%s, %s%s"
            .formatted(
                Words.onNode(guest),
                disks,
                snapshots == 0
                    ? ""
                    : "; %s go with it".formatted(Words.count(snapshots, "snapshot"))),
        detail,
        Projected.without(planning.fleet(), guest.vmid()),
        Duration.ofSeconds(10));
  }

  private static ActionFailure protectedVm(String which, boolean byTag) {
    return ActionFailure.refused(
        "%s is protected (%s)".formatted(which, byTag ? "tag protected" : "PVE's protection flag"),
        byTag
            ? "take the tag off first, if it really is to go: tag remove VMID protected"
            : "take the flag off in the VM's options first, if it really is to go");
  }

  @Override
  Map<String, String> facts(Inputs inputs, GuestState now) {
    refuseUnfit(inputs, now);
    return Map.of();
  }

  private static void refuseUnfit(Inputs inputs, GuestState now) {
    Optional<String> uuid = now.identity().uuid();
    String which = "VM %s %s on %s".formatted(now.vmid(), now.name(), now.node());
    if (inputs.uuid().isPresent() && !inputs.uuid().equals(uuid)) {
      throw ActionFailure.refused(
          "%s is not the VM that the plan was made for (smbios uuid %s, planned %s)"
              .formatted(which, uuid.orElse("none"), inputs.uuid().get()),
          "somebody gave its VMID to another VM; plan again");
    }
    if (now.tags().contains(PROTECTED) || now.get("protection").filter("1"::equals).isPresent()) {
      throw protectedVm(which, now.tags().contains(PROTECTED));
    }
    if (now.running()) {
      throw ActionFailure.refused(
          "destroying %s: it runs".formatted(which),
          "find out who started it; stop it, then retry");
    }
  }

  @Override
  PveCall call(Inputs inputs, Intent intent, GuestState now) {
    refuseUnfit(inputs, now);
    return PveCall.delete(
            "destroying VM %s on %s".formatted(now.vmid(), now.node()),
            "nodes",
            now.node(),
            "qemu",
            now.vmid())
        .with("purge", true)
        .with("destroy-unreferenced-disks", true);
  }

  @Override
  Observation<Output> look(Inputs inputs, Intent intent, Optional<GuestState> now)
      throws InterruptedException {
    if (now.isPresent()) {
      Optional<String> meant =
          inputs.uuid().or(() -> Optional.ofNullable(intent.facts().get(UUID)));
      boolean another =
          meant.isPresent()
              && now.get().identity().uuid().isPresent()
              && !meant.equals(now.get().identity().uuid());
      return another
          ? new Observation.Foreign<>(
              "VMID %s belongs to another VM now: %s on %s"
                  .formatted(inputs.vm(), now.get().name(), now.get().node()))
          : notYet(inputs, intent, "it is still on " + now.get().node(), "qmdestroy");
    }
    return switch (reach.absence().of(inputs.vm())) {
      case VmidAbsence.Verdict.Absent() -> new Observation.Done<>(new Output());
      case VmidAbsence.Verdict.Present(String where) ->
          notYet(
              inputs,
              intent,
              "VMID %s is still taken: %s".formatted(inputs.vm(), where),
              "qmdestroy");
      case VmidAbsence.Verdict.CannotTell(String why) -> new Observation.Unknown<>(why);
    };
  }
}
