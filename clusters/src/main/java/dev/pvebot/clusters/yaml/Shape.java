package dev.pvebot.clusters.yaml;

import dev.pvebot.clusters.yaml.YamlNode.Kind;
import dev.pvebot.clusters.yaml.YamlNode.Mapping;
import dev.pvebot.clusters.yaml.YamlNode.Scalar;
import dev.pvebot.clusters.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// How a piece of YAML becomes a value.
///
/// ```java
/// record Door(String name, int height) {}
///
/// Shape<Door> door = Shape.mapping(fields -> {
///   Optional<String> name = fields.required("name", Shape.text());
///   Optional<Integer> height = fields.optional("height", Shape.integer(1, 300));
///   return fields.build(() -> new Door(name.orElseThrow(), height.orElse(200)));
/// });
/// ```
///
/// A shape never throws for its input: it returns empty exactly when it has added a problem.
@FunctionalInterface
public interface Shape<T> {

  /// Reads a node.
  ///
  /// @param key the node's full key, for problems
  /// @return the value; empty when a problem was added
  Optional<T> read(YamlNode node, String key, Problems problems);

  /// The value changed by a function that does not fail.
  default <U> Shape<U> map(Function<T, U> change) {
    return (node, key, problems) -> read(node, key, problems).map(change);
  }

  /// Text that is not blank. A plain number is taken as it was written (`1.10` stays `1.10`); a
  /// plain `true` or `null` is refused, for the writer may have meant something else.
  static Shape<String> text() {
    return parsed("a text", Function.identity());
  }

  /// A text that a function understands.
  ///
  /// @param expected what is allowed, as the end of "expected …"
  /// @param parse throws [IllegalArgumentException] for a text that it does not understand
  static <T> Shape<T> parsed(String expected, Function<String, T> parse) {
    return (node, key, problems) -> {
      if (node instanceof Scalar scalar && isText(scalar) && !scalar.text().isBlank()) {
        try {
          return Optional.of(parse.apply(scalar.text()));
        } catch (IllegalArgumentException _) {
          return wrong(node, key, problems, expected);
        }
      }
      boolean quoting = node instanceof Scalar scalar && scalar.kind() == Kind.BOOLEAN;
      return wrong(
          node, key, problems, expected, quoting ? "Put it in quotes if it is meant as text." : "");
    };
  }

  /// A whole number, both ends included.
  static Shape<Integer> integer(int min, int max) {
    String expected =
        max == Integer.MAX_VALUE
            ? "a whole number of at least %d".formatted(min)
            : "a whole number from %d to %d".formatted(min, max);
    return (node, key, problems) -> {
      // ten digits hold every int and fit a long
      if (node instanceof Scalar scalar
          && scalar.kind() == Kind.INTEGER
          && scalar.text().length() <= 11) {
        long value = Long.parseLong(scalar.text());
        if (value >= min && value <= max) {
          return Optional.of((int) value);
        }
      }
      boolean quoted =
          node instanceof Scalar scalar
              && scalar.text().matches("[0-9]+")
              && scalar.kind() == Kind.TEXT;
      return wrong(node, key, problems, expected, quoted ? "Remove the quotes." : "");
    };
  }

  /// `true` or `false`.
  static Shape<Boolean> flag() {
    return (node, key, problems) ->
        node instanceof Scalar scalar && scalar.kind() == Kind.BOOLEAN
            ? Optional.of(scalar.text().equalsIgnoreCase("true"))
            : wrong(node, key, problems, "true or false");
  }

  /// One of the constants, in lower case with hyphens.
  static <E extends Enum<E>> Shape<E> oneOf(Class<E> type) {
    Map<String, E> words =
        EnumSet.allOf(type).stream()
            .collect(
                Collectors.toMap(
                    e -> e.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                    Function.identity(),
                    (a, b) -> a,
                    LinkedHashMap::new));
    return (node, key, problems) -> {
      if (node instanceof Scalar scalar && isText(scalar)) {
        Optional<E> value = Optional.ofNullable(words.get(scalar.text()));
        if (value.isPresent()) {
          return value;
        }
        String advice =
            Nearest.to(scalar.text(), words.keySet())
                .map("Did you mean '%s'?"::formatted)
                .orElse("");
        return wrong(node, key, problems, String.join(" or ", words.keySet()), advice);
      }
      return wrong(node, key, problems, String.join(" or ", words.keySet()));
    };
  }

  /// A list, every item of one shape. All items are read, so all faults are found.
  static <T> Shape<List<T>> listOf(Shape<T> item) {
    return (node, key, problems) -> {
      if (!(node instanceof Sequence sequence)) {
        return wrong(node, key, problems, "a list");
      }
      List<T> values = new ArrayList<>();
      for (int i = 0; i < sequence.items().size(); i++) {
        item.read(sequence.items().get(i), "%s[%d]".formatted(key, i), problems)
            .ifPresent(values::add);
      }
      return values.size() == sequence.items().size()
          ? Optional.of(List.copyOf(values))
          : Optional.empty();
    };
  }

  /// A mapping with free keys, every value of one shape; in the order written.
  static <T> Shape<Map<String, T>> mapOf(Shape<T> value) {
    return (node, key, problems) -> {
      if (!(node instanceof Mapping mapping)) {
        return wrong(node, key, problems, "a mapping");
      }
      Map<String, T> values = new LinkedHashMap<>();
      for (YamlNode.Entry entry : mapping.entries()) {
        value
            .read(entry.value(), key.isEmpty() ? entry.key() : key + "." + entry.key(), problems)
            .ifPresent(present -> values.put(entry.key(), present));
      }
      return values.size() == mapping.entries().size()
          ? Optional.of(java.util.Collections.unmodifiableMap(values))
          : Optional.empty();
    };
  }

  /// A mapping with known keys. Keys that `bind` asks for are known; every other key is reported
  /// with the nearest known one.
  static <T> Shape<T> mapping(Function<Fields, Optional<T>> bind) {
    return (node, key, problems) -> {
      if (!(node instanceof Mapping mapping)) {
        return wrong(node, key, problems, "a mapping");
      }
      Fields fields = new Fields(mapping, key, problems);
      Optional<T> value = bind.apply(fields);
      return fields.refuseUnknownKeys() ? Optional.empty() : value;
    };
  }

  private static boolean isText(Scalar scalar) {
    return switch (scalar.kind()) {
      case TEXT, INTEGER, DECIMAL -> true;
      case BOOLEAN, NULL -> false;
    };
  }

  private static <T> Optional<T> wrong(
      YamlNode node, String key, Problems problems, String expected) {
    return wrong(node, key, problems, expected, "");
  }

  private static <T> Optional<T> wrong(
      YamlNode node, String key, Problems problems, String expected, String advice) {
    problems.add(node.position(), key, node.describe(), expected, advice);
    return Optional.empty();
  }
}
