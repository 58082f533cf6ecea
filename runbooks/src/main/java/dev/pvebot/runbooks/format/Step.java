package dev.pvebot.runbooks.format;

import dev.pvebot.clusters.yaml.Position;
import dev.pvebot.runbooks.plan.PlanStep.OnFailure;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A step of a runbook.
public sealed interface Step {
  /// Unique in the runbook; the journal's rows are kept under it.
  String id();

  /// The heading without its number.
  String title();

  /// Where the heading stands.
  Position at();

  Optional<Loop> loop();

  Optional<Source> when();

  /// Steps inside a step, done one after the other for each item.
  record Group(
      String id,
      String title,
      Position at,
      Optional<Loop> loop,
      Optional<Source> when,
      List<Step> children)
      implements Step {
    public Group {
      children = List.copyOf(children);
    }
  }

  /// A call of an action.
  ///
  /// @param action the action's name
  /// @param with inputs by name
  /// @param within for inputs that are known only after an earlier step: CEL over `value` that must
  ///   hold then
  /// @param timeout a duration, or an expression that gives seconds
  /// @param register the name by which later steps see the output
  record Act(
      String id,
      String title,
      Position at,
      Optional<Loop> loop,
      Optional<Source> when,
      Source action,
      Map<String, Input> with,
      Map<String, Source> within,
      Optional<Until> until,
      Optional<Value> timeout,
      Optional<Retries> retries,
      OnFailure onFailure,
      Optional<Source> register)
      implements Step {
    public Act {
      with = Collections.unmodifiableMap(new LinkedHashMap<>(with));
      within = Collections.unmodifiableMap(new LinkedHashMap<>(within));
    }
  }

  /// Something that a person does.
  ///
  /// @param text what to do; expressions may stand in it
  record Manual(
      String id, String title, Position at, Optional<Loop> loop, Optional<Source> when, Source text)
      implements Step {}

  /// @param items a CEL expression that gives a list
  /// @param as the name of the item
  /// @param parallel how many at once: a number or an expression; one without it
  record Loop(Source items, Source as, Optional<Value> parallel) {}

  /// @param keyAt where the input's name stands
  record Input(Position keyAt, Value value) {}

  /// @param that CEL over `output`
  record Until(Source that, java.time.Duration every) {}

  record Retries(int count, Position at) {}
}
