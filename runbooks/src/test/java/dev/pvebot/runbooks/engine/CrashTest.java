package dev.pvebot.runbooks.engine;

import static dev.pvebot.runbooks.engine.journal.Plans.plan;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pvebot.runbooks.engine.journal.Plans;
import dev.pvebot.runbooks.operation.Operation;
import dev.pvebot.runbooks.operation.OperationState;
import dev.pvebot.runbooks.operation.StepEvent;
import dev.pvebot.runbooks.plan.PlanStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/// Death at every boundary: before and after each journal write, before each call acts, after it
/// acted and before its answer.
final class CrashTest {
  /// What a plan is made of.
  ///
  /// @param machines are cloned and started
  /// @param doomed exist before and are destroyed
  record Shape(int machines, int doomed, int parallel) {
    Plans plans() {
      List<PlanStep> steps = new ArrayList<>();
      steps.add(Bench.count("look first"));
      PlanStep[] chains = new PlanStep[machines];
      List<Integer> vmids = new ArrayList<>();
      for (int i = 0; i < machines; i++) {
        int vmid = 1051 + i;
        vmids.add(vmid);
        chains[i] = Bench.group("m" + vmid, 1, Bench.cloneVm(vmid), Bench.startVm(vmid));
      }
      steps.add(Bench.group("machines", parallel, chains));
      for (int i = 0; i < doomed; i++) {
        steps.add(Bench.destroy(2001 + i));
      }
      return plan("shape")
          .reserving(vmids.toArray(Integer[]::new))
          .locking("cluster/birch")
          .doing(steps.toArray(PlanStep[]::new));
    }

    Bench bench() {
      Bench bench = new Bench();
      for (int i = 0; i < doomed; i++) {
        bench.world.put(2001 + i, "old");
      }
      return bench;
    }
  }

  @Provide
  Arbitrary<Shape> shapes() {
    return Combinators.combine(
            Arbitraries.integers().between(1, 4),
            Arbitraries.integers().between(0, 2),
            Arbitraries.integers().between(1, 3))
        .as(Shape::new);
  }

  @Property(tries = 150)
  void deathAnywhere_anyNumberOfTimes_everyEffectHappensOnce_andTheEndIsTheSame(
      @ForAll("shapes") Shape shape,
      @ForAll @Size(min = 1, max = 4) List<@IntRange(min = 0, max = 60) Integer> deaths) {
    Map<Integer, FakeWorld.Vm> undisturbed = undisturbed(shape);
    try (Bench bench = shape.bench()) {
      long id = bench.create(shape.plans());
      runThroughDeaths(bench, id, deaths);
      check(bench, shape, id, undisturbed);
    }
  }

  @Test
  void deathAtEachBoundaryOfALargerPlan_everyEffectHappensOnce() {
    Shape shape = new Shape(3, 1, 3);
    Map<Integer, FakeWorld.Vm> undisturbed = undisturbed(shape);
    int survived = 0;
    for (int boundary = 0; survived == 0; boundary++) {
      try (Bench bench = shape.bench()) {
        long id = bench.create(shape.plans());
        bench.dieAfter(boundary);
        survived = runThroughDeaths(bench, id, List.of()) ? 0 : 1;
        check(bench, shape, id, undisturbed);
      }
      assertThat(boundary).as("boundaries of the plan").isLessThan(400);
    }
  }

  private static Map<Integer, FakeWorld.Vm> undisturbed(Shape shape) {
    try (Bench bench = shape.bench()) {
      assertThat(bench.run(shape.plans()).state()).isEqualTo(OperationState.SUCCEEDED);
      return bench.world.vms();
    }
  }

  /// @return whether it died at all
  private static boolean runThroughDeaths(Bench bench, long id, List<Integer> deaths) {
    boolean died = false;
    List<Integer> left = new ArrayList<>(deaths);
    if (!left.isEmpty()) {
      bench.dieAfter(left.removeFirst());
    }
    try {
      bench.engine().enqueue(id, Plans.ALICE);
    } catch (Bench.Death _) {
      died = true;
    }
    while (true) {
      bench.joinThreads();
      if (!bench.isDead()) {
        return died;
      }
      died = true;
      bench.clock.advance(java.time.Duration.ofSeconds(3));
      bench.restart();
      bench.joinThreads();
      if (!bench.isDead() && bench.operation(id).state() == OperationState.PLANNED) {
        bench.engine().enqueue(id, Plans.ALICE);
      }
      if (!left.isEmpty()) {
        bench.dieAfter(left.removeFirst());
      }
    }
  }

  private static void check(
      Bench bench, Shape shape, long id, Map<Integer, FakeWorld.Vm> undisturbed) {
    Operation end = bench.operation(id);
    assertThat(end.state()).as(() -> end.stateReason() + "").isEqualTo(OperationState.SUCCEEDED);
    assertThat(bench.world.vms()).isEqualTo(undisturbed);
    assertThat(bench.world.ledger())
        .doesNotHaveDuplicates()
        .hasSize(shape.machines() * 2 + shape.doomed());
    assertThat(bench.store.all()).as("locks").isEmpty();
    assertThat(bench.store.unavailableVmids(bench.clock.instant())).as("reservations").isEmpty();
    assertThat(bench.events(id, StepEvent.Done.class))
        .extracting(StepEvent.Done::key)
        .doesNotHaveDuplicates()
        .hasSize(1 + shape.machines() * 2 + shape.doomed());
    assertThat(bench.store.verify(java.util.Optional.empty()))
        .isInstanceOf(dev.pvebot.runbooks.engine.journal.AuditLog.Verdict.Intact.class);
    assertThat(bench.store.newest(9))
        .extracting(entry -> entry.note().what())
        .containsExactly("operation.end", "operation.start");
  }
}
