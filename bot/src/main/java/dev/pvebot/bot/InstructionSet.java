package dev.pvebot.bot;

import dev.pvebot.integrations.hosts.PortWait;
import dev.pvebot.integrations.pve.action.PveActions;
import dev.pvebot.integrations.pve.action.Reach;
import dev.pvebot.integrations.pve.api.PveCaller;
import dev.pvebot.integrations.pve.fleet.GuestAddress;
import dev.pvebot.integrations.pve.fleet.GuestReader;
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

  static Actions of(PveCaller caller, InstantSource clock) {
    List<Action<?, ?>> all = new ArrayList<>(PveActions.all(Reach.of(caller, clock)));
    GuestAddress addresses = new GuestAddress(caller, new GuestReader(caller));
    all.add(
        new PortWait(
            addresses::of,
            PORT_PATIENCE,
            List.of(new Traits.Privilege("VM.Audit", "/vms/{vmid}"))));
    all.add(new TimeWait(clock));
    return new Actions(all);
  }
}
