package dev.pvebot.runbooks.engine;

import dev.pvebot.clusters.ClusterName;
import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Upid;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.secret.Secret;
import dev.pvebot.clusters.secret.SecretRef;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// Inputs and outputs of actions between their records and JSON data. A component `targetNode` is
/// the key `target_node`.
public final class RecordData {
  private RecordData() {}

  /// Makes a record from JSON data.
  ///
  /// @throws IllegalArgumentException that names the key when something is missing, unknown or of
  ///   another kind
  public static <R extends Record> R read(Class<R> type, Map<String, ?> data) {
    RecordComponent[] components = type.getRecordComponents();
    Set<String> unknown = new LinkedHashSet<>(data.keySet());
    Class<?>[] signature = new Class<?>[components.length];
    @Nullable Object[] values = new @Nullable Object[components.length];
    for (int i = 0; i < components.length; i++) {
      String key = key(components[i].getName());
      unknown.remove(key);
      signature[i] = components[i].getType();
      values[i] = component(components[i], key, data.get(key));
    }
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "unknown input %s; known are %s"
              .formatted(
                  String.join(", ", unknown),
                  String.join(
                      ", ",
                      java.util.Arrays.stream(components).map(c -> key(c.getName())).toList())));
    }
    try {
      Constructor<R> constructor = type.getDeclaredConstructor(signature);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (InvocationTargetException broken) {
      if (broken.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(type + " cannot be made", broken);
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException(type + " cannot be made", impossible);
    }
  }

  private static @Nullable Object component(
      RecordComponent component, String key, @Nullable Object value) {
    if (value == null || value.equals(Optional.empty())) {
      if (component.getType() == Optional.class) {
        return Optional.empty();
      }
      if (component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
        return null;
      }
      throw new IllegalArgumentException("input %s is missing".formatted(key));
    }
    return of(component.getGenericType(), key, value);
  }

  private static Object of(Type type, String key, Object value) {
    if (value instanceof Optional<?> optional) {
      Object inner =
          optional
              .map(Object.class::cast)
              .orElseThrow(() -> new IllegalArgumentException("input %s is absent".formatted(key)));
      return of(type, key, inner);
    }
    if (type instanceof ParameterizedType generic && generic.getRawType() instanceof Class<?> raw) {
      Type[] arguments = generic.getActualTypeArguments();
      if (raw == Optional.class) {
        return Optional.of(of(arguments[0], key, value));
      }
      if (raw == Map.class && value instanceof Map<?, ?> map) {
        Map<String, Object> result = new LinkedHashMap<>();
        map.forEach((k, v) -> result.put(String.valueOf(k), of(arguments[1], key + "." + k, v)));
        return result;
      }
      if (Collection.class.isAssignableFrom(raw) && value instanceof Collection<?> many) {
        List<Object> result = new ArrayList<>();
        for (Object each : many) {
          result.add(of(arguments[0], key + "[" + result.size() + "]", each));
        }
        return raw == Set.class ? new LinkedHashSet<>(result) : List.copyOf(result);
      }
    }
    if (type instanceof Class<?> plain) {
      Object scalar = scalar(plain, key, value);
      if (scalar != null) {
        return scalar;
      }
    }
    throw new IllegalArgumentException(
        "input %s is %s; expected %s"
            .formatted(key, value.getClass().getSimpleName(), type.getTypeName()));
  }

  private static @Nullable Object scalar(Class<?> type, String key, Object value) {
    if (type == Object.class || type.isInstance(value)) {
      return value;
    }
    if (type == int.class || type == Integer.class) {
      return value instanceof Number number ? (Object) Math.toIntExact(whole(key, number)) : null;
    }
    if (type == long.class || type == Long.class) {
      return value instanceof Number number ? (Object) whole(key, number) : null;
    }
    if (type == double.class || type == Double.class) {
      return value instanceof Number number ? (Object) number.doubleValue() : null;
    }
    if (type == boolean.class || type == Boolean.class) {
      return value instanceof Boolean ? value : null;
    }
    if (type == Vmid.class) {
      return switch (value) {
        case Number number -> new Vmid(Math.toIntExact(whole(key, number)));
        case String text -> Vmid.parse(text);
        default -> null;
      };
    }
    if (value instanceof Map<?, ?> map && type.isRecord()) {
      Map<String, Object> fields = new LinkedHashMap<>();
      map.forEach((k, v) -> fields.put(String.valueOf(k), v));
      return read(type.asSubclass(Record.class), fields);
    }
    if (!(value instanceof String text)) {
      return null;
    }
    if (type == NodeName.class) {
      return new NodeName(text);
    }
    if (type == ClusterName.class) {
      return new ClusterName(text);
    }
    if (type == Upid.class) {
      return new Upid(text);
    }
    if (type == SecretRef.class) {
      return SecretRef.parse(text);
    }
    if (type == Duration.class) {
      return Duration.parse(text);
    }
    if (type.isEnum()) {
      for (Object constant : type.getEnumConstants()) {
        if (((Enum<?>) constant).name().equalsIgnoreCase(text.replace('-', '_'))) {
          return constant;
        }
      }
    }
    return null;
  }

  private static long whole(String key, Number number) {
    if (number.doubleValue() != Math.rint(number.doubleValue())) {
      throw new IllegalArgumentException(
          "input %s is %s; expected a whole number".formatted(key, number));
    }
    return number.longValue();
  }

  /// Takes a record apart into JSON data.
  ///
  /// @param secrets takes each secret away and gives what stands for it; its first argument is the
  ///   key
  public static Map<String, Object> write(
      Record data, BiFunction<String, Secret, SecretRef> secrets) {
    Map<String, Object> result = new LinkedHashMap<>();
    for (RecordComponent component : data.getClass().getRecordComponents()) {
      String key = key(component.getName());
      Object value = valueOf(data, component);
      if (value instanceof Optional<?> optional) {
        optional.ifPresent(inner -> result.put(key, plain(key, inner, secrets)));
      } else if (value != null) {
        result.put(key, plain(key, value, secrets));
      }
    }
    return result;
  }

  private static @Nullable Object valueOf(Record data, RecordComponent component) {
    try {
      java.lang.reflect.Method accessor = component.getAccessor();
      accessor.setAccessible(true);
      return accessor.invoke(data);
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException(data.getClass() + " cannot be read", impossible);
    }
  }

  private static Object plain(
      String key, Object value, BiFunction<String, Secret, SecretRef> secrets) {
    return switch (value) {
      case Secret secret -> secrets.apply(key, secret).toString();
      case String text -> text;
      case Boolean bool -> bool;
      case Integer number -> number.longValue();
      case Long number -> number;
      case Double number -> number;
      case Vmid vmid -> (long) vmid.value();
      case Optional<?> optional -> optional.map(inner -> plain(key, inner, secrets)).orElse("");
      case Enum<?> constant -> constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
      case Collection<?> many -> many.stream().map(each -> plain(key, each, secrets)).toList();
      case Map<?, ?> map -> {
        Map<String, Object> result = new LinkedHashMap<>();
        map.forEach((k, v) -> result.put(String.valueOf(k), plain(key + "." + k, v, secrets)));
        yield result;
      }
      case NodeName name -> name.value();
      case ClusterName name -> name.value();
      case Upid upid -> upid.value();
      case Record nested ->
          write(nested, (inner, secret) -> secrets.apply(key + "." + inner, secret));
      default -> value.toString();
    };
  }

  /// Data of a record as a value of expressions: a component that may be absent becomes an
  /// `Optional`.
  static Map<String, Object> value(Class<? extends Record> type, Map<String, Object> data) {
    Map<String, Object> result = new LinkedHashMap<>();
    for (RecordComponent component : type.getRecordComponents()) {
      String key = key(component.getName());
      Optional<Object> value =
          Optional.ofNullable(data.get(key)).map(v -> value(component.getGenericType(), v));
      if (component.getType() == Optional.class
          || component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
        result.put(key, value);
      } else {
        value.ifPresent(present -> result.put(key, present));
      }
    }
    return result;
  }

  private static Object value(Type type, Object data) {
    if (type instanceof ParameterizedType generic && generic.getRawType() == Optional.class) {
      return value(argument(type, 0), data);
    }
    return switch (data) {
      case Integer number -> number.longValue();
      case Map<?, ?> map when type instanceof Class<?> plain && plain.isRecord() -> {
        Map<String, Object> fields = new LinkedHashMap<>();
        map.forEach((k, v) -> fields.put(String.valueOf(k), v));
        yield value(plain.asSubclass(Record.class), fields);
      }
      case Map<?, ?> map -> {
        Type inner = argument(type, 1);
        Map<String, Object> fields = new LinkedHashMap<>();
        map.forEach((k, v) -> fields.put(String.valueOf(k), value(inner, v)));
        yield fields;
      }
      case Collection<?> many -> {
        Type inner = argument(type, 0);
        yield many.stream().map(each -> value(inner, each)).toList();
      }
      default -> data;
    };
  }

  private static Type argument(Type type, int index) {
    return type instanceof ParameterizedType generic
            && generic.getActualTypeArguments().length > index
        ? generic.getActualTypeArguments()[index]
        : Object.class;
  }

  /// `targetNode` -> `target_node`.
  static String key(String component) {
    return component
        .replaceAll("([a-z0-9])([A-Z])", "$1_$2")
        .replaceAll("([A-Z]+)([A-Z][a-z])", "$1_$2")
        .toLowerCase(Locale.ROOT);
  }
}
