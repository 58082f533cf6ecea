package dev.pvebot.runbooks.engine.journal;

import dev.pvebot.clusters.Environment;
import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.commands.Risk;
import dev.pvebot.commands.chat.Conversation;
import dev.pvebot.commands.chat.Person;
import dev.pvebot.runbooks.action.Effect;
import dev.pvebot.runbooks.plan.Plan;
import dev.pvebot.runbooks.plan.Plan.LockKey;
import dev.pvebot.runbooks.plan.PlanStep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// Plans for tests; only what matters in sight.
public record Plans(
    String title, List<Integer> reserved, List<LockKey> locks, List<PlanStep> steps) {
  public static final Person ALICE = new Person("alice");
  public static final Person BOB = new Person("bob");
  public static final Conversation INFRA = new Conversation("console", "infra", Optional.empty());

  public static Plans plan(String title) {
    return new Plans(title, List.of(), List.of(), List.of());
  }

  public Plans reserving(Integer... vmids) {
    return new Plans(title, List.of(vmids), locks, steps);
  }

  public Plans locking(String... names) {
    List<LockKey> more = new ArrayList<>(locks);
    for (String name : names) {
      more.add(new LockKey(name, true));
    }
    return new Plans(title, reserved, more, steps);
  }

  public Plans sharing(String... names) {
    List<LockKey> more = new ArrayList<>(locks);
    for (String name : names) {
      more.add(new LockKey(name, false));
    }
    return new Plans(title, reserved, more, steps);
  }

  public Plans doing(PlanStep... all) {
    return new Plans(title, reserved, locks, List.of(all));
  }

  public Plan plan() {
    return plan(List.of());
  }

  public Plan plan(List<Effect> effects) {
    return new Plan(
        "test",
        "0".repeat(64),
        "runbook.run",
        title,
        Map.of("count", 3),
        Risk.CHANGE,
        Environment.DEV,
        Optional.empty(),
        Optional.of("birch-lab"),
        List.of(),
        steps,
        List.of(),
        effects,
        List.of(),
        reserved.stream().map(Vmid::new).toList(),
        List.of(),
        locks,
        List.of(),
        Duration.ofMinutes(1),
        "7c1e90" + "0".repeat(58));
  }

  public static Effect destroys(int vmid) {
    return new Effect(
        Effect.Kind.DESTROY,
        new Effect.Subject.Guest(new Vmid(vmid), new NodeName("alder")),
        "VM " + vmid);
  }

  public Journal.Draft draft() {
    return new Journal.Draft(plan(), ALICE, "do it", INFRA);
  }

  static List<Integer> range(int from, int to) {
    return IntStream.range(from, to).boxed().toList();
  }
}
