package dev.pvebot.bot;

import dev.pvebot.bot.profiles.ProfileActions;
import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.secret.Secret;
import dev.pvebot.clusters.site.Site;
import dev.pvebot.integrations.hosts.PortWait;
import dev.pvebot.integrations.pve.Pve;
import dev.pvebot.integrations.pve.api.ApiToken;
import dev.pvebot.integrations.pve.api.PveCaller;
import dev.pvebot.integrations.pve.fleet.GuestAddress;
import dev.pvebot.runbooks.action.Action;
import dev.pvebot.runbooks.action.Actions;
import dev.pvebot.runbooks.waiting.TimeWait;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// Everything that a runbook's step can call.
public final class InstructionSet {
  /// How long one attempt to open a port may take.
  private static final Duration PORT_PATIENCE = Duration.ofSeconds(1);

  private InstructionSet() {}

  /// What runbooks may call.
  ///
  /// @param pace how much faster than the wall the systems' time passes, see [Paced]
  static Actions of(Pve pve, InstantSource clock, double pace) {
    return of(pve, clock, pace, List.of());
  }

  /// @param ours what works on operations and files of ours instead of the site
  static Actions of(Pve pve, InstantSource clock, double pace, List<Action<?, ?>> ours) {
    List<Action<?, ?>> all = new ArrayList<>(pve.actions());
    all.add(new PortWait(pve.addresses()::of, PORT_PATIENCE, GuestAddress.PRIVILEGES));
    all.add(new TimeWait(clock, pace));
    all.addAll(ours);
    return new Actions(all);
  }

  /// The same actions for who only reads what they declare: the linter, and the list of rights.
  /// They belong to no site, so nothing that they do would find a node.
  public static Actions declarations() {
    InstantSource clock = InstantSource.system();
    Pve.Pace pace = Pve.Pace.defaults();
    PveCaller nowhere =
        new PveCaller(
            List.of(new Site.ApiNode(new NodeName("nowhere"), "node.invalid", 8006)),
            new Site.Tls.SystemTrust(),
            new ApiToken("nobody@pve!none", new Secret("none")),
            pace.timeouts(),
            clock);
    try (Pve pve = new Pve(nowhere, pace, clock)) {
      return of(pve, clock, 1, ProfileActions.declarations());
    }
  }
}
