package dev.pvebot.integrations.pve.action;

import dev.pvebot.clusters.Vmid;
import dev.pvebot.commands.Risk;
import dev.pvebot.integrations.pve.action.GuestAction.Readable;
import dev.pvebot.integrations.pve.fleet.VmidAbsence;
import dev.pvebot.runbooks.action.Action;
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

/// `pve.vm.gone`: waits until a VMID is free everywhere. Changes nothing.
final class VmGone implements Action<VmGone.Inputs, VmGone.Output> {
  private static final Traits TRAITS =
      GuestAction.traits(Risk.READ, Duration.ofMinutes(10), Duration.ofMinutes(10));

  private final Reach reach;

  VmGone(Reach reach) {
    this.reach = reach;
  }

  public record Inputs(Vmid vm) {}

  public record Output() {}

  @Override
  public String name() {
    return "pve.vm.gone";
  }

  @Override
  public Class<Inputs> inputs() {
    return Inputs.class;
  }

  @Override
  public Class<Output> outputs() {
    return Output.class;
  }

  @Override
  public Traits traits() {
    return TRAITS;
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
