package dev.pvebot.integrations.pve.action;

import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The fleet as it will be.
final class Projected {
  private Projected() {}

  static Fleet with(Fleet fleet, Fleet.Guest guest) {
    List<Fleet.Guest> guests = new ArrayList<>(without(fleet, guest.vmid()).guests());
    guests.add(guest);
    return of(fleet, guests);
  }

  static Fleet without(Fleet fleet, Vmid vmid) {
    return of(fleet, fleet.guests().stream().filter(guest -> !guest.vmid().equals(vmid)).toList());
  }

  private static Fleet of(Fleet fleet, List<Fleet.Guest> guests) {
    return new Fleet(
        fleet.seenAt(),
        fleet.completeView(),
        fleet.quorate(),
        fleet.version(),
        fleet.nodes(),
        guests,
        fleet.storages());
  }

  /// A copy made of `source`, stopped.
  static Fleet.Guest copy(Fleet.Guest source, Vmid vmid, String name) {
    return new Fleet.Guest(
        vmid,
        source.kind(),
        name,
        source.node(),
        Fleet.Power.STOPPED,
        false,
        source.tags(),
        source.cores(),
        source.memoryBytes(),
        0,
        source.diskBytes(),
        0,
        Optional.empty(),
        Optional.empty());
  }

  static Fleet.Guest on(Fleet.Guest guest, NodeName node) {
    return new Fleet.Guest(
        guest.vmid(),
        guest.kind(),
        guest.name(),
        node,
        guest.power(),
        guest.template(),
        guest.tags(),
        guest.cores(),
        guest.memoryBytes(),
        guest.memoryUsedBytes(),
        guest.diskBytes(),
        guest.uptimeSeconds(),
        guest.lock(),
        guest.haState());
  }

  static Fleet.Guest power(Fleet.Guest guest, Fleet.Power power) {
    boolean runs = power == Fleet.Power.RUNNING;
    return new Fleet.Guest(
        guest.vmid(),
        guest.kind(),
        guest.name(),
        guest.node(),
        power,
        guest.template(),
        guest.tags(),
        guest.cores(),
        guest.memoryBytes(),
        runs ? guest.memoryUsedBytes() : 0,
        guest.diskBytes(),
        runs ? guest.uptimeSeconds() : 0,
        guest.lock(),
        guest.haState());
  }

  static Fleet.Guest tags(Fleet.Guest guest, Set<String> tags) {
    return configured(guest, guest.name(), tags, guest.cores(), guest.memoryBytes());
  }

  static Fleet.Guest configured(
      Fleet.Guest guest, String name, Set<String> tags, int cores, long memoryBytes) {
    return new Fleet.Guest(
        guest.vmid(),
        guest.kind(),
        name,
        guest.node(),
        guest.power(),
        guest.template(),
        tags,
        cores,
        memoryBytes,
        guest.memoryUsedBytes(),
        guest.diskBytes(),
        guest.uptimeSeconds(),
        guest.lock(),
        guest.haState());
  }

  static Fleet.Guest disk(Fleet.Guest guest, long diskBytes) {
    return new Fleet.Guest(
        guest.vmid(),
        guest.kind(),
        guest.name(),
        guest.node(),
        guest.power(),
        guest.template(),
        guest.tags(),
        guest.cores(),
        guest.memoryBytes(),
        guest.memoryUsedBytes(),
        diskBytes,
        guest.uptimeSeconds(),
        guest.lock(),
        guest.haState());
  }

  static Fleet.Guest template(Fleet.Guest guest) {
    return new Fleet.Guest(
        guest.vmid(),
        guest.kind(),
        guest.name(),
        guest.node(),
        guest.power(),
        true,
        guest.tags(),
        guest.cores(),
        guest.memoryBytes(),
        guest.memoryUsedBytes(),
        guest.diskBytes(),
        guest.uptimeSeconds(),
        guest.lock(),
        guest.haState());
  }
}
