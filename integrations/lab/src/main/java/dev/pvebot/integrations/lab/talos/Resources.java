package dev.pvebot.integrations.lab.talos;

import com.google.protobuf.ByteString;
import dev.pvebot.integrations.lab.talos.proto.cosi.EventType;
import dev.pvebot.integrations.lab.talos.proto.cosi.Metadata;
import dev.pvebot.integrations.lab.talos.proto.cosi.Resource;
import dev.pvebot.integrations.lab.talos.proto.cosi.Spec;
import dev.pvebot.integrations.lab.time.LabClock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// A machine's resources as COSI serves them: versioned, and told to those who watch. Guarded by
/// the world.
///
/// The machine is looked at when somebody reads or watches; what differs from the last look has
/// changed.
final class Resources {
  /// @param proto the spec as a protobuf message; empty where nobody's client needs one
  record Draft(String namespace, String type, String id, String yaml, ByteString proto) {
    String key() {
      return namespace + "/" + type + "/" + id;
    }
  }

  /// Told of every change.
  interface Watcher {
    void changed(EventType how, Resource now, Optional<Resource> before);
  }

  private final LabClock clock;
  private final Map<String, Resource> known = new LinkedHashMap<>();
  private final List<Watcher> watchers = new ArrayList<>();
  private Optional<Supplier<List<Draft>>> fresh = Optional.empty();

  Resources(LabClock clock) {
    this.clock = clock;
  }

  /// The machine has changed, perhaps.
  void replace(Supplier<List<Draft>> now) {
    fresh = Optional.of(now);
    if (!watchers.isEmpty()) {
      look();
    }
  }

  private void look() {
    if (fresh.isEmpty()) {
      return;
    }
    List<Draft> drafts = fresh.get().get();
    fresh = Optional.empty();
    Map<String, Draft> byKey = new LinkedHashMap<>();
    drafts.forEach(d -> byKey.put(d.key(), d));
    for (String gone : known.keySet().stream().filter(k -> !byKey.containsKey(k)).toList()) {
      Optional.ofNullable(known.remove(gone))
          .ifPresent(old -> tell(EventType.DESTROYED, old, Optional.empty()));
    }
    byKey.forEach((key, draft) -> {
      Resource old = known.get(key);
      if (old == null) {
        Resource made = resource(draft, 1, clock.now(), clock.now());
        known.put(key, made);
        tell(EventType.CREATED, made, Optional.empty());
      } else if (!old.getSpec().getYamlSpec().equals(draft.yaml())) {
        Metadata was = old.getMetadata();
        Resource made =
            resource(
                draft,
                Long.parseLong(was.getVersion()) + 1,
                Instant.ofEpochSecond(was.getCreated().getSeconds()),
                clock.now());
        known.put(key, made);
        tell(EventType.UPDATED, made, Optional.of(old));
      }
    });
  }

  private static Resource resource(Draft draft, long version, Instant created, Instant updated) {
    return Resource.newBuilder()
        .setMetadata(
            Metadata.newBuilder()
                .putAllAnnotations(
                    draft.type().startsWith("MachineConfigs.")
                        ? Map.of("talos.dev/yaml-spec", "1")
                        : Map.of())
                .setNamespace(draft.namespace())
                .setType(draft.type())
                .setId(draft.id())
                .setVersion(String.valueOf(version))
                .setPhase("running")
                .setOwner("")
                .setCreated(Services.timestamp(created))
                .setUpdated(Services.timestamp(updated)))
        .setSpec(Spec.newBuilder().setYamlSpec(draft.yaml()).setProtoSpec(draft.proto()))
        .build();
  }

  private void tell(EventType how, Resource now, Optional<Resource> before) {
    List.copyOf(watchers).forEach(watcher -> watcher.changed(how, now, before));
  }

  List<Resource> list(String namespace, String type) {
    look();
    return known.values().stream()
        .filter(r ->
            r.getMetadata().getNamespace().equals(namespace)
                && r.getMetadata().getType().equals(type))
        .toList();
  }

  Optional<Resource> get(String namespace, String type, String id) {
    look();
    return Optional.ofNullable(known.get(namespace + "/" + type + "/" + id));
  }

  /// @return ends it
  Runnable watch(Watcher watcher) {
    look();
    watchers.add(watcher);
    return () -> watchers.remove(watcher);
  }
}
