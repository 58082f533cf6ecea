package dev.pvebot.runbooks.expression;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Evaluates the expressions of stored plans over JSON data. They were type-checked when the plan
/// was made.
public final class StoredExpressions implements dev.pvebot.runbooks.engine.Expressions {
  /// CEL evaluates a binding where it is used: a name bound to something of the same name would
  /// look for itself for ever.
  private static final String DATA = "__";

  private final Expressions expressions;

  public StoredExpressions(Expressions expressions) {
    this.expressions = expressions;
  }

  /// How a binding names the data that the engine keeps under a name.
  public static String data(String name) {
    return DATA + name;
  }

  /// A name that `values` does not have is an empty optional: its step was skipped.
  @Override
  public Object evaluate(String expression, Map<String, Object> values) {
    Set<String> names =
        Cel.names(expression)
            .orElseThrow(
                () -> new IllegalArgumentException("`%s` is no expression".formatted(expression)));
    Scope scope = Scope.empty();
    Map<String, Object> given = new HashMap<>();
    for (String name : names) {
      scope = scope.with(name, Type.Scalar.DYN);
      given.put(
          name,
          Optional.ofNullable(
                  values.get(name.startsWith(DATA) ? name.substring(DATA.length()) : name))
              .map(value -> Data.toValue(Type.Scalar.DYN, value))
              .orElse(Optional.empty()));
    }
    return switch (expressions.compile(expression, scope)) {
      case Compiled.Rejected rejected -> throw new IllegalArgumentException(rejected.why());
      case Compiled.Checked checked ->
          switch (expressions.evaluate(checked, given)) {
            case Result.Failed(String why) -> throw new IllegalArgumentException(why);
            case Result.Value(Object value) ->
                value instanceof Optional<?> optional
                    ? optional
                        .flatMap(Data::fromValue)
                        .map(Object.class::cast)
                        .orElse(Optional.empty())
                    : Data.fromValue(value).orElseThrow();
          };
    };
  }
}
