package dev.pvebot.integrations.pve.action;

import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.commands.Risk;
import dev.pvebot.integrations.pve.api.PveCall;
import dev.pvebot.integrations.pve.fleet.GuestState;
import dev.pvebot.integrations.pve.task.TaskRow;
import dev.pvebot.runbooks.action.ActionFailure;
import dev.pvebot.runbooks.action.Effect;
import dev.pvebot.runbooks.action.Intent;
import dev.pvebot.runbooks.action.Observation;
import dev.pvebot.runbooks.action.Planning;
import dev.pvebot.runbooks.action.Preview;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// `pve.vm.reboot`, `pve.ct.reboot`: shuts the guest down and starts it again, which applies what
/// is pending in its configuration.
///
/// The task ends when the old QEMU exits, before the new one runs; it has succeeded when another
/// QEMU runs than before.
final class RebootVm extends GuestAction<RebootVm.Inputs, RebootVm.Output> {
  private static final String PID = "pid";
  private static final String UPTIME = "uptime";

  /// @param timeout seconds that the guest gets to power off; by default PVE's 60
  public record Inputs(Vmid vm, Optional<Integer> timeout) {}

  public record Output() {}

  RebootVm(Reach reach, Flavour flavour) {
    super(
        reach,
        flavour,
        "pve." + flavour.name().toLowerCase(Locale.ROOT) + ".reboot",
        Inputs.class,
        Output.class,
        traits(Risk.CHANGE, Duration.ofMinutes(15), Duration.ofSeconds(60), onVms("VM.PowerMgmt")));
  }

  @Override
  Vmid vm(Inputs inputs) {
    return inputs.vm();
  }

  @Override
  String act(Inputs inputs) {
    return "rebooting";
  }

  @Override
  public Preview<Inputs> preview(Inputs inputs, Planning planning) throws InterruptedException {
    Fleet.Guest guest = planned(inputs, planning);
    refuseTemplate(guest, "rebooting");
    if (guest.power() == Fleet.Power.STOPPED) {
      throw ActionFailure.refused("%s does not run".formatted(Words.onNode(guest)), "start it");
    }
    refuseLocked(guest);
    return preview(
        inputs,
        Effect.Kind.CHANGE,
        guest,
        "%s reboots".formatted(Words.onNode(guest)),
        planning.detail(inputs.vm()),
        planning.fleet(),
        Duration.ofSeconds(60));
  }

  @Override
  Map<String, String> facts(Inputs inputs, GuestState now) {
    Map<String, String> facts = new HashMap<>();
    now.pid().ifPresent(pid -> facts.put(PID, String.valueOf(pid)));
    facts.put(UPTIME, String.valueOf(now.uptimeSeconds()));
    return facts;
  }

  @Override
  PveCall call(Inputs inputs, Intent intent, GuestState now) {
    if (!now.running()) {
      throw ActionFailure.refused(words(inputs, now) + ": it does not run", "start it");
    }
    return PveCall.post(words(inputs, now), path(now, "status", "reboot"))
        .with("timeout", inputs.timeout());
  }

  @Override
  Observation<Output> look(Inputs inputs, Intent intent, Optional<GuestState> now)
      throws InterruptedException {
    if (now.isEmpty()) {
      return notListed(inputs);
    }
    if (now.get().running()) {
      return isAnother(intent, now.get())
          ? new Observation.Done<>(new Output())
          : notYet(inputs, intent, "it has not gone down yet", flavour.tasks("reboot"));
    }
    List<TaskRow> own = ownTasks.since(intent, inputs.vm(), flavour.tasks("reboot"));
    if (own.isEmpty()) {
      return new Observation.NotDone<>("it is stopped, and not by us");
    }
    TaskRow newest = own.getFirst();
    return newest.isRunning()
        ? new Observation.Running<>(newest.upid())
        : new Observation.Unknown<>("it went down for the reboot and does not run again yet");
  }

  /// Whether another QEMU runs than when the intent was journaled.
  private static boolean isAnother(Intent intent, GuestState now) {
    Optional<String> before = Optional.ofNullable(intent.facts().get(PID));
    if (before.isPresent() && now.pid().isPresent()) {
      return !before.get().equals(String.valueOf(now.pid().get()));
    }
    return now.uptimeSeconds() < Long.parseLong(intent.facts().getOrDefault(UPTIME, "0"));
  }
}
