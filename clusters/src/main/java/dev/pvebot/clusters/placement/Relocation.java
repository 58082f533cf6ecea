package dev.pvebot.clusters.placement;

import dev.pvebot.clusters.ClusterName;
import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.fleet.GuestDetail;
import dev.pvebot.clusters.site.Site;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Decides where guests go that must leave their nodes, or come home.
///
/// - The guest with the most memory is placed first, on the node that is left with the smallest
///   part of its memory in use. A guest that does not run needs none.
/// - A control plane never joins another one of its cluster while another node has room; where none
///   has, it goes all the same and a warning says so, for a person confirms the plan. Machines of
///   one cluster are spread.
/// - Control planes of one cluster move one after the other: etcd bears one slow member.
/// - A node takes a guest when it is online, named by the site, has the memory free, and has every
///   storage that the guest's disks are on. Disks of a local storage that the node lacks may go to
///   another one of the node.
/// - What cannot move anywhere stays, with the reason.
public final class Relocation {
  private Relocation() {}

  /// @param guests those that shall move, with their configurations
  /// @param targets where they may go; the node that a guest is on is never one
  /// @param createdByUs VMIDs that operations of ours gave to machines of a profile
  /// @param last a guest that moves after all others: the one that pvebot runs in
  public record Request(
      Site site,
      Fleet fleet,
      List<GuestDetail> guests,
      Set<NodeName> targets,
      Function<ClusterName, Set<Vmid>> createdByUs,
      Optional<Vmid> last) {
    public Request {
      guests = List.copyOf(guests);
      targets = Set.copyOf(targets);
    }
  }

  /// @param storages `from:to` for each local storage that the target lacks
  /// @param eject drives whose CD image the target does not have
  public record Move(Fleet.Guest guest, NodeName to, List<String> storages, List<String> eject) {
    public Move {
      storages = List.copyOf(storages);
      eject = List.copyOf(eject);
    }
  }

  /// @param why a clause without a full stop
  public record Staying(Fleet.Guest guest, String why) {}

  /// @param chains moves that come one after the other; the chains may go side by side
  /// @param staying what cannot move, by VMID
  /// @param memory what the nodes' memory will be like, in one sentence
  /// @param warnings sentences about what will work but deserves a look
  public record Decision(
      List<List<Move>> chains, List<Staying> staying, String memory, List<String> warnings) {
    public Decision {
      chains = chains.stream().map(List::copyOf).toList();
      staying = List.copyOf(staying);
      warnings = List.copyOf(warnings);
    }

    public List<Move> moves() {
      return chains.stream().flatMap(List::stream).toList();
    }
  }

  public static Decision decide(Request request) {
    return new Relocating(request).decide();
  }
}
