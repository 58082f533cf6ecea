package dev.pvebot.bot;

import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.GuestDetail;
import dev.pvebot.runbooks.engine.journal.Journal;
import dev.pvebot.runbooks.operation.Operation;
import dev.pvebot.runbooks.operation.StepRecord;
import dev.pvebot.runbooks.operation.StepState;
import dev.pvebot.runbooks.plan.Plan;
import dev.pvebot.runbooks.plan.PlanStep;
import dev.pvebot.runbooks.planner.PlanningWorld.Departure;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The way home of guests that evacuations moved: what the journal says of every migration of ours.
///
/// An evacuation takes a guest away from its node, also from one that is not its first; a return
/// brings it back to one. Any other migration is somebody's wish, and ends the way home.
final class WayHome {
  private static final Set<String> MOVES = Set.of("pve.vm.migrate", "pve.ct.migrate");

  /// Operations that are looked at, newest first: an evacuation is not undone after months.
  private static final int HOW_FAR_BACK = 2000;

  private final Journal journal;

  WayHome(Journal journal) {
    this.journal = journal;
  }

  /// Guests whose way home leads to this node, by VMID.
  List<Departure> to(NodeName node) {
    Map<Vmid, Map<NodeName, Departure>> away = new TreeMap<>();
    List<Operation> operations =
        journal.operations(Journal.Filter.all(HOW_FAR_BACK)).stream()
            .filter(operation -> operation.startedAt().isPresent())
            .filter(operation -> moves(operation.plan()).findAny().isPresent())
            .sorted(Comparator.comparing(Operation::id))
            .toList();
    operations.forEach(operation -> follow(operation, away));
    List<Departure> departures = new ArrayList<>();
    away.values().forEach(homes -> Optional.ofNullable(homes.get(node)).ifPresent(departures::add));
    return departures;
  }

  private void follow(Operation operation, Map<Vmid, Map<NodeName, Departure>> away) {
    Plan plan = operation.plan();
    Map<Vmid, GuestDetail.Identity> known =
        plan.targets().stream()
            .collect(Collectors.toMap(GuestDetail.Identity::vmid, target -> target));
    Set<String> done =
        journal.steps(operation.id()).stream()
            .filter(step ->
                step.state() == StepState.DONE || step.state() == StepState.DONE_WITH_WARNINGS)
            .map(StepRecord::key)
            .collect(Collectors.toSet());
    Optional<NodeName> node =
        Optional.ofNullable(plan.params().get("node")).map(name -> new NodeName(name.toString()));
    moves(plan)
        .filter(move -> done.contains(move.key()))
        .forEach(move -> {
          Vmid vmid = Vmid.parse(String.valueOf(move.inputs().get("vm")));
          Optional<GuestDetail.Identity> who = Optional.ofNullable(known.get(vmid));
          Map<NodeName, Departure> homes = away.computeIfAbsent(vmid, _ -> new HashMap<>());
          switch (plan.intent()) {
            case "node.evacuate" ->
                node.ifPresent(from ->
                    who.ifPresent(
                        identity -> homes.put(from, new Departure(identity, operation.id()))));
            case "node.return" -> node.ifPresent(homes::remove);
            default -> homes.clear();
          }
        });
  }

  private static Stream<PlanStep.Act> moves(Plan plan) {
    return acts(plan.steps()).filter(act -> MOVES.contains(act.action()));
  }

  private static Stream<PlanStep.Act> acts(List<PlanStep> steps) {
    return steps.stream()
        .flatMap(step ->
            switch (step) {
              case PlanStep.Group group -> acts(group.children());
              case PlanStep.Act act -> Stream.of(act);
              case PlanStep.Manual _ -> Stream.empty();
            });
  }
}
