package dev.pvebot.runbooks.planner;

import dev.pvebot.runbooks.plan.PlanStep;
import java.time.Duration;
import java.util.List;
import java.util.PriorityQueue;

/// How long steps are likely to take: one after the other, or as many at once as the group allows.
final class Estimates {
  private Estimates() {}

  static Duration of(List<PlanStep> steps) {
    return steps.stream().map(Estimates::of).reduce(Duration.ZERO, Duration::plus);
  }

  private static Duration of(PlanStep step) {
    return switch (step) {
      case PlanStep.Act act -> act.estimate();
      case PlanStep.Manual _ -> Duration.ZERO;
      case PlanStep.Group group -> group.parallel() <= 1 ? of(group.children()) : sideBySide(group);
    };
  }

  /// Each child begins where the first of the others ends.
  private static Duration sideBySide(PlanStep.Group group) {
    PriorityQueue<Duration> ends = new PriorityQueue<>();
    Duration last = Duration.ZERO;
    for (PlanStep child : group.children()) {
      Duration start = Duration.ZERO;
      if (ends.size() >= group.parallel()) {
        start = java.util.Objects.requireNonNullElse(ends.poll(), Duration.ZERO);
      }
      Duration end = start.plus(of(child));
      ends.add(end);
      last = last.compareTo(end) >= 0 ? last : end;
    }
    return last;
  }
}
