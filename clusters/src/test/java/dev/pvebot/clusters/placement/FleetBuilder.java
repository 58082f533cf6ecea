package dev.pvebot.clusters.placement;

import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A fleet for tests: a template 9000 on the first node, and what a test adds. Sizes in GiB.
final class FleetBuilder {
  static final long GIB = 1L << 30;

  private final List<Fleet.Node> nodes = new ArrayList<>();
  private final List<Fleet.Guest> guests = new ArrayList<>();
  private final List<Fleet.Storage> storages = new ArrayList<>();
  private boolean complete = true;
  private boolean quorate = true;

  FleetBuilder node(String name, long memory, long used) {
    return node(name, memory, used, true);
  }

  FleetBuilder node(String name, long memory, long used, boolean online) {
    nodes.add(
        new Fleet.Node(
            new NodeName(name), online, 16, 0.1, memory * GIB, used * GIB, online ? 1000 : 0));
    return this;
  }

  FleetBuilder thin(String name, String node, long free) {
    return storage(name, node, "lvmthin", false, true, free);
  }

  FleetBuilder storage(
      String name, String node, String type, boolean shared, boolean active, long free) {
    storages.add(
        new Fleet.Storage(
            name,
            new NodeName(node),
            type,
            shared,
            active,
            Set.of("images", "rootdir"),
            10_000 * GIB,
            (10_000 - free) * GIB));
    return this;
  }

  FleetBuilder template(int vmid, String node) {
    return guest(vmid, "golden", node, true, Fleet.Kind.VM, "template");
  }

  FleetBuilder vm(int vmid, String name, String node, String... tags) {
    return guest(vmid, name, node, false, Fleet.Kind.VM, tags);
  }

  FleetBuilder guest(
      int vmid, String name, String node, boolean template, Fleet.Kind kind, String... tags) {
    guests.add(
        new Fleet.Guest(
            new Vmid(vmid),
            kind,
            name,
            new NodeName(node),
            Fleet.Power.STOPPED,
            template,
            Set.of(tags),
            2,
            2 * GIB,
            0,
            8 * GIB,
            0,
            Optional.empty(),
            Optional.empty()));
    return this;
  }

  /// A VM that runs, with its memory in GiB.
  FleetBuilder running(int vmid, String name, String node, long memory, String... tags) {
    guests.add(
        new Fleet.Guest(
            new Vmid(vmid),
            Fleet.Kind.VM,
            name,
            new NodeName(node),
            Fleet.Power.RUNNING,
            false,
            Set.of(tags),
            2,
            memory * GIB,
            memory * GIB,
            8 * GIB,
            1000,
            Optional.empty(),
            Optional.empty()));
    return this;
  }

  FleetBuilder filtered() {
    complete = false;
    return this;
  }

  FleetBuilder withoutQuorum() {
    quorate = false;
    return this;
  }

  Fleet build() {
    return new Fleet(Instant.EPOCH, complete, quorate, "9.1.4", nodes, guests, storages);
  }
}
