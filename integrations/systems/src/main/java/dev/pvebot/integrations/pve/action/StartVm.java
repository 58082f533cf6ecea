package dev.pvebot.integrations.pve.action;

import dev.pvebot.clusters.Vmid;
import dev.pvebot.commands.Risk;
import dev.pvebot.integrations.pve.api.PveCall;
import dev.pvebot.integrations.pve.fleet.GuestState;
import dev.pvebot.runbooks.action.Intent;
import java.time.Duration;
import java.util.Locale;

/// `pve.vm.start`, `pve.ct.start`
final class StartVm extends PowerAction<StartVm.Inputs, StartVm.Output> {
  public record Inputs(Vmid vm) {}

  public record Output() {}

  StartVm(Reach reach, Flavour flavour) {
    super(
        reach,
        flavour,
        new Sort<>(
            "pve." + flavour.name().toLowerCase(Locale.ROOT) + ".start",
            Inputs.class,
            new Output(),
            Risk.ROUTINE,
            true,
            Duration.ofMinutes(10),
            Duration.ofSeconds(5)));
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
  String[] verbs() {
    return new String[] {"start", "hastart"};
  }

  @Override
  String words(Inputs inputs) {
    return "starts";
  }

  @Override
  PveCall call(Inputs inputs, Intent intent, GuestState now) {
    return power(now, inputs, "start");
  }
}
