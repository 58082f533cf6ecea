package dev.pvebot.integrations.pve.action;

import dev.pvebot.clusters.Vmid;
import dev.pvebot.commands.Risk;
import dev.pvebot.integrations.pve.action.GuestAction.Readable;
import dev.pvebot.integrations.pve.fleet.VmidAbsence;
import dev.pvebot.runbooks.action.Intent;
import dev.pvebot.runbooks.action.Observation;
import dev.pvebot.runbooks.action.Planning;
import dev.pvebot.runbooks.action.Preview;
import dev.pvebot.runbooks.action.RunContext;
import dev.pvebot.runbooks.action.Started;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// `pve.vm.gone`: waits until a VMID is free everywhere. Changes nothing.
final class VmGone extends PveAction<VmGone.Inputs, VmGone.Output> {
  public record Inputs(Vmid vm) {}

  public record Output() {}

  VmGone(Reach reach) {
    super(
        reach,
        "pve.vm.gone",
        Inputs.class,
        Output.class,
        GuestAction.traits(Risk.READ, Duration.ofMinutes(10), Duration.ofMinutes(10)));
  }

  @Override
  public Preview<Inputs> preview(Inputs inputs, Planning planning) {
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
    return Readable.read(() ->
        switch (reach.absence().of(inputs.vm())) {
          case VmidAbsence.Verdict.Absent() -> new Observation.Done<>(new Output());
          case VmidAbsence.Verdict.Present(String where) ->
              new Observation.NotDone<>("VMID %s is still taken: %s".formatted(inputs.vm(), where));
          case VmidAbsence.Verdict.CannotTell(String why) -> new Observation.Unknown<>(why);
        });
  }
}
