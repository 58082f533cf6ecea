package dev.pvebot.integrations.pve.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.integrations.pve.api.Json;
import dev.pvebot.integrations.pve.api.PveCall;
import dev.pvebot.integrations.pve.api.PveCaller;
import dev.pvebot.integrations.pve.api.PveFailure;
import dev.pvebot.runbooks.action.Traits;
import java.util.List;
import java.util.Optional;

/// The IPv4 address of a VM: the one that its configuration fixes, else the first that its guest
/// agent tells.
public final class GuestAddress {
  /// What asking needs. The agent's rights were cut finer with PVE 9.
  public static final List<Traits.Privilege> PRIVILEGES =
      List.of(
          new Traits.Privilege("VM.Audit", "/vms/{vmid}"),
          new Traits.Privilege("VM.Monitor", "/vms/{vmid}", 0, 8),
          new Traits.Privilege("VM.GuestAgent.Audit", "/vms/{vmid}", 9, 0));

  private final PveCaller caller;
  private final GuestReader guests;

  public GuestAddress(PveCaller caller, GuestReader guests) {
    this.caller = caller;
    this.guests = guests;
  }

  /// Empty while nobody knows it.
  ///
  /// @throws dev.pvebot.runbooks.action.ActionFailure when PVE cannot be asked; a silent agent is
  ///   no failure
  public Optional<String> of(Vmid vmid) throws InterruptedException {
    try {
      return find(vmid);
    } catch (PveFailure failure) {
      throw failure.toActionFailure();
    }
  }

  private Optional<String> find(Vmid vmid) throws InterruptedException {
    Optional<GuestState> state = guests.state(vmid);
    if (state.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> fixed =
        state
            .get()
            .get("ipconfig0")
            .map(text -> ConfigWords.parts(text, "ip").getOrDefault("ip", ""))
            .filter(ip -> ip.matches("[0-9.]+(/\\d+)?"))
            .map(ip -> ip.replaceFirst("/.*", ""));
    return fixed.isPresent() ? fixed : fromAgent(state.get());
  }

  private Optional<String> fromAgent(GuestState state) throws InterruptedException {
    if (!state.running() || state.get("agent").filter(text -> !text.startsWith("0")).isEmpty()) {
      return Optional.empty();
    }
    JsonNode answer;
    try {
      answer =
          caller.call(
              PveCall.get(
                  "asking the agent of VM " + state.vmid(),
                  "nodes",
                  state.node(),
                  "qemu",
                  state.vmid(),
                  "agent",
                  "network-get-interfaces"));
    } catch (PveFailure silent) {
      if (silent.kind() == PveFailure.Kind.REFUSED) {
        return Optional.empty(); // the agent is not up yet, or is not in the guest
      }
      throw silent;
    }
    return Json.list(answer.path("result")).stream()
        .filter(card -> !card.path("name").asText().equals("lo"))
        .flatMap(card -> Json.list(card.path("ip-addresses")).stream())
        .filter(address -> address.path("ip-address-type").asText().equals("ipv4"))
        .map(address -> address.path("ip-address").asText())
        .filter(address -> !address.startsWith("169.254."))
        .findFirst();
  }
}
