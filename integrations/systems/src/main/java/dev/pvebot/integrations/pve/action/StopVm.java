package dev.pvebot.integrations.pve.action;

import dev.pvebot.clusters.Vmid;
import dev.pvebot.commands.Risk;
import dev.pvebot.integrations.pve.api.PveCall;
import dev.pvebot.integrations.pve.fleet.GuestState;
import dev.pvebot.runbooks.action.Intent;
import java.time.Duration;
import java.util.Locale;

/// `pve.vm.stop`, `pve.ct.stop`: cuts the power. What the guest had not written to disk is lost.
final class StopVm extends PowerAction<StopVm.Inputs, StopVm.Output> {
  public record Inputs(Vmid vm) {}

  public record Output() {}

  StopVm(Reach reach, Flavour flavour) {
    super(
        reach,
        flavour,
        new Sort<>(
            "pve." + flavour.name().toLowerCase(Locale.ROOT) + ".stop",
            Inputs.class,
            new Output(),
            Risk.DISRUPTIVE,
            false,
            Duration.ofMinutes(10),
            Duration.ofSeconds(5)));
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
  String[] verbs() {
    return new String[] {"stop", "hastop"};
  }

  @Override
  String words(Inputs inputs) {
    return "stops hard: its power is cut";
  }

  /// A shutdown that waits in vain would hold the VM's lock; PVE ends it first when told to, but
  /// not for HA's VMs.
  @Override
  PveCall call(Inputs inputs, Intent intent, GuestState now) {
    PveCall call = power(now, inputs, "stop");
    return now.haManaged() ? call : call.with("overrule-shutdown", true);
  }
}
