package dev.pvebot.integrations.lab.pve;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A storage of the cluster: shared ones hold one set of volumes, the others one for each node.
final class Storage {
  final String name;
  final String type;
  final List<String> content;
  final boolean shared;
  final long totalBytes;
  private final Map<String, Map<String, Volume>> volumes = new TreeMap<>();

  Storage(String name, String type, List<String> content, boolean shared, long totalGib) {
    this.name = name;
    this.type = type;
    this.content = content;
    this.shared = shared;
    this.totalBytes = totalGib << 30;
  }

  /// Whether volumes are files with a format (`local:101/vm-101-disk-0.qcow2`), not logical
  /// volumes.
  boolean isFileBased() {
    return type.equals("dir") || type.equals("nfs");
  }

  Map<String, Volume> on(String node) {
    return volumes.computeIfAbsent(shared ? "" : node, _ -> new LinkedHashMap<>());
  }

  Optional<Volume> volume(String node, String volid) {
    return Optional.ofNullable(on(node).get(volid));
  }

  long used(String node) {
    return used(node, Long.MAX_VALUE);
  }

  /// What those of its volumes took that were there at a time, in epoch seconds.
  long used(String node, long at) {
    long sum = totalBytes / 50;
    for (Volume volume : on(node).values()) {
      if (volume.created <= at) {
        sum += volume.kind.equals("images") ? volume.bytes / 4 : volume.bytes;
      }
    }
    return Math.min(sum, totalBytes);
  }
}
