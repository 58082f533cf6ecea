package dev.pvebot.runbooks.action;

import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.fleet.GuestDetail;
import java.time.Duration;
import java.util.List;

/// What a step would do.
///
/// @param pinned the inputs with every relative wish made absolute (`+50G` became `150G`); these
///   run
/// @param effects what a person will read and approve
/// @param targets identities of the existing guests it touches, checked again before the call
/// @param after the fleet as it will be afterwards, for the steps that follow
/// @param estimate how long it is likely to take
public record Preview<I>(
    I pinned,
    List<Effect> effects,
    List<GuestDetail.Identity> targets,
    Fleet after,
    Duration estimate) {
  public Preview {
    effects = List.copyOf(effects);
    targets = List.copyOf(targets);
  }
}
