package dev.pvebot.runbooks.planner;

import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.fleet.GuestDetail;
import dev.pvebot.commands.Risk;
import dev.pvebot.runbooks.action.Effect;
import dev.pvebot.runbooks.planner.Planned.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What no approval allows: destroying what is protected, and what pvebot itself runs on.
final class Guard {
  private Guard() {}

  /// Why a step may not be; empty when it may.
  static Optional<Reason> forbids(PlanningWorld world, Risk risk, Projection.Step step)
      throws InterruptedException {
    Optional<Reason> branch = ownPlace(world, step);
    if (branch.isPresent()) {
      return branch;
    }
    for (Fleet.Guest guest : destroyedIn(world, risk, step)) {
      String name = "VM %s (%s)".formatted(guest.vmid(), guest.name());
      boolean removed = step.removed().contains(guest);
      if (world.ownVm().equals(Optional.of(guest.vmid()))) {
        return Optional.of(
            Reason.of(
                "%s is the one that pvebot runs in: nothing that destroys touches it"
                    .formatted(name),
                "Nobody saws off the branch they sit on; do it by hand."));
      }
      if (guest.tags().contains(Projection.PROTECTED)) {
        return Optional.of(
            Reason.of(
                "%s is tagged `%s`: nothing that destroys touches it"
                    .formatted(name, Projection.PROTECTED),
                "To do it all the same, take the tag off first: `tag remove %s %s`."
                    .formatted(guest.vmid(), Projection.PROTECTED)));
      }
      if (removed && protectedByPve(world, guest.vmid())) {
        return Optional.of(
            Reason.of(
                "%s has Proxmox VE's protection flag, which blocks its removal".formatted(name),
                "To do it all the same, take the flag off in Proxmox VE first."));
      }
    }
    return Optional.empty();
  }

  /// The node and the storages that pvebot runs on.
  private static Optional<Reason> ownPlace(PlanningWorld world, Projection.Step step) {
    return step.effects().stream()
        .filter(effect -> effect.kind() == Effect.Kind.DESTROY)
        .flatMap(effect ->
            switch (effect.subject()) {
              case Effect.Subject.Node(var name) when world.ownNode().equals(Optional.of(name)) ->
                  java.util.stream.Stream.of("Node " + name);
              case Effect.Subject.Storage(String name) when world.ownStorages().contains(name) ->
                  java.util.stream.Stream.of("Storage " + name);
              case Effect.Subject.Node _,
                  Effect.Subject.Storage _,
                  Effect.Subject.Guest _,
                  Effect.Subject.Cluster _,
                  Effect.Subject.Elsewhere _ ->
                  java.util.stream.Stream.<String>empty();
            })
        .findFirst()
        .map(what ->
            Reason.of(
                "%s is what pvebot itself runs on".formatted(what),
                "Nobody saws off the branch they sit on."));
  }

  /// Guests that are removed, or that lose something for good.
  private static List<Fleet.Guest> destroyedIn(
      PlanningWorld world, Risk risk, Projection.Step step) {
    List<Fleet.Guest> hit = new ArrayList<>(step.removed());
    if (risk == Risk.DESTRUCTIVE) {
      for (Effect effect : step.effects()) {
        if (effect.kind() == Effect.Kind.DESTROY
            && effect.subject() instanceof Effect.Subject.Guest(Vmid vmid, var _)) {
          world
              .fleet()
              .guest(vmid)
              .filter(guest -> hit.stream().noneMatch(other -> other.vmid().equals(vmid)))
              .ifPresent(hit::add);
        }
      }
    }
    return hit;
  }

  private static boolean protectedByPve(PlanningWorld world, Vmid vmid)
      throws InterruptedException {
    return world.fleet().guest(vmid).isPresent()
        && world.detail(vmid).filter(GuestDetail::protectedByPve).isPresent();
  }
}
