package dev.pvebot.runbooks.action;

import dev.pvebot.commands.Risk;
import java.time.Duration;
import java.util.List;

/// What is true of an action whatever its inputs.
///
/// @param risk of its worst effect; a runbook that can reach it may not declare less
/// @param privileges needed, for the README's role, `check`, and the error that names a missing one
/// @param timeout how long a step may take when the runbook does not say
/// @param settle how long the world may take to show the effect after the call or its task ended
public record Traits(Risk risk, List<Privilege> privileges, Duration timeout, Duration settle) {
  public Traits {
    privileges = List.copyOf(privileges);
  }

  /// A right in Proxmox VE (source: `permissions` in PVE's API schema).
  ///
  /// @param name for example `VM.Clone`
  /// @param path for example `/vms/{vmid}`; as PVE's schema writes it
  /// @param since first PVE major version that knows it, 0 for always
  /// @param until last PVE major version that knows it, 0 for still
  public record Privilege(String name, String path, int since, int until) {
    public Privilege(String name, String path) {
      this(name, path, 0, 0);
    }
  }
}
