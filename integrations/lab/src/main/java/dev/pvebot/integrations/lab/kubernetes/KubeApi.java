package dev.pvebot.integrations.lab.kubernetes;

import dev.pvebot.integrations.lab.wire.HttpListener;
import dev.pvebot.integrations.lab.wire.Json;
import dev.pvebot.integrations.lab.wire.Reply;
import dev.pvebot.integrations.lab.wire.Request;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// The REST of Kubernetes over the objects: discovery, reading, writing, patching, watching,
/// evictions.
final class KubeApi {
  /// @param name empty for a collection
  private record Place(Kind kind, String namespace, String name, String subresource) {}

  private final KubeCluster cluster;

  KubeApi(KubeCluster cluster) {
    this.cluster = cluster;
  }

  Reply answer(Request request) {
    AtomicReference<Reply> reply = new AtomicReference<>(notFound(request.path()));
    cluster.locked(() -> {
      try {
        reply.set(route(request));
      } catch (IllegalArgumentException | ClassCastException e) {
        reply.set(failure(400, "BadRequest", String.valueOf(e.getMessage())));
      }
    });
    return reply.get();
  }

  private Reply route(Request request) {
    String path = request.path();
    switch (path) {
      case "/version" -> {
        return Reply.json(200, cluster.version());
      }
      case "/livez", "/readyz", "/healthz" -> {
        return Reply.of(200, "OK", "text/plain", "ok");
      }
      case "/api" -> {
        return Reply.json(200, Json.object("kind", "APIVersions", "versions", List.of("v1")));
      }
      case "/apis" -> {
        return Reply.json(200, groups());
      }
      default -> {
        Optional<Place> place = place(path);
        return place.isPresent() ? at(place.get(), request) : resources(path);
      }
    }
  }

  // --- discovery ----------------------------------------------------------------------------

  private boolean serves(Kind kind) {
    return !kind.isFlux()
        || !cluster.objects().list(kind, "").isEmpty()
        || cluster
            .objects()
            .get(Kind.named("CustomResourceDefinition"), "", kind.plural() + "." + kind.group())
            .isPresent();
  }

  private Map<String, Object> groups() {
    Map<String, Kind> byGroup = new LinkedHashMap<>();
    Kind.ALL.stream()
        .filter(k -> !k.group().isEmpty() && serves(k))
        .forEach(k -> byGroup.putIfAbsent(k.group(), k));
    return Json.object(
        "kind",
        "APIGroupList",
        "apiVersion",
        "v1",
        "groups",
        byGroup.values().stream()
            .map(k -> {
              Map<String, Object> version =
                  Json.object("groupVersion", k.apiVersion(), "version", k.version());
              return Json.object(
                  "name", k.group(), "versions", List.of(version), "preferredVersion", version);
            })
            .toList());
  }

  private Reply resources(String path) {
    String groupVersion = path.replaceFirst("^/apis?/", "");
    List<Map<String, Object>> resources =
        Kind.ALL.stream()
            .filter(k -> k.apiVersion().equals(groupVersion) && serves(k))
            .map(k ->
                Json.object(
                    "name",
                    k.plural(),
                    "singularName",
                    k.name().toLowerCase(java.util.Locale.ROOT),
                    "namespaced",
                    k.namespaced(),
                    "kind",
                    k.name(),
                    "verbs",
                    List.of("create", "delete", "get", "list", "patch", "update", "watch")))
            .toList();
    if (resources.isEmpty()) {
      return notFound(path);
    }
    List<Object> all = new ArrayList<>(resources);
    if (groupVersion.equals("v1")) {
      all.add(
          Json.object(
              "name",
              "pods/eviction",
              "singularName",
              "",
              "namespaced",
              true,
              "group",
              "policy",
              "version",
              "v1",
              "kind",
              "Eviction",
              "verbs",
              List.of("create")));
    }
    return Reply.json(
        200,
        Json.object(
            "kind",
            "APIResourceList",
            "apiVersion",
            "v1",
            "groupVersion",
            groupVersion,
            "resources",
            all));
  }

  private Optional<Place> place(String path) {
    List<String> parts = new ArrayList<>(Arrays.asList(path.replaceFirst("^/", "").split("/", -1)));
    if (parts.size() < 3 || !(parts.getFirst().equals("api") || parts.getFirst().equals("apis"))) {
      return Optional.empty();
    }
    String group = parts.removeFirst().equals("apis") ? parts.removeFirst() : "";
    String version = parts.removeFirst();
    String namespace = "";
    if (parts.size() >= 3
        && parts.getFirst().equals("namespaces")
        && Kind.at(group, version, parts.get(2)).isPresent()) {
      parts.removeFirst();
      namespace = parts.removeFirst();
    }
    if (parts.isEmpty()) {
      return Optional.empty();
    }
    String ns = namespace;
    return Kind.at(group, version, parts.getFirst())
        .filter(this::serves)
        .map(kind ->
            new Place(
                kind,
                ns,
                parts.size() > 1 ? parts.get(1) : "",
                parts.size() > 2 ? parts.get(2) : ""));
  }

  // --- objects ------------------------------------------------------------------------------

  private Reply at(Place place, Request request) {
    Map<String, String> query = query(request);
    if (place.name().isEmpty()) {
      return switch (request.method()) {
        case "GET" ->
            query.getOrDefault("watch", "").matches("true|1")
                ? watch(place, query)
                : list(place, query);
        case "POST" -> create(place, Json.parseObject(HttpListener.text(request)));
        default -> failure(405, "MethodNotAllowed", "the server does not allow this method");
      };
    }
    if (place.subresource().equals("eviction")) {
      return evict(place);
    }
    Optional<Map<String, Object>> found =
        cluster.objects().get(place.kind(), place.namespace(), place.name());
    boolean applies =
        request.header("content-type").filter(t -> t.contains("apply-patch")).isPresent();
    if (found.isEmpty() && !(request.method().equals("PATCH") && applies)) {
      return failure(
          404, "NotFound", "%s \"%s\" not found".formatted(place.kind().plural(), place.name()));
    }
    Map<String, Object> now = found.orElseGet(LinkedHashMap::new);
    return switch (request.method()) {
      case "GET" -> Reply.json(200, now);
      case "PUT" -> put(place, now, Json.parseObject(HttpListener.text(request)));
      case "PATCH" -> put(place, Map.of(), Patch.of(request).onto(now));
      case "DELETE" -> delete(place, now);
      default -> failure(405, "MethodNotAllowed", "the server does not allow this method");
    };
  }

  private Reply list(Place place, Map<String, String> query) {
    List<Map<String, Object>> items =
        cluster.objects().list(place.kind(), place.namespace()).stream()
            .filter(o -> Selector.fits(o, query))
            .toList();
    return Reply.json(
        200,
        Json.object(
            "kind",
            place.kind().name() + "List",
            "apiVersion",
            place.kind().apiVersion(),
            "metadata",
            Json.object("resourceVersion", String.valueOf(cluster.objects().version())),
            "items",
            items));
  }

  private Reply watch(Place place, Map<String, String> query) {
    boolean fromNow = query.getOrDefault("resourceVersion", "").matches("[1-9].*");
    return Reply.streaming(
        "application/json",
        parts -> {
          AtomicReference<Runnable> end = new AtomicReference<>(() -> {});
          cluster.locked(() -> {
            if (!fromNow) {
              cluster
                  .objects()
                  .list(place.kind(), place.namespace())
                  .forEach(o -> event(parts, "ADDED", o, query));
            }
            end.set(
                cluster
                    .objects()
                    .watch((how, kind, object) -> {
                      boolean here =
                          place.namespace().isEmpty()
                              || place.namespace().equals(Objects.namespace(object));
                      if (kind.equals(place.kind()) && here) {
                        event(parts, how, object, query);
                      }
                    }));
          });
          return () -> cluster.locked(() -> end.get().run());
        });
  }

  private static void event(
      java.util.function.Consumer<byte[]> parts,
      String how,
      Map<String, Object> object,
      Map<String, String> query) {
    if (Selector.fits(object, query)) {
      parts.accept(
          (Json.write(Json.object("type", how, "object", object)) + "\n")
              .getBytes(StandardCharsets.UTF_8));
    }
  }

  private Reply create(Place place, Map<String, Object> object) {
    Map<String, Object> metadata = Objects.map(object, "metadata");
    if (place.kind().namespaced()) {
      metadata.put("namespace", place.namespace());
    }
    if (Objects.name(object).isEmpty() && metadata.containsKey("generateName")) {
      metadata.put(
          "name", metadata.get("generateName") + Long.toString(cluster.objects().version(), 36));
    }
    if (cluster.objects().get(place.kind(), place.namespace(), Objects.name(object)).isPresent()) {
      return failure(
          409,
          "AlreadyExists",
          "%s \"%s\" already exists".formatted(place.kind().plural(), Objects.name(object)));
    }
    Map<String, Object> stored = cluster.objects().put(place.kind(), object);
    cluster.workloads().created(place.kind(), stored);
    return Reply.json(201, stored);
  }

  private Reply put(Place place, Map<String, Object> now, Map<String, Object> next) {
    String given = Objects.text(next, "metadata", "resourceVersion");
    String known = Objects.text(now, "metadata", "resourceVersion");
    if (!given.isEmpty() && !known.isEmpty() && !given.equals(known)) {
      return failure(
          409,
          "Conflict",
          "Operation cannot be fulfilled on %s \"%s\": the object has been modified; please apply your changes to the latest version and try again"
              .formatted(place.kind().plural(), place.name()));
    }
    Map<String, Object> metadata = Objects.map(next, "metadata");
    metadata.put("name", place.name());
    if (place.kind().namespaced()) {
      metadata.put("namespace", place.namespace());
    }
    Map<String, Object> stored = cluster.objects().put(place.kind(), next);
    cluster.workloads().created(place.kind(), stored);
    return Reply.json(200, stored);
  }

  private Reply delete(Place place, Map<String, Object> now) {
    cluster.objects().remove(place.kind(), place.namespace(), place.name());
    cluster.workloads().settle();
    return Reply.json(200, now);
  }

  private Reply evict(Place place) {
    Optional<Map<String, Object>> pod =
        cluster.objects().get(place.kind(), place.namespace(), place.name());
    if (pod.isEmpty()) {
      return failure(404, "NotFound", "pods \"%s\" not found".formatted(place.name()));
    }
    Optional<Workloads.Budget> budget = cluster.workloads().budget(pod.get());
    if (budget.isPresent()) {
      Map<String, Object> status =
          status(
              429,
              "TooManyRequests",
              "Cannot evict pod as it would violate the pod's disruption budget.");
      status.put(
          "details",
          Json.object(
              "causes",
              List.of(Json.object("reason", "DisruptionBudget", "message", budget.get().cause()))));
      return Reply.json(429, status);
    }
    cluster.workloads().evict(pod.get());
    return Reply.json(
        201, Json.object("kind", "Status", "apiVersion", "v1", "status", "Success", "code", 201));
  }

  // --- replies ------------------------------------------------------------------------------

  private static Reply notFound(String path) {
    return failure(404, "NotFound", "the server could not find the requested resource " + path);
  }

  static Reply failure(int code, String reason, String message) {
    return Reply.json(code, status(code, reason, message));
  }

  private static Map<String, Object> status(int code, String reason, String message) {
    return Json.object(
        "kind",
        "Status",
        "apiVersion",
        "v1",
        "metadata",
        Map.of(),
        "status",
        "Failure",
        "message",
        message,
        "reason",
        reason,
        "code",
        code);
  }

  private static Map<String, String> query(Request request) {
    Map<String, String> query = new LinkedHashMap<>();
    for (String pair : request.query().split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        query.put(
            pair.substring(0, equals),
            URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    return query;
  }
}
