package dev.pvebot.integrations.lab.schema;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One verb at one path: what it takes, what it gives, who may.
public final class Endpoint {
  private static final Pattern INDEXED = Pattern.compile("^([a-z]+)(\\d+)$");

  private static final Map<String, Integer> LAST_INDEX =
      Map.of(
          "ide",
          3,
          "sata",
          5,
          "scsi",
          30,
          "virtio",
          15,
          "unused",
          255,
          "net",
          31,
          "ipconfig",
          31,
          "serial",
          3,
          "parallel",
          2);

  private final String method;
  private final String path;
  private final Map<String, Object> raw;

  Endpoint(String method, String path, Map<String, Object> raw) {
    this.method = method;
    this.path = path;
    this.raw = raw;
  }

  public String method() {
    return method;
  }

  /// The path with `{x}` for its parameters.
  public String path() {
    return path;
  }

  /// PVE's rule for who may call it, as the schema words it; empty for root@pam alone.
  public String permissions() {
    return raw.get("permissions") instanceof String text ? text : "";
  }

  /// Whether the node that the path names answers, whoever was asked.
  public boolean isProxiedToNode() {
    return "node".equals(raw.get("proxyto"));
  }

  public boolean allowsTokens() {
    return !Boolean.FALSE.equals(raw.get("allowtoken"));
  }

  /// The names of the parameters that belong to the path.
  public List<String> pathParameters() {
    List<String> names = new ArrayList<>();
    for (String segment : path.split("/", -1)) {
      if (segment.startsWith("{")) {
        names.add(segment.substring(1, segment.length() - 1));
      }
    }
    return names;
  }

  private Map<String, Object> parameters() {
    return map(raw.get("params"));
  }

  /// The definition of one parameter; `scsi3` is defined by `scsi[n]`.
  public Optional<Map<String, Object>> parameter(String name) {
    Object exact = parameters().get(name);
    if (exact != null && !name.endsWith("[n]")) {
      return Optional.of(map(exact));
    }
    Matcher indexed = INDEXED.matcher(name);
    if (indexed.find()) {
      String stem = indexed.group(1);
      Object definition = parameters().get(stem + "[n]");
      Integer last = LAST_INDEX.getOrDefault(stem, 255);
      String digits = indexed.group(2);
      if (definition != null
          && digits.length() <= 3
          && Integer.parseInt(digits) <= last
          && (digits.equals("0") || !digits.startsWith("0"))) {
        return Optional.of(map(definition));
      }
    }
    return Optional.empty();
  }

  /// PVE's complaints about these parameters, by name; empty if they are fine.
  ///
  /// @param given values are strings or lists of strings
  public Map<String, String> complaints(Map<String, Object> given) {
    Map<String, String> errors = new LinkedHashMap<>();
    given.forEach((name, value) ->
        parameter(name)
            .ifPresentOrElse(
                definition -> Values.check(errors, name, definition, value),
                () -> {
                  if (Boolean.FALSE.equals(raw.get("additionalProperties"))) {
                    errors.put(
                        name,
                        "property is not defined in schema and the schema does not allow"
                            + " additional properties");
                  }
                }));
    parameters()
        .forEach((name, definition) -> {
          boolean optional = Values.isTrue(map(definition).get("optional"));
          if (!optional && !given.containsKey(name)) {
            errors.put(name, "property is missing and it is not optional");
          }
          if (given.containsKey(name)
              && map(definition).get("requires") instanceof String required
              && !given.containsKey(required)) {
            errors.put(required, "missing property required by '" + name + "'");
          }
        });
    return errors;
  }

  /// How `data` breaks the promise of the schema; empty if it keeps it.
  public List<String> breaches(Object data) {
    List<String> found = new ArrayList<>();
    Values.breaches(found, "data", map(raw.get("returns")), data);
    return found;
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> map(@org.jspecify.annotations.Nullable Object value) {
    return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
  }
}
