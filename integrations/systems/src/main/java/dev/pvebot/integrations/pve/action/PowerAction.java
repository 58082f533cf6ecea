package dev.pvebot.integrations.pve.action;

import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.fleet.GuestDetail;
import dev.pvebot.commands.Risk;
import dev.pvebot.integrations.pve.api.PveCall;
import dev.pvebot.integrations.pve.fleet.GuestState;
import dev.pvebot.runbooks.action.Effect;
import dev.pvebot.runbooks.action.Intent;
import dev.pvebot.runbooks.action.Observation;
import dev.pvebot.runbooks.action.Planning;
import dev.pvebot.runbooks.action.Preview;
import java.time.Duration;
import java.util.Optional;

/// What starting and stopping have in common: a wanted state of QEMU. A HA-managed VM is only asked
/// for, the HA manager obeys some seconds later, so it is the VM that is looked at and not the
/// task.
abstract class PowerAction<I extends Record, O extends Record> extends GuestAction<I, O> {
  /// The HA manager looks every 10 s, its local half as often, and then the VM needs its time.
  static final Duration SETTLE = Duration.ofSeconds(90);

  private final boolean wantsRunning;
  private final O done;
  private final Duration estimate;

  /// What one power action is.
  ///
  /// @param wantsRunning whether the guest runs when it is done
  /// @param done its output
  record Sort<I, O>(
      String name,
      Class<I> inputs,
      O done,
      Risk risk,
      boolean wantsRunning,
      Duration timeout,
      Duration estimate) {}

  @SuppressWarnings("unchecked")
  PowerAction(Reach reach, Flavour flavour, Sort<I, O> sort) {
    super(
        reach,
        flavour,
        sort.name(),
        sort.inputs(),
        (Class<O>) sort.done().getClass(),
        traits(sort.risk(), sort.timeout(), SETTLE, onVms("VM.PowerMgmt")));
    this.wantsRunning = sort.wantsRunning();
    this.done = sort.done();
    this.estimate = sort.estimate();
  }

  /// Of the tasks that do it, without PVE's prefix: `start`.
  abstract String[] verbs();

  /// `starts`, `shuts down`
  abstract String words(I inputs);

  @Override
  public Preview<I> preview(I inputs, Planning planning) throws InterruptedException {
    Fleet.Guest guest = planned(inputs, planning);
    refuseTemplate(guest, act(inputs));
    Optional<GuestDetail> detail = planning.detail(guest.vmid());
    boolean already = wantsRunning ? guest.isRunning() : guest.power() == Fleet.Power.STOPPED;
    if (!already) {
      refuseLocked(guest);
    }
    String state = wantsRunning ? "runs already" : "is stopped already";
    return preview(
        inputs,
        already ? Effect.Kind.KEEP : Effect.Kind.CHANGE,
        guest,
        "%s %s"
            .formatted(
                Words.onNode(guest),
                already
                    ? state
                    : words(inputs) + (guest.haState().isPresent() ? ", by the HA manager" : "")),
        detail,
        Projected.with(
            planning.fleet(),
            Projected.power(guest, wantsRunning ? Fleet.Power.RUNNING : Fleet.Power.STOPPED)),
        estimate);
  }

  PveCall power(GuestState now, I inputs, String verb) {
    return PveCall.post(words(inputs, now), path(now, "status", verb));
  }

  @Override
  Observation<O> look(I inputs, Intent intent, Optional<GuestState> now)
      throws InterruptedException {
    if (now.isEmpty()) {
      return notListed(inputs);
    }
    return now.get().running() == wantsRunning
        ? new Observation.Done<>(done)
        : notYet(
            inputs,
            intent,
            now.get().running() ? "it runs" : "it is stopped",
            flavour.tasks(verbs()));
  }

  /// Stopping works while a suspended VM's lock stands, and starting ends it.
  @Override
  boolean worksUnder(String lock, GuestState now) {
    return lock.equals("suspended");
  }
}
