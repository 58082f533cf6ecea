package dev.pvebot.runbooks.expression;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.TreeMap;

/// Writes values as CEL, so that an expression can carry what it knew when it was planned.
final class Literals {
  private Literals() {}

  static String of(Object value) {
    return switch (value) {
      case String text -> text(text);
      case Boolean flag -> flag.toString();
      case Double number -> number.toString();
      case Number number -> Long.toString(number.longValue());
      case Optional<?> optional ->
          optional.map(present -> "optional.of(" + of(present) + ")").orElse("optional.none()");
      case Collection<?> items -> {
        StringJoiner list = new StringJoiner(", ", "[", "]");
        items.forEach(item -> list.add(of(item)));
        yield list.toString();
      }
      case Map<?, ?> map -> {
        StringJoiner entries = new StringJoiner(", ", "{", "}");
        Map<String, Object> sorted = new TreeMap<>();
        map.forEach((key, item) -> sorted.put(String.valueOf(key), item));
        sorted.forEach((key, item) -> entries.add(text(key) + ": " + of(item)));
        yield entries.toString();
      }
      default ->
          throw new IllegalArgumentException("no literal for a " + value.getClass().getName());
    };
  }

  static String text(String text) {
    StringBuilder quoted = new StringBuilder("'");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\\' -> quoted.append("\\\\");
        case '\'' -> quoted.append("\\'");
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        case '\t' -> quoted.append("\\t");
        default -> {
          if (Character.isISOControl(c)) {
            quoted.append("\\u%04x".formatted((int) c));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    return quoted.append('\'').toString();
  }
}
