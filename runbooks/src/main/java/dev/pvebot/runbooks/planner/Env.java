package dev.pvebot.runbooks.planner;

import dev.pvebot.runbooks.expression.Scope;
import dev.pvebot.runbooks.expression.StoredExpressions;
import dev.pvebot.runbooks.expression.Type;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/// What expressions see at one place of a runbook while it is planned. Immutable.
///
/// @param scope types of all names
/// @param known values of the names that are known now
/// @param open what steps of this plan will register
record Env(Scope scope, Map<String, Object> known, Map<String, Open> open) {

  /// Where the engine will keep an output.
  sealed interface Open {
    /// @param items of the loops around the step, outermost first
    /// @param mayBeSkipped then the engine keeps an optional
    record Output(List<String> items, boolean mayBeSkipped) implements Open {}

    /// The step is not in the plan.
    record Absent() implements Open {}

    /// One for each item of a loop.
    record ByItem(Map<String, Open> items) implements Open {}
  }

  Env with(String name, Type type, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(known);
    more.put(name, value);
    return new Env(scope.with(name, type), more, open);
  }

  Env with(Map<String, Type> types, Map<String, Open> opened) {
    Map<String, Open> more = new LinkedHashMap<>(open);
    more.putAll(opened);
    return new Env(scope.with(types), known, more);
  }

  Env withType(String name, Type type) {
    return new Env(scope.with(name, type), known, open);
  }

  /// CEL for each open name over the data that the engine keeps.
  Map<String, String> bindings() {
    Map<String, String> bindings = new LinkedHashMap<>();
    open.forEach((name, where) ->
        bindings.put(
            name,
            binding(
                name,
                java.util.Objects.requireNonNullElse(scope.names().get(name), Type.Scalar.DYN),
                where)));
    return bindings;
  }

  private static String binding(String name, Type type, Open where) {
    return switch (where) {
      case Open.Absent _ -> "optional.none()";
      case Open.Output(List<String> items, boolean mayBeSkipped) -> {
        StringBuilder data = new StringBuilder(StoredExpressions.data(name));
        items.forEach(item ->
            data.append('[')
                .append(dev.pvebot.runbooks.expression.Expressions.literal(item))
                .append(']'));
        yield type.isOptional() && !mayBeSkipped ? "optional.of(" + data + ")" : data.toString();
      }
      case Open.ByItem(Map<String, Open> items) -> {
        Type inner = type.required() instanceof Type.MapOf(Type value) ? value : Type.Scalar.DYN;
        StringJoiner map = new StringJoiner(", ", "{", "}");
        items.forEach((item, open) ->
            map.add(
                dev.pvebot.runbooks.expression.Expressions.literal(item)
                    + ": "
                    + binding(name, inner, open)));
        yield type.isOptional() ? "optional.of(" + map + ")" : map.toString();
      }
    };
  }
}
