package dev.pvebot.clusters.placement;

import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.fleet.Fleet.Guest;
import dev.pvebot.clusters.site.ClusterProfile;
import dev.pvebot.clusters.site.Site;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Which guests are a cluster's: virtual machines that have all tags of its profile *and* a VMID
/// that the profile names or that an operation of ours gave out. Tags alone are not enough, for
/// anybody can set them; nor are VMIDs, which are given out again. Templates and containers never
/// are.
///
/// @param members by VMID
/// @param untouched guests that match in part, by VMID: people are told that these are left alone,
///   and why
/// @param complete whether the whole fleet was seen; if not, members may be missing
public record Membership(List<Guest> members, List<Untouched> untouched, boolean complete) {

  public Membership {
    members = List.copyOf(members);
    untouched = List.copyOf(untouched);
  }

  /// @param why a clause without a full stop, for example `not in the profile, and not made by
  ///   pvebot`
  public record Untouched(Guest guest, String why) {}

  /// @param site the site that the profile is of, with all its profiles
  /// @param createdByUs VMIDs that operations of ours gave to machines of this profile and that
  ///   were not destroyed since
  public static Membership of(
      ClusterProfile profile, Site site, Fleet fleet, Set<Vmid> createdByUs) {
    Set<Vmid> ours = new HashSet<>(profile.vmids());
    ours.addAll(createdByUs);
    Set<String> telling = tellingTags(profile, site);
    List<Guest> members = new ArrayList<>();
    List<Untouched> untouched = new ArrayList<>();
    for (Guest guest : fleet.guests()) {
      boolean tagged = guest.hasAllTags(profile.tags());
      boolean numbered = ours.contains(guest.vmid());
      boolean hinted = guest.tags().stream().anyMatch(telling::contains);
      if (!tagged && !numbered && !hinted) {
        continue;
      }
      Optional<String> why = whyNot(profile, guest, numbered);
      why.ifPresentOrElse(
          reason -> untouched.add(new Untouched(guest, reason)), () -> members.add(guest));
    }
    return new Membership(members, untouched, fleet.completeView());
  }

  private static Optional<String> whyNot(ClusterProfile profile, Guest guest, boolean numbered) {
    if (guest.template()) {
      return Optional.of("a template");
    }
    if (guest.kind() == Fleet.Kind.CONTAINER) {
      return Optional.of("a container");
    }
    Set<String> missing = new java.util.TreeSet<>(profile.tags());
    missing.removeAll(guest.tags());
    if (!missing.isEmpty()) {
      String tags =
          (missing.size() == 1 ? "lacks the tag " : "lacks the tags ") + String.join(", ", missing);
      return Optional.of(numbered ? "has a VMID of the profile but " + tags : tags);
    }
    return numbered
        ? Optional.empty()
        : Optional.of("has all tags, but is not in the profile and was not made by pvebot");
  }

  /// Tags that only this profile has: whoever carries one may be meant.
  private static Set<String> tellingTags(ClusterProfile profile, Site site) {
    Set<String> telling = new HashSet<>(profile.tags());
    telling.removeIf(site.tags()::contains);
    site.profiles().stream()
        .filter(other -> !other.name().equals(profile.name()))
        .forEach(other -> telling.removeAll(other.tags()));
    return telling;
  }
}
