package dev.pvebot.integrations.lab.kubernetes;

import dev.pvebot.integrations.lab.time.LabClock;
import dev.pvebot.integrations.lab.wire.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/// A Kubernetes cluster: nodes that kubelets report, the pods of its own that follow them, and the
/// workloads that clients make. Its methods are called inside the monitor of the machines' world.
public final class KubeCluster {
  private static final Duration POD_START = Duration.ofSeconds(3);
  private static final String SYSTEM = "kube-system";
  private static final String CORDONED_BY_TALOS = "talos.dev/cordoned-by-upgrade";

  private final LabClock clock;
  private final Executor monitor;
  private final BooleanSupplier available;
  private final Objects objects;
  private final Workloads workloads;
  private int configVersion;

  /// @param monitor runs something inside the world's monitor
  /// @param available whether an API server answers and its etcd has a quorum
  public KubeCluster(LabClock clock, Executor monitor, BooleanSupplier available) {
    this.clock = clock;
    this.monitor = monitor;
    this.available = available;
    this.objects = new Objects(clock);
    this.workloads = new Workloads(this);
    for (String namespace : List.of("default", SYSTEM, "kube-public", "kube-node-lease")) {
      namespace(namespace);
    }
  }

  Objects objects() {
    return objects;
  }

  Workloads workloads() {
    return workloads;
  }

  /// Whether it answers; may be asked from outside of the monitor.
  boolean isAvailable() {
    AtomicBoolean now = new AtomicBoolean();
    locked(() -> now.set(available.getAsBoolean()));
    return now.get();
  }

  void locked(Runnable what) {
    monitor.execute(what);
  }

  /// Runs something after this much lab time, inside the monitor.
  void after(Duration delay, Runnable what) {
    clock.after(delay, () -> locked(what));
  }

  java.time.Instant instant() {
    return clock.now();
  }

  /// What `/version` says: the newest API server's release.
  Map<String, Object> version() {
    String version =
        objects.list(Kind.named("Pod"), SYSTEM).stream()
            .filter(
                p -> Objects.text(p, "metadata", "labels", "component").equals("kube-apiserver"))
            .map(p -> Json.write(p.getOrDefault("spec", "")))
            .map(spec -> spec.replaceFirst("(?s).*kube-apiserver:(v[0-9.]+[^\"]*)\".*", "$1"))
            .max(java.util.Comparator.naturalOrder())
            .orElse("v0.0.0");
    String[] numbers = version.substring(1).split("\\.", -1);
    return Json.object(
        "major",
        numbers[0],
        "minor",
        numbers[1],
        "gitVersion",
        version,
        "platform",
        "linux/amd64",
        "goVersion",
        "go1.25",
        "gitTreeState",
        "clean",
        "compiler",
        "gc");
  }

  String now() {
    return clock.now().truncatedTo(java.time.temporal.ChronoUnit.SECONDS).toString();
  }

  private void namespace(String name) {
    objects.put(
        Kind.named("Namespace"),
        Json.object(
            "metadata", Json.object("name", name), "status", Json.object("phase", "Active")));
  }

  /// What etcd holds of it.
  public Map<String, String> keys() {
    return objects.keys();
  }

  public void restore(Map<String, String> keys) {
    objects.restore(keys);
  }

  // --- nodes --------------------------------------------------------------------------------

  private Optional<Map<String, Object>> node(String name) {
    return objects.get(Kind.named("Node"), "", name);
  }

  public boolean hasNode(String name) {
    return node(name).isPresent();
  }

  public boolean isReady(String name) {
    return node(name).map(KubeCluster::isReady).orElse(false);
  }

  static boolean isReady(Map<String, Object> object) {
    return object.get("status") instanceof Map<?, ?> status
        && status.get("conditions") instanceof List<?> conditions
        && conditions.stream()
            .anyMatch(c ->
                c instanceof Map<?, ?> condition
                    && "Ready".equals(condition.get("type"))
                    && "True".equals(condition.get("status")));
  }

  public boolean isCordoned(String name) {
    return node(name)
        .map(n -> Objects.text(n, "spec", "unschedulable").equals("true"))
        .orElse(false);
  }

  private Map<String, Object> condition(String type, boolean status, String reason) {
    return Json.object(
        "type",
        type,
        "status",
        status ? "True" : "False",
        "reason",
        reason,
        "message",
        "",
        "lastTransitionTime",
        now(),
        "lastHeartbeatTime",
        now());
  }

  /// A kubelet reports a node that is ready; it is registered if it was not known.
  public void nodeReady(NodeFacts facts) {
    Map<String, Object> node =
        node(facts.name()).map(LinkedHashMap::new).orElseGet(LinkedHashMap::new);
    Map<String, Object> metadata = new LinkedHashMap<>(Objects.map(node, "metadata"));
    metadata.put("name", facts.name());
    Map<String, Object> labels = new LinkedHashMap<>(Objects.map(metadata, "labels"));
    labels.put("kubernetes.io/hostname", facts.name());
    labels.put("kubernetes.io/os", "linux");
    labels.put("kubernetes.io/arch", "amd64");
    labels.putAll(facts.labels());
    Map<String, Object> spec = new LinkedHashMap<>(Objects.map(node, "spec"));
    if (facts.controlPlane()) {
      labels.put("node-role.kubernetes.io/control-plane", "");
      if (!facts.schedulable()) {
        spec.put(
            "taints",
            List.of(
                Json.object(
                    "key", "node-role.kubernetes.io/control-plane", "effect", "NoSchedule")));
      }
    }
    metadata.put("labels", labels);
    node.put("metadata", metadata);
    node.put("spec", spec);
    Map<String, Object> capacity =
        Json.object(
            "cpu", String.valueOf(facts.cpus()), "memory", facts.memoryMiB() + "Mi", "pods", "110");
    node.put(
        "status",
        Json.object(
            "capacity",
            capacity,
            "allocatable",
            capacity,
            "conditions",
            List.of(
                condition("MemoryPressure", false, "KubeletHasSufficientMemory"),
                condition("DiskPressure", false, "KubeletHasNoDiskPressure"),
                condition("PIDPressure", false, "KubeletHasSufficientPID"),
                condition("Ready", true, "KubeletReady")),
            "addresses",
            List.of(
                Json.object("type", "InternalIP", "address", facts.address()),
                Json.object("type", "Hostname", "address", facts.name())),
            "nodeInfo",
            Json.object(
                "machineID",
                facts.uuid().replace("-", ""),
                "systemUUID",
                facts.uuid(),
                "bootID",
                facts.bootId(),
                "kernelVersion",
                "6.12.0-talos",
                "osImage",
                facts.os(),
                "containerRuntimeVersion",
                "containerd://2.1.5",
                "kubeletVersion",
                facts.kubelet(),
                "kubeProxyVersion",
                "",
                "operatingSystem",
                "linux",
                "architecture",
                "amd64")));
    objects.put(Kind.named("Node"), node);
    workloads.nodeReady(facts);
  }

  /// The node controller has not heard from a kubelet for long enough.
  public void nodeLost(String name) {
    node(name)
        .ifPresent(old -> {
          Map<String, Object> node = new LinkedHashMap<>(old);
          Map<String, Object> status = new LinkedHashMap<>(Objects.map(node, "status"));
          Map<String, Object> unknown = condition("Ready", false, "NodeStatusUnknown");
          unknown.put("status", "Unknown");
          unknown.put("message", "Kubelet stopped posting node status.");
          status.put("conditions", List.of(unknown));
          node.put("status", status);
          objects.put(Kind.named("Node"), node);
          workloads.nodeLost(name);
        });
  }

  private void cordon(String name, boolean on, boolean byTalos) {
    node(name)
        .ifPresent(old -> {
          Map<String, Object> node = new LinkedHashMap<>(old);
          Map<String, Object> spec = new LinkedHashMap<>(Objects.map(node, "spec"));
          Map<String, Object> metadata = new LinkedHashMap<>(Objects.map(node, "metadata"));
          Map<String, Object> notes = new LinkedHashMap<>(Objects.map(metadata, "annotations"));
          if (on) {
            spec.put("unschedulable", true);
            if (byTalos) {
              notes.put(CORDONED_BY_TALOS, "true");
            }
          } else {
            spec.remove("unschedulable");
            notes.remove(CORDONED_BY_TALOS);
          }
          metadata.put("annotations", notes);
          node.put("metadata", metadata);
          node.put("spec", spec);
          objects.put(Kind.named("Node"), node);
          workloads.settle();
        });
  }

  /// Talos' own drain: cordons and takes what can be evicted; what a budget holds stays until its
  /// node goes down.
  public void drain(String name) {
    cordon(name, true, !isCordoned(name));
    workloads.evictAll(name);
  }

  /// A machine that cordoned itself for an upgrade takes work again; a person's cordon stays.
  public void uncordonAfterUpgrade(String name) {
    boolean own =
        node(name)
            .map(n -> !Objects.text(n, "metadata", "annotations", CORDONED_BY_TALOS).isEmpty())
            .orElse(false);
    if (own) {
      cordon(name, false, false);
    }
  }

  // --- the cluster's own pods ---------------------------------------------------------------

  /// The static pods of a control plane run with these versions.
  public void staticPods(NodeFacts facts) {
    configVersion++;
    facts
        .controlPlaneVersions()
        .forEach((component, version) -> {
          Map<String, Object> pod =
              pod(
                  SYSTEM,
                  component + "-" + facts.name(),
                  Map.of("k8s-app", component, "component", component, "tier", "control-plane"),
                  facts.name(),
                  "registry.k8s.io/" + component + ":" + version,
                  "Node/" + facts.name());
          Map<String, Object> metadata = Objects.map(pod, "metadata");
          metadata.put(
              "annotations",
              Json.object(
                  "kubernetes.io/config.mirror", "lab",
                  "kubernetes.io/config.source", "file",
                  "talos.dev/config-version", String.valueOf(configVersion)));
          objects.put(Kind.named("Pod"), running(pod, facts.address()));
        });
    workloads.system(facts);
  }

  /// A pod that is bound to a node and has not started.
  Map<String, Object> pod(
      String namespace,
      String name,
      Map<String, String> labels,
      String node,
      String image,
      String owner) {
    String[] kindAndName = owner.split("/", 2);
    String group = kindAndName[0].equals("Node") ? "v1" : "apps/v1";
    return Json.object(
        "metadata",
        Json.object(
            "name",
            name,
            "namespace",
            namespace,
            "labels",
            new LinkedHashMap<>(labels),
            "ownerReferences",
            List.of(
                Json.object(
                    "apiVersion",
                    group,
                    "kind",
                    kindAndName[0],
                    "name",
                    kindAndName[1],
                    "controller",
                    true,
                    "uid",
                    owner))),
        "spec",
        Json.object(
            "nodeName",
            node,
            "containers",
            new ArrayList<>(List.of(Json.object("name", containerName(image), "image", image)))),
        "status",
        Json.object("phase", "Pending", "conditions", List.of()));
  }

  /// A container is named after its image: `kube-apiserver` of
  /// `registry.k8s.io/kube-apiserver:v1.35.0`.
  private static String containerName(String image) {
    return image.replaceFirst("^.*/", "").replaceFirst("[:@].*$", "");
  }

  /// The same pod, running and ready.
  Map<String, Object> running(Map<String, Object> pod, String address) {
    String image =
        pod.get("spec") instanceof Map<?, ?> spec
                && spec.get("containers") instanceof List<?> containers
                && containers.getFirst() instanceof Map<?, ?> container
            ? String.valueOf(container.get("image"))
            : "";
    Map<String, Object> running = new LinkedHashMap<>(pod);
    running.put(
        "status",
        Json.object(
            "phase",
            "Running",
            "podIP",
            address,
            "hostIP",
            address,
            "startTime",
            now(),
            "conditions",
            List.of(
                condition("PodScheduled", true, ""),
                condition("Initialized", true, ""),
                condition("ContainersReady", true, ""),
                condition("Ready", true, "")),
            "containerStatuses",
            List.of(
                Json.object(
                    "name",
                    containerName(image),
                    "ready",
                    true,
                    "restartCount",
                    0,
                    "image",
                    image,
                    "state",
                    Json.object("running", Json.object("startedAt", now()))))));
    return running;
  }

  /// Starts a pod: it runs some seconds later, if it is still there and its node is ready.
  void start(String namespace, String name) {
    after(
        POD_START,
        () ->
            objects
                .get(Kind.named("Pod"), namespace, name)
                .filter(pod -> Objects.text(pod, "status", "phase").equals("Pending"))
                .filter(pod -> isReady(Objects.text(pod, "spec", "nodeName")))
                .ifPresent(pod -> {
                  objects.put(
                      Kind.named("Pod"), running(pod, "10.244.0." + (name.hashCode() & 127)));
                  workloads.settle();
                }));
  }

  /// The pods of one of the cluster's own applications that are not ready, if any.
  public Optional<String> unreadyPods(String application) {
    List<String> bad =
        objects.list(Kind.named("Pod"), SYSTEM).stream()
            .filter(p -> Objects.text(p, "metadata", "labels", "k8s-app").equals(application))
            .filter(p -> !isReady(p))
            .map(Objects::name)
            .toList();
    return bad.isEmpty() ? Optional.empty() : Optional.of("some pods are not ready: " + bad);
  }

  // --- for tests ----------------------------------------------------------------------------

  /// Puts an object there as a client with all rights does, from JSON.
  public void create(String kind, String json) {
    locked(() ->
        workloads.created(Kind.named(kind), objects.put(Kind.named(kind), Json.parseObject(json))));
  }

  /// The nodes and whether they are ready.
  public Map<String, Boolean> nodes() {
    Map<String, Boolean> nodes = new LinkedHashMap<>();
    locked(() ->
        objects.list(Kind.named("Node"), "").forEach(n -> nodes.put(Objects.name(n), isReady(n))));
    return nodes;
  }
}
