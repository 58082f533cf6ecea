package dev.pvebot.bot.answers;

import dev.pvebot.clusters.ClusterName;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.placement.Membership;
import dev.pvebot.clusters.site.ClusterProfile;
import dev.pvebot.clusters.site.Site;
import dev.pvebot.commands.Command;
import dev.pvebot.runbooks.engine.journal.Journal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// The guests that a question names: by VMID, tag, cluster or node.
public final class Chosen {
  private final Supplier<Site> site;
  private final Journal journal;

  public Chosen(Supplier<Site> site, Journal journal) {
    this.site = site;
    this.journal = journal;
  }

  /// @return empty when none were named; VMIDs that are not there are left out
  public Optional<List<Fleet.Guest>> guests(Command command, Fleet fleet) {
    List<Vmid> vmids = Said.vms(command);
    if (!vmids.isEmpty()) {
      return Optional.of(vmids.stream().flatMap(vmid -> fleet.guest(vmid).stream()).toList());
    }
    Optional<String> tag = Said.text(command, "tag").map(text -> text.toLowerCase(Locale.ROOT));
    if (tag.isPresent()) {
      return Optional.of(
          fleet.guests().stream().filter(guest -> guest.tags().contains(tag.get())).toList());
    }
    return profile(command).map(profile -> members(profile, fleet).members());
  }

  public Optional<ClusterProfile> profile(Command command) {
    return Said.text(command, "cluster").map(ClusterName::new).flatMap(site.get()::profile);
  }

  public Membership members(ClusterProfile profile, Fleet fleet) {
    return Membership.of(profile, site.get(), fleet, madeFor(profile.name(), journal));
  }

  /// VMIDs that operations of ours gave to machines of a profile.
  public static Set<Vmid> madeFor(ClusterName profile, Journal journal) {
    return journal.createdGuests().stream()
        .filter(guest ->
            journal
                .operation(guest.operation())
                .flatMap(operation -> operation.plan().cluster())
                .filter(profile.value()::equals)
                .isPresent())
        .map(Journal.CreatedGuest::vmid)
        .collect(Collectors.toUnmodifiableSet());
  }
}
