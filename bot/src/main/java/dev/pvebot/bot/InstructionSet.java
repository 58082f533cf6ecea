package dev.pvebot.bot;

import dev.pvebot.integrations.hosts.PortWait;
import dev.pvebot.integrations.pve.Pve;
import dev.pvebot.runbooks.action.Action;
import dev.pvebot.runbooks.action.Actions;
import dev.pvebot.runbooks.action.Traits;
import dev.pvebot.runbooks.waiting.TimeWait;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// Everything that a runbook's step can call.
final class InstructionSet {
  /// How long one attempt to open a port may take.
  private static final Duration PORT_PATIENCE = Duration.ofSeconds(1);

  private InstructionSet() {}

  /// @param pace how much faster than the wall the systems' time passes, see [Paced]
  static Actions of(Pve pve, InstantSource clock, double pace) {
    List<Action<?, ?>> all = new ArrayList<>(pve.actions());
    all.add(
        new PortWait(
            pve.addresses()::of,
            PORT_PATIENCE,
            List.of(new Traits.Privilege("VM.Audit", "/vms/{vmid}"))));
    all.add(new TimeWait(clock, pace));
    return new Actions(all);
  }
}
