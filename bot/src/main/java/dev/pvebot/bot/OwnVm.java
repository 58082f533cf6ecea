package dev.pvebot.bot;

import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;

/// Finds the VM that this process runs in: the one guest of the fleet that has the host name of
/// this machine. When two have it, both could be meant and none is named; the plan's typed name is
/// the guard then.
final class OwnVm {
  private OwnVm() {}

  static Optional<Vmid> find(Fleet fleet) {
    try {
      String host = InetAddress.getLocalHost().getHostName().replaceFirst("\\..*", "");
      List<Vmid> named =
          fleet
              .vms()
              .filter(guest -> guest.name().replaceFirst("\\..*", "").equalsIgnoreCase(host))
              .map(Fleet.Guest::vmid)
              .toList();
      return named.size() == 1 ? Optional.of(named.getFirst()) : Optional.empty();
    } catch (UnknownHostException _) {
      return Optional.empty(); // a machine without a name is no guest that anybody could name
    }
  }
}
