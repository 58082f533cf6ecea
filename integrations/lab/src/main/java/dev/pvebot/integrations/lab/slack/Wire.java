package dev.pvebot.integrations.lab.slack;

import dev.pvebot.integrations.lab.wire.HttpListener;
import dev.pvebot.integrations.lab.wire.Json;
import dev.pvebot.integrations.lab.wire.Request;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads maps of JSON and forms without surprises: what is absent is empty.
final class Wire {
  private Wire() {}

  @SuppressWarnings("unchecked")
  static Map<String, Object> map(Object value) {
    return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
  }

  static Map<String, Object> map(Map<String, Object> from, String key) {
    return map(from.getOrDefault(key, Map.of()));
  }

  @SuppressWarnings("unchecked")
  static List<Object> list(Map<String, Object> from, String key) {
    return from.get(key) instanceof List<?> list ? (List<Object>) list : List.of();
  }

  static String text(Map<String, Object> from, String key) {
    return from.get(key) instanceof String text ? text : "";
  }

  /// The fields of a form; those that Slack takes as JSON are read.
  static Map<String, Object> form(Request request) {
    return form(HttpListener.text(request));
  }

  static Map<String, Object> form(String text) {
    Map<String, Object> fields = new LinkedHashMap<>();
    for (String pair : text.split("&")) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        String key = decode(pair.substring(0, equals));
        String value = decode(pair.substring(equals + 1));
        boolean json = List.of("blocks", "view", "files").contains(key);
        fields.put(key, json ? Json.parse(value) : value);
      }
    }
    return fields;
  }

  static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
