package dev.pvebot.bot.profiles;

import dev.pvebot.clusters.ClusterName;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.integrations.git.GitFolder;
import dev.pvebot.runbooks.action.Action;
import dev.pvebot.runbooks.action.ActionFailure;
import dev.pvebot.runbooks.engine.journal.Journal;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/// What runbooks call to change profiles.
public final class ProfileActions {
  private ProfileActions() {}

  /// What the actions work on.
  ///
  /// @param made VMIDs that operations of ours gave to machines of a profile
  public record Place(
      LiveSite site, GitFolder git, Journal journal, Function<ClusterName, Set<Vmid>> made) {}

  public static List<Action<?, ?>> of(Place place) {
    return of(() -> place);
  }

  /// The same for who only reads what they declare; they belong to no site.
  public static List<Action<?, ?>> declarations() {
    return of(() -> {
      throw new IllegalStateException("an action that is only declared was called");
    });
  }

  private static List<Action<?, ?>> of(Supplier<Place> place) {
    return List.of(
        new ProfileWrite.Create(place),
        new ProfileWrite.Edit(place),
        new ProfileWrite.Regrade(place),
        new ProfileCommit(place),
        new ProfileLoad(place));
  }

  static ClusterName name(String profile) {
    try {
      return new ClusterName(profile);
    } catch (IllegalArgumentException e) {
      throw ActionFailure.refused(
          "'%s' can be no profile's name: %s".formatted(profile, e.getMessage()),
          "Use lower-case letters, digits and inner hyphens.");
    }
  }
}
