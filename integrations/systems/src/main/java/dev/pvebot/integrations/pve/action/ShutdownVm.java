package dev.pvebot.integrations.pve.action;

import dev.pvebot.clusters.Vmid;
import dev.pvebot.commands.Risk;
import dev.pvebot.integrations.pve.api.PveCall;
import dev.pvebot.integrations.pve.fleet.GuestState;
import dev.pvebot.runbooks.action.Intent;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/// `pve.vm.shutdown`, `pve.ct.shutdown`: asks the guest to power off. One that does not listen goes
/// on running, unless `force_stop`.
final class ShutdownVm extends PowerAction<ShutdownVm.Inputs, ShutdownVm.Output> {

  /// @param timeout seconds that the guest gets; by default PVE's 60, or what the VM's `startup`
  ///   says
  /// @param forceStop cut the power after that
  public record Inputs(Vmid vm, Optional<Integer> timeout, Optional<Boolean> forceStop) {}

  public record Output() {}

  ShutdownVm(Reach reach, Flavour flavour) {
    super(
        reach,
        flavour,
        new Sort<>(
            "pve." + flavour.name().toLowerCase(Locale.ROOT) + ".shutdown",
            Inputs.class,
            new Output(),
            Risk.CHANGE,
            false,
            Duration.ofMinutes(15),
            Duration.ofSeconds(30)));
  }

  @Override
  Vmid vm(Inputs inputs) {
    return inputs.vm();
  }

  @Override
  String act(Inputs inputs) {
    return "shutting down";
  }

  @Override
  String[] verbs() {
    return new String[] {"shutdown", "hastop"};
  }

  @Override
  String words(Inputs inputs) {
    return "shuts down"
        + (inputs.forceStop().orElse(false)
            ? ", its power is cut after %s"
                .formatted(inputs.timeout().map(s -> s + " s").orElse("60 s"))
            : "");
  }

  @Override
  PveCall call(Inputs inputs, Intent intent, GuestState now) {
    PveCall call = power(now, inputs, "shutdown").with("timeout", inputs.timeout());
    return inputs.forceStop().orElse(false) ? call.with("forceStop", true) : call;
  }
}
