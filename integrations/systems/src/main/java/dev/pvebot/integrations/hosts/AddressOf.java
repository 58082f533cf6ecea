package dev.pvebot.integrations.hosts;

import dev.pvebot.clusters.Vmid;
import java.util.Optional;

/// Tells where a VM can be reached.
@FunctionalInterface
public interface AddressOf {
  /// Empty while nobody knows.
  ///
  /// @throws dev.pvebot.runbooks.action.ActionFailure when it cannot be asked
  Optional<String> vm(Vmid vmid) throws InterruptedException;
}
