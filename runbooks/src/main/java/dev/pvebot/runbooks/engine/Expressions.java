package dev.pvebot.runbooks.engine;

import java.util.Map;

/// Evaluates CEL of a stored plan while it runs.
public interface Expressions {
  /// @param values what the expression may name: JSON data, `Optional` for what may be absent
  /// @return JSON data
  /// @throws IllegalArgumentException when it cannot be evaluated; the message is for people
  Object evaluate(String expression, Map<String, Object> values);
}
