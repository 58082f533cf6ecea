package dev.pvebot.runbooks.expression;

import dev.pvebot.clusters.ClusterName;
import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What an expression gives. Types come from records: a component `targetNode` is the field
/// `target_node`.
public sealed interface Type {
  /// A value without parts.
  enum Scalar implements Type {
    STRING,
    INT,
    DOUBLE,
    BOOL,
    /// Not known before it is there.
    DYN;

    @Override
    public String toString() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  record ListOf(Type element) implements Type {
    @Override
    public String toString() {
      return "list(" + element + ")";
    }
  }

  /// A map whose keys are text.
  record MapOf(Type value) implements Type {
    @Override
    public String toString() {
      return "map(string, " + value + ")";
    }
  }

  /// Something that may be absent: `x.hasValue()`, `x.value()`, `x.orValue(other)`.
  record OptionalOf(Type value) implements Type {
    @Override
    public String toString() {
      return "optional(" + value + ")";
    }
  }

  /// Something with named parts.
  ///
  /// @param name unique among all structs; for people and for CEL
  /// @param fields in the order of declaration
  record Struct(String name, Map<String, Type> fields) implements Type {
    public Struct {
      fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    @Override
    public String toString() {
      return name.substring(name.lastIndexOf('.') + 1);
    }
  }

  default boolean isOptional() {
    return this instanceof OptionalOf;
  }

  /// The type without its optionality.
  default Type required() {
    return this instanceof OptionalOf(Type value) ? value.required() : this;
  }

  /// Whether a value of `given` may stand where this type is wanted. An optional input takes the
  /// value, an optional value, or nothing; a required one does not take an optional value.
  default boolean accepts(Type given) {
    if (this == Scalar.DYN || given == Scalar.DYN) {
      return true;
    }
    return switch (this) {
      case Scalar wanted -> wanted == given || (wanted == Scalar.DOUBLE && given == Scalar.INT);
      case ListOf(Type element) -> given instanceof ListOf(Type other) && element.accepts(other);
      case MapOf(Type value) ->
          given instanceof MapOf(Type other)
              ? value.accepts(other)
              : given instanceof Struct(String _, Map<String, Type> fields)
                  && fields.values().stream().allMatch(value::accepts);
      case OptionalOf(Type value) -> value.accepts(given.required());
      case Struct wanted -> given instanceof Struct other && wanted.name.equals(other.name);
    };
  }

  /// The struct that a record's components declare.
  ///
  /// @throws IllegalArgumentException when a component has a type that expressions do not know; a
  ///   defect of the record
  static Struct ofRecord(Class<? extends Record> type) {
    Map<String, Type> fields = new LinkedHashMap<>();
    for (RecordComponent component : type.getRecordComponents()) {
      fields.put(snakeCase(component.getName()), ofComponent(component));
    }
    return new Struct(type.getName().replace('$', '.'), fields);
  }

  private static Type ofComponent(RecordComponent component) {
    AnnotatedType annotated = component.getAnnotatedType();
    Type type = of(annotated.getType());
    return annotated.isAnnotationPresent(Nullable.class) && !type.isOptional()
        ? new OptionalOf(type)
        : type;
  }

  /// The type that stands for a Java type.
  static Type of(java.lang.reflect.Type java) {
    if (java instanceof ParameterizedType generic && generic.getRawType() instanceof Class<?> raw) {
      java.lang.reflect.Type[] arguments = generic.getActualTypeArguments();
      if (raw == Optional.class) {
        return new OptionalOf(of(arguments[0]));
      }
      if (Collection.class.isAssignableFrom(raw)) {
        return new ListOf(of(arguments[0]));
      }
      if (Map.class.isAssignableFrom(raw)) {
        return new MapOf(of(arguments[1]));
      }
    }
    if (java instanceof Class<?> plain) {
      if (plain == String.class
          || plain == NodeName.class
          || plain == ClusterName.class
          || plain == dev.pvebot.clusters.Upid.class
          || plain == dev.pvebot.clusters.secret.Secret.class // later steps see its reference
          || plain == dev.pvebot.clusters.secret.SecretRef.class
          || plain == java.time.Duration.class
          || plain.isEnum()) {
        return Scalar.STRING;
      }
      if (plain == int.class
          || plain == Integer.class
          || plain == long.class
          || plain == Long.class
          || plain == Vmid.class) {
        return Scalar.INT;
      }
      if (plain == boolean.class || plain == Boolean.class) {
        return Scalar.BOOL;
      }
      if (plain == double.class || plain == Double.class) {
        return Scalar.DOUBLE;
      }
      if (plain == Object.class) {
        return Scalar.DYN;
      }
      if (plain.isRecord()) {
        return ofRecord(plain.asSubclass(Record.class));
      }
    }
    throw new IllegalArgumentException(
        "%s has no place in an expression; use String, int, long, boolean, double, Vmid, NodeName, enums, records,"
                .formatted(java.getTypeName())
            + " lists, maps and optionals of these");
  }

  /// `targetNode` is `target_node`; a run of capitals counts as one word.
  static String snakeCase(String camelCase) {
    return camelCase
        .replaceAll("([a-z0-9])([A-Z])", "$1_$2")
        .replaceAll("([A-Z]+)([A-Z][a-z])", "$1_$2")
        .toLowerCase(java.util.Locale.ROOT);
  }
}
