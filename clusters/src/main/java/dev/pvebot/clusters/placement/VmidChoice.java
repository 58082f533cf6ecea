package dev.pvebot.clusters.placement;

import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.site.ClusterProfile;
import dev.pvebot.clusters.site.ClusterProfile.WantedMachine;
import dev.pvebot.clusters.site.Site;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Chooses VMIDs. It trusts the fleet to be complete; who calls it has checked that.
final class VmidChoice {
  private final ClusterProfile profile;
  private final Site site;
  private final Fleet fleet;
  private final Set<Vmid> reserved;

  VmidChoice(ClusterProfile profile, Site site, Fleet fleet, Set<Vmid> reserved) {
    this.profile = profile;
    this.site = site;
    this.fleet = fleet;
    this.reserved = Set.copyOf(reserved);
  }

  /// @param reasons gets a sentence for each machine that cannot have a VMID
  Map<WantedMachine, Vmid> choose(List<String> reasons) {
    Map<WantedMachine, Vmid> numbers = new HashMap<>();
    Set<Vmid> taken = new HashSet<>(reserved);
    fleet.guests().forEach(guest -> taken.add(guest.vmid()));
    site.profiles().forEach(other -> taken.addAll(other.vmids()));
    taken.addAll(profile.vmids());
    for (WantedMachine machine : profile.machines()) {
      if (machine.vmid().isPresent()) {
        obstacle(machine, machine.vmid().get()).ifPresent(reasons::add);
        numbers.put(machine, machine.vmid().get());
      } else {
        Optional<Vmid> free = lowestFree(taken);
        free.ifPresentOrElse(
            vmid -> {
              taken.add(vmid);
              numbers.put(machine, vmid);
            },
            () ->
                reasons.add(
                    "No VMID of %s is free for %s. Widen vmid_ranges.vms in cluster-config.yaml."
                        .formatted(site.vmRange(), machine.name())));
      }
    }
    return numbers;
  }

  private Optional<String> obstacle(WantedMachine machine, Vmid vmid) {
    Optional<Fleet.Guest> guest = fleet.guest(vmid);
    if (guest.isPresent()) {
      String advice =
          guest.get().hasAllTags(profile.tags())
              ? "It has all tags of %s: tear the cluster down first, or leave it as it is."
                  .formatted(profile.name())
              : "Give %s another VMID in the profile.".formatted(machine.name());
      return Optional.of(
          "VMID %s for %s is taken by %s on %s. %s"
              .formatted(vmid, machine.name(), guest.get().name(), guest.get().node(), advice));
    }
    if (reserved.contains(vmid)) {
      return Optional.of(
          "VMID %s for %s is reserved by another operation. Wait for it, or cancel it."
              .formatted(vmid, machine.name()));
    }
    return Optional.empty();
  }

  private Optional<Vmid> lowestFree(Set<Vmid> taken) {
    for (int number = site.vmRange().first().value();
        number <= site.vmRange().last().value();
        number++) {
      Vmid vmid = new Vmid(number);
      if (!taken.contains(vmid)) {
        return Optional.of(vmid);
      }
    }
    return Optional.empty();
  }
}
