package dev.pvebot.integrations.lab.pve;

import dev.pvebot.integrations.lab.config.NodeSpec;
import java.time.Instant;

/// A node of the cluster.
final class NodeHost {
  final NodeSpec spec;
  final int id;
  final String address;
  final LockLine migrations;
  String fingerprint = "";
  boolean online = true;

  /// When it lost power; meaningless while it is online.
  Instant downSince = Instant.MIN;

  Instant upSince;

  NodeHost(NodeSpec spec, int id, String address, LockLine migrations, Instant upSince) {
    this.spec = spec;
    this.id = id;
    this.address = address;
    this.migrations = migrations;
    this.upSince = upSince;
  }

  String name() {
    return spec.name();
  }

  long memoryBytes() {
    return spec.memoryMiB() << 20;
  }
}
