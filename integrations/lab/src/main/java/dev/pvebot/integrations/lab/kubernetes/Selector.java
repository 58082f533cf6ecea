package dev.pvebot.integrations.lab.kubernetes;

import java.util.Map;

/// Label and field selectors of lists and watches.
final class Selector {
  private Selector() {}

  static boolean fits(Map<String, Object> object, Map<String, String> query) {
    return fields(object, query.getOrDefault("fieldSelector", ""))
        && labels(object, query.getOrDefault("labelSelector", ""));
  }

  private static boolean fields(Map<String, Object> object, String selector) {
    for (String term : selector.split(",", -1)) {
      if (term.isBlank()) {
        continue;
      }
      boolean not = term.contains("!=");
      String[] halves = term.split(not ? "!=" : "==?", 2);
      boolean equal =
          Objects.text(object, halves[0].strip().split("\\.", -1)).equals(halves[1].strip());
      if (equal == not) {
        return false;
      }
    }
    return true;
  }

  private static boolean labels(Map<String, Object> object, String selector) {
    for (String term : selector.split(",(?![^(]*\\))", -1)) {
      if (!term.isBlank() && !label(object, term.strip())) {
        return false;
      }
    }
    return true;
  }

  private static boolean label(Map<String, Object> object, String term) {
    if (term.contains(" in ") || term.contains(" notin ")) {
      boolean not = term.contains(" notin ");
      String[] halves = term.split(not ? " notin " : " in ", 2);
      String value = value(object, halves[0].strip());
      boolean among =
          java.util.Arrays.stream(halves[1].replaceAll("[()\\s]", "").split(",", -1))
              .anyMatch(value::equals);
      return among != not;
    }
    if (term.contains("!=")) {
      String[] halves = term.split("!=", 2);
      return !value(object, halves[0]).equals(halves[1]);
    }
    if (term.contains("=")) {
      String[] halves = term.split("==?", 2);
      return value(object, halves[0]).equals(halves[1]);
    }
    boolean not = term.startsWith("!");
    return has(object, not ? term.substring(1) : term) != not;
  }

  private static boolean has(Map<String, Object> object, String key) {
    return object.get("metadata") instanceof Map<?, ?> metadata
        && metadata.get("labels") instanceof Map<?, ?> labels
        && labels.containsKey(key);
  }

  private static String value(Map<String, Object> object, String key) {
    return has(object, key.strip()) ? Objects.text(object, "metadata", "labels", key.strip()) : "";
  }
}
