package dev.pvebot.integrations.pve.action;

import dev.pvebot.clusters.Vmid;
import dev.pvebot.commands.Risk;
import dev.pvebot.integrations.pve.action.GuestAction.Readable;
import dev.pvebot.runbooks.action.Intent;
import dev.pvebot.runbooks.action.Observation;
import dev.pvebot.runbooks.action.Planning;
import dev.pvebot.runbooks.action.Preview;
import dev.pvebot.runbooks.action.RunContext;
import dev.pvebot.runbooks.action.Started;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// `pve.vm.unlocked`: waits until a VM's configuration holds no lock. Changes nothing.
final class VmUnlocked extends PveAction<VmUnlocked.Inputs, VmUnlocked.Output> {
  public record Inputs(Vmid vm) {}

  public record Output() {}

  VmUnlocked(Reach reach) {
    super(
        reach,
        "pve.vm.unlocked",
        Inputs.class,
        Output.class,
        GuestAction.traits(Risk.READ, Duration.ofMinutes(2), Duration.ofMinutes(2)));
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
        reach
            .guests()
            .state(inputs.vm())
            .<Observation<Output>>map(now ->
                now.lock()
                    .<Observation<Output>>map(lock ->
                        new Observation.NotDone<>("it is still locked (%s)".formatted(lock)))
                    .orElseGet(() -> new Observation.Done<>(new Output())))
            .orElseGet(() ->
                new Observation.Unknown<>("VM %s is not in PVE's list".formatted(inputs.vm()))));
  }
}
