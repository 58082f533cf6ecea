package dev.pvebot.runbooks.expression;

import dev.pvebot.clusters.ClusterName;
import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Turns records and JSON data into values of expressions and back. In values an absent part is an
/// empty `Optional`, in data it is simply not there; whole numbers are `Long` in both.
public final class Data {
  private Data() {}

  /// A record as a value, fields in snake_case.
  public static Map<String, Object> ofRecord(Record record) {
    Map<String, Object> fields = new LinkedHashMap<>();
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      try {
        java.lang.reflect.Method accessor = component.getAccessor();
        accessor.setAccessible(true); // actions may keep their records package-private
        Object value = accessor.invoke(record);
        boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
        fields.put(
            Type.snakeCase(component.getName()),
            nullable ? Optional.ofNullable(value).map(Data::value) : value(value));
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(
            "%s of %s cannot be read".formatted(component, record.getClass()), e);
      }
    }
    return fields;
  }

  private static Object value(@Nullable Object raw) {
    return switch (raw) {
      case null ->
          throw new IllegalArgumentException(
              "a record's component is null without being @Nullable");
      case Vmid vmid -> (long) vmid.value();
      case NodeName node -> node.value();
      case ClusterName cluster -> cluster.value();
      case Enum<?> constant -> constant.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
      case Integer number -> number.longValue();
      case Optional<?> optional -> optional.map(Data::value);
      case Collection<?> items -> items.stream().map(Data::value).toList();
      case Map<?, ?> map -> {
        Map<String, Object> values = new LinkedHashMap<>();
        map.forEach((key, item) -> values.put(String.valueOf(key), value(item)));
        yield values;
      }
      case Record record -> ofRecord(record);
      default -> raw;
    };
  }

  /// JSON data as a value of a type: what the type calls optional becomes an `Optional`.
  public static Object toValue(Type type, @Nullable Object data) {
    if (type instanceof Type.OptionalOf(Type inner)) {
      return data == null ? Optional.empty() : Optional.of(toValue(inner, data));
    }
    if (data == null) {
      throw new IllegalArgumentException("nothing found; expected a value of type " + type);
    }
    return switch (type) {
      case Type.ListOf(Type element) when data instanceof Collection<?> items ->
          items.stream().map(item -> toValue(element, item)).toList();
      case Type.MapOf(Type element) when data instanceof Map<?, ?> map -> {
        Map<String, Object> values = new LinkedHashMap<>();
        map.forEach((key, item) -> values.put(String.valueOf(key), toValue(element, item)));
        yield values;
      }
      case Type.Struct struct when data instanceof Map<?, ?> map -> {
        Map<String, Object> values = new LinkedHashMap<>();
        struct.fields().forEach((name, field) -> values.put(name, toValue(field, map.get(name))));
        yield values;
      }
      case Type.Scalar scalar -> scalar(scalar, data);
      default ->
          throw new IllegalArgumentException(
              "found %s; expected a value of type %s".formatted(data, type));
    };
  }

  private static Object scalar(Type.Scalar type, Object data) {
    boolean whole = data instanceof Integer || data instanceof Long || data instanceof Short;
    boolean fits =
        switch (type) {
          case STRING -> data instanceof String;
          case BOOL -> data instanceof Boolean;
          case INT -> whole;
          case DOUBLE -> data instanceof Number;
          case DYN -> true;
        };
    if (!fits) {
      throw new IllegalArgumentException(
          "found %s; expected a value of type %s".formatted(data, type));
    }
    return type == Type.Scalar.DOUBLE ? ((Number) data).doubleValue() : value(data);
  }

  /// A value as JSON data; empty when it is an empty optional.
  public static Optional<Object> fromValue(Object value) {
    return switch (value) {
      case Optional<?> optional -> optional.flatMap(present -> fromValue(present));
      case Integer number -> Optional.of(number.longValue());
      case Collection<?> items -> {
        List<Object> list = new ArrayList<>();
        items.forEach(item -> fromValue(item).ifPresent(list::add));
        yield Optional.of(list);
      }
      case Map<?, ?> map -> {
        Map<String, Object> entries = new LinkedHashMap<>();
        map.forEach((key, item) ->
            fromValue(item).ifPresent(present -> entries.put(String.valueOf(key), present)));
        yield Optional.of(entries);
      }
      default -> Optional.of(value);
    };
  }

  /// A record as JSON data.
  public static Map<String, Object> dataOf(Record record) {
    Map<String, Object> data = new LinkedHashMap<>();
    ofRecord(record)
        .forEach((name, value) -> fromValue(value).ifPresent(present -> data.put(name, present)));
    return data;
  }
}
