package dev.pvebot.integrations.lab.talos;

import dev.pvebot.integrations.lab.talos.proto.cluster.ClusterServiceGrpc;
import dev.pvebot.integrations.lab.talos.proto.cluster.HealthCheckProgress;
import dev.pvebot.integrations.lab.talos.proto.cluster.HealthCheckRequest;
import dev.pvebot.integrations.lab.talos.proto.common.Metadata;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// cluster.ClusterService/HealthCheck: Talos' list of conditions, each waited for in its order
/// (pkg/cluster/check/default.go).
final class HealthApi extends ClusterServiceGrpc.ClusterServiceImplBase {
  private static final Duration POLL = Duration.ofSeconds(5);

  /// What is wrong, or empty.
  private interface Condition extends Function<TalosCluster, Optional<String>> {}

  private static final Map<String, Condition> CONDITIONS = conditions();

  private final TalosWorld world;

  HealthApi(TalosWorld world) {
    this.world = world;
  }

  @Override
  public void healthCheck(HealthCheckRequest request, StreamObserver<HealthCheckProgress> to) {
    TalosMachine machine = Gate.target();
    Answers.stream(
        world,
        to,
        () -> {
          Answers.controlPlane(machine, "health check");
          TalosCluster cluster = machine.cluster().orElseThrow();
          say(
              to,
              "discovered nodes: "
                  + cluster.machines().stream()
                      .filter(TalosMachine::isUp)
                      .flatMap(m -> m.address().stream())
                      .map(a -> '"' + a + '"')
                      .toList());
          boolean[] ended = {false};
          java.time.Instant until =
              machine.now().plusSeconds(request.getWaitTimeout().getSeconds());
          step(cluster, List.copyOf(CONDITIONS.keySet()), 0, "", until, ended, to);
          return () -> ended[0] = true;
        });
  }

  private void step(
      TalosCluster cluster,
      List<String> names,
      int index,
      String last,
      java.time.Instant until,
      boolean[] ended,
      StreamObserver<HealthCheckProgress> to) {
    if (ended[0]) {
      return;
    }
    if (index == names.size()) {
      to.onCompleted();
      return;
    }
    String waiting = "waiting for " + names.get(index) + ": ";
    if (last.isEmpty()) {
      say(to, waiting + "...");
    }
    Optional<String> wrong =
        Optional.ofNullable(CONDITIONS.get(names.get(index))).flatMap(c -> c.apply(cluster));
    if (wrong.isEmpty()) {
      say(to, waiting + "OK");
      step(cluster, names, index + 1, "", until, ended, to);
      return;
    }
    if (!wrong.get().equals(last)) {
      say(to, waiting + wrong.get());
    }
    if (world.clock().now().isAfter(until)) {
      to.onError(Answers.error(Status.DEADLINE_EXCEEDED, "context deadline exceeded"));
      return;
    }
    world.after(POLL, () -> step(cluster, names, index, wrong.get(), until, ended, to));
  }

  private static void say(StreamObserver<HealthCheckProgress> to, String line) {
    Answers.send(
        to,
        HealthCheckProgress.newBuilder()
            .setMetadata(Metadata.getDefaultInstance())
            .setMessage(line)
            .build());
  }

  private static Map<String, Condition> conditions() {
    Map<String, Condition> all = new LinkedHashMap<>();
    all.put("etcd to be healthy", c -> service(c, "etcd", true));
    all.put("etcd members to be consistent across nodes", HealthApi::members);
    all.put("etcd members to be control plane nodes", HealthApi::members);
    all.put("apid to be ready", c -> service(c, "apid", false));
    all.put("all nodes memory sizes", _ -> Optional.empty());
    all.put("all nodes disk sizes", _ -> Optional.empty());
    all.put("no diagnostics", _ -> Optional.empty());
    all.put("kubelet to be healthy", c -> service(c, "kubelet", true));
    all.put(
        "all nodes to finish boot sequence",
        c -> nodes(c, "nodes are not running", m -> m.stage() == TalosMachine.Stage.RUNNING));
    all.put(
        "all k8s nodes to report",
        c -> nodes(c, "can't find node(s)", m -> c.kubernetes().hasNode(m.hostname())));
    all.put(
        "all control plane static pods to be running",
        c ->
            nodes(
                c,
                "missing static pods on node(s)",
                m -> !m.isControlPlane() || c.hasApiServer(m)));
    all.put("all control plane components to be ready", _ -> Optional.empty());
    all.put(
        "all k8s nodes to report ready",
        c -> nodes(c, "some nodes are not ready:", m -> c.kubernetes().isReady(m.hostname())));
    all.put("kube-proxy to report ready", c -> c.kubernetes().unreadyPods("kube-proxy"));
    all.put("coredns to report ready", c -> c.kubernetes().unreadyPods("coredns"));
    all.put(
        "all k8s nodes to report schedulable",
        c ->
            nodes(
                c,
                "some nodes are not schedulable:",
                m -> !c.kubernetes().isCordoned(m.hostname())));
    return all;
  }

  private static Optional<String> nodes(
      TalosCluster cluster, String text, java.util.function.Predicate<TalosMachine> good) {
    List<String> bad =
        cluster.machines().stream()
            .filter(m -> !m.isUp() || !good.test(m))
            .map(TalosMachine::hostname)
            .toList();
    return bad.isEmpty() ? Optional.empty() : Optional.of(text + " " + bad);
  }

  private static Optional<String> service(
      TalosCluster cluster, String service, boolean onControlPlanes) {
    for (TalosMachine machine : cluster.machines()) {
      if (onControlPlanes && !machine.isControlPlane()) {
        continue;
      }
      if (!machine.services().isRunning(service)) {
        return Optional.of(
            "%s: service \"%s\" not in expected state \"Running\""
                .formatted(machine.address().orElse(machine.hostname()), service));
      }
      if (!machine.services().isHealthy(service)) {
        return Optional.of(
            "%s: service is not healthy: %s"
                .formatted(machine.address().orElse(machine.hostname()), service));
      }
    }
    return Optional.empty();
  }

  private static Optional<String> members(TalosCluster cluster) {
    List<String> planes =
        cluster.machines().stream()
            .filter(TalosMachine::isControlPlane)
            .map(TalosMachine::hostname)
            .sorted()
            .toList();
    for (TalosMachine machine : cluster.machines()) {
      List<String> members =
          machine.disk.etcd.stream()
              .flatMap(data -> data.cluster().all().stream())
              .map(member -> member.name)
              .sorted()
              .toList();
      if (machine.isControlPlane() && !members.equals(planes)) {
        return Optional.of(
            "%s: expected to have %s members, got %s"
                .formatted(machine.address().orElse(machine.hostname()), planes, members));
      }
    }
    return Optional.empty();
  }
}
