package dev.pvebot.clusters.placement;

import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.site.ClusterProfile.Group;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// What is left on each node while machines are being placed.
///
/// A clone writes as much as the template's disk holds; its growth afterwards is only promised on
/// thin storages, which are often promised several times over. So thin storages need room for the
/// copy, thick ones for the whole disk.
final class Room {
  /// Plug-in types of Proxmox VE that take a volume's whole size at once.
  private static final Set<String> THICK = Set.of("lvm", "iscsi", "iscsidirect", "zfs");

  private final Map<NodeName, Fleet.Node> nodes = new TreeMap<>();
  private final Map<NodeName, Fleet.Storage> storages = new HashMap<>();
  private final Map<NodeName, Long> memoryLeft = new HashMap<>();
  private final Map<String, Long> diskLeft = new HashMap<>();
  private final Map<String, Long> promised = new TreeMap<>();
  private final long copyBytes;

  /// @param storageName where disks go
  /// @param copyBytes size of the template's disk
  Room(Fleet fleet, String storageName, long copyBytes) {
    this.copyBytes = copyBytes;
    for (Fleet.Node node : fleet.nodes()) {
      nodes.put(node.name(), node);
      memoryLeft.put(node.name(), node.memoryFreeBytes());
      fleet
          .storage(storageName, node.name())
          .ifPresent(storage -> {
            storages.put(node.name(), storage);
            diskLeft.putIfAbsent(pool(storage), storage.freeBytes());
          });
    }
  }

  /// Why a node can take no machine at all; empty when it can.
  Optional<String> closed(NodeName node, String storageName) {
    Fleet.Node known = nodes.get(node);
    if (known == null) {
      return Optional.of("Proxmox VE does not list it");
    }
    if (!known.online()) {
      return Optional.of("it is offline");
    }
    Fleet.Storage storage = storages.get(node);
    if (storage == null) {
      return Optional.of("it has no storage %s".formatted(storageName));
    }
    if (!storage.active()) {
      return Optional.of("storage %s is not active there".formatted(storageName));
    }
    if (!storage.content().contains("images")) {
      return Optional.of("storage %s takes no disk images there".formatted(storageName));
    }
    return Optional.empty();
  }

  /// Why an open node has no room for one more machine of a group; empty when it has.
  Optional<String> full(NodeName node, Group group) {
    long memory = memoryLeft(node);
    if (memory < memoryBytes(group)) {
      return Optional.of(
          "%s of memory free, %s needed".formatted(Size.of(memory), Size.of(memoryBytes(group))));
    }
    Fleet.Storage storage = storage(node);
    long disk = diskLeft.getOrDefault(pool(storage), 0L);
    if (disk < takenBytes(storage, group)) {
      return Optional.of(
          "%s free on %s, %s needed"
              .formatted(Size.of(disk), storage.name(), Size.of(takenBytes(storage, group))));
    }
    return Optional.empty();
  }

  void take(NodeName node, Group group) {
    Fleet.Storage storage = storage(node);
    memoryLeft.merge(node, -memoryBytes(group), Long::sum);
    diskLeft.merge(pool(storage), -takenBytes(storage, group), Long::sum);
    promised.merge(pool(storage), group.diskBytes(), Long::sum);
  }

  long memoryLeft(NodeName node) {
    return memoryLeft.getOrDefault(node, 0L);
  }

  /// Copies that still fit on a node's part of the storage.
  long copiesThatFit(NodeName node) {
    long left = diskLeft.getOrDefault(pool(storage(node)), 0L);
    return copyBytes <= 0 ? Long.MAX_VALUE : Math.max(0, left) / copyBytes;
  }

  /// How much of a node's memory is in use once all that was placed runs, in percent.
  long memoryPercentAfter(NodeName node) {
    Fleet.Node known = nodes.get(node);
    if (known == null || known.memoryBytes() <= 0) {
      return 100;
    }
    return Math.round(100.0 * (known.memoryBytes() - memoryLeft(node)) / known.memoryBytes());
  }

  boolean isShared(NodeName node) {
    return storage(node).shared();
  }

  /// Storages that could not keep what is promised: pool in words -> sentence.
  Map<String, String> overcommitted() {
    Map<String, String> sentences = new TreeMap<>();
    for (Fleet.Storage storage : storages.values()) {
      long wanted = promised.getOrDefault(pool(storage), 0L);
      if (wanted > storage.freeBytes()) {
        sentences.put(
            pool(storage),
            "%s is promised %s and has %s free: it will fill up if the disks do."
                .formatted(pool(storage), Size.of(wanted), Size.of(storage.freeBytes())));
      }
    }
    return sentences;
  }

  private Fleet.Storage storage(NodeName node) {
    Fleet.Storage storage = storages.get(node);
    if (storage == null) {
      throw new IllegalStateException("%s was not asked whether it is closed".formatted(node));
    }
    return storage;
  }

  private long takenBytes(Fleet.Storage storage, Group group) {
    return THICK.contains(storage.type()) ? Math.max(copyBytes, group.diskBytes()) : copyBytes;
  }

  static long memoryBytes(Group group) {
    return (long) group.memoryMiB() << 20;
  }

  /// A shared storage is one pool, however many nodes see it.
  private static String pool(Fleet.Storage storage) {
    return storage.shared() ? storage.name() : "%s on %s".formatted(storage.name(), storage.node());
  }
}
