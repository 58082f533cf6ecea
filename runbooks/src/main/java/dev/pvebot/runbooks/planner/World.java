package dev.pvebot.runbooks.planner;

import static java.util.stream.Collectors.joining;

import dev.pvebot.clusters.IpAddress;
import dev.pvebot.clusters.MacAddress;
import dev.pvebot.clusters.fleet.Backup;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.fleet.GuestSnapshot;
import dev.pvebot.clusters.placement.Machine;
import dev.pvebot.clusters.placement.Relocation;
import dev.pvebot.clusters.placement.TemplateFacts;
import dev.pvebot.clusters.site.ClusterProfile;
import dev.pvebot.runbooks.expression.Data;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The world in the words of expressions: each record is a type that a runbook can use, in
/// snake_case.
final class World {
  private static final DateTimeFormatter MADE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

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

  /// Guests that move one after the other.
  ///
  /// @param name their VMIDs
  record Chain(String name, List<Moving> moves) {
    static Chain of(List<Relocation.Move> moves) {
      return new Chain(
          moves.stream().map(move -> move.guest().vmid().toString()).collect(joining("+")),
          moves.stream().map(Moving::of).toList());
    }
  }

  /// A guest that goes to another node.
  ///
  /// @param name its VMID, by which steps are told apart
  /// @param guest its name
  /// @param node where it goes
  /// @param storages `from:to` for each local storage that the node lacks
  /// @param eject drives whose CD image the node does not have
  record Moving(
      String name,
      int vmid,
      String guest,
      String kind,
      String from,
      String node,
      boolean running,
      List<String> storages,
      List<String> eject) {
    static Moving of(Relocation.Move move) {
      return new Moving(
          move.guest().vmid().toString(),
          move.guest().vmid().value(),
          move.guest().name(),
          word(move.guest().kind()),
          move.guest().node().value(),
          move.to().value(),
          move.guest().isRunning(),
          move.storages(),
          move.eject());
    }
  }

  /// A guest that cannot move.
  ///
  /// @param name its VMID, by which steps are told apart
  /// @param guest its name
  record Stays(String name, int vmid, String guest, String node, boolean running, String why) {
    static Stays of(Relocation.Staying stays) {
      return new Stays(
          stays.guest().vmid().toString(),
          stays.guest().vmid().value(),
          stays.guest().name(),
          stays.guest().node().value(),
          stays.guest().isRunning(),
          stays.why());
    }
  }

  /// A snapshot of one of the guests that were named.
  ///
  /// @param name VMID and the snapshot's name, by which steps are told apart
  /// @param newer how many newer ones of the guest are ours
  record Snapshot(String name, int vmid, String snapshot, boolean ours, int newer) {
    /// @param snapshots of one guest, oldest first
    static List<Object> of(List<GuestSnapshot> snapshots) {
      List<Object> all = new ArrayList<>();
      int newer = 0;
      for (GuestSnapshot each : snapshots.reversed()) {
        all.addFirst(
            Data.ofRecord(
                new Snapshot(
                    each.vmid() + " " + each.name(),
                    each.vmid().value(),
                    each.name(),
                    each.ours(),
                    newer)));
        newer += each.ours() ? 1 : 0;
      }
      return all;
    }
  }

  /// A backup of one of the guests that were named.
  ///
  /// @param name the volume id
  /// @param made when, `2026-01-31 02:00` in UTC
  /// @param newer how many newer ones of the guest there are on the same storage
  record SavedGuest(
      String name,
      int vmid,
      String volid,
      String storage,
      String node,
      String made,
      boolean locked,
      boolean ours,
      int newer) {
    /// @param backups of one guest, newest first
    static List<Object> of(List<Backup> backups) {
      Map<String, Integer> newer = new HashMap<>();
      return backups.stream()
          .map(backup ->
              (Object)
                  Data.ofRecord(
                      new SavedGuest(
                          backup.volid(),
                          backup.vmid().value(),
                          backup.volid(),
                          backup.storage(),
                          backup.node().value(),
                          MADE.format(Instant.ofEpochSecond(backup.madeAt())),
                          backup.isProtected(),
                          backup.ours(),
                          newer.merge(backup.storage(), 1, Integer::sum) - 1)))
          .toList();
    }
  }

  record Limits(int clones, int migrations, int destroys) {}

  /// @param nodes names of the Proxmox VE nodes that the site names
  /// @param repository whether the site's files are kept in a git repository
  record SiteFacts(
      String name,
      String storage,
      String bridge,
      boolean guestAgent,
      List<String> nodes,
      boolean repository) {}

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String diskSize(long bytes) {
    return bytes % (1L << 30) == 0 ? (bytes >> 30) + "G" : (bytes >> 20) + "M";
  }
}
