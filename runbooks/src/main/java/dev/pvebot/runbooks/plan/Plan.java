package dev.pvebot.runbooks.plan;

import dev.pvebot.clusters.Environment;
import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.GuestDetail;
import dev.pvebot.commands.Risk;
import dev.pvebot.runbooks.action.Effect;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Everything that an operation will do, expanded and pinned when it was planned. It is stored
/// whole: an operation that resumes runs this, even if the library or the program has changed
/// since.
///
/// @param runbook name of the runbook
/// @param runbookDigest SHA-256 (hex) of the runbook's text
/// @param intent the command's intent, or `runbook.run`
/// @param title for example `create talos-staging`
/// @param params the parameters as they were given and defaulted
/// @param risk computed: the highest of the declared risk and of every reachable action
/// @param environment the highest of the targets' environments
/// @param confirmName what must be typed for a destructive plan: the cluster's or the VM's name
/// @param cluster the profile the plan is about, if it is about one
/// @param checks what must still hold when the operation starts
/// @param steps in order
/// @param rollback steps offered after a failure; planned and gated on their own when chosen
/// @param effects in the order of the steps
/// @param targets identities of existing guests that are touched
/// @param reserved VMIDs that the plan will create
/// @param made what the created guests are like at the end; outside the digest, for it follows from
///   the effects
/// @param locks needed while it runs, sorted
/// @param notes facts worth reading that are no effects (memory afterwards, what stays untouched);
///   outside the digest
/// @param estimate how long it is likely to take; outside the digest
/// @param digest SHA-256 (hex) over everything that is not said to be outside
public record Plan(
    String runbook,
    String runbookDigest,
    String intent,
    String title,
    Map<String, Object> params,
    Risk risk,
    Environment environment,
    Optional<String> confirmName,
    Optional<String> cluster,
    List<Check> checks,
    List<PlanStep> steps,
    List<PlanStep> rollback,
    List<Effect> effects,
    List<GuestDetail.Identity> targets,
    List<Vmid> reserved,
    List<Made> made,
    List<LockKey> locks,
    List<String> notes,
    Duration estimate,
    String digest) {

  public Plan {
    checks = List.copyOf(checks);
    steps = List.copyOf(steps);
    rollback = List.copyOf(rollback);
    effects = List.copyOf(effects);
    targets = List.copyOf(targets);
    reserved = List.copyOf(reserved);
    // plans that were stored before this existed
    made = made == null ? List.of() : List.copyOf(made);
    locks = locks.stream().sorted().distinct().toList();
    notes = List.copyOf(notes);
  }

  /// The first six characters, as people see it on a card.
  public String shortDigest() {
    return digest.substring(0, 6);
  }

  /// The same with another digest.
  Plan withDigest(String other) {
    return new Plan(
        runbook,
        runbookDigest,
        intent,
        title,
        params,
        risk,
        environment,
        confirmName,
        cluster,
        checks,
        steps,
        rollback,
        effects,
        targets,
        reserved,
        made,
        locks,
        notes,
        estimate,
        other);
  }

  /// A guest as the plan leaves it.
  ///
  /// @param memoryBytes configured memory
  /// @param diskBytes size of the boot disk
  /// @param how how it comes to be, for example `clone of 101 (full)`
  public record Made(
      Vmid vmid,
      String name,
      NodeName node,
      int cores,
      long memoryBytes,
      long diskBytes,
      String how) {}

  /// A precondition.
  ///
  /// @param that CEL, boolean
  /// @param otherwise what to say when it does not hold; already rendered
  public record Check(String that, String otherwise) {}

  /// A lock, `vm/1051`, `cluster/talos-staging`, `node/pve01`.
  ///
  /// @param exclusive shared locks go together, an exclusive one goes alone
  public record LockKey(String name, boolean exclusive) implements Comparable<LockKey> {
    @Override
    public int compareTo(LockKey other) {
      int byName = name.compareTo(other.name);
      return byName != 0 ? byName : Boolean.compare(other.exclusive, exclusive);
    }
  }
}
