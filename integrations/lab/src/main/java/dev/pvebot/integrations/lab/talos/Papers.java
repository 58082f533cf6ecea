package dev.pvebot.integrations.lab.talos;

import dev.pvebot.integrations.lab.kubernetes.KubeListener;
import dev.pvebot.integrations.lab.kubernetes.NodeFacts;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// As what a configured machine shows itself to others: to Kubernetes, and in its certificates.
final class Papers {
  private Papers() {}

  static NodeFacts facts(TalosMachine machine) {
    MachineConfig with = machine.config().orElseThrow();
    Map<String, String> versions = new LinkedHashMap<>();
    if (with.isControlPlane()) {
      versions.put("kube-apiserver", with.imageVersion("cluster", "apiServer", "image"));
      versions.put(
          "kube-controller-manager", with.imageVersion("cluster", "controllerManager", "image"));
      versions.put("kube-scheduler", with.imageVersion("cluster", "scheduler", "image"));
    }
    return new NodeFacts(
        machine.hostname(),
        machine.address().orElseGet(() -> machine.hardware().dhcpAddress()),
        with.isControlPlane(),
        with.schedulesOnControlPlanes(),
        with.imageVersion("machine", "kubelet", "image"),
        "Talos (" + machine.image().version() + ")",
        with.imageVersion("cluster", "proxy", "image"),
        machine.hardware().cpus(),
        machine.hardware().memoryMiB(),
        machine.hardware().uuid(),
        machine.boot(),
        with.nodeLabels(),
        versions);
  }

  /// Names and addresses of its certificates.
  static List<String> names(TalosMachine machine) {
    List<String> names = new ArrayList<>(List.of(machine.hostname(), "localhost", "127.0.0.1"));
    machine.address().ifPresent(names::add);
    machine.vip().ifPresent(names::add);
    machine.config().ifPresent(c -> names.addAll(c.certSans()));
    return names.stream().distinct().toList();
  }

  static Authority kubernetes(TalosMachine machine) {
    MachineConfig with = machine.config().orElseThrow();
    try {
      return Authority.parse(
          with.kubernetesCaPem().orElseThrow(), with.kubernetesCaKeyPem().orElseThrow());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("The Kubernetes authority of " + machine.hostname(), e);
    }
  }

  /// What its API server listens with.
  static KubeListener.Identity apiServer(TalosMachine machine) {
    Authority authority = kubernetes(machine);
    List<String> names = new ArrayList<>(names(machine));
    names.addAll(List.of("kubernetes", "kubernetes.default.svc.cluster.local"));
    machine
        .config()
        .map(MachineConfig::endpoint)
        .map(endpoint -> java.net.URI.create(endpoint).getHost())
        .filter(host -> !names.contains(host))
        .ifPresent(names::add);
    Authority.Issued own =
        authority.issue("CN=kube-apiserver", names, Authority.Use.SERVER, Duration.ofDays(365));
    return new KubeListener.Identity(
        own.certificate(), own.key(), new ClientTrust(authority.certificate()));
  }
}
