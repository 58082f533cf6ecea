package dev.pvebot.runbooks.planner;

import dev.pvebot.clusters.ClusterName;
import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Backup;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.fleet.GuestDetail;
import dev.pvebot.clusters.fleet.GuestSnapshot;
import dev.pvebot.clusters.site.Site;
import dev.pvebot.clusters.site.SiteReader;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/// A small datacenter at one moment, with the repository's example site or another.
record FakeWorld(
    Site site,
    Fleet fleet,
    Set<Vmid> reserved,
    Map<String, Set<Vmid>> created,
    Optional<Vmid> ownVm,
    Map<Vmid, String> uuids,
    Set<Vmid> flagged)
    implements PlanningWorld {
  private static final long GIB = 1L << 30;

  static Site site(Path folder) {
    return switch (new SiteReader(Path.of("/home/pvebot")).read(folder)) {
      case SiteReader.Result.Loaded(List<Site> sites) -> sites.getFirst();
      case SiteReader.Result.Refused refused -> throw new AssertionError(refused);
    };
  }

  /// Three nodes, two templates, VMs 1031 to 1033 and 1040; 1031 runs, 1033 is protected.
  static FakeWorld example() {
    return of(
        site(Path.of("../clusters")),
        List.of("pve01", "pve02", "pve03"),
        List.of(
            guest(101, "talos", "pve01", true, false, "talos", "template"),
            guest(102, "ubuntu", "pve01", true, false, "cloudinit", "template"),
            guest(1031, "web1", "pve01", false, true, "web"),
            guest(1032, "web2", "pve02", false, false, "web"),
            guest(1033, "db1", "pve03", false, false, "protected"),
            guest(1040, "test-vm", "pve02", false, false)));
  }

  static FakeWorld of(Site site, List<String> nodeNames, List<Fleet.Guest> guests) {
    List<Fleet.Node> nodes = new ArrayList<>();
    List<Fleet.Storage> storages = new ArrayList<>();
    for (String name : nodeNames) {
      nodes.add(new Fleet.Node(new NodeName(name), true, 16, 0.1, 64 * GIB, 16 * GIB, 1000));
      storages.add(
          new Fleet.Storage(
              site.defaults().storage(),
              new NodeName(name),
              "lvmthin",
              false,
              true,
              Set.of("images"),
              2048 * GIB,
              100 * GIB));
    }
    return new FakeWorld(
        site,
        new Fleet(Instant.EPOCH, true, true, "9.1.4", nodes, guests, storages),
        Set.of(),
        Map.of(),
        Optional.empty(),
        Map.of(),
        Set.of());
  }

  static Fleet.Guest guest(
      int vmid, String name, String node, boolean template, boolean running, String... tags) {
    return new Fleet.Guest(
        new Vmid(vmid),
        Fleet.Kind.VM,
        name,
        new NodeName(node),
        running ? Fleet.Power.RUNNING : Fleet.Power.STOPPED,
        template,
        Set.of(tags),
        2,
        4 * GIB,
        running ? 2 * GIB : 0,
        10 * GIB,
        0,
        Optional.empty(),
        Optional.empty());
  }

  FakeWorld withGuest(Fleet.Guest guest) {
    return withFleet(FakePve.replaced(fleet, guest.vmid(), Optional.of(guest)));
  }

  FakeWorld withoutGuest(int vmid) {
    return withFleet(FakePve.replaced(fleet, new Vmid(vmid), Optional.empty()));
  }

  FakeWorld withFleet(Fleet other) {
    return new FakeWorld(site, other, reserved, created, ownVm, uuids, flagged);
  }

  FakeWorld withReserved(int... vmids) {
    return new FakeWorld(site, fleet, vmids(vmids), created, ownVm, uuids, flagged);
  }

  FakeWorld withOwnVm(int vmid) {
    return new FakeWorld(
        site, fleet, reserved, created, Optional.of(new Vmid(vmid)), uuids, flagged);
  }

  FakeWorld withUuid(int vmid, String uuid) {
    Map<Vmid, String> more = new HashMap<>(uuids);
    more.put(new Vmid(vmid), uuid);
    return new FakeWorld(site, fleet, reserved, created, ownVm, more, flagged);
  }

  FakeWorld withFlag(int... vmids) {
    return new FakeWorld(site, fleet, reserved, created, ownVm, uuids, vmids(vmids));
  }

  FakeWorld withCreated(String profile, int... vmids) {
    return new FakeWorld(
        site, fleet, reserved, Map.of(profile, vmids(vmids)), ownVm, uuids, flagged);
  }

  FakeWorld blind() {
    return withFleet(
        new Fleet(
            fleet.seenAt(),
            false,
            true,
            fleet.version(),
            fleet.nodes(),
            fleet.guests(),
            fleet.storages()));
  }

  FakeWorld withNode(String name, UnaryOperator<Fleet.Node> change) {
    List<Fleet.Node> nodes =
        fleet.nodes().stream()
            .map(node -> node.name().value().equals(name) ? change.apply(node) : node)
            .toList();
    return withFleet(
        new Fleet(
            fleet.seenAt(),
            fleet.completeView(),
            true,
            fleet.version(),
            nodes,
            fleet.guests(),
            fleet.storages()));
  }

  FakeWorld withMemoryUsed(String name, long gib) {
    return withNode(
        name,
        n ->
            new Fleet.Node(
                n.name(), true, n.cores(), n.cpu(), n.memoryBytes(), gib * GIB, n.uptimeSeconds()));
  }

  FakeWorld withOffline(String name) {
    return withNode(name, n -> new Fleet.Node(n.name(), false, 0, 0, 0, 0, 0));
  }

  private static Set<Vmid> vmids(int... numbers) {
    Set<Vmid> set = new TreeSet<>();
    for (int number : numbers) {
      set.add(new Vmid(number));
    }
    return set;
  }

  /// The three machines of talos-staging, running.
  FakeWorld withStaging() {
    FakeWorld world = this;
    for (int i = 1; i <= 3; i++) {
      world =
          world.withGuest(
              guest(
                  1050 + i,
                  "ts0" + i,
                  "pve0" + i,
                  false,
                  true,
                  "talos",
                  "kubernetes",
                  "staging",
                  "controlplane"));
    }
    return world;
  }

  @Override
  public Optional<GuestDetail> detail(Vmid vmid) {
    return fleet
        .guest(vmid)
        .map(guest ->
            new GuestDetail(
                guest,
                new GuestDetail.Identity(
                    vmid,
                    guest.name(),
                    Optional.of(uuids.getOrDefault(vmid, "uuid-" + vmid)),
                    Optional.of(
                        "02:00:00:00:%02X:%02X"
                            .formatted(vmid.value() / 256 % 256, vmid.value() % 256))),
                Map.of(),
                "digest",
                List.of(
                    new GuestDetail.Disk(
                        "scsi0", "local-lvm", "local-lvm:vm-%s-disk-0".formatted(vmid), 10 * GIB)),
                List.of(),
                flagged.contains(vmid)));
  }

  @Override
  public List<GuestSnapshot> snapshots(Vmid vmid) {
    return List.of();
  }

  @Override
  public List<Backup> backups(Vmid vmid) {
    return List.of();
  }

  @Override
  public List<Departure> departed(NodeName node) {
    return List.of();
  }

  @Override
  public Set<Vmid> createdByUs(ClusterName profile) {
    return created.getOrDefault(profile.value(), Set.of());
  }
}
