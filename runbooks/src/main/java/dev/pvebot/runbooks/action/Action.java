package dev.pvebot.runbooks.action;

import java.util.Map;

/// One instruction that a runbook's step can call, for example `pve.vm.clone`. It makes **at most
/// one mutating call**: that is what lets the engine know, after any death, whether the call
/// happened.
///
/// The engine drives each step the same way, the first time and after a restart:
///
/// 1. [#prepare] reads what is needed to recognise our own work later; the engine journals it as
///    the [Intent].
/// 2. [#observe] asks the world. `Done` needs nothing more; `NotDone` goes on; `Running` is waited
///    for.
/// 3. [#run] makes the call; a task's UPID is journaled before it is waited for.
/// 4. [#observe] again, until it says `Done`: the end of a task proves nothing (a HA-managed VM's
///    start, a reboot and a migration end "OK" too early).
///
/// Inputs and outputs are records of `String`, `int`, `long`, `boolean`, `Vmid`, `NodeName`, lists
/// and optionals of these; an `@Nullable` or `Optional` component may be left out in a runbook. An
/// output called `remark` is told to people when the step is done. Component names are the
/// runbook's keys, in snake_case there (`targetNode` is `target_node`).
public interface Action<I extends Record, O extends Record> {
  /// For example `pve.vm.clone`.
  String name();

  Class<I> inputs();

  Class<O> outputs();

  Traits traits();

  /// What the call would change, seen from a fleet; reads only. Relative wishes are made absolute
  /// here.
  ///
  /// @throws ActionFailure of kind [ActionFailure.Kind#REFUSED] when it cannot work: the plan is
  ///   then refused
  Preview<I> preview(I inputs, Planning planning) throws InterruptedException;

  /// Reads what [#observe] needs to recognise the effect (the identity of the target, its uptime
  /// before a reboot, …) and checks that the target is still the one that was planned.
  ///
  /// @return facts for the journal; no secrets
  Map<String, String> prepare(I inputs, RunContext context) throws InterruptedException;

  /// Makes the one call. [RunContext#beforeCall] comes right before it.
  ///
  /// @throws ActionFailure with the kind that says whether the call may have happened
  Started run(I inputs, Intent intent, RunContext context) throws InterruptedException;

  /// Asks the world whether the intent has come true. Reads only, may be called at any time and any
  /// number of times.
  Observation<O> observe(I inputs, Intent intent) throws InterruptedException;
}
