package dev.pvebot.runbooks.planner;

import dev.pvebot.clusters.ClusterName;
import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Backup;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.fleet.GuestDetail;
import dev.pvebot.clusters.fleet.GuestSnapshot;
import dev.pvebot.clusters.site.Site;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What the planner must know of the world. One value is one look: it shows the same fleet for a
/// whole plan.
public interface PlanningWorld {
  Site site();

  Fleet fleet();

  /// The configuration of a guest that exists; empty when it does not.
  ///
  /// @throws dev.pvebot.runbooks.action.ActionFailure when it cannot be read
  Optional<GuestDetail> detail(Vmid vmid) throws InterruptedException;

  /// VMIDs that other operations have set aside, or that were freed a moment ago and rest.
  Set<Vmid> reserved();

  /// VMIDs that operations of ours gave to machines of a profile and that were not destroyed since.
  Set<Vmid> createdByUs(ClusterName profile);

  /// The snapshots of a guest, oldest first.
  ///
  /// @throws dev.pvebot.runbooks.action.ActionFailure when they cannot be read
  List<GuestSnapshot> snapshots(Vmid vmid) throws InterruptedException;

  /// The backups that there are of a VMID on any storage, newest first, whether the guest exists or
  /// not.
  ///
  /// @throws dev.pvebot.runbooks.action.ActionFailure when they cannot be read
  List<Backup> backups(Vmid vmid) throws InterruptedException;

  /// Guests that evacuations of ours moved off a node and that nothing of ours has moved since.
  List<Departure> departed(NodeName node);

  /// @param who the guest as the evacuation's plan had it
  /// @param operation the evacuation
  record Departure(GuestDetail.Identity who, long operation) {}

  /// The VM that pvebot itself runs in, if it does: no plan destroys it or takes it back in time.
  Optional<Vmid> ownVm();

  /// The node that pvebot itself runs on, if it is one of the site's: it is emptied last, and never
  /// destroyed.
  default Optional<NodeName> ownNode() {
    return ownVm().flatMap(fleet()::guest).map(Fleet.Guest::node);
  }

  /// Whether the site's files are kept in a git repository.
  default boolean inRepository() {
    return false;
  }

  /// Storages that pvebot itself lives on: never destroyed.
  default Set<String> ownStorages() {
    return Set.of();
  }
}
