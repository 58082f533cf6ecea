package dev.pvebot.runbooks.planner;

import dev.pvebot.clusters.IpAddress;
import dev.pvebot.clusters.MacAddress;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.placement.Machine;
import dev.pvebot.clusters.placement.TemplateFacts;
import dev.pvebot.clusters.site.ClusterProfile;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The world in the words of expressions: each record is a type that a runbook can use, in
/// snake_case.
final class World {
  private World() {}

  /// A cluster profile.
  ///
  /// @param endpoint of the Kubernetes API
  /// @param network of the machines, in CIDR form
  record Cluster(
      String name,
      String type,
      String environment,
      int template,
      String storage,
      List<String> tags,
      int sshPort,
      Optional<String> endpoint,
      Optional<String> network,
      Optional<String> gateway,
      List<String> resolvers,
      String bridge,
      Optional<TalosSettings> talos) {

    static Cluster of(ClusterProfile profile) {
      return new Cluster(
          profile.name().value(),
          word(profile.type()),
          word(profile.environment()),
          profile.template().value(),
          profile.storage(),
          List.copyOf(profile.tags()),
          profile.sshPort(),
          profile.network().apiEndpoint(),
          profile.nodeNetwork().map(Object::toString),
          profile.network().gateway().map(IpAddress::toString),
          profile.network().resolvers().stream().map(IpAddress::toString).toList(),
          profile.network().bridge(),
          profile
              .talos()
              .map(talos ->
                  new TalosSettings(
                      talos.version(),
                      talos.kubernetesVersion(),
                      talos.vip().map(vip -> vip.ip().toString()))));
    }
  }

  record TalosSettings(String version, String kubernetesVersion, Optional<String> vip) {}

  /// A machine that is to be made.
  ///
  /// @param memory MiB
  /// @param disk size of the boot disk as PVE writes it, `100G`
  /// @param ip in CIDR form when the prefix length is known
  /// @param address the same without prefix length
  record NewMachine(
      String name,
      String role,
      String node,
      int vmid,
      int cores,
      int memory,
      String disk,
      String storage,
      String bridge,
      Optional<String> ip,
      Optional<String> address,
      Optional<String> gateway,
      List<String> nameservers,
      Optional<String> mac,
      List<String> tags) {

    static NewMachine of(Machine machine) {
      Optional<String> address = machine.ip().map(IpAddress::toString);
      return new NewMachine(
          machine.name(),
          word(machine.role()),
          machine.node().value(),
          machine.vmid().value(),
          machine.cores(),
          machine.memoryMiB(),
          diskSize(machine.diskBytes()),
          machine.storage(),
          machine.bridge(),
          address.flatMap(ip -> machine.prefixLength().map(length -> ip + "/" + length)),
          address,
          machine.gateway().map(IpAddress::toString),
          machine.resolvers().stream().map(IpAddress::toString).toList(),
          machine.mac().map(MacAddress::toString),
          List.copyOf(machine.tags()));
    }
  }

  /// A VM, container or template as the fleet shows it.
  ///
  /// @param memory MiB
  /// @param lock PVE's configuration lock
  /// @param ha whether HA manages it
  record Guest(
      int vmid,
      String kind,
      String name,
      String node,
      boolean running,
      boolean stopped,
      boolean template,
      List<String> tags,
      int cores,
      long memory,
      Optional<String> lock,
      boolean ha) {

    static Guest of(Fleet.Guest guest) {
      return new Guest(
          guest.vmid().value(),
          word(guest.kind()),
          guest.name(),
          guest.node().value(),
          guest.isRunning(),
          guest.power() == Fleet.Power.STOPPED,
          guest.template(),
          List.copyOf(guest.tags()),
          guest.cores(),
          guest.memoryBytes() >> 20,
          guest.lock(),
          guest.haState().isPresent());
    }
  }

  record Template(int vmid, String name, String node, String storage) {
    static Template of(TemplateFacts facts, String name) {
      return new Template(facts.vmid().value(), name, facts.node().value(), facts.storage());
    }
  }

  /// @param memory MiB
  record Node(String name, boolean online, int cores, long memory, long memoryFree) {
    static Node of(Fleet.Node node) {
      return new Node(
          node.name().value(),
          node.online(),
          node.cores(),
          node.memoryBytes() >> 20,
          node.memoryFreeBytes() >> 20);
    }
  }

  record Storage(
      String name, String node, String type, boolean shared, boolean active, List<String> content) {
    static Storage of(Fleet.Storage storage) {
      return new Storage(
          storage.name(),
          storage.node().value(),
          storage.type(),
          storage.shared(),
          storage.active(),
          List.copyOf(storage.content()));
    }
  }

  /// @param guests all of them
  /// @param vms virtual machines that are no templates
  record Inventory(
      List<Node> nodes,
      List<Guest> guests,
      List<Guest> vms,
      List<Guest> templates,
      List<Storage> storages) {
    static Inventory of(Fleet fleet) {
      return new Inventory(
          fleet.nodes().stream().map(Node::of).toList(),
          fleet.guests().stream().map(Guest::of).toList(),
          fleet.vms().map(Guest::of).toList(),
          fleet.templates().map(Guest::of).toList(),
          fleet.storages().stream().map(Storage::of).toList());
    }
  }

  record Limits(int clones, int migrations, int destroys) {}

  /// @param nodes names of the Proxmox VE nodes that the site names
  record SiteFacts(
      String name, String storage, String bridge, boolean guestAgent, List<String> nodes) {}

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String diskSize(long bytes) {
    return bytes % (1L << 30) == 0 ? (bytes >> 30) + "G" : (bytes >> 20) + "M";
  }
}
