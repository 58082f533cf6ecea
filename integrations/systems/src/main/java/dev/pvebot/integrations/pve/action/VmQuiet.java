package dev.pvebot.integrations.pve.action;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Upid;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.commands.Risk;
import dev.pvebot.integrations.pve.action.GuestAction.Readable;
import dev.pvebot.integrations.pve.api.Json;
import dev.pvebot.integrations.pve.api.LockWords;
import dev.pvebot.integrations.pve.api.PveCall;
import dev.pvebot.integrations.pve.task.TaskRow;
import dev.pvebot.runbooks.action.ActionFailure;
import dev.pvebot.runbooks.action.Intent;
import dev.pvebot.runbooks.action.Observation;
import dev.pvebot.runbooks.action.Planning;
import dev.pvebot.runbooks.action.Preview;
import dev.pvebot.runbooks.action.RunContext;
import dev.pvebot.runbooks.action.Started;
import dev.pvebot.runbooks.action.Traits;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// `pve.vm.quiet`: the proof, from the task lists of all nodes, that nothing works on a VM. Changes
/// nothing.
///
/// A task that names no guest or another one may work on it all the same: a clone carries the VMID
/// of its template, a backup of several guests none. While such a one runs, nothing is proven. Nor
/// is it while a node is away, for its tasks cannot be seen.
final class VmQuiet extends PveAction<VmQuiet.Inputs, VmQuiet.Output> {
  private static final Set<String> FOR_OTHERS = Set.of("qmclone", "vzdump", "qmmove");

  public record Inputs(Vmid vm) {}

  /// @param lock the lock that is left over
  /// @param node where the VM is
  public record Output(String lock, NodeName node) {}

  VmQuiet(Reach reach) {
    super(
        reach,
        "pve.vm.quiet",
        Inputs.class,
        Output.class,
        GuestAction.traits(
            Risk.READ,
            Duration.ofMinutes(1),
            Duration.ofSeconds(5),
            new Traits.Privilege("Sys.Audit", "/nodes/{node}")));
  }

  @Override
  public Preview<Inputs> preview(Inputs inputs, Planning planning) throws InterruptedException {
    Fleet.Guest guest =
        planning
            .fleet()
            .guest(inputs.vm())
            .orElseThrow(() ->
                ActionFailure.refused(
                    "VM %s does not exist".formatted(inputs.vm()), "`vm list` shows which do"));
    Optional<String> work = Readable.read(() -> work(inputs.vm()));
    if (work.isPresent()) {
      LockWords.Words words = LockWords.of(guest.lock().orElse(""));
      throw new ActionFailure(
          ActionFailure.Kind.REFUSED,
          "%s is not to be unlocked: %s".formatted(Words.onNode(guest), work.get()),
          Optional.of(words.meaning()),
          Optional.of("wait for it, or stop the task first"));
    }
    return new Preview<>(inputs, List.of(), List.of(), planning.fleet(), Duration.ofSeconds(1));
  }

  @Override
  public Map<String, String> prepare(Inputs inputs, RunContext context) {
    return Map.of();
  }

  @Override
  public Started run(Inputs inputs, Intent intent, RunContext context) {
    return new Started.Immediately();
  }

  @Override
  public Observation<Output> observe(Inputs inputs, Intent intent) throws InterruptedException {
    return Readable.read(() -> {
      Optional<String> work = work(inputs.vm());
      if (work.isPresent()) {
        return new Observation.NotDone<>(work.get());
      }
      return reach
          .guests()
          .state(inputs.vm())
          .<Observation<Output>>map(
              now -> new Observation.Done<>(new Output(now.lock().orElse(""), now.node())))
          .orElseGet(
              () -> new Observation.Unknown<>("VM %s is not in PVE's list".formatted(inputs.vm())));
    });
  }

  /// Why it is not proven that nothing works on the VM; empty when it is.
  private Optional<String> work(Vmid vmid) throws InterruptedException {
    for (JsonNode node :
        Json.list(reach.caller().call(PveCall.get("listing the nodes", "nodes")))) {
      String name = node.path("node").asText();
      if (!node.path("status").asText().equals("online")) {
        return Optional.of("node %s is away, and its tasks cannot be seen".formatted(name));
      }
      for (TaskRow row : reach.tasks().running(new NodeName(name))) {
        if (mayWorkOn(row.upid(), vmid)) {
          return Optional.of(
              "task %s%s runs on %s (%s)"
                  .formatted(
                      row.upid().type(),
                      row.upid().id().map(id -> " of " + id).orElse(""),
                      name,
                      row.upid()));
        }
      }
    }
    return Optional.empty();
  }

  private static boolean mayWorkOn(Upid task, Vmid vmid) {
    String id = task.id().orElse("");
    String own = vmid.toString();
    return id.equals(own)
        || id.startsWith(own + "-")
        || id.contains(">" + own + "-")
        || (FOR_OTHERS.contains(task.type()) && (id.isEmpty() || task.type().equals("qmclone")));
  }
}
