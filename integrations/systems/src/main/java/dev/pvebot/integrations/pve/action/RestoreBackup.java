package dev.pvebot.integrations.pve.action;

import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Backup;
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
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// `pve.backup.restore`: makes a VM of a backup under a VMID that is free. Under another VMID than
/// the backup's it becomes a machine of its own, with new network addresses and a new uuid; under
/// the backup's own it is the same machine again.
final class RestoreBackup extends NewVm<RestoreBackup.Inputs> {
  private final Keepsakes keepsakes;

  /// @param vm the VMID to make
  /// @param source the VMID whose backup it is
  /// @param backup PVE's volume id
  /// @param storage where the disks go; by default where they were
  /// @param node where it is made; by default the source's, else one with memory to spare
  /// @param name by default the one in the backup
  public record Inputs(
      Vmid vm,
      Vmid source,
      String backup,
      Optional<String> storage,
      Optional<NodeName> node,
      Optional<String> name) {}

  RestoreBackup(Reach reach) {
    super(
        reach,
        "pve.backup.restore",
        "qmrestore",
        Inputs.class,
        GuestAction.traits(
            Risk.CHANGE,
            Duration.ofHours(4),
            Duration.ofSeconds(30),
            GuestAction.onVms("VM.Allocate"),
            GuestAction.onVms("VM.Backup"),
            GuestAction.onVms("VM.Config.Options"),
            new Traits.Privilege("Datastore.AllocateSpace", "/storage/{storage}"),
            new Traits.Privilege("Datastore.Audit", "/storage/{storage}"),
            new Traits.Privilege("SDN.Use", "/sdn")));
    this.keepsakes = new Keepsakes(reach);
  }

  @Override
  Vmid vm(Inputs inputs) {
    return inputs.vm();
  }

  @Override
  NodeName node(Inputs inputs) {
    return inputs.node().orElseThrow();
  }

  @Override
  public Preview<Inputs> preview(Inputs inputs, Planning planning) throws InterruptedException {
    Fleet fleet = planning.fleet();
    refuseTaken(inputs.vm(), fleet);
    Backup backup = find(keepsakes, inputs.source(), inputs.backup(), fleet);
    NodeName node = inputs.node().orElseGet(() -> choose(backup, inputs.source(), fleet));
    if (fleet.storage(backup.storage(), node).filter(Fleet.Storage::active).isEmpty()) {
      throw ActionFailure.refused(
          "node %s does not see storage %s with backup %s"
              .formatted(node, backup.storage(), backup.volid()),
          "choose a node that does, for example " + backup.node());
    }
    if (inputs.storage().isPresent()) {
      Volumes.choose(fleet, inputs.storage(), Optional.of(node), "images");
    }
    Optional<Fleet.Guest> original = fleet.guest(inputs.source());
    boolean same = inputs.vm().equals(inputs.source());
    String name =
        inputs.name().or(() -> original.map(Fleet.Guest::name)).orElse("of the backup's name");
    Fleet.Guest made =
        new Fleet.Guest(
            inputs.vm(),
            Fleet.Kind.VM,
            name,
            node,
            Fleet.Power.STOPPED,
            false,
            original.map(Fleet.Guest::tags).orElse(Set.of()),
            original.map(Fleet.Guest::cores).orElse(1),
            original.map(Fleet.Guest::memoryBytes).orElse(0L),
            0,
            original.map(Fleet.Guest::diskBytes).orElse(0L),
            0,
            Optional.empty(),
            Optional.empty());
    return new Preview<>(
        new Inputs(
            inputs.vm(),
            inputs.source(),
            inputs.backup(),
            inputs.storage(),
            Optional.of(node),
            inputs.name()),
        List.of(
            new Effect(
                Effect.Kind.CREATE,
                new Effect.Subject.Guest(inputs.vm(), node),
                "%s from backup %s%s%s"
                    .formatted(
                        Words.onNode(made),
                        inputs.backup(),
                        inputs.storage().map(storage -> ", disks on " + storage).orElse(""),
                        same
                            ? ", as the machine that it was"
                            : ", with a network address and uuid of its own, stopped"))),
        List.of(),
        Projected.with(fleet, made),
        Duration.ofSeconds(10 + backup.sizeBytes() / (100L << 20)));
  }

  static Backup find(Keepsakes keepsakes, Vmid source, String volid, Fleet fleet)
      throws InterruptedException {
    if (volid.matches("[^:]+:backup/(ct/|vzdump-lxc-).*")) {
      throw ActionFailure.refused(
          "backup %s is of a container".formatted(volid), "restore it in Proxmox VE");
    }
    return keepsakes.backups(source, fleet).stream()
        .filter(backup -> backup.volid().equals(volid))
        .findFirst()
        .orElseThrow(() ->
            ActionFailure.refused(
                "there is no backup %s of %s".formatted(volid, source),
                "`backup list %s` shows what there is".formatted(source)));
  }

  private static NodeName choose(Backup backup, Vmid source, Fleet fleet) {
    Optional<NodeName> home =
        fleet
            .guest(source)
            .map(Fleet.Guest::node)
            .filter(node -> fleet.node(node).filter(Fleet.Node::online).isPresent())
            .filter(node ->
                fleet.storage(backup.storage(), node).filter(Fleet.Storage::active).isPresent());
    return home.orElseGet(() ->
        fleet
            .onlineNodes()
            .filter(node ->
                fleet
                    .storage(backup.storage(), node.name())
                    .filter(storage ->
                        storage.active()
                            && (storage.shared() || storage.node().equals(backup.node())))
                    .isPresent())
            .max(Comparator.comparing(Fleet.Node::memoryFreeBytes))
            .map(Fleet.Node::name)
            .orElse(backup.node()));
  }

  @Override
  PveCall call(Inputs inputs, Intent intent) {
    return PveCall.post(
            "restoring %s to VM %s on %s".formatted(inputs.backup(), inputs.vm(), node(inputs)),
            "nodes",
            node(inputs),
            "qemu")
        .with("vmid", inputs.vm())
        .with("archive", inputs.backup())
        .with("unique", !inputs.vm().equals(inputs.source()))
        .with("storage", inputs.storage())
        .with("name", inputs.name())
        .with(
            "description",
            "restored from %s\n%s".formatted(inputs.backup(), intent.mark(inputs.vm())));
  }
}
