package dev.pvebot.clusters.fleet;

import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// One site's inventory at one moment (source: PVE `GET /cluster/resources`, `/cluster/status`).
///
/// @param seenAt when it was read; PVE's own figures are up to 10 s older
/// @param completeView whether the token sees every guest (VM.Audit on `/vms`, propagated). Only
///   then does the absence of a VMID mean that it is free: lists are silently filtered otherwise
/// @param quorate whether the PVE cluster has quorum; true for a stand-alone node
/// @param version PVE's version, for example `9.1.4`
/// @param nodes by name
/// @param guests virtual machines, containers and templates, by VMID
/// @param storages one entry for each node a storage is on, by node and name
public record Fleet(
    Instant seenAt,
    boolean completeView,
    boolean quorate,
    String version,
    List<Node> nodes,
    List<Guest> guests,
    List<Storage> storages) {

  public Fleet {
    nodes = nodes.stream().sorted(Comparator.comparing(Node::name)).toList();
    guests = guests.stream().sorted(Comparator.comparing(Guest::vmid)).toList();
    storages =
        storages.stream()
            .sorted(Comparator.comparing(Storage::node).thenComparing(Storage::name))
            .toList();
  }

  public enum Kind {
    VM,
    CONTAINER
  }

  /// `UNKNOWN` is what PVE reports for guests of a node that is away.
  public enum Power {
    RUNNING,
    STOPPED,
    UNKNOWN
  }

  /// A Proxmox VE host.
  ///
  /// @param cores logical processors
  /// @param cpu load, 0 to 1 of all cores
  /// @param memoryBytes installed memory
  /// @param memoryUsedBytes memory in use
  /// @param uptimeSeconds 0 when offline
  public record Node(
      NodeName name,
      boolean online,
      int cores,
      double cpu,
      long memoryBytes,
      long memoryUsedBytes,
      long uptimeSeconds) {
    public long memoryFreeBytes() {
      return Math.max(0, memoryBytes - memoryUsedBytes);
    }
  }

  /// A virtual machine, container or template.
  ///
  /// @param tags lower case, as PVE keeps them
  /// @param memoryBytes configured memory
  /// @param memoryUsedBytes what the guest uses now, 0 when stopped
  /// @param diskBytes size of the boot disk
  /// @param lock PVE's configuration lock, for example `clone` or `backup`
  /// @param haState state of the HA resource when HA manages the guest, for example `started`
  public record Guest(
      Vmid vmid,
      Kind kind,
      String name,
      NodeName node,
      Power power,
      boolean template,
      Set<String> tags,
      int cores,
      long memoryBytes,
      long memoryUsedBytes,
      long diskBytes,
      long uptimeSeconds,
      Optional<String> lock,
      Optional<String> haState) {
    public Guest {
      tags = java.util.Collections.unmodifiableSortedSet(new java.util.TreeSet<>(tags));
    }

    public boolean isRunning() {
      return power == Power.RUNNING;
    }

    public boolean hasAllTags(Set<String> wanted) {
      return tags.containsAll(wanted);
    }
  }

  /// A storage as one node sees it.
  ///
  /// @param type PVE's plug-in type, for example `lvmthin`
  /// @param content what may be kept on it, for example `images`, `iso`, `backup`
  /// @param active whether the node can use it now
  public record Storage(
      String name,
      NodeName node,
      String type,
      boolean shared,
      boolean active,
      Set<String> content,
      long totalBytes,
      long usedBytes) {
    public Storage {
      content = java.util.Collections.unmodifiableSortedSet(new java.util.TreeSet<>(content));
    }

    public long freeBytes() {
      return Math.max(0, totalBytes - usedBytes);
    }
  }

  public Optional<Guest> guest(Vmid vmid) {
    return guests.stream().filter(guest -> guest.vmid().equals(vmid)).findFirst();
  }

  public Optional<Node> node(NodeName name) {
    return nodes.stream().filter(node -> node.name().equals(name)).findFirst();
  }

  public Optional<Storage> storage(String name, NodeName node) {
    return storages.stream()
        .filter(s -> s.name().equals(name) && s.node().equals(node))
        .findFirst();
  }

  /// Virtual machines that are no templates.
  public Stream<Guest> vms() {
    return guests.stream().filter(guest -> guest.kind() == Kind.VM && !guest.template());
  }

  public Stream<Guest> templates() {
    return guests.stream().filter(Guest::template);
  }

  public Stream<Node> onlineNodes() {
    return nodes.stream().filter(Node::online);
  }
}
