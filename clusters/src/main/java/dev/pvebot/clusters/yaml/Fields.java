package dev.pvebot.clusters.yaml;

import dev.pvebot.clusters.yaml.YamlNode.Entry;
import dev.pvebot.clusters.yaml.YamlNode.Kind;
import dev.pvebot.clusters.yaml.YamlNode.Mapping;
import dev.pvebot.clusters.yaml.YamlNode.Scalar;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/// The keys of one mapping while it is being read; see [Shape#mapping]. Asking for a key makes it a
/// known one.
public final class Fields {
  private final Mapping mapping;
  private final String path;
  private final Problems problems;
  private final int before;
  private final Set<String> known = new TreeSet<>();

  Fields(Mapping mapping, String path, Problems problems) {
    this.mapping = mapping;
    this.path = path;
    this.problems = problems;
    this.before = problems.count();
  }

  /// The value of a key; empty when it is absent, has no value, or has a wrong one (then a problem
  /// was added).
  public <T> Optional<T> optional(String key, Shape<T> shape) {
    known.add(key);
    return entry(key).flatMap(entry -> shape.read(entry.value(), full(key), problems));
  }

  /// The value of a key that must be there; empty when a problem was added.
  public <T> Optional<T> required(String key, Shape<T> shape) {
    known.add(key);
    if (entry(key).isPresent()) {
      return optional(key, shape);
    }
    Position at = mapping.entry(key).map(Entry::keyPosition).orElse(mapping.position());
    problems.add(at, full(key), "nothing", "a value", "This key is required.");
    return Optional.empty();
  }

  /// Whether the key is there with a value.
  public boolean has(String key) {
    return entry(key).isPresent();
  }

  /// Makes a key known whose presence is an error with an advice of its own, for example a key that
  /// was renamed.
  public void refuse(String key, String expected, String advice) {
    known.add(key);
    mapping
        .entry(key)
        .ifPresent(
            entry -> problems.add(entry.keyPosition(), full(key), "this key", expected, advice));
  }

  /// Adds a problem at a key (or at the mapping, when the key is absent); the parameters are those
  /// of [Problem].
  public void problem(String key, String found, String expected, String advice) {
    problems.add(mapping.positionOf(key), full(key), found, expected, advice);
  }

  /// The value made of all keys, or empty when a problem was added since this mapping was begun. An
  /// [IllegalArgumentException] of the supplier becomes a problem too: constructors may check what
  /// keys say together.
  public <T> Optional<T> build(Supplier<T> value) {
    if (problems.count() > before) {
      return Optional.empty();
    }
    try {
      return Optional.of(value.get());
    } catch (IllegalArgumentException e) {
      problems.add(
          mapping.position(),
          path,
          "values that do not fit together",
          "others",
          e.getMessage() + ".");
      return Optional.empty();
    }
  }

  /// @return whether there were any
  boolean refuseUnknownKeys() {
    boolean any = false;
    for (Entry entry : mapping.entries()) {
      if (!known.contains(entry.key())) {
        any = true;
        String advice =
            Nearest.to(entry.key(), known)
                .map("Did you mean '%s'?"::formatted)
                .orElse("Remove it.");
        problems.add(
            entry.keyPosition(),
            full(entry.key()),
            "an unknown key",
            "one of " + String.join(", ", known),
            advice);
      }
    }
    return any;
  }

  private Optional<Entry> entry(String key) {
    return mapping
        .entry(key)
        .filter(entry -> !(entry.value() instanceof Scalar s && s.kind() == Kind.NULL));
  }

  private String full(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
