package dev.pvebot.runbooks.planner;

import dev.pvebot.clusters.Environment;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.site.ClusterProfile;
import dev.pvebot.commands.Catalog;
import dev.pvebot.runbooks.action.Effect;
import dev.pvebot.runbooks.format.Runbook;
import dev.pvebot.runbooks.plan.Plan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Whose the targets of a plan are: from that follow its environment and its locks.
///
/// A guest belongs to a profile if it has all its tags and a VMID that the profile names or that an
/// operation of ours gave it. Who belongs to nobody counts as production.
final class Belonging {
  private final PlanningWorld world;
  private final Optional<ClusterProfile> profile;
  private final Projection projection;

  /// @param profile that the whole plan is about
  Belonging(PlanningWorld world, Optional<ClusterProfile> profile, Projection projection) {
    this.world = world;
    this.profile = profile;
    this.projection = projection;
  }

  /// The profile that the plan is about, or the only one whose guests it touches and nothing else.
  Optional<ClusterProfile> cluster() {
    if (profile.isPresent()) {
      return profile;
    }
    List<Optional<ClusterProfile>> owners =
        projection.effects().stream()
            .filter(effect -> effect.kind() != Effect.Kind.KEEP)
            .map(effect ->
                effect.subject() instanceof Effect.Subject.Guest(Vmid vmid, var _)
                    ? owner(vmid)
                    : Optional.<ClusterProfile>empty())
            .distinct()
            .toList();
    return owners.size() == 1 ? owners.getFirst() : Optional.empty();
  }

  /// The one in which a mistake hurts most.
  Environment environment() {
    return Stream.concat(
            profile.stream().map(ClusterProfile::environment),
            projection.effects().stream().flatMap(effect -> environment(effect.subject()).stream()))
        .min(Environment::compareTo)
        .orElse(Environment.PRODUCTION);
  }

  private Optional<Environment> environment(Effect.Subject subject) {
    return switch (subject) {
      case Effect.Subject.Guest(Vmid vmid, var _) ->
          Optional.of(owner(vmid).map(ClusterProfile::environment).orElse(Environment.PRODUCTION));
      case Effect.Subject.Node _, Effect.Subject.Storage _ -> Optional.of(Environment.PRODUCTION);
      case Effect.Subject.Cluster(String name) ->
          Optional.of(
              world.site().profiles().stream()
                  .filter(known -> known.name().value().equals(name))
                  .map(ClusterProfile::environment)
                  .findFirst()
                  .orElse(Environment.PRODUCTION));
      case Effect.Subject.Elsewhere _ -> Optional.empty();
    };
  }

  private Optional<ClusterProfile> owner(Vmid vmid) {
    Optional<Fleet.Guest> guest = world.fleet().guest(vmid);
    if (guest.isEmpty()) {
      // made by this plan: the profile's, if it is about one
      return profile;
    }
    return world.site().profiles().stream()
        .filter(known -> guest.get().hasAllTags(known.tags()))
        .filter(
            known -> known.vmids().contains(vmid) || world.createdByUs(known.name()).contains(vmid))
        .findFirst();
  }

  /// VMs exclusively; their clusters and nodes together with others, unless the runbook wants one
  /// for itself.
  List<Plan.LockKey> locks(Runbook runbook, Map<String, Object> params) {
    Map<String, Boolean> locks = new HashMap<>();
    for (Effect effect : projection.effects()) {
      switch (effect.subject()) {
        case Effect.Subject.Guest(Vmid vmid, var node) -> {
          locks.put("vm/" + vmid, true);
          locks.putIfAbsent("node/" + node, false);
          world
              .fleet()
              .guest(vmid)
              .ifPresent(guest -> locks.putIfAbsent("node/" + guest.node(), false));
          owner(vmid).ifPresent(owner -> locks.putIfAbsent("cluster/" + owner.name(), false));
        }
        case Effect.Subject.Node(var name) -> locks.put("node/" + name, true);
        case Effect.Subject.Cluster(String name) -> locks.put("cluster/" + name, true);
        case Effect.Subject.Storage _, Effect.Subject.Elsewhere _ -> {}
      }
    }
    profile.ifPresent(known -> locks.put("cluster/" + known.name(), true));
    for (Runbook.Param param : runbook.params()) {
      if (param.type() == Catalog.Type.NODE && runbook.exclusive().contains(param.name())) {
        Optional.ofNullable(params.get(param.name()))
            .ifPresent(node -> locks.put("node/" + node, true));
      }
    }
    List<Plan.LockKey> keys = new ArrayList<>();
    locks.forEach((name, exclusive) -> keys.add(new Plan.LockKey(name, exclusive)));
    return keys;
  }
}
