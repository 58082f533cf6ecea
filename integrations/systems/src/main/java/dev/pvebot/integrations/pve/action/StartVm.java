package dev.pvebot.integrations.pve.action;

import dev.pvebot.clusters.Vmid;
import dev.pvebot.commands.Risk;
import dev.pvebot.integrations.pve.api.PveCall;
import dev.pvebot.integrations.pve.fleet.GuestState;
import dev.pvebot.runbooks.action.Intent;
import java.time.Duration;

/// `pve.vm.start`
final class StartVm extends PowerAction<StartVm.Inputs, StartVm.Output> {
  public record Inputs(Vmid vm) {}

  public record Output() {}

  StartVm(Reach reach) {
    super(reach, "pve.vm.start", Inputs.class, Output.class, Risk.ROUTINE, Duration.ofMinutes(10));
  }

  @Override
  Vmid vm(Inputs inputs) {
    return inputs.vm();
  }

  @Override
  String act(Inputs inputs) {
    return "starting";
  }

  @Override
  Output output() {
    return new Output();
  }

  @Override
  boolean wantsRunning() {
    return true;
  }

  @Override
  String[] taskTypes() {
    return new String[] {"qmstart", "hastart"};
  }

  @Override
  String words(Inputs inputs) {
    return "starts";
  }

  @Override
  Duration estimate() {
    return Duration.ofSeconds(5);
  }

  @Override
  PveCall call(Inputs inputs, Intent intent, GuestState now) {
    return power(now, inputs, "start");
  }
}
