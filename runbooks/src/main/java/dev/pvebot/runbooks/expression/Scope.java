package dev.pvebot.runbooks.expression;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/// The names that an expression may use at one place of a runbook, with their types.
public record Scope(Map<String, Type> names) {
  public Scope {
    names = Collections.unmodifiableMap(new TreeMap<>(names));
  }

  public static Scope empty() {
    return new Scope(Map.of());
  }

  /// A scope with one name more; a name that was there before is hidden.
  public Scope with(String name, Type type) {
    Map<String, Type> more = new TreeMap<>(names);
    more.put(name, type);
    return new Scope(more);
  }

  public Scope with(Map<String, Type> others) {
    Map<String, Type> more = new TreeMap<>(names);
    more.putAll(others);
    return new Scope(more);
  }
}
