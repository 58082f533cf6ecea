package dev.pvebot.runbooks.action;

import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.fleet.GuestDetail;
import java.util.Optional;

/// What an action may look at while it is previewed.
public interface Planning {
  /// The fleet as it will be when this step comes: the live one plus the effects of the steps
  /// before.
  Fleet fleet();

  /// The configuration of a guest that exists now; empty for one that an earlier step of the same
  /// plan creates.
  ///
  /// @throws ActionFailure when it cannot be read
  Optional<GuestDetail> detail(Vmid vmid) throws InterruptedException;
}
