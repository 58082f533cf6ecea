package dev.pvebot.bot.progress;

import dev.pvebot.bot.figures.Figures;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.runbooks.operation.Operation;
import dev.pvebot.runbooks.operation.StepRecord;
import dev.pvebot.runbooks.operation.StepState;
import dev.pvebot.runbooks.plan.Plan;
import dev.pvebot.runbooks.plan.PlanStep;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The steps of an operation in lines, from its journal rows.
public final class StepLines {
  private StepLines() {}

  static List<Card.StepLine> of(
      Plan plan, Map<String, StepRecord> steps, Operation operation, Instant now) {
    List<Card.StepLine> lines = new ArrayList<>();
    int number = 1;
    for (PlanStep step : plan.steps()) {
      lines.add(stepLine(number++ + " " + step.title(), step, steps, operation, now));
    }
    return lines;
  }

  private static Card.StepLine stepLine(
      String title,
      PlanStep step,
      Map<String, StepRecord> records,
      Operation operation,
      Instant now) {
    List<StepRecord> own =
        inOrder(List.of(step))
            .flatMap(leaf -> Optional.ofNullable(records.get(leaf.key())).stream())
            .toList();
    long leaves = inOrder(List.of(step)).count();
    long ended = own.stream().filter(StepLines::hasEnded).count();
    String mark = mark(own, leaves, ended, operation);
    Optional<Instant> start =
        own.stream().flatMap(r -> r.startedAt().stream()).min(Instant::compareTo);
    Instant end =
        ended == leaves || operation.state().isFinal()
            ? own.stream().flatMap(r -> r.endedAt().stream()).max(Instant::compareTo).orElse(now)
            : now;
    String elapsed = start.map(from -> Figures.clock(Duration.between(from, end))).orElse("");
    return new Card.StepLine(mark, title, elapsed, note(step, own, records));
  }

  /// For a group: how many chains are through, and what the others are at. For a step: its newest
  /// remark.
  private static String note(PlanStep step, List<StepRecord> own, Map<String, StepRecord> records) {
    if (step instanceof PlanStep.Group group && group.children().size() > 1) {
      long through = group.children().stream().filter(child -> hasEnded(child, records)).count();
      String remarks =
          own.stream()
              .filter(r ->
                  r.state() == StepState.RUNNING
                      || r.state() == StepState.FAILED
                      || r.state() == StepState.ASKING)
              .flatMap(r -> r.note().stream())
              .limit(3)
              .collect(Collectors.joining(", "));
      return "%d of %d%s"
          .formatted(through, group.children().size(), remarks.isEmpty() ? "" : "   " + remarks);
    }
    return own.stream().flatMap(r -> r.note().stream()).reduce((a, b) -> b).orElse("");
  }

  private static String mark(List<StepRecord> own, long leaves, long ended, Operation operation) {
    if (own.stream().anyMatch(r -> r.state() == StepState.ASKING)) {
      return "?";
    }
    if (own.stream().anyMatch(r -> r.state() == StepState.FAILED)) {
      return "x";
    }
    if (ended == leaves) {
      if (own.stream().anyMatch(r -> r.state() == StepState.DONE_WITH_WARNINGS)) {
        return "!";
      }
      return own.stream().allMatch(r -> r.state() == StepState.SKIPPED) ? "-" : "ok";
    }
    boolean begun = own.stream().anyMatch(r -> r.state() == StepState.RUNNING) || ended > 0;
    return begun && !operation.state().isFinal() ? ".." : "";
  }

  /// Whether all in a step of the plan has ended.
  static boolean hasEnded(PlanStep step, Map<String, StepRecord> records) {
    return inOrder(List.of(step))
        .allMatch(leaf ->
            Optional.ofNullable(records.get(leaf.key())).filter(StepLines::hasEnded).isPresent());
  }

  /// Whether a step of the plan is a leaf, or has it in it.
  static boolean has(PlanStep step, String leaf) {
    return inOrder(List.of(step)).anyMatch(each -> each.key().equals(leaf));
  }

  private static boolean hasEnded(StepRecord step) {
    return switch (step.state()) {
      case DONE, DONE_WITH_WARNINGS, SKIPPED -> true;
      case PENDING, RUNNING, ASKING, FAILED, CANCELLED -> false;
    };
  }

  /// A title with the item of its loop: `Clone the template (ts02)`.
  static String where(String key, String title) {
    int close = key.lastIndexOf(']');
    int open = key.lastIndexOf('[');
    return open >= 0 && close > open
        ? "%s (%s)".formatted(title, key.substring(open + 1, close))
        : title;
  }

  /// The steps that do something, in the order of the plan.
  public static Stream<PlanStep> inOrder(List<PlanStep> steps) {
    return steps.stream()
        .flatMap(step ->
            switch (step) {
              case PlanStep.Group group -> inOrder(group.children());
              case PlanStep.Act act -> Stream.of(act);
              case PlanStep.Manual manual -> Stream.of(manual);
            });
  }

  static Map<String, Object> facts(PlanStep step, Optional<StepRecord> row) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("step", step.key());
    facts.put(
        "state",
        row.map(StepRecord::state)
            .orElse(StepState.PENDING)
            .name()
            .toLowerCase(java.util.Locale.ROOT));
    row.flatMap(StepRecord::task).ifPresent(task -> facts.put("task", task.value()));
    row.flatMap(StepRecord::note).ifPresent(note -> facts.put("note", note));
    return facts;
  }
}
