package dev.pvebot.clusters.placement;

import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.fleet.GuestDetail;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// What is left on each node while guests are being moved about: memory, and room on its storages.
///
/// A running guest is counted with all the memory that it may take, not with what it takes now. A
/// local disk is counted with its whole size, for a copy may fill it.
final class Vacancy {
  /// Where a node's memory gets the mark `(!)`.
  private static final int CROWDED_PERCENT = 80;

  private final Fleet fleet;
  private final String preferred;
  private final Map<NodeName, Long> memoryUsed = new TreeMap<>();
  private final Map<NodeName, Long> promised = new HashMap<>();
  private final Map<String, Long> diskLeft = new HashMap<>();

  /// @param storages `from:to` for each storage that the node lacks
  /// @param eject drives whose CD image the node does not have
  record Fit(NodeName node, List<String> storages, Set<String> eject) {}

  sealed interface Answer {
    record Fits(Fit fit) implements Answer {}

    /// @param why a clause
    record No(String why) implements Answer {}
  }

  /// @param preferred the storage that replaces a missing one, if it has room
  Vacancy(Fleet fleet, String preferred) {
    this.fleet = fleet;
    this.preferred = preferred;
    fleet.nodes().forEach(node -> memoryUsed.put(node.name(), node.memoryUsedBytes()));
    fleet.guests().stream()
        .filter(Fleet.Guest::isRunning)
        .forEach(guest -> promised.merge(guest.node(), guest.memoryBytes(), Long::sum));
    fleet.storages().forEach(storage -> diskLeft.put(pool(storage), storage.freeBytes()));
  }

  private static String pool(Fleet.Storage storage) {
    return storage.shared() ? storage.name() : storage.node() + "/" + storage.name();
  }

  Answer fit(GuestDetail detail, NodeName target) {
    Optional<Fleet.Node> node = fleet.node(target).filter(Fleet.Node::online);
    if (node.isEmpty()) {
      return new Answer.No("it is offline");
    }
    long needed = Relocating.memory(detail.guest());
    long free = node.get().memoryBytes() - used(target);
    if (needed > free) {
      return new Answer.No(
          "%s of memory free, %s needed".formatted(Size.of(Math.max(0, free)), Size.of(needed)));
    }
    Map<String, String> replaced = new LinkedHashMap<>();
    Map<String, Long> wanted = new HashMap<>();
    for (GuestDetail.Disk disk : detail.disks()) {
      Optional<Fleet.Storage> there = usable(detail, target, disk.storage());
      if (there.isPresent() && there.get().shared()) {
        continue;
      }
      if (there.isEmpty() && !replaced.containsKey(disk.storage())) {
        Optional<Fleet.Storage> other =
            isLocal(detail, disk) ? replacement(detail, target, disk.storage()) : Optional.empty();
        if (other.isEmpty()) {
          return new Answer.No("it has no storage %s".formatted(disk.storage()));
        }
        replaced.put(disk.storage(), other.get().name());
      }
      String name = replaced.getOrDefault(disk.storage(), disk.storage());
      fleet
          .storage(name, target)
          .ifPresent(storage -> wanted.merge(pool(storage), disk.sizeBytes(), Long::sum));
    }
    for (Map.Entry<String, Long> want : wanted.entrySet()) {
      long left = diskLeft.getOrDefault(want.getKey(), 0L);
      if (want.getValue() > left) {
        return new Answer.No(
            "%s free on %s, %s needed"
                .formatted(Size.of(left), want.getKey(), Size.of(want.getValue())));
      }
    }
    List<String> storages = new ArrayList<>();
    replaced.forEach((from, to) -> storages.add(from + ":" + to));
    return new Answer.Fits(new Fit(target, storages, missingImages(detail, target)));
  }

  private Set<String> missingImages(GuestDetail detail, NodeName target) {
    Map<String, String> images = Obstacles.images(detail);
    images
        .values()
        .removeIf(volume ->
            fleet
                .storage(volume.substring(0, volume.indexOf(':')), target)
                .filter(storage -> storage.shared() && storage.active())
                .isPresent());
    return images.keySet();
  }

  private Optional<Fleet.Storage> usable(GuestDetail detail, NodeName node, String name) {
    return fleet
        .storage(name, node)
        .filter(storage -> storage.active() && storage.content().contains(content(detail)));
  }

  private static String content(GuestDetail detail) {
    return detail.guest().kind() == Fleet.Kind.VM ? "images" : "rootdir";
  }

  boolean isLocal(GuestDetail detail, GuestDetail.Disk disk) {
    return fleet
        .storage(disk.storage(), detail.guest().node())
        .filter(Fleet.Storage::shared)
        .isEmpty();
  }

  private Optional<Fleet.Storage> replacement(GuestDetail detail, NodeName target, String lacking) {
    long size =
        detail.disks().stream()
            .filter(disk -> disk.storage().equals(lacking))
            .mapToLong(GuestDetail.Disk::sizeBytes)
            .sum();
    return fleet.storages().stream()
        .filter(storage -> storage.node().equals(target) && storage.active())
        .filter(storage -> storage.content().contains(content(detail)))
        .filter(storage -> diskLeft.getOrDefault(pool(storage), 0L) >= size)
        .min(
            Comparator.comparing((Fleet.Storage storage) -> !storage.name().equals(preferred))
                .thenComparing(Fleet.Storage::shared)
                .thenComparing(Fleet.Storage::name));
  }

  void take(GuestDetail detail, Fit fit) {
    long memory = Relocating.memory(detail.guest());
    memoryUsed.merge(fit.node(), memory, Long::sum);
    promised.merge(fit.node(), memory, Long::sum);
    Map<String, String> replaced = new HashMap<>();
    fit.storages().forEach(pair -> replaced.put(pair.split(":", 2)[0], pair.split(":", 2)[1]));
    for (GuestDetail.Disk disk : detail.disks()) {
      boolean copied = isLocal(detail, disk) || replaced.containsKey(disk.storage());
      if (copied) {
        fleet
            .storage(replaced.getOrDefault(disk.storage(), disk.storage()), fit.node())
            .ifPresent(storage -> diskLeft.merge(pool(storage), -disk.sizeBytes(), Long::sum));
      }
    }
  }

  private long used(NodeName node) {
    return memoryUsed.getOrDefault(node, 0L);
  }

  /// The part of a node's memory that is in use when this much more is.
  double shareAfter(NodeName node, long more) {
    long all = fleet.node(node).map(Fleet.Node::memoryBytes).orElse(0L);
    return all <= 0 ? 1 : (used(node) + more) / (double) all;
  }

  /// `pve03 83 % (!)`
  String memoryAfter(NodeName node) {
    long percent = Math.round(100 * shareAfter(node, 0));
    return "%s %d %%%s".formatted(node, percent, percent >= CROWDED_PERCENT ? " (!)" : "");
  }

  /// Nodes whose running guests may together want more memory than there is.
  List<String> promises(Set<NodeName> nodes) {
    List<String> sentences = new ArrayList<>();
    for (NodeName name : nodes) {
      long all = fleet.node(name).map(Fleet.Node::memoryBytes).orElse(0L);
      long wanted = promised.getOrDefault(name, 0L);
      if (wanted > all) {
        sentences.add(
            "%s has %s of memory and its guests may want %s (!): watch it."
                .formatted(name, Size.of(all), Size.of(wanted)));
      }
    }
    return sentences;
  }
}
