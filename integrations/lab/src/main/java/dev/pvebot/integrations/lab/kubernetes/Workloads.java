package dev.pvebot.integrations.lab.kubernetes;

import dev.pvebot.integrations.lab.wire.Json;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/// The controllers: pods of Deployments, StatefulSets and DaemonSets follow the nodes, budgets
/// guard evictions, Flux's objects become ready.
final class Workloads {
  private static final String SYSTEM = "kube-system";
  private static final Duration RECONCILED = Duration.ofSeconds(8);
  private static final List<String> REPLICATED = List.of("Deployment", "StatefulSet");

  private final KubeCluster cluster;
  private boolean settling;

  Workloads(KubeCluster cluster) {
    this.cluster = cluster;
  }

  /// Why a pod may not be evicted now, in the API server's words.
  record Budget(String name, String cause) {}

  private Objects objects() {
    return cluster.objects();
  }

  private List<Map<String, Object>> pods() {
    return objects().list(Kind.named("Pod"), "");
  }

  // --- the cluster's own applications -------------------------------------------------------

  /// What Talos' manifests bring with the first control plane.
  void system(NodeFacts facts) {
    application("DaemonSet", "kube-proxy", "registry.k8s.io/kube-proxy:" + facts.proxy(), 0);
    application("DaemonSet", "kube-flannel", "ghcr.io/siderolabs/flannel:v0.27.4", 0);
    application("Deployment", "coredns", "registry.k8s.io/coredns/coredns:v1.13.2", 2);
    settle();
  }

  private void application(String kind, String name, String image, int replicas) {
    Map<String, Object> spec =
        Json.object(
            "selector",
            Json.object("matchLabels", Json.object("k8s-app", name)),
            "template",
            Json.object(
                "metadata",
                Json.object("labels", Json.object("k8s-app", name)),
                "spec",
                Json.object("containers", List.of(Json.object("name", name, "image", image)))));
    if (replicas > 0) {
      spec.put("replicas", replicas);
    }
    Optional<Map<String, Object>> known = objects().get(Kind.named(kind), SYSTEM, name);
    if (known.filter(old -> image(old).equals(image)).isEmpty()) {
      objects()
          .put(
              Kind.named(kind),
              Json.object(
                  "metadata", Json.object("name", name, "namespace", SYSTEM), "spec", spec));
      removePodsOf(kind, SYSTEM, name);
    }
  }

  private static String image(Map<String, Object> workload) {
    return workload.get("spec") instanceof Map<?, ?> spec
            && spec.get("template") instanceof Map<?, ?> template
            && template.get("spec") instanceof Map<?, ?> podSpec
            && podSpec.get("containers") instanceof List<?> containers
            && containers.getFirst() instanceof Map<?, ?> container
        ? String.valueOf(container.get("image"))
        : "";
  }

  // --- nodes --------------------------------------------------------------------------------

  void nodeReady(NodeFacts facts) {
    for (Map<String, Object> pod : pods()) {
      if (Objects.text(pod, "spec", "nodeName").equals(facts.name()) && !KubeCluster.isReady(pod)) {
        objects().put(Kind.named("Pod"), cluster.running(pod, facts.address()));
      }
    }
    settle();
  }

  void nodeLost(String node) {
    for (Map<String, Object> pod : pods()) {
      if (Objects.text(pod, "spec", "nodeName").equals(node)) {
        Map<String, Object> lost = new LinkedHashMap<>(pod);
        Map<String, Object> status = new LinkedHashMap<>(Objects.map(lost, "status"));
        status.put(
            "conditions",
            List.of(Json.object("type", "Ready", "status", "False", "reason", "NodeLost")));
        lost.put("status", status);
        objects().put(Kind.named("Pod"), lost);
      }
    }
  }

  private List<Map<String, Object>> nodes() {
    return objects().list(Kind.named("Node"), "");
  }

  private boolean takesWork(Map<String, Object> node) {
    boolean tainted =
        node.get("spec") instanceof Map<?, ?> spec
            && spec.get("taints") instanceof List<?> taints
            && !taints.isEmpty();
    return !tainted && takesAnything(node);
  }

  private boolean takesAnything(Map<String, Object> node) {
    return KubeCluster.isReady(node) && !cluster.isCordoned(Objects.name(node));
  }

  // --- controllers --------------------------------------------------------------------------

  void settle() {
    if (settling) {
      return;
    }
    settling = true;
    try {
      objects().list(Kind.named("DaemonSet"), "").forEach(this::daemons);
      for (String kind : REPLICATED) {
        objects().list(Kind.named(kind), "").forEach(workload -> replicas(kind, workload));
      }
    } finally {
      settling = false;
    }
  }

  private List<Map<String, Object>> podsOf(String kind, Map<String, Object> workload) {
    return podsOf(kind, Objects.namespace(workload), Objects.name(workload));
  }

  private List<Map<String, Object>> podsOf(String kind, String namespace, String name) {
    return objects().list(Kind.named("Pod"), namespace).stream()
        .filter(p -> owner(p).equals(kind + "/" + name))
        .toList();
  }

  /// `KIND/NAME` of what keeps the pod alive; `Node/…` for static ones.
  static String owner(Map<String, Object> pod) {
    return pod.get("metadata") instanceof Map<?, ?> metadata
            && metadata.get("ownerReferences") instanceof List<?> owners
            && !owners.isEmpty()
            && owners.getFirst() instanceof Map<?, ?> owner
        ? owner.get("kind") + "/" + owner.get("name")
        : "";
  }

  private void removePodsOf(String kind, String namespace, String name) {
    podsOf(kind, namespace, name)
        .forEach(p -> objects().remove(Kind.named("Pod"), namespace, Objects.name(p)));
  }

  private static Map<String, String> labels(Map<String, Object> workload) {
    Map<String, String> labels = new LinkedHashMap<>();
    if (workload.get("spec") instanceof Map<?, ?> spec
        && spec.get("template") instanceof Map<?, ?> template
        && template.get("metadata") instanceof Map<?, ?> metadata
        && metadata.get("labels") instanceof Map<?, ?> given) {
      given.forEach((k, v) -> labels.put(String.valueOf(k), String.valueOf(v)));
    }
    return labels;
  }

  private void daemons(Map<String, Object> set) {
    List<Map<String, Object>> pods = podsOf("DaemonSet", set);
    List<String> names = nodes().stream().map(Objects::name).toList();
    for (Map<String, Object> node : nodes()) {
      boolean there =
          pods.stream()
              .anyMatch(p -> Objects.text(p, "spec", "nodeName").equals(Objects.name(node)));
      if (!there && KubeCluster.isReady(node)) {
        create(set, "DaemonSet", Objects.name(node));
      }
    }
    for (Map<String, Object> pod : pods) {
      if (!names.contains(Objects.text(pod, "spec", "nodeName"))) {
        objects().remove(Kind.named("Pod"), Objects.namespace(pod), Objects.name(pod));
      }
    }
    status("DaemonSet", set, nodes().size());
  }

  private void replicas(String kind, Map<String, Object> workload) {
    String wish = Objects.text(workload, "spec", "replicas");
    int wanted = wish.isEmpty() ? 1 : Integer.parseInt(wish);
    List<Map<String, Object>> pods = podsOf(kind, workload);
    List<Map<String, Object>> able = nodes().stream().filter(this::takesWork).toList();
    if (able.isEmpty() && Objects.namespace(workload).equals(SYSTEM)) {
      able = nodes().stream().filter(this::takesAnything).toList();
    }
    for (int missing = pods.size(); missing < wanted && !able.isEmpty(); missing++) {
      create(workload, kind, Objects.name(able.get(missing % able.size())));
    }
    for (int extra = wanted; extra < pods.size(); extra++) {
      Map<String, Object> pod = pods.get(extra);
      objects().remove(Kind.named("Pod"), Objects.namespace(pod), Objects.name(pod));
    }
    status(kind, workload, wanted);
  }

  private void create(Map<String, Object> workload, String kind, String node) {
    String namespace = Objects.namespace(workload);
    String name =
        "%s-%05x".formatted(Objects.name(workload), ThreadLocalRandom.current().nextInt(1 << 20));
    objects()
        .put(
            Kind.named("Pod"),
            cluster.pod(
                namespace,
                name,
                labels(workload),
                node,
                image(workload),
                kind + "/" + Objects.name(workload)));
    cluster.start(namespace, name);
  }

  private void status(String kind, Map<String, Object> workload, int wanted) {
    long ready = podsOf(kind, workload).stream().filter(KubeCluster::isReady).count();
    Map<String, Object> status =
        kind.equals("DaemonSet")
            ? Json.object(
                "desiredNumberScheduled",
                wanted,
                "currentNumberScheduled",
                wanted,
                "numberReady",
                ready,
                "numberAvailable",
                ready,
                "updatedNumberScheduled",
                wanted)
            : Json.object(
                "replicas",
                wanted,
                "readyReplicas",
                ready,
                "availableReplicas",
                ready,
                "updatedReplicas",
                wanted);
    if (!Json.write(workload.getOrDefault("status", Map.of())).equals(Json.write(status))) {
      Map<String, Object> changed = new LinkedHashMap<>(workload);
      changed.put("status", status);
      objects().put(Kind.named(kind), changed);
    }
  }

  /// A client has made or changed an object.
  void created(Kind kind, Map<String, Object> object) {
    if (kind.isFlux()) {
      String namespace = Objects.namespace(object);
      String name = Objects.name(object);
      cluster.after(
          RECONCILED,
          () -> objects().get(kind, namespace, name).ifPresent(now -> reconciled(kind, now)));
    }
    settle();
  }

  private void reconciled(Kind kind, Map<String, Object> object) {
    Map<String, Object> ready = new LinkedHashMap<>(object);
    String revision = "main@sha1:5f2c7e9b1d3a4c6e8f0a2b4c6d8e0f1a3b5c7d9e";
    ready.put(
        "status",
        Json.object(
            "observedGeneration",
            1,
            "lastAppliedRevision",
            revision,
            "conditions",
            List.of(
                Json.object(
                    "type",
                    "Ready",
                    "status",
                    "True",
                    "reason",
                    "ReconciliationSucceeded",
                    "message",
                    "Applied revision: " + revision,
                    "lastTransitionTime",
                    cluster.now()))));
    objects().put(kind, ready);
  }

  // --- evictions ----------------------------------------------------------------------------

  /// What an eviction of this pod would meet.
  Optional<Budget> budget(Map<String, Object> pod) {
    for (Map<String, Object> budget :
        objects().list(Kind.named("PodDisruptionBudget"), Objects.namespace(pod))) {
      List<Map<String, Object>> covered =
          objects().list(Kind.named("Pod"), Objects.namespace(pod)).stream()
              .filter(p -> selects(budget, p))
              .toList();
      if (!covered.contains(pod)) {
        continue;
      }
      long healthy = covered.stream().filter(KubeCluster::isReady).count();
      long needed = needed(budget, covered.size());
      if (healthy - 1 < needed) {
        return Optional.of(
            new Budget(
                Objects.name(budget),
                "The disruption budget %s needs %d healthy pods and has %d currently"
                    .formatted(Objects.name(budget), needed, healthy)));
      }
    }
    return Optional.empty();
  }

  private static boolean selects(Map<String, Object> budget, Map<String, Object> pod) {
    if (budget.get("spec") instanceof Map<?, ?> spec
        && spec.get("selector") instanceof Map<?, ?> selector
        && selector.get("matchLabels") instanceof Map<?, ?> wanted) {
      return wanted.entrySet().stream()
          .allMatch(e ->
              Objects.text(pod, "metadata", "labels", String.valueOf(e.getKey()))
                  .equals(String.valueOf(e.getValue())));
    }
    return false;
  }

  private static long needed(Map<String, Object> budget, int covered) {
    String minimum = Objects.text(budget, "spec", "minAvailable");
    if (!minimum.isEmpty()) {
      return amount(minimum, covered);
    }
    String maximum = Objects.text(budget, "spec", "maxUnavailable");
    return maximum.isEmpty() ? 0 : covered - amount(maximum, covered);
  }

  private static long amount(String text, int of) {
    return text.endsWith("%")
        ? (long) Math.ceil(of * Integer.parseInt(text.substring(0, text.length() - 1)) / 100.0)
        : Long.parseLong(text);
  }

  /// Takes a pod away; what keeps it alive makes another one.
  void evict(Map<String, Object> pod) {
    objects().remove(Kind.named("Pod"), Objects.namespace(pod), Objects.name(pod));
    settle();
  }

  /// Evicts what may go from a node: neither static pods nor daemons, and no budget broken.
  void evictAll(String node) {
    for (Map<String, Object> pod : pods()) {
      boolean here = Objects.text(pod, "spec", "nodeName").equals(node);
      boolean stays = owner(pod).startsWith("Node/") || owner(pod).startsWith("DaemonSet/");
      if (here && !stays && budget(pod).isEmpty()) {
        evict(pod);
      }
    }
  }
}
