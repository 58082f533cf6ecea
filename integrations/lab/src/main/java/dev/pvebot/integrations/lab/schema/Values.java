package dev.pvebot.integrations.lab.schema;

import dev.pvebot.integrations.lab.wire.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The rules of PVE's JSONSchema.pm for one value, with its texts.
final class Values {
  /// Locks that PVE writes and reads back, and that its schema does not name.
  private static final Set<String> INTERNAL_LOCKS = Set.of("destroyed", "import");

  private Values() {}

  static boolean isTrue(@Nullable Object flag) {
    return Boolean.TRUE.equals(flag) || flag instanceof Long number && number != 0;
  }

  /// Checks a value that a client gave: a string, or a list of strings.
  static void check(
      Map<String, String> errors, String name, Map<String, Object> definition, Object value) {
    String type = definition.get("type") instanceof String text ? text : "any";
    if (type.equals("array")) {
      if (definition.get("items") instanceof Map<?, ?>) {
        for (Object each : value instanceof List<?> list ? list : List.of(value)) {
          check(errors, name, Endpoint.map(definition.get("items")), each);
        }
      }
      return;
    }
    if (!(value instanceof String text)) {
      errors.put(name, "type check ('%s') failed - got ARRAY".formatted(type));
      return;
    }
    if (text.isEmpty() && isTrue(definition.get("optional")) && !type.equals("string")) {
      return;
    }
    typeComplaint(type, text)
        .or(() -> contentComplaint(type, definition, text))
        .ifPresent(complaint -> errors.put(name, complaint));
  }

  private static Optional<String> typeComplaint(String type, String text) {
    boolean fits =
        switch (type) {
          case "integer" -> text.matches("[+-]?\\d+");
          case "number" -> text.matches("[+-]?\\d+(\\.\\d+)?([eE][+-]?\\d+)?|\\.\\d+");
          case "boolean" -> text.equals("0") || text.equals("1");
          default -> true;
        };
    return fits
        ? Optional.empty()
        : Optional.of("type check ('%s') failed - got '%s'".formatted(type, text));
  }

  private static Optional<String> contentComplaint(
      String type, Map<String, Object> definition, String text) {
    if (definition.get("enum") instanceof List<?> allowed
        && allowed.stream().noneMatch(each -> plain(each).equals(text))) {
      return Optional.of(
          "value '%s' does not have a value in the enumeration '%s'"
              .formatted(
                  text, allowed.stream().map(Values::plain).collect(Collectors.joining(", "))));
    }
    if (type.equals("integer") || type.equals("number")) {
      double number = Double.parseDouble(text);
      if (definition.get("minimum") instanceof Number least && number < least.doubleValue()) {
        return Optional.of("value must have a minimum value of " + plain(least));
      }
      if (definition.get("maximum") instanceof Number most && number > most.doubleValue()) {
        return Optional.of("value must have a maximum value of " + plain(most));
      }
      return Optional.empty();
    }
    if (definition.get("maxLength") instanceof Number most && text.length() > most.longValue()) {
      return Optional.of("value may only be " + plain(most) + " characters long");
    }
    if (definition.get("minLength") instanceof Number least && text.length() < least.longValue()) {
      return Optional.of("value must be at least " + plain(least) + " characters long");
    }
    Optional<String> format = formatComplaint(definition.get("format"), text);
    if (format.isPresent()) {
      return format.map(why -> "invalid format - " + why);
    }
    if (definition.get("pattern") instanceof String pattern
        && !java(pattern).matcher(text).find()) {
      return Optional.of("value does not match the regex pattern");
    }
    return Optional.empty();
  }

  private static Optional<String> formatComplaint(@Nullable Object format, String text) {
    if (format instanceof String name) {
      return text.isEmpty() ? Optional.empty() : Formats.complaint(name, text);
    }
    if (!(format instanceof Map<?, ?>)) {
      return Optional.empty();
    }
    Map<String, Object> properties = Endpoint.map(format);
    Map<String, String> parsed;
    try {
      parsed = PropertyString.parse(properties, text);
    } catch (PropertyString.BadFormat bad) {
      return Optional.of(String.valueOf(bad.getMessage()));
    }
    Map<String, String> errors = new java.util.TreeMap<>();
    parsed.forEach((name, value) -> {
      Map<String, Object> property = PropertyString.property(properties, name);
      if (property.isEmpty()) {
        errors.put(
            name,
            "property is not defined in schema and the schema does not allow additional"
                + " properties");
      } else {
        check(errors, name, property, wordsOfTruth(property, value));
      }
    });
    properties.forEach((name, property) -> {
      Map<String, Object> definition = Endpoint.map(property);
      if (definition.containsKey("type")
          && !isTrue(definition.get("optional"))
          && !parsed.containsKey(name)) {
        errors.put(name, "property is missing and it is not optional");
      }
    });
    if (errors.isEmpty()) {
      return Optional.empty();
    }
    StringBuilder lines = new StringBuilder("format error\n");
    errors.forEach((name, why) -> lines.append(name).append(": ").append(why).append('\n'));
    return Optional.of(lines.toString());
  }

  /// Inside property strings PVE reads `on`, `yes`, `true` and their opposites as booleans.
  private static String wordsOfTruth(Map<String, Object> property, String value) {
    if (!"boolean".equals(property.get("type"))) {
      return value;
    }
    return switch (Formats.lower(value)) {
      case "1", "on", "yes", "true" -> "1";
      case "0", "off", "no", "false" -> "0";
      default -> value;
    };
  }

  private static Pattern java(String perl) {
    return Pattern.compile("^(?:" + perl.replace("(?^:", "(?:").replace("(?^i:", "(?i:") + ")$");
  }

  private static String plain(@Nullable Object value) {
    return value instanceof Double number && number == Math.rint(number)
        ? String.valueOf(number.longValue())
        : String.valueOf(value);
  }

  /// Checks a value that the lab is about to give.
  static void breaches(
      List<String> found, String where, Map<String, Object> definition, Object value) {
    String type = definition.get("type") instanceof String text ? text : "any";
    if (value == Json.NULL) {
      if (!type.equals("null") && !type.equals("any") && !isTrue(definition.get("optional"))) {
        found.add(where + " is null, not " + type);
      }
      return;
    }
    boolean fits =
        switch (type) {
          case "null" -> false;
          case "object" -> value instanceof Map<?, ?>;
          case "array" -> value instanceof List<?>;
          case "integer" ->
              value instanceof Long
                  || value instanceof Integer
                  || value instanceof String text && text.matches("-?\\d+");
          case "number" ->
              value instanceof Number
                  || value instanceof String text && text.matches("-?\\d+(\\.\\d+)?");
          case "boolean" ->
              value instanceof Number number && (number.intValue() == 0 || number.intValue() == 1);
          case "string" -> value instanceof String || value instanceof Number;
          default -> true;
        };
    if (!fits) {
      found.add("%s is %s, not %s".formatted(where, Json.write(value), type));
      return;
    }
    if (definition.get("enum") instanceof List<?> allowed
        && allowed.stream().noneMatch(each -> plain(each).equals(plain(value)))
        && !(where.endsWith(".lock") && INTERNAL_LOCKS.contains(plain(value)))) {
      found.add("%s is %s, not one of %s".formatted(where, plain(value), allowed));
    }
    if (value instanceof List<?> list && definition.get("items") instanceof Map<?, ?>) {
      for (int i = 0; i < list.size(); i++) {
        breaches(found, where + "[" + i + "]", Endpoint.map(definition.get("items")), list.get(i));
      }
    }
    if (value instanceof Map<?, ?>) {
      objectBreaches(found, where, definition, Endpoint.map(value));
    }
    if (value instanceof String text
        && definition.get("format") instanceof String format
        && !text.isEmpty()) {
      Formats.complaint(format, text)
          .ifPresent(why -> found.add(where + " " + Json.write(text) + ": " + why.strip()));
    }
  }

  private static void objectBreaches(
      List<String> found, String where, Map<String, Object> definition, Map<String, Object> value) {
    Map<String, Object> properties = Endpoint.map(definition.get("properties"));
    properties.forEach((name, property) -> {
      Object given = value.get(name);
      if (given != null) {
        breaches(found, where + "." + name, Endpoint.map(property), given);
      } else if (!name.endsWith("[n]") && !isTrue(Endpoint.map(property).get("optional"))) {
        found.add(where + "." + name + " is missing");
      }
    });
    if (Boolean.FALSE.equals(definition.get("additionalProperties"))) {
      value
          .keySet()
          .forEach(name -> {
            if (!properties.containsKey(name)
                && !properties.containsKey(name.replaceAll("\\d+$", "[n]"))) {
              found.add(where + "." + name + " is not in the schema");
            }
          });
    }
  }
}
