package dev.pvebot.integrations.pve.action;

import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.fleet.GuestDetail;
import dev.pvebot.runbooks.action.ActionFailure;
import java.util.Optional;

/// What the snapshot actions check alike.
final class Snapshots {
  private Snapshots() {}

  static void refuseMissing(Fleet.Guest guest, Optional<GuestDetail> detail, String name) {
    if (detail.isPresent() && !detail.get().snapshots().contains(name)) {
      throw ActionFailure.refused(
          "%s has no snapshot %s".formatted(Words.named(guest), name),
          detail.get().snapshots().isEmpty()
              ? "it has none at all"
              : "it has " + String.join(", ", detail.get().snapshots()));
    }
  }
}
