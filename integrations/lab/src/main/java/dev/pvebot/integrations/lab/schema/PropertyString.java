package dev.pvebot.integrations.lab.schema;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/// PVE's `key=value,key=value` strings, read and written by the format that the schema gives for
/// them.
///
/// Aliases are resolved: `virtio=MAC` becomes `model=virtio` and `macaddr=MAC`, and is written so
/// again.
public final class PropertyString {
  /// Why a property string does not fit its format.
  public static final class BadFormat extends RuntimeException {
    private static final long serialVersionUID = 1;

    BadFormat(String message) {
      super(message);
    }
  }

  private PropertyString() {}

  /// The properties of `text` by their names in `format`.
  ///
  /// @throws BadFormat with PVE's text
  public static Map<String, String> parse(Map<String, Object> format, String text) {
    Map<String, String> properties = new LinkedHashMap<>();
    for (String part : text.split(",", -1)) {
      if (part.isBlank()) {
        continue;
      }
      int equals = part.indexOf('=');
      if (equals < 0) {
        String key = defaultKey(format);
        if (key.isEmpty()) {
          throw new BadFormat("value without key, but schema does not define a default key\n");
        }
        put(properties, key, part);
        continue;
      }
      String key = part.substring(0, equals);
      String value = part.substring(equals + 1);
      Map<String, Object> property = property(format, key);
      if (property.get("keyAlias") instanceof String keyAlias) {
        put(properties, keyAlias, key);
      }
      put(properties, property.get("alias") instanceof String alias ? alias : key, value);
    }
    return properties;
  }

  private static void put(Map<String, String> properties, String key, String value) {
    if (properties.put(key, value) != null) {
      throw new BadFormat("duplicate key in comma-separated list property: " + key + "\n");
    }
  }

  /// The default key first, the rest in the order of the alphabet, as PVE prints them.
  public static String print(Map<String, Object> format, Map<String, String> properties) {
    Map<String, String> rest = new TreeMap<>(properties);
    StringBuilder text = new StringBuilder();
    String first = defaultKey(format);
    String lead = rest.remove(first);
    if (lead != null) {
      String aliased = property(format, lead).get("alias") instanceof String alias ? alias : "";
      String value = aliased.isEmpty() ? null : rest.remove(aliased);
      text.append(value == null ? lead : lead + "=" + value);
    }
    rest.forEach((key, value) -> {
      if (!text.isEmpty()) {
        text.append(',');
      }
      text.append(key).append('=').append(value);
    });
    return text.toString();
  }

  static String defaultKey(Map<String, Object> format) {
    for (String name : format.keySet()) {
      if (property(format, name).get("default_key") != null) {
        return name;
      }
    }
    return "";
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> property(Map<String, Object> format, String name) {
    return format.get(name) instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
  }
}
