package dev.pvebot.clusters.placement;

import static java.util.stream.Collectors.joining;

import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.placement.Placement.Outcome;
import dev.pvebot.clusters.site.ClusterProfile;
import dev.pvebot.clusters.site.ClusterProfile.Group;
import dev.pvebot.clusters.site.ClusterProfile.Role;
import dev.pvebot.clusters.site.ClusterProfile.Strategy;
import dev.pvebot.clusters.site.ClusterProfile.WantedMachine;
import dev.pvebot.clusters.site.Site;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// One decision of [Placement]. One use only.
final class Placing {
  /// Where a node's memory gets the mark `(!)`.
  private static final int CROWDED_PERCENT = 80;

  private final ClusterProfile profile;
  private final Site site;
  private final Fleet fleet;
  private final TemplateFacts template;
  private final Room room;
  private final VmidChoice vmids;

  private final List<String> reasons = new ArrayList<>();
  private final List<String> explanation = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  private final Map<WantedMachine, NodeName> chosen = new HashMap<>();
  private final Map<NodeName, Integer> total = new HashMap<>();
  private final Map<Role, Map<NodeName, Integer>> byRole = new HashMap<>();

  Placing(
      ClusterProfile profile, Site site, Fleet fleet, Set<Vmid> reserved, TemplateFacts template) {
    this.profile = profile;
    this.site = site;
    this.fleet = fleet;
    this.template = template;
    this.room = new Room(fleet, profile.storage(), template.diskBytes());
    this.vmids = new VmidChoice(profile, site, fleet, reserved);
  }

  Outcome decide() {
    refuseBlindness();
    refuseTemplate();
    if (!reasons.isEmpty()) {
      return new Outcome.Refused(reasons);
    }
    List<NodeName> open = openNodes();
    Map<WantedMachine, Vmid> numbers = vmids.choose(reasons);
    placeNamed();
    placeFree(open);
    if (!reasons.isEmpty()) {
      return new Outcome.Refused(reasons);
    }
    checkWayOfClones();
    if (!reasons.isEmpty()) {
      return new Outcome.Refused(reasons);
    }
    explainMemory();
    warn();
    return new Outcome.Placed(machines(numbers), explanation, warnings);
  }

  private void refuseBlindness() {
    if (!fleet.completeView()) {
      reasons.add(
          "The API token does not see every guest, so a VMID that looks free may be taken."
              + " Grant it VM.Audit on /vms, propagated, then plan again.");
    }
    if (!fleet.quorate()) {
      reasons.add(
          "The Proxmox VE cluster has no quorum and changes nothing. Bring enough nodes back, then"
              + " plan again.");
    }
  }

  private void refuseTemplate() {
    Vmid wanted = profile.template();
    if (!template.vmid().equals(wanted)) {
      throw new IllegalArgumentException(
          "facts of template %s were given for a profile that clones %s"
              .formatted(template.vmid(), wanted));
    }
    Optional<Fleet.Guest> guest = fleet.guest(wanted);
    if (guest.isEmpty()) {
      reasons.add(
          "Template %s does not exist. Make it, or name another in profile %s."
              .formatted(wanted, profile.name()));
      return;
    }
    if (!guest.get().template()) {
      reasons.add(
          "VM %s (%s) is no template. Convert it, or name another in profile %s."
              .formatted(wanted, guest.get().name(), profile.name()));
    }
    if (fleet.node(template.node()).filter(Fleet.Node::online).isEmpty()) {
      reasons.add("Template %s is on %s, which is offline.".formatted(wanted, template.node()));
    }
    for (Group group : profile.groups()) {
      if (group.diskBytes() < template.diskBytes()) {
        reasons.add(
            "nodes.%s.disk is %s, but the disk of template %s has %s, and a disk cannot shrink. Ask for at least that."
                .formatted(
                    group.key(),
                    Size.of(group.diskBytes()),
                    wanted,
                    Size.of(template.diskBytes())));
      }
    }
  }

  private List<NodeName> openNodes() {
    List<NodeName> open = new ArrayList<>();
    Map<NodeName, String> closed = new TreeMap<>();
    for (Site.ApiNode node : site.nodes()) {
      room.closed(node.name(), profile.storage())
          .ifPresentOrElse(why -> closed.put(node.name(), why), () -> open.add(node.name()));
    }
    fleet.nodes().stream()
        .filter(node -> site.node(node.name()).isEmpty())
        .forEach(node -> closed.put(node.name(), "cluster-config.yaml does not name it"));
    closed.forEach((node, why) -> explanation.add("%s is left out: %s.".formatted(node, why)));
    open.sort(null);
    return open;
  }

  private void placeNamed() {
    for (Group group : profile.groups()) {
      for (WantedMachine machine : group.machines()) {
        if (machine.node().isEmpty()) {
          continue;
        }
        NodeName node = machine.node().get();
        Optional<String> obstacle = obstacle(node, group);
        if (obstacle.isPresent()) {
          reasons.add(
              "Profile %s wants %s on %s: %s. Change its node in nodes.%s.assignments, or leave it out to have one chosen."
                  .formatted(profile.name(), machine.name(), node, obstacle.get(), group.key()));
        } else {
          put(machine, group, node);
        }
      }
    }
  }

  private Optional<String> obstacle(NodeName node, Group group) {
    if (site.node(node).isEmpty()) {
      return Optional.of("cluster-config.yaml does not name that node");
    }
    return room.closed(node, profile.storage()).or(() -> room.full(node, group));
  }

  private void placeFree(List<NodeName> open) {
    for (Group group : profile.groups()) {
      for (WantedMachine machine : group.machines()) {
        if (machine.node().isPresent()) {
          continue;
        }
        Optional<NodeName> node = best(open, group);
        if (node.isPresent()) {
          put(machine, group, node.get());
        } else {
          reasons.add(noRoom(machine, group, open));
        }
      }
    }
  }

  private Optional<NodeName> best(List<NodeName> open, Group group) {
    List<NodeName> fitting =
        open.stream().filter(node -> room.full(node, group).isEmpty()).toList();
    if (group.role() == Role.CONTROLPLANE) {
      int fewest = fitting.stream().mapToInt(node -> count(group.role(), node)).min().orElse(0);
      fitting = fitting.stream().filter(node -> count(group.role(), node) == fewest).toList();
    }
    return fitting.stream().min(order(group));
  }

  private Comparator<NodeName> order(Group group) {
    Comparator<NodeName> byMemory = Comparator.comparing((NodeName node) -> -room.memoryLeft(node));
    Comparator<NodeName> byTotal =
        Comparator.comparing((NodeName node) -> total.getOrDefault(node, 0));
    Comparator<NodeName> wish =
        switch (group.placement()) {
          case SPREAD ->
              Comparator.comparing((NodeName node) -> count(group.role(), node))
                  .thenComparing(byTotal);
          case PACK -> byTotal.reversed();
        };
    return wish.thenComparing(byMemory).thenComparing(Comparator.naturalOrder());
  }

  private String noRoom(WantedMachine machine, Group group, List<NodeName> open) {
    String nodes =
        open.isEmpty()
            ? String.join(" ", explanation)
            : open.stream()
                .map(node -> "%s: %s".formatted(node, room.full(node, group).orElse("taken")))
                .collect(joining("; ", "", "."));
    return "No node has room for %s (%s of memory, %s of disk). %s"
        .formatted(
            machine.name(), Size.of(Room.memoryBytes(group)), Size.of(group.diskBytes()), nodes)
        .strip();
  }

  private void put(WantedMachine machine, Group group, NodeName node) {
    // where the profile itself names the node there is nothing to explain
    if (machine.node().isEmpty()) {
      explanation.add(
          "%s on %s: %s; %s of memory free before."
              .formatted(
                  machine.name(), node, reason(group, node), Size.of(room.memoryLeft(node))));
    }
    room.take(node, group);
    chosen.put(machine, node);
    total.merge(node, 1, Integer::sum);
    byRole.computeIfAbsent(group.role(), _ -> new HashMap<>()).merge(node, 1, Integer::sum);
  }

  private String reason(Group group, NodeName node) {
    int already =
        group.placement() == Strategy.SPREAD
            ? count(group.role(), node)
            : total.getOrDefault(node, 0);
    return switch (group.placement()) {
      case SPREAD ->
          already == 0
              ? "spread, none of its kind there yet"
              : "spread, %d of its kind there".formatted(already);
      case PACK ->
          already == 0
              ? "pack, most free memory"
              : "pack, %d of this cluster there".formatted(already);
    };
  }

  private int count(Role role, NodeName node) {
    return byRole.getOrDefault(role, Map.of()).getOrDefault(node, 0);
  }

  /// Without a shared storage a clone is made on the template's node and moved from there.
  private void checkWayOfClones() {
    Map<WantedMachine, NodeName> moved = new LinkedHashMap<>();
    profile.machines().stream()
        .filter(machine -> !nodeOf(machine).equals(template.node()))
        .filter(machine -> !room.isShared(nodeOf(machine)))
        .forEach(machine -> moved.put(machine, nodeOf(machine)));
    if (moved.isEmpty()) {
      return;
    }
    Optional<String> closed = room.closed(template.node(), profile.storage());
    if (closed.isPresent()) {
      reasons.add(
          "Clones begin on %s, where template %s is, and cannot: %s."
              .formatted(template.node(), profile.template(), closed.get()));
      return;
    }
    long fit = room.copiesThatFit(template.node());
    long atOnce = Math.min(site.limits().clones(), moved.size());
    if (fit == 0) {
      reasons.add(
          "Clones begin on %s, where template %s is, and %s has no room there for another copy of %s."
              .formatted(
                  template.node(),
                  profile.template(),
                  profile.storage(),
                  Size.of(template.diskBytes())));
    } else if (fit < atOnce) {
      warnings.add(
          "%s on %s has room for %d copies in passing, and %d are made at once: some may have to be tried again."
              .formatted(profile.storage(), template.node(), fit, atOnce));
    }
    explanation.add(
        "%s cloned on %s, then moved: %s is not shared."
            .formatted(
                moved.keySet().stream().map(WantedMachine::name).collect(joining(", ")),
                template.node(),
                profile.storage()));
  }

  private NodeName nodeOf(WantedMachine machine) {
    NodeName node = chosen.get(machine);
    if (node == null) {
      throw new IllegalStateException("%s was not placed".formatted(machine.name()));
    }
    return node;
  }

  private void explainMemory() {
    explanation.add(
        site.nodes().stream()
            .map(Site.ApiNode::name)
            .filter(node -> fleet.node(node).filter(Fleet.Node::online).isPresent())
            .sorted()
            .map(node -> {
              long percent = room.memoryPercentAfter(node);
              return "%s %d %%%s"
                  .formatted(node, percent, percent >= CROWDED_PERCENT ? " (!)" : "");
            })
            .collect(joining(", ", "Memory after: ", ".")));
  }

  private void warn() {
    total.keySet().stream()
        .sorted()
        .filter(node -> room.memoryPercentAfter(node) >= CROWDED_PERCENT)
        .forEach(node ->
            warnings.add(
                "%s will have %d %% of its memory in use."
                    .formatted(node, room.memoryPercentAfter(node))));
    warnings.addAll(room.overcommitted().values());
    warnAboutQuorum();
    if (profile.network().prefixLength().isEmpty()) {
      profile.machines().stream()
          .filter(machine -> machine.ip().isPresent())
          .findFirst()
          .ifPresent(_ ->
              warnings.add(
                  "The static addresses have no prefix length: set network.prefix_length and"
                      + " network.gateway."));
    }
    Set<String> names =
        new TreeSet<>(profile.machines().stream().map(WantedMachine::name).toList());
    fleet.guests().stream()
        .filter(guest -> names.contains(guest.name()))
        .forEach(guest ->
            warnings.add(
                "Guest %s on %s is called %s too."
                    .formatted(guest.vmid(), guest.node(), guest.name())));
  }

  private void warnAboutQuorum() {
    Map<NodeName, Integer> counts = new TreeMap<>(byRole.getOrDefault(Role.CONTROLPLANE, Map.of()));
    int all = counts.values().stream().mapToInt(Integer::intValue).sum();
    if (all > 0 && all % 2 == 0) {
      warnings.add(
          "%d control planes survive no more failures than %d would.".formatted(all, all - 1));
    }
    counts.forEach((node, count) -> {
      if (all > 1 && all - count < all / 2 + 1) {
        warnings.add(
            "%d of %d control planes are on %s: without it etcd has no quorum."
                .formatted(count, all, node));
      }
    });
  }

  private List<Machine> machines(Map<WantedMachine, Vmid> numbers) {
    List<Machine> machines = new ArrayList<>();
    for (Group group : profile.groups()) {
      for (WantedMachine wanted : group.machines()) {
        machines.add(machine(wanted, group, numbers));
      }
    }
    return machines;
  }

  private Machine machine(WantedMachine wanted, Group group, Map<WantedMachine, Vmid> numbers) {
    Vmid vmid = numbers.get(wanted);
    if (vmid == null) {
      throw new IllegalStateException("%s has no VMID".formatted(wanted.name()));
    }
    Set<String> tags = new TreeSet<>(profile.tags());
    group.role().tag().ifPresent(tags::add);
    return new Machine(
        vmid,
        wanted.name(),
        nodeOf(wanted),
        group.role(),
        group.cores(),
        group.memoryMiB(),
        group.diskBytes(),
        profile.storage(),
        profile.network().bridge(),
        profile.network().vlan(),
        wanted.ip(),
        wanted.ip().flatMap(_ -> profile.network().prefixLength()),
        wanted.ip().flatMap(_ -> profile.network().gateway()),
        profile.network().resolvers(),
        wanted.mac(),
        tags);
  }
}
