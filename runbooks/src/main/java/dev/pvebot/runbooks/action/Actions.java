package dev.pvebot.runbooks.action;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The instruction set: every action by its name.
public final class Actions {
  private final Map<String, Action<?, ?>> byName = new TreeMap<>();

  public Actions(Collection<? extends Action<?, ?>> actions) {
    for (Action<?, ?> action : actions) {
      if (byName.put(action.name(), action) != null) {
        throw new IllegalArgumentException("two actions are called " + action.name());
      }
    }
  }

  public Optional<Action<?, ?>> named(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /// In order of their names.
  public Collection<Action<?, ?>> all() {
    return java.util.Collections.unmodifiableCollection(byName.values());
  }
}
