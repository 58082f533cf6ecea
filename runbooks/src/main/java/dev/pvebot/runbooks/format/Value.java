package dev.pvebot.runbooks.format;

import dev.pvebot.clusters.yaml.Position;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a runbook gives an action: plain data, or text in which expressions may stand.
public sealed interface Value {
  Position at();

  record Text(Source source) implements Value {
    @Override
    public Position at() {
      return source.at();
    }
  }

  /// A number or a truth value.
  ///
  /// @param value a `Long`, `Double` or `Boolean`
  record Plain(Object value, Position at) implements Value {}

  record Items(List<Value> items, Position at) implements Value {
    public Items {
      items = List.copyOf(items);
    }
  }

  record Entries(Map<String, Value> entries, Position at) implements Value {
    public Entries {
      entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }
  }
}
