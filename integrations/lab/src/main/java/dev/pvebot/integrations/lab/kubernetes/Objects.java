package dev.pvebot.integrations.lab.kubernetes;

import dev.pvebot.integrations.lab.time.LabClock;
import dev.pvebot.integrations.lab.wire.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/// The objects of a cluster by their place in etcd (`/registry/pods/kube-system/…`), with resource
/// versions, and those who watch. Objects are maps as JSON has them.
final class Objects {
  /// Told `ADDED`, `MODIFIED` or `DELETED`.
  interface Watcher {
    void changed(String how, Kind kind, Map<String, Object> object);
  }

  private final LabClock clock;
  private final Map<String, Map<String, Object>> byKey = new TreeMap<>();
  private final List<Watcher> watchers = new ArrayList<>();
  private long version = 1;

  Objects(LabClock clock) {
    this.clock = clock;
  }

  long version() {
    return version;
  }

  static String key(Kind kind, String namespace, String name) {
    String group = kind.group().isEmpty() ? "" : kind.group() + "/";
    return "/registry/" + group + kind.plural() + "/" + namespace + "/" + name;
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> map(Map<String, Object> parent, String key) {
    return (Map<String, Object>) parent.computeIfAbsent(key, _ -> new LinkedHashMap<>());
  }

  static String text(Map<String, Object> object, String... path) {
    Object here = object;
    for (String key : path) {
      if (!(here instanceof Map<?, ?> map) || map.get(key) == null) {
        return "";
      }
      here = map.get(key);
    }
    return String.valueOf(here);
  }

  static String name(Map<String, Object> object) {
    return text(object, "metadata", "name");
  }

  static String namespace(Map<String, Object> object) {
    return text(object, "metadata", "namespace");
  }

  Optional<Map<String, Object>> get(Kind kind, String namespace, String name) {
    return Optional.ofNullable(byKey.get(key(kind, kind.namespaced() ? namespace : "", name)));
  }

  /// All of a kind, of one namespace or of all when it is empty.
  List<Map<String, Object>> list(Kind kind, String namespace) {
    String prefix = key(kind, kind.namespaced() ? namespace : "", "");
    if (namespace.isEmpty() && kind.namespaced()) {
      prefix = prefix.substring(0, prefix.length() - 1);
    }
    String start = prefix;
    return byKey.entrySet().stream()
        .filter(e -> e.getKey().startsWith(start))
        .map(Map.Entry::getValue)
        .toList();
  }

  /// Stores an object, new or changed, and gives it what the API server gives.
  Map<String, Object> put(Kind kind, Map<String, Object> object) {
    Map<String, Object> stored = new LinkedHashMap<>();
    stored.put("apiVersion", kind.apiVersion());
    stored.put("kind", kind.name());
    stored.putAll(object);
    Map<String, Object> metadata = map(stored, "metadata");
    String namespace = kind.namespaced() ? namespace(stored) : "";
    String key = key(kind, namespace, name(stored));
    boolean known = byKey.containsKey(key);
    metadata.putIfAbsent("uid", UUID.randomUUID().toString());
    metadata.putIfAbsent(
        "creationTimestamp",
        clock.now().truncatedTo(java.time.temporal.ChronoUnit.SECONDS).toString());
    metadata.put("resourceVersion", String.valueOf(++version));
    byKey.put(key, stored);
    tell(known ? "MODIFIED" : "ADDED", kind, stored);
    return stored;
  }

  Optional<Map<String, Object>> remove(Kind kind, String namespace, String name) {
    Optional<Map<String, Object>> gone =
        Optional.ofNullable(byKey.remove(key(kind, kind.namespaced() ? namespace : "", name)));
    version++;
    gone.ifPresent(object -> tell("DELETED", kind, object));
    return gone;
  }

  private void tell(String how, Kind kind, Map<String, Object> object) {
    List.copyOf(watchers).forEach(w -> w.changed(how, kind, object));
  }

  /// @return ends it
  Runnable watch(Watcher watcher) {
    watchers.add(watcher);
    return () -> watchers.remove(watcher);
  }

  /// As etcd holds them.
  Map<String, String> keys() {
    Map<String, String> keys = new TreeMap<>();
    byKey.forEach((key, object) -> keys.put(key, Json.write(object)));
    return keys;
  }

  void restore(Map<String, String> keys) {
    byKey.clear();
    keys.forEach((key, value) -> byKey.put(key, Json.parseObject(value)));
    version++;
  }
}
