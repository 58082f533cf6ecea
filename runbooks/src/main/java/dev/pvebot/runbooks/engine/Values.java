package dev.pvebot.runbooks.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What expressions can see while an operation runs: its parameters and the outputs that steps
/// registered. Inside a `for_each` a name stands for a map from item to output.
final class Values {
  private static final Pattern ITEM = Pattern.compile("\\[([^\\]]*)\\]");

  private final Map<String, Object> values = new LinkedHashMap<>();

  Values(Map<String, Object> params) {
    values.putAll(params);
  }

  /// @param stepKey tells by its brackets for which items the step ran
  synchronized void register(String name, String stepKey, Object output) {
    List<String> items = items(stepKey);
    if (items.isEmpty()) {
      values.put(name, output);
    } else {
      values.put(name, put(values.get(name), items, output));
    }
  }

  synchronized Map<String, Object> now() {
    return Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  Map<String, Object> with(String name, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(now());
    more.put(name, value);
    return more;
  }

  /// A copy, because others may be reading the old map.
  private static Object put(
      @org.jspecify.annotations.Nullable Object old, List<String> items, Object output) {
    if (items.isEmpty()) {
      return output;
    }
    Map<String, Object> map = new LinkedHashMap<>();
    if (old instanceof Map<?, ?> before) {
      before.forEach((key, value) -> map.put(String.valueOf(key), value));
    }
    String item = items.getFirst();
    map.put(item, put(map.get(item), items.subList(1, items.size()), output));
    return map;
  }

  static List<String> items(String stepKey) {
    List<String> items = new ArrayList<>();
    Matcher matcher = ITEM.matcher(stepKey);
    while (matcher.find()) {
      items.add(matcher.group(1));
    }
    return items;
  }
}
