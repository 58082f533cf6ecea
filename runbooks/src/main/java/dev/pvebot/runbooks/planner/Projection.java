package dev.pvebot.runbooks.planner;

import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.fleet.GuestDetail;
import dev.pvebot.runbooks.action.Action;
import dev.pvebot.runbooks.action.Effect;
import dev.pvebot.runbooks.action.Planning;
import dev.pvebot.runbooks.action.Preview;
import dev.pvebot.runbooks.engine.RecordData;
import dev.pvebot.runbooks.expression.Data;
import dev.pvebot.runbooks.plan.Plan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// The fleet as it will be, step after step, and what the steps so far do to it. One use.
final class Projection implements Planning {
  static final String PROTECTED = "protected";

  private final PlanningWorld world;
  private Fleet fleet;
  private final List<Effect> effects = new ArrayList<>();
  private final Map<Vmid, GuestDetail.Identity> targets = new LinkedHashMap<>();
  private final Set<Vmid> created = new TreeSet<>();
  private final Set<Vmid> destroyed = new TreeSet<>();

  Projection(PlanningWorld world) {
    this.world = world;
    this.fleet = world.fleet();
  }

  /// What one step does.
  ///
  /// @param inputs pinned, as JSON data
  /// @param removed guests that are there before and not afterwards
  /// @param unprotected guests that lose the tag that protects them
  record Step(
      Map<String, Object> inputs,
      List<Effect> effects,
      Duration estimate,
      List<Fleet.Guest> removed,
      List<Fleet.Guest> unprotected) {}

  /// What was so before a chain, so that a chain that cannot work leaves nothing behind.
  record Mark(
      Fleet fleet,
      int effects,
      Map<Vmid, GuestDetail.Identity> targets,
      Set<Vmid> created,
      Set<Vmid> destroyed) {}

  Mark mark() {
    return new Mark(
        fleet,
        effects.size(),
        new LinkedHashMap<>(targets),
        new TreeSet<>(created),
        new TreeSet<>(destroyed));
  }

  void back(Mark mark) {
    fleet = mark.fleet;
    effects.subList(mark.effects, effects.size()).clear();
    targets.clear();
    targets.putAll(mark.targets);
    created.retainAll(mark.created);
    destroyed.retainAll(mark.destroyed);
  }

  @Override
  public Fleet fleet() {
    return fleet;
  }

  @Override
  public Optional<GuestDetail> detail(Vmid vmid) throws InterruptedException {
    return created.contains(vmid) ? Optional.empty() : world.detail(vmid);
  }

  /// Previews a step and takes its effects on.
  ///
  /// @throws dev.pvebot.runbooks.action.ActionFailure when it cannot work
  /// @throws IllegalArgumentException when the inputs do not make the action's record
  <I extends Record> Step take(Action<I, ?> action, Map<String, Object> inputs)
      throws InterruptedException {
    Fleet before = fleet;
    Preview<I> preview = action.preview(RecordData.read(action.inputs(), inputs), this);
    Fleet after = preview.after();
    List<Fleet.Guest> removed =
        before.guests().stream().filter(guest -> after.guest(guest.vmid()).isEmpty()).toList();
    List<Fleet.Guest> unprotected =
        before.guests().stream()
            .filter(guest -> guest.tags().contains(PROTECTED))
            .filter(guest ->
                after
                    .guest(guest.vmid())
                    .filter(left -> !left.tags().contains(PROTECTED))
                    .isPresent())
            .toList();
    for (Fleet.Guest guest : after.guests()) {
      if (before.guest(guest.vmid()).isEmpty()) {
        created.add(guest.vmid());
      }
    }
    removed.stream()
        .map(Fleet.Guest::vmid)
        .filter(vmid -> !created.contains(vmid))
        .forEach(destroyed::add);
    preview.targets().forEach(target -> targets.putIfAbsent(target.vmid(), target));
    fleet = after;
    effects.addAll(preview.effects());
    return new Step(
        Data.dataOf(preview.pinned()), preview.effects(), preview.estimate(), removed, unprotected);
  }

  void add(Effect effect) {
    effects.add(effect);
  }

  List<Effect> effects() {
    return effects;
  }

  List<GuestDetail.Identity> targets() {
    return targets.values().stream()
        .sorted(java.util.Comparator.comparing(GuestDetail.Identity::vmid))
        .toList();
  }

  /// Existing guests that are destroyed, also those whose VMID is used again.
  Set<Vmid> destroyed() {
    return destroyed;
  }

  /// VMIDs of guests that are made and are there at the end.
  List<Vmid> created() {
    return created.stream().filter(vmid -> fleet.guest(vmid).isPresent()).toList();
  }

  /// What the created guests are like at the end.
  List<Plan.Made> made() {
    return created().stream()
        .flatMap(vmid -> fleet.guest(vmid).stream())
        .map(guest ->
            new Plan.Made(
                guest.vmid(),
                guest.name(),
                guest.node(),
                guest.cores(),
                guest.memoryBytes(),
                guest.diskBytes(),
                how(guest.vmid())))
        .toList();
  }

  private String how(Vmid vmid) {
    return effects.stream()
        .filter(effect ->
            effect.kind() == Effect.Kind.CREATE
                && effect.subject() instanceof Effect.Subject.Guest guest
                && guest.vmid().equals(vmid))
        .flatMap(effect -> effect.how().stream())
        .findFirst()
        .orElse("new");
  }
}
