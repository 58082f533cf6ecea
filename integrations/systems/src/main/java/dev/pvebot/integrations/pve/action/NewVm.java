package dev.pvebot.integrations.pve.action;

import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Upid;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.fleet.GuestDetail;
import dev.pvebot.integrations.pve.action.GuestAction.Readable;
import dev.pvebot.integrations.pve.api.PveCall;
import dev.pvebot.integrations.pve.fleet.GuestState;
import dev.pvebot.integrations.pve.fleet.VmidAbsence;
import dev.pvebot.integrations.pve.task.TaskRow;
import dev.pvebot.runbooks.action.ActionFailure;
import dev.pvebot.runbooks.action.Intent;
import dev.pvebot.runbooks.action.Observation;
import dev.pvebot.runbooks.action.RunContext;
import dev.pvebot.runbooks.action.Started;
import dev.pvebot.runbooks.action.Traits;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What bringing a VM into being under a VMID of its own has in common. Our mark goes into its
/// description with the call; while it is in the making, it is only a lock, `create`.
abstract class NewVm<I extends Record> extends PveAction<I, NewVm.Output> {

  /// @param uuid smbios uuid of the new VM
  /// @param mac of its first network card
  public record Output(
      Vmid vmid, String name, NodeName node, Optional<String> uuid, Optional<String> mac) {}

  private final String task;

  /// @param task the type of PVE's task, `qmcreate`
  NewVm(Reach reach, String name, String task, Class<I> inputs, Traits traits) {
    super(reach, name, inputs, Output.class, traits);
    this.task = task;
  }

  abstract Vmid vm(I inputs);

  /// Where it is made.
  abstract NodeName node(I inputs);

  abstract PveCall call(I inputs, Intent intent) throws InterruptedException;

  /// @throws ActionFailure when the VMID is taken, or may be
  static void refuseTaken(Vmid vmid, Fleet fleet) {
    Optional<Fleet.Guest> taken = fleet.guest(vmid);
    if (taken.isPresent()) {
      throw ActionFailure.refused(
          "VMID %s is taken: %s".formatted(vmid, Words.onNode(taken.get())),
          "choose another VMID, or leave it out");
    }
    if (!fleet.completeView()) {
      throw new ActionFailure(
          ActionFailure.Kind.REFUSED,
          "it cannot be told whether VMID %s is free".formatted(vmid),
          Optional.of("the token does not see every guest (VM.Audit on /vms, propagated)"),
          Optional.of(
              "grant it: pveum acl modify /vms --tokens 'TOKEN' --roles ROLE (see the README)"));
    }
  }

  @Override
  public Map<String, String> prepare(I inputs, RunContext context) throws InterruptedException {
    return Readable.read(() -> {
      Map<String, String> facts = new HashMap<>();
      ownTasks.remember(facts, node(inputs), vm(inputs));
      return facts;
    });
  }

  @Override
  public Started run(I inputs, Intent intent, RunContext context) throws InterruptedException {
    PveCall call = Readable.read(() -> call(inputs, intent));
    context.beforeCall();
    return Readable.read(() ->
        reach
            .caller()
            .start(call)
            .<Started>map(Started.Task::new)
            .orElseGet(Started.Immediately::new));
  }

  @Override
  public Observation<Output> observe(I inputs, Intent intent) throws InterruptedException {
    return Readable.read(() -> {
      Optional<Upid> running =
          ownTasks.since(intent, vm(inputs), task).stream()
              .filter(TaskRow::isRunning)
              .map(TaskRow::upid)
              .findFirst();
      Optional<GuestState> made = reach.guests().state(vm(inputs));
      if (made.isPresent()) {
        return existing(inputs, intent, made.get(), running);
      }
      if (running.isPresent()) {
        return new Observation.Running<>(running.get());
      }
      return switch (reach.absence().of(vm(inputs))) {
        case VmidAbsence.Verdict.Absent() ->
            new Observation.NotDone<>("VMID %s is free".formatted(vm(inputs)));
        case VmidAbsence.Verdict.Present(String where) ->
            new Observation.Unknown<>(
                "VMID %s is taken (%s) but not listed".formatted(vm(inputs), where));
        case VmidAbsence.Verdict.CannotTell(String why) -> new Observation.Unknown<>(why);
      };
    });
  }

  private Observation<Output> existing(
      I inputs, Intent intent, GuestState made, Optional<Upid> running) {
    boolean ours = Marks.has(made.get("description").orElse(""), intent.mark(vm(inputs)));
    boolean inTheMaking = made.lock().filter("create"::equals).isPresent();
    if (ours && !inTheMaking) {
      GuestDetail.Identity identity = made.identity();
      return new Observation.Done<>(
          new Output(vm(inputs), made.name(), made.node(), identity.uuid(), identity.mac()));
    }
    if (running.isPresent()) {
      return new Observation.Running<>(running.get());
    }
    if (inTheMaking && (ours || intent.task().isPresent())) {
      return new Observation.Unknown<>(
          "VM %s on %s is half made (lock create) and no task of ours works on it"
              .formatted(vm(inputs), made.node()));
    }
    return new Observation.Foreign<>(
        "VMID %s is %s on %s, which this operation did not make"
            .formatted(vm(inputs), made.name(), made.node()));
  }
}
