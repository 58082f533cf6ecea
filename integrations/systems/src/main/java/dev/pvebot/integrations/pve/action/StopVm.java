package dev.pvebot.integrations.pve.action;

import dev.pvebot.clusters.Vmid;
import dev.pvebot.commands.Risk;
import dev.pvebot.integrations.pve.api.PveCall;
import dev.pvebot.integrations.pve.fleet.GuestState;
import dev.pvebot.runbooks.action.Intent;
import java.time.Duration;

/// `pve.vm.stop`: cuts the power. What the guest had not written to disk is lost.
final class StopVm extends PowerAction<StopVm.Inputs, StopVm.Output> {
  public record Inputs(Vmid vm) {}

  public record Output() {}

  StopVm(Reach reach) {
    super(
        reach, "pve.vm.stop", Inputs.class, Output.class, Risk.DISRUPTIVE, Duration.ofMinutes(10));
  }

  @Override
  Vmid vm(Inputs inputs) {
    return inputs.vm();
  }

  @Override
  String act(Inputs inputs) {
    return "stopping";
  }

  @Override
  Output output() {
    return new Output();
  }

  @Override
  boolean wantsRunning() {
    return false;
  }

  @Override
  String[] taskTypes() {
    return new String[] {"qmstop", "hastop"};
  }

  @Override
  String words(Inputs inputs) {
    return "stops hard: its power is cut";
  }

  @Override
  Duration estimate() {
    return Duration.ofSeconds(5);
  }

  /// A shutdown that waits in vain would hold the VM's lock; PVE ends it first when told to, but
  /// not for HA's VMs.
  @Override
  PveCall call(Inputs inputs, Intent intent, GuestState now) {
    PveCall call = power(now, inputs, "stop");
    return now.haManaged() ? call : call.with("overrule-shutdown", true);
  }
}
