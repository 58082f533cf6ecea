package dev.pvebot.runbooks.planner;

import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.fleet.GuestDetail;
import dev.pvebot.clusters.placement.Relocation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Which guests leave a node, and which come home to it.
final class Relocations {
  private final PlanningWorld world;
  private final NodeName node;

  Relocations(PlanningWorld world, NodeName node) {
    this.world = world;
    this.node = node;
  }

  /// Everything on the node but templates.
  ///
  /// @param target the only node that they may go to, if one was named
  /// @param notes gets the forecast and what deserves a look
  Relocation.Decision leaving(Optional<NodeName> target, List<String> notes)
      throws InterruptedException {
    Fleet fleet = world.fleet();
    List<Fleet.Guest> here =
        fleet.guests().stream().filter(guest -> guest.node().equals(node)).toList();
    List<GuestDetail> guests = new ArrayList<>();
    for (Fleet.Guest guest : here) {
      if (!guest.template()) {
        world.detail(guest.vmid()).ifPresent(guests::add);
      }
    }
    Set<NodeName> targets =
        target
            .map(Set::of)
            .orElseGet(() ->
                fleet
                    .onlineNodes()
                    .map(Fleet.Node::name)
                    .filter(other -> !other.equals(node))
                    .collect(Collectors.toSet()));
    Relocation.Decision decision = decide(guests, targets, notes);
    String templates =
        here.stream()
            .filter(Fleet.Guest::template)
            .map(guest -> "%s %s".formatted(guest.vmid(), guest.name()))
            .collect(Collectors.joining(", "));
    if (!templates.isEmpty()) {
      notes.add("Templates stay where they are: %s.".formatted(templates));
    }
    return decision;
  }

  /// What evacuations moved off the node, as far as it is still the same guest.
  ///
  /// @param notes gets the forecast, and who is left alone
  Relocation.Decision returning(List<String> notes) throws InterruptedException {
    List<GuestDetail> guests = new ArrayList<>();
    for (PlanningWorld.Departure departure : world.departed(node)) {
      Optional<GuestDetail> found = world.detail(departure.who().vmid());
      if (found.isEmpty()) {
        notes.add("%s does not exist any more.".formatted(words(departure.who())));
      } else if (!isSame(departure.who(), found.get().identity())) {
        notes.add(
            "VMID %s is %s now and not %s, which operation %d moved away: it is left alone."
                .formatted(
                    departure.who().vmid(),
                    found.get().identity().name(),
                    departure.who().name(),
                    departure.operation()));
      } else if (!found.get().guest().node().equals(node)) {
        guests.add(found.get());
      }
    }
    return decide(guests, Set.of(node), notes);
  }

  /// A name may be changed; a uuid or, for containers, the address of the network card is not.
  private static boolean isSame(GuestDetail.Identity then, GuestDetail.Identity now) {
    return then.uuid().isPresent() ? then.uuid().equals(now.uuid()) : then.mac().equals(now.mac());
  }

  private static String words(GuestDetail.Identity who) {
    return "%s %s".formatted(who.vmid(), who.name());
  }

  private Relocation.Decision decide(
      List<GuestDetail> guests, Set<NodeName> targets, List<String> notes) {
    Optional<Vmid> own = world.ownVm();
    Relocation.Decision decision =
        Relocation.decide(
            new Relocation.Request(
                world.site(), world.fleet(), guests, targets, world::createdByUs, own));
    if (!decision.moves().isEmpty()) {
      notes.addAll(decision.warnings());
      notes.add(decision.memory());
    }
    decision
        .staying()
        .forEach(stays ->
            notes.add(
                "%s %s stays on %s (%s): %s."
                    .formatted(
                        stays.guest().vmid(),
                        stays.guest().name(),
                        stays.guest().node(),
                        stays.guest().isRunning() ? "it runs" : "it does not run",
                        stays.why())));
    return decision;
  }
}
