package dev.pvebot.integrations.pve.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.integrations.pve.api.Json;
import dev.pvebot.integrations.pve.api.PveCall;
import dev.pvebot.integrations.pve.api.PveCaller;
import dev.pvebot.integrations.pve.api.PveFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/// Tells whether a VMID is really free: by a token that sees everything, asked of the cluster's own
/// list of VMIDs and of every node that is up.
public final class VmidAbsence {
  /// What can be said.
  public sealed interface Verdict {
    /// Nobody has it.
    record Absent() implements Verdict {}

    /// @param where for people: `on pve01`, or PVE's own words
    record Present(String where) implements Verdict {}

    /// @param why for people
    record CannotTell(String why) implements Verdict {}
  }

  private final PveCaller caller;

  public VmidAbsence(PveCaller caller) {
    this.caller = caller;
  }

  /// @throws PveFailure when PVE cannot be asked
  public Verdict of(Vmid vmid) throws InterruptedException {
    if (!Rights.read(caller).seesEveryGuest()) {
      return new Verdict.CannotTell(
          "the token does not see every guest (VM.Audit on /vms, propagated), so that VMID %s is not listed proves nothing"
              .formatted(vmid));
    }
    try {
      caller.call(
          PveCall.get("asking whether VMID %s is free".formatted(vmid), "cluster", "nextid")
              .with("vmid", vmid));
    } catch (PveFailure failure) {
      if (failure.kind() == PveFailure.Kind.REJECTED
          && failure.reason().contains("already exists")) {
        return new Verdict.Present(failure.reason());
      }
      throw failure;
    }
    return onNodes(vmid);
  }

  private Verdict onNodes(Vmid vmid) throws InterruptedException {
    JsonNode nodes = caller.call(PveCall.get("listing the nodes", "nodes"));
    List<Callable<List<NodeName>>> readings = new ArrayList<>();
    for (JsonNode node : Json.list(nodes)) {
      if (node.path("status").asText().equals("online")) {
        Json.node(node, "node").ifPresent(name -> readings.add(() -> having(name, vmid)));
      }
    }
    return Together.read(readings).stream()
        .flatMap(List::stream)
        .findFirst()
        .<Verdict>map(node -> new Verdict.Present("on " + node))
        .orElseGet(Verdict.Absent::new);
  }

  private List<NodeName> having(NodeName node, Vmid vmid) throws InterruptedException {
    JsonNode guests = caller.call(PveCall.get("listing the VMs of " + node, "nodes", node, "qemu"));
    return Json.list(guests).stream()
            .anyMatch(guest -> Json.vmid(guest, "vmid").filter(vmid::equals).isPresent())
        ? List.of(node)
        : List.of();
  }
}
