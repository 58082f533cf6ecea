package dev.pvebot.runbooks.planner;

import dev.pvebot.clusters.ClusterName;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.fleet.GuestDetail;
import dev.pvebot.clusters.placement.Membership;
import dev.pvebot.clusters.site.ClusterProfile;
import dev.pvebot.runbooks.action.Action;
import dev.pvebot.runbooks.action.ActionFailure;
import dev.pvebot.runbooks.action.Actions;
import dev.pvebot.runbooks.action.Effect;
import dev.pvebot.runbooks.engine.Staleness;
import dev.pvebot.runbooks.expression.Data;
import dev.pvebot.runbooks.expression.StoredExpressions;
import dev.pvebot.runbooks.expression.Type;
import dev.pvebot.runbooks.operation.Operation;
import dev.pvebot.runbooks.plan.Plan;
import dev.pvebot.runbooks.plan.PlanStep;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads the world again for a plan that was made earlier. Placement and inputs are pinned and
/// stay; preconditions, identities and effects are looked at anew. Thread-safe.
public final class Replanner implements Staleness {
  private final Actions actions;
  private final StoredExpressions expressions;
  private final Worlds worlds;

  /// Gives a fresh look at the world.
  @FunctionalInterface
  public interface Worlds {
    /// @throws ActionFailure when the world cannot be read
    PlanningWorld look() throws InterruptedException;
  }

  public Replanner(Actions actions, StoredExpressions expressions, Worlds worlds) {
    this.actions = actions;
    this.expressions = expressions;
    this.worlds = worlds;
  }

  @Override
  public Verdict check(Operation operation) throws InterruptedException {
    return compare(operation.plan(), worlds.look());
  }

  /// The same for a world that was looked at already.
  public Verdict compare(Plan approved, PlanningWorld world) throws InterruptedException {
    List<String> differences = new ArrayList<>();
    preconditions(approved, world, differences);
    Projection projection = new Projection(world);
    List<Effect> expected = new ArrayList<>(approved.effects());
    for (PlanStep step : approved.steps()) {
      again(step, world, projection, differences);
    }
    effects(expected, projection.effects(), differences);
    identities(approved.targets(), projection.targets(), world, differences);
    return differences.isEmpty()
        ? new Verdict.Same()
        : new Verdict.Different(differences.stream().distinct().toList());
  }

  private void preconditions(Plan approved, PlanningWorld world, List<String> differences) {
    Map<String, Object> live = new HashMap<>();
    live.put(Vocabulary.INVENTORY, Data.ofRecord(World.Inventory.of(world.fleet())));
    approved
        .cluster()
        .flatMap(name -> world.site().profile(new ClusterName(name)))
        .ifPresent(profile -> live.put(Vocabulary.MEMBERS, members(profile, world)));
    for (Plan.Check check : approved.checks()) {
      try {
        if (!expressions.evaluate(check.that(), live).equals(true)) {
          differences.add(check.otherwise());
        }
      } catch (IllegalArgumentException e) {
        differences.add("%s (%s)".formatted(check.otherwise(), e.getMessage()));
      }
    }
  }

  private static List<Object> members(ClusterProfile profile, PlanningWorld world) {
    return Membership.of(profile, world.site(), world.fleet(), world.createdByUs(profile.name()))
        .members()
        .stream()
        .map(guest -> (Object) Data.ofRecord(World.Guest.of(guest)))
        .toList();
  }

  private void again(
      PlanStep step, PlanningWorld world, Projection projection, List<String> differences)
      throws InterruptedException {
    switch (step) {
      case PlanStep.Group group -> {
        for (PlanStep child : group.children()) {
          again(child, world, projection, differences);
        }
      }
      case PlanStep.Manual manual ->
          projection.add(
              new Effect(
                  Effect.Kind.CHANGE,
                  new Effect.Subject.Elsewhere(manual.title()),
                  "by hand: " + manual.title()));
      case PlanStep.Act act -> again(act, world, projection, differences);
    }
  }

  private void again(
      PlanStep.Act act, PlanningWorld world, Projection projection, List<String> differences)
      throws InterruptedException {
    Optional<Action<?, ?>> action = actions.named(act.action());
    if (action.isEmpty()) {
      differences.add(
          "%s: this version of pvebot has no action %s".formatted(act.title(), act.action()));
      return;
    }
    Map<String, Object> inputs = new LinkedHashMap<>(act.inputs());
    List<String> deferred =
        inputs.entrySet().stream()
            .filter(input -> input.getValue() instanceof PlanStep.Deferred)
            .map(Map.Entry::getKey)
            .toList();
    deferred.forEach(inputs::remove);
    Type.Struct types = (Type.Struct) Type.ofRecord(action.get().inputs());
    if (deferred.stream()
        .anyMatch(name -> !(types.fields().get(name) instanceof Type.OptionalOf))) {
      if (action.get().traits().risk() != dev.pvebot.commands.Risk.READ) {
        projection.add(Expansion.unknown(act.title(), deferred));
      }
      return;
    }
    try {
      Projection.Step taken = projection.take(action.get(), inputs);
      Guard.forbids(world, Risks.of(action.get()), taken)
          .map(Planned.Reason::sentence)
          .ifPresent(differences::add);
    } catch (ActionFailure failure) {
      if (failure.kind() != ActionFailure.Kind.REFUSED) {
        throw failure;
      }
      differences.add(new Planned.Reason(failure.what(), failure.why(), failure.now()).sentence());
    } catch (IllegalArgumentException e) {
      differences.add("%s: %s".formatted(act.title(), e.getMessage()));
    }
  }

  private static void effects(List<Effect> expected, List<Effect> found, List<String> differences) {
    List<Effect> missing = new ArrayList<>(expected);
    List<Effect> added = new ArrayList<>();
    for (Effect effect : found) {
      if (!missing.remove(effect)) {
        added.add(effect);
      }
    }
    missing.forEach(effect ->
        differences.add("no longer: %c %s".formatted(effect.kind().sign(), effect.text())));
    added.forEach(
        effect -> differences.add("now: %c %s".formatted(effect.kind().sign(), effect.text())));
  }

  private static void identities(
      List<GuestDetail.Identity> expected,
      List<GuestDetail.Identity> found,
      PlanningWorld world,
      List<String> differences) {
    for (GuestDetail.Identity target : expected) {
      Vmid vmid = target.vmid();
      Optional<Fleet.Guest> guest = world.fleet().guest(vmid);
      if (guest.isEmpty()) {
        differences.add("VM %s (%s) does not exist any more".formatted(vmid, target.name()));
      } else if (!found.contains(target)) {
        differences.add(
            "VM %s is another one than when this was planned: it was %s, it is %s"
                .formatted(
                    vmid,
                    words(target),
                    found.stream()
                        .filter(other -> other.vmid().equals(vmid))
                        .findFirst()
                        .map(Replanner::words)
                        .orElse(guest.get().name())));
      }
    }
  }

  private static String words(GuestDetail.Identity identity) {
    StringBuilder words = new StringBuilder(identity.name());
    identity.uuid().ifPresent(uuid -> words.append(", uuid ").append(uuid));
    identity.mac().ifPresent(mac -> words.append(", MAC ").append(mac));
    return words.toString();
  }
}
