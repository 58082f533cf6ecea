package dev.pvebot.integrations.lab.factory;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/// What an image is made of. Its id is the SHA-256 of its canonical YAML: keys in the factory's
/// order, four spaces a level, empty fields left out, lists as they were given (image-factory,
/// pkg/schematic).
record Schematic(String yaml, String id, List<String> extensions) {
  private static final String INVALID = "yaml: unmarshal errors: ";

  /// The keys of each mapping in the order in which the factory writes them; a mapping that is not
  /// here is written as it came.
  private static final Map<String, List<String>> ORDER =
      Map.of(
          "", List.of("owner", "overlay", "customization"),
          "overlay", List.of("image", "name", "options"),
          "customization",
              List.of(
                  "embeddedMachineConfiguration",
                  "extraKernelArgs",
                  "meta",
                  "systemExtensions",
                  "bootloader",
                  "secureboot",
                  "diskImage"),
          "meta", List.of("key", "value"),
          "systemExtensions", List.of("officialExtensions"),
          "secureboot", List.of("enrollKeys", "includeWellKnownCertificates"),
          "diskImage", List.of("sectorSize"));

  Schematic {
    extensions = List.copyOf(extensions);
  }

  /// @throws IllegalArgumentException as the factory refuses a body
  static Schematic parse(String body) {
    Object parsed;
    try {
      parsed = new Yaml(new SafeConstructor(new LoaderOptions())).load(body);
    } catch (YAMLException e) {
      throw new IllegalArgumentException(INVALID + e.getMessage(), e);
    }
    Map<String, Object> root = new LinkedHashMap<>();
    if (parsed instanceof Map<?, ?> map) {
      root.putAll(ordered("", map));
    } else if (parsed != null) {
      throw new IllegalArgumentException(INVALID + "cannot unmarshal into schematic.Schematic");
    }
    StringBuilder text = new StringBuilder();
    Object customization = root.getOrDefault("customization", Map.of());
    root.remove("customization");
    write(text, root, 0);
    if (customization instanceof Map<?, ?> map && !map.isEmpty()) {
      write(text, Map.of("customization", map), 0);
    } else {
      text.append("customization: {}\n");
    }
    return new Schematic(text.toString(), sha256(text.toString()), official(customization));
  }

  static Schematic of(String... extensions) {
    StringBuilder body =
        new StringBuilder("customization:\n  systemExtensions:\n    officialExtensions:\n");
    for (String extension : extensions) {
      body.append("      - ").append(extension).append('\n');
    }
    return extensions.length == 0 ? parse("customization: {}") : parse(body.toString());
  }

  private static List<String> official(Object customization) {
    return customization instanceof Map<?, ?> map
            && map.get("systemExtensions") instanceof Map<?, ?> extensions
            && extensions.get("officialExtensions") instanceof List<?> list
        ? list.stream().map(String::valueOf).toList()
        : List.of();
  }

  /// The mapping with its keys in order, without what is empty.
  private static Map<String, Object> ordered(String name, Map<?, ?> map) {
    List<String> order = ORDER.getOrDefault(name, List.of());
    for (Object key : map.keySet()) {
      if (!order.isEmpty() && !order.contains(String.valueOf(key))) {
        throw new IllegalArgumentException(
            INVALID + "field " + key + " not found in type schematic");
      }
    }
    Map<String, Object> result = new LinkedHashMap<>();
    List<String> keys =
        order.isEmpty() ? map.keySet().stream().map(String::valueOf).toList() : order;
    for (String key : keys) {
      Object value = map.get(key);
      if (value instanceof Map<?, ?> inner) {
        Map<String, Object> kept = ordered(key, inner);
        if (!kept.isEmpty()) {
          result.put(key, kept);
        }
      } else if (value instanceof List<?> list) {
        if (!list.isEmpty()) {
          result.put(
              key,
              list.stream()
                  .map(each -> each instanceof Map<?, ?> inner ? ordered(key, inner) : each)
                  .toList());
        }
      } else if (value != null && !value.equals("") && !value.equals(false) && !value.equals(0)) {
        result.put(key, value);
      }
    }
    return result;
  }

  private static void write(StringBuilder text, Map<?, ?> map, int depth) {
    map.forEach((key, value) -> {
      text.append("    ".repeat(depth)).append(key).append(':');
      switch (value) {
        case Map<?, ?> inner -> {
          text.append('\n');
          write(text, inner, depth + 1);
        }
        case List<?> list -> {
          text.append('\n');
          list.forEach(each -> item(text, each, depth + 1));
        }
        default -> text.append(' ').append(value).append('\n');
      }
    });
  }

  private static void item(StringBuilder text, Object item, int depth) {
    String indent = "    ".repeat(depth);
    if (item instanceof Map<?, ?> map) {
      StringBuilder inner = new StringBuilder();
      write(inner, map, 0);
      String[] lines = inner.toString().split("\n", -1);
      for (int i = 0; i < lines.length - 1; i++) {
        text.append(indent).append(i == 0 ? "- " : "  ").append(lines[i]).append('\n');
      }
    } else {
      text.append(indent).append("- ").append(item).append('\n');
    }
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is part of every JDK", e);
    }
  }
}
