package dev.pvebot.integrations.lab.kubernetes;

import java.util.List;
import java.util.Optional;

/// A kind of objects that the API knows.
///
/// @param group empty for the core
record Kind(String group, String version, String plural, String name, boolean namespaced) {
  static final List<Kind> ALL =
      List.of(
          core("nodes", "Node", false),
          core("namespaces", "Namespace", false),
          core("pods", "Pod", true),
          core("services", "Service", true),
          core("endpoints", "Endpoints", true),
          core("configmaps", "ConfigMap", true),
          core("secrets", "Secret", true),
          core("events", "Event", true),
          core("serviceaccounts", "ServiceAccount", true),
          core("persistentvolumes", "PersistentVolume", false),
          core("persistentvolumeclaims", "PersistentVolumeClaim", true),
          of("apps", "v1", "deployments", "Deployment"),
          of("apps", "v1", "replicasets", "ReplicaSet"),
          of("apps", "v1", "daemonsets", "DaemonSet"),
          of("apps", "v1", "statefulsets", "StatefulSet"),
          of("batch", "v1", "jobs", "Job"),
          of("batch", "v1", "cronjobs", "CronJob"),
          of("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget"),
          of("coordination.k8s.io", "v1", "leases", "Lease"),
          new Kind(
              "apiextensions.k8s.io",
              "v1",
              "customresourcedefinitions",
              "CustomResourceDefinition",
              false),
          of("source.toolkit.fluxcd.io", "v1", "gitrepositories", "GitRepository"),
          of("source.toolkit.fluxcd.io", "v1", "helmrepositories", "HelmRepository"),
          of("kustomize.toolkit.fluxcd.io", "v1", "kustomizations", "Kustomization"),
          of("helm.toolkit.fluxcd.io", "v2", "helmreleases", "HelmRelease"));

  private static Kind core(String plural, String name, boolean namespaced) {
    return new Kind("", "v1", plural, name, namespaced);
  }

  private static Kind of(String group, String version, String plural, String name) {
    return new Kind(group, version, plural, name, true);
  }

  static Kind named(String name) {
    return ALL.stream()
        .filter(k -> k.name.equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("The lab's API has no kind " + name));
  }

  static Optional<Kind> at(String group, String version, String plural) {
    return ALL.stream()
        .filter(k -> k.group.equals(group) && k.version.equals(version) && k.plural.equals(plural))
        .findFirst();
  }

  String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  /// Whether a custom resource of this group exists only once Flux is installed.
  boolean isFlux() {
    return group.endsWith(".fluxcd.io");
  }
}
