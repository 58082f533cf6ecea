package dev.pvebot.integrations.lab.kubernetes;

import java.util.Map;

/// What a kubelet tells about its machine when it registers.
///
/// @param schedulable whether a control plane takes workloads too
/// @param kubelet its version, `v1.35.0`
/// @param os as `Talos (v1.12.4)`
/// @param proxy the version of kube-proxy
/// @param bootId changes with each boot
/// @param controlPlaneVersions the static pods by component; empty on workers
public record NodeFacts(
    String name,
    String address,
    boolean controlPlane,
    boolean schedulable,
    String kubelet,
    String os,
    String proxy,
    int cpus,
    long memoryMiB,
    String uuid,
    String bootId,
    Map<String, String> labels,
    Map<String, String> controlPlaneVersions) {
  public NodeFacts {
    labels = Map.copyOf(labels);
    controlPlaneVersions = Map.copyOf(controlPlaneVersions);
  }
}
