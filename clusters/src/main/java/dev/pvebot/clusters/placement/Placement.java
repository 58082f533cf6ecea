package dev.pvebot.clusters.placement;

import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.site.ClusterProfile;
import dev.pvebot.clusters.site.Site;
import java.util.List;
import java.util.Set;

/// Decides for each machine of a profile its node and VMID.
///
/// - What the profile names is honoured or refused, never changed.
/// - `spread` takes the node with the fewest machines of the group, `pack` the one with the most of
///   the profile; then the one with more free memory; then the first by name.
/// - Control planes share a node only when no other node has room, under `pack` too: packed
///   together they would be lost together.
/// - A node takes a machine when it is online, named by the site, has the memory free, and its part
///   of the storage is active, takes images and has room for the copy.
/// - A VMID is the profile's or, for `auto`, the lowest of the site's range that no guest, no
///   reservation and no profile has.
public final class Placement {
  private Placement() {}

  public sealed interface Outcome {
    /// @param machines in the order of the profile
    /// @param explanation sentences for the plan; facts that move by themselves, not part of what
    ///   is approved
    /// @param warnings sentences about what will work but deserves a look
    record Placed(List<Machine> machines, List<String> explanation, List<String> warnings)
        implements Outcome {
      public Placed {
        machines = List.copyOf(machines);
        explanation = List.copyOf(explanation);
        warnings = List.copyOf(warnings);
      }
    }

    /// @param reasons whole sentences, at least one
    record Refused(List<String> reasons) implements Outcome {
      public Refused {
        reasons = List.copyOf(reasons);
      }
    }
  }

  /// @param site the site that the profile is of, with all its profiles
  /// @param reserved VMIDs that running or planned operations have set aside
  /// @param template facts of the profile's template
  public static Outcome place(
      ClusterProfile profile, Site site, Fleet fleet, Set<Vmid> reserved, TemplateFacts template) {
    return new Placing(profile, site, fleet, reserved, template).decide();
  }
}
