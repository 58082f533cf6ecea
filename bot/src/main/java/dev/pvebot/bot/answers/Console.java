package dev.pvebot.bot.answers;

import dev.pvebot.bot.router.Answers;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.site.Site;
import dev.pvebot.commands.Command;
import dev.pvebot.commands.chat.Card;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `vm.console`: a link to the guest's console in Proxmox VE's own web interface. It carries no
/// ticket: whoever follows it logs in there as themselves.
public final class Console implements Answers {
  private final Site site;
  private final Sight sight;
  private final FleetAnswers fleetAnswers;

  public Console(Site site, Sight sight, FleetAnswers fleetAnswers) {
    this.site = site;
    this.sight = sight;
    this.fleetAnswers = fleetAnswers;
  }

  @Override
  public Optional<Card> answer(Command command, Asker asker) throws InterruptedException {
    if (!command.intent().equals("vm.console")) {
      return Optional.empty();
    }
    Optional<Vmid> vmid = Said.vm(command);
    if (vmid.isEmpty()) {
      return Optional.of(
          Card.of(
              "refusal",
              Card.Tone.WARNING,
              "Which VM?",
              "Name it by its VMID; `vm list` shows what there is."));
    }
    Sight.Seen seen = sight.fleet();
    return Optional.of(
        seen.fleet()
            .guest(vmid.get())
            .map(guest -> card(seen, guest))
            .orElseGet(() -> fleetAnswers.unknownVm(seen.fleet(), vmid.get())));
  }

  private Card card(Sight.Seen seen, Fleet.Guest guest) {
    Optional<Site.ApiNode> door = door(seen.fleet(), guest);
    if (!guest.isRunning() || door.isEmpty()) {
      return Card.of(
          "refusal",
          Card.Tone.WARNING,
          "%s %s is %s, so it has no console%s"
              .formatted(guest.vmid(), guest.name(), FleetAnswers.state(guest), seen.age()),
          guest.isRunning()
              ? "No node of the site is online."
              : "`vm start %s` starts it.".formatted(guest.vmid()));
    }
    // the address that PVE's own interface opens (pve-manager, Utils.js `openVNCViewer`)
    String link =
        "https://%s:%d/?console=%s&novnc=1&vmid=%s&vmname=%s&node=%s"
            .formatted(
                door.get().host(),
                door.get().port(),
                guest.kind() == Fleet.Kind.VM ? "kvm" : "lxc",
                guest.vmid(),
                URLEncoder.encode(guest.name(), StandardCharsets.UTF_8),
                guest.node());
    return new Card(
        "answer",
        Card.Tone.NEUTRAL,
        "Console of %s %s on %s".formatted(guest.vmid(), guest.name(), guest.node()),
        List.of(
            new Card.Text(link),
            new Card.Text("Log in there as yourself; the link carries no rights.")),
        List.of(),
        Map.of("link", link, "vmid", guest.vmid().value()));
  }

  /// The guest's own node if it is up, else any that is.
  private Optional<Site.ApiNode> door(Fleet fleet, Fleet.Guest guest) {
    List<Site.ApiNode> up =
        site.nodes().stream()
            .filter(node -> fleet.node(node.name()).filter(Fleet.Node::online).isPresent())
            .toList();
    return up.stream()
        .filter(node -> node.name().equals(guest.node()))
        .findFirst()
        .or(() -> up.stream().findFirst());
  }
}
