package dev.pvebot.runbooks.plan;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.pvebot.commands.Risk;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A step of a plan. Its key is the ids of the steps above it and its own, with the item of each
/// `for_each` in brackets: `provision-the-machines[ts01]/clone-the-template`. Journal rows are kept
/// under it.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
  @JsonSubTypes.Type(value = PlanStep.Group.class, name = "group"),
  @JsonSubTypes.Type(value = PlanStep.Act.class, name = "act"),
  @JsonSubTypes.Type(value = PlanStep.Manual.class, name = "manual")
})
public sealed interface PlanStep {
  String key();

  /// For people, without a number.
  String title();

  /// Steps one after the other, or chains side by side.
  ///
  /// @param parallel how many children may run at once; 1 means in order, and a failed child ends
  ///   the group
  record Group(String key, String title, int parallel, List<PlanStep> children)
      implements PlanStep {
    public Group {
      children = List.copyOf(children);
    }
  }

  /// One call of an action.
  ///
  /// @param inputs by the runbook's keys; a value is JSON data or a [Deferred]
  /// @param risk of the action, raised for its targets
  /// @param onlyIf a condition that is known only after an earlier step, as CEL; when it is false
  ///   the step is skipped
  /// @param until repeat the (reading) action until this CEL over its `output` is true
  /// @param register the name under which later steps see the output
  /// @param estimate how long it is likely to take
  record Act(
      String key,
      String title,
      String action,
      Map<String, Object> inputs,
      Risk risk,
      Optional<String> onlyIf,
      Optional<Until> until,
      Duration timeout,
      int retries,
      OnFailure onFailure,
      Optional<String> register,
      Duration estimate)
      implements PlanStep {
    public Act {
      Map<String, Object> read = new LinkedHashMap<>();
      inputs.forEach((name, value) -> read.put(name, Deferred.orData(value)));
      inputs = Collections.unmodifiableMap(read);
    }

    /// Whether its output may be missing while later steps run: it was not needed, or it failed and
    /// the rest went on.
    public boolean mayLeaveNothing() {
      return onlyIf.isPresent() || onFailure == OnFailure.CONTINUE;
    }
  }

  /// Something that a person does and then says so.
  ///
  /// @param text what to do, rendered
  record Manual(String key, String title, String text, Optional<String> onlyIf)
      implements PlanStep {}

  record Until(String that, Duration every) {}

  /// A value that is known only after an earlier step. It stands in [Act#inputs] as `{"$deferred":
  /// {…}}`.
  ///
  /// @param expression CEL over registered outputs
  /// @param type the CEL type it will have, for example `string` or `list(int)`
  /// @param within CEL over `value` that must hold once it is known; outside of it the operation
  ///   stops and asks
  record Deferred(String expression, String type, Optional<String> within) {
    /// The only key of the JSON object that a deferred value is.
    public static final String KEY = "$deferred";

    /// What JSON calls deferred becomes one; anything else stays.
    static Object orData(Object value) {
      if (value instanceof Map<?, ?> map
          && map.size() == 1
          && map.get(KEY) instanceof Map<?, ?> inside) {
        return new Deferred(
            String.valueOf(inside.get("expression")),
            String.valueOf(inside.get("type")),
            Optional.ofNullable(inside.get("within")).map(String::valueOf));
      }
      return value;
    }
  }

  enum OnFailure {
    /// The operation fails; what runs beside it ends its current step.
    STOP,
    /// The rest goes on; the operation can only succeed with warnings.
    CONTINUE,
    /// A person decides: retry, skip or stop.
    ASK
  }
}
