package dev.pvebot.integrations.pve.action;

import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Backup;
import dev.pvebot.runbooks.action.ActionFailure;
import dev.pvebot.runbooks.action.Effect;
import dev.pvebot.runbooks.action.Planning;
import dev.pvebot.runbooks.action.Preview;
import dev.pvebot.runbooks.action.Traits;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/// `pve.backup.delete`: removes one backup. One that Proxmox VE protects is refused.
final class DeleteBackup extends DeleteVolume<DeleteBackup.Inputs, DeleteBackup.Output> {
  private static final DateTimeFormatter MADE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Keepsakes keepsakes;

  /// @param vm whose backup it is; the guest itself may be gone
  /// @param backup PVE's volume id
  /// @param node one that sees it
  public record Inputs(Vmid vm, String backup, NodeName node) {}

  public record Output() {}

  DeleteBackup(Reach reach) {
    super(
        reach,
        "pve.backup.delete",
        "backup",
        Inputs.class,
        new Output(),
        new Traits.Privilege("Datastore.Allocate", "/storage/{storage}"));
    this.keepsakes = new Keepsakes(reach);
  }

  @Override
  String volid(Inputs inputs) {
    return inputs.backup();
  }

  @Override
  NodeName node(Inputs inputs) {
    return inputs.node();
  }

  @Override
  String words(Inputs inputs) {
    return "backup " + inputs.backup();
  }

  @Override
  public Preview<Inputs> preview(Inputs inputs, Planning planning) throws InterruptedException {
    Backup backup =
        keepsakes.backups(inputs.vm(), planning.fleet()).stream()
            .filter(found -> found.volid().equals(inputs.backup()))
            .findFirst()
            .orElseThrow(() ->
                ActionFailure.refused(
                    "there is no backup %s of %s".formatted(inputs.backup(), inputs.vm()),
                    "`backup list %s` shows what there is".formatted(inputs.vm())));
    if (backup.isProtected()) {
      throw ActionFailure.refused(
          "backup %s is protected".formatted(inputs.backup()),
          "take the protection off in Proxmox VE first, if it really is to go");
    }
    String text =
        "backup of %s of %s UTC on %s, %s (%s)"
            .formatted(
                planning.fleet().guest(inputs.vm()).map(Words::named).orElse("VMID " + inputs.vm()),
                MADE.format(Instant.ofEpochSecond(backup.madeAt())),
                backup.storage(),
                Words.size(backup.sizeBytes()),
                inputs.backup());
    return new Preview<>(
        inputs,
        List.of(
            new Effect(
                Effect.Kind.DESTROY, new Effect.Subject.Guest(inputs.vm(), inputs.node()), text)),
        List.of(),
        planning.fleet(),
        Duration.ofSeconds(2));
  }
}
