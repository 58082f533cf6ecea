package dev.pvebot.clusters.placement;

import static java.util.stream.Collectors.joining;

import dev.pvebot.clusters.ClusterName;
import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.fleet.GuestDetail;
import dev.pvebot.clusters.placement.Relocation.Decision;
import dev.pvebot.clusters.placement.Relocation.Move;
import dev.pvebot.clusters.placement.Relocation.Request;
import dev.pvebot.clusters.placement.Relocation.Staying;
import dev.pvebot.clusters.site.ClusterProfile;
import dev.pvebot.clusters.site.ClusterProfile.Role;
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

/// One decision of [Relocation]. One use only.
final class Relocating {
  private final Request request;
  private final Fleet fleet;
  private final Vacancy vacancy;

  /// Which machine of which cluster a guest is.
  private final Map<Vmid, Kin> kin = new HashMap<>();

  /// Where every guest is, as far as it has been decided.
  private final Map<Vmid, NodeName> whereabouts = new HashMap<>();

  private final Set<NodeName> receiving = new TreeSet<>();
  private final List<Staying> staying = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  private record Kin(ClusterName cluster, Role role) {}

  Relocating(Request request) {
    this.request = request;
    this.fleet = request.fleet();
    this.vacancy = new Vacancy(request.fleet(), request.site().defaults().storage());
    fleet.guests().forEach(guest -> whereabouts.put(guest.vmid(), guest.node()));
    for (ClusterProfile profile : request.site().profiles()) {
      Set<Vmid> created = request.createdByUs().apply(profile.name());
      Membership.of(profile, request.site(), fleet, created)
          .members()
          .forEach(guest -> kin.put(guest.vmid(), new Kin(profile.name(), role(profile, guest))));
    }
  }

  private static Role role(ClusterProfile profile, Fleet.Guest guest) {
    for (ClusterProfile.Group group : profile.groups()) {
      if (group.machines().stream().anyMatch(m -> m.vmid().equals(Optional.of(guest.vmid())))) {
        return group.role();
      }
    }
    for (Role role : Role.values()) {
      if (role.tag().filter(guest.tags()::contains).isPresent()) {
        return role;
      }
    }
    return Role.MACHINE;
  }

  Decision decide() {
    List<GuestDetail> order =
        request.guests().stream()
            .sorted(
                Comparator.comparing((GuestDetail detail) -> -memory(detail.guest()))
                    .thenComparing(detail -> detail.guest().vmid()))
            .toList();
    List<Move> moves = new ArrayList<>();
    order.forEach(detail -> place(detail).ifPresent(moves::add));
    staying.sort(Comparator.comparing(stays -> stays.guest().vmid()));
    warnings.addAll(vacancy.promises(receiving));
    return new Decision(chains(moves), staying, memoryAfter(), warnings);
  }

  static long memory(Fleet.Guest guest) {
    return guest.isRunning() ? guest.memoryBytes() : 0;
  }

  private Optional<Move> place(GuestDetail detail) {
    Fleet.Guest guest = detail.guest();
    Optional<String> obstacle =
        Obstacles.to(detail)
            .or(() ->
                detail.disks().stream()
                    .filter(disk -> Obstacles.isLinkedClone(disk) && vacancy.isLocal(detail, disk))
                    .findFirst()
                    .map(disk -> "its local disk %s is a linked clone".formatted(disk.key())));
    if (obstacle.isPresent()) {
      staying.add(new Staying(guest, obstacle.get()));
      return Optional.empty();
    }
    Map<NodeName, String> refusals = new TreeMap<>();
    List<Vacancy.Fit> fits = new ArrayList<>();
    for (NodeName target : new TreeSet<>(request.targets())) {
      if (target.equals(guest.node())) {
        continue;
      }
      if (request.site().node(target).isEmpty()) {
        refusals.put(target, "cluster-config.yaml does not name it");
        continue;
      }
      switch (vacancy.fit(detail, target)) {
        case Vacancy.Answer.Fits(Vacancy.Fit fit) -> fits.add(fit);
        case Vacancy.Answer.No(String why) -> refusals.put(target, why);
      }
    }
    Optional<Vacancy.Fit> best = fits.stream().min(order(guest));
    if (best.isEmpty()) {
      staying.add(new Staying(guest, nowhere(refusals)));
      return Optional.empty();
    }
    Vacancy.Fit fit = best.get();
    warnAboutQuorum(guest, fit.node());
    warnAboutSnapshots(detail, fit.node());
    vacancy.take(detail, fit);
    whereabouts.put(guest.vmid(), fit.node());
    receiving.add(fit.node());
    return Optional.of(new Move(guest, fit.node(), fit.storages(), new ArrayList<>(fit.eject())));
  }

  private static String nowhere(Map<NodeName, String> refusals) {
    return refusals.isEmpty()
        ? "there is no other node"
        : "no node can take it: "
            + refusals.entrySet().stream()
                .map(refusal -> refusal.getKey() + ": " + refusal.getValue())
                .collect(joining("; "));
  }

  private Comparator<Vacancy.Fit> order(Fleet.Guest guest) {
    return Comparator.comparing((Vacancy.Fit fit) -> peers(guest, fit.node(), true))
        .thenComparing(fit -> fit.storages().size() + fit.eject().size())
        .thenComparing(fit -> peers(guest, fit.node(), false))
        .thenComparing(fit -> vacancy.shareAfter(fit.node(), memory(guest)))
        .thenComparing(Vacancy.Fit::node);
  }

  /// How many of the same cluster and role are on a node; of control planes only, if wanted.
  private int peers(Fleet.Guest guest, NodeName node, boolean controlPlanesOnly) {
    Kin own = kin.get(guest.vmid());
    if (own == null || (controlPlanesOnly && own.role() != Role.CONTROLPLANE)) {
      return 0;
    }
    int count = 0;
    for (Map.Entry<Vmid, Kin> other : kin.entrySet()) {
      boolean there = node.equals(whereabouts.get(other.getKey()));
      if (there && other.getValue().equals(own) && !other.getKey().equals(guest.vmid())) {
        count++;
      }
    }
    return count;
  }

  private void warnAboutQuorum(Fleet.Guest guest, NodeName node) {
    int there = peers(guest, node, true) + 1;
    Kin own = kin.get(guest.vmid());
    if (there < 2 || own == null) {
      return;
    }
    long all = kin.values().stream().filter(own::equals).count();
    boolean quorumGoes = all - there < all / 2 + 1;
    warnings.add(
        "(!) %s joins another control plane of %s on %s, for no other node has room: %d of %d there%s. Confirm only if that may be."
            .formatted(
                guest.name(),
                own.cluster(),
                node,
                there,
                all,
                quorumGoes ? ", and without that node etcd has no quorum" : ""));
  }

  /// Proxmox VE copies a local disk with its snapshots only on some storages, and never live.
  private void warnAboutSnapshots(GuestDetail detail, NodeName node) {
    boolean local = detail.disks().stream().anyMatch(disk -> vacancy.isLocal(detail, disk));
    if (local && !detail.snapshots().isEmpty() && detail.guest().isRunning()) {
      warnings.add(
          "%s has snapshots on a local disk: Proxmox VE may refuse to move it to %s while it runs."
              .formatted(detail.guest().name(), node));
    }
  }

  /// Control planes of one cluster in one chain, everything else by itself; what must be last,
  /// last.
  private List<List<Move>> chains(List<Move> moves) {
    Map<String, List<Move>> chains = new LinkedHashMap<>();
    for (Move move : moves) {
      Kin own = kin.get(move.guest().vmid());
      String key =
          own != null && own.role() == Role.CONTROLPLANE
              ? own.cluster().value()
              : move.guest().vmid().toString();
      chains.computeIfAbsent(key, _ -> new ArrayList<>()).add(move);
    }
    List<List<Move>> sorted = new ArrayList<>(chains.values());
    sorted.forEach(chain -> chain.sort(Comparator.comparing(this::isLast)));
    sorted.sort(Comparator.comparing((List<Move> chain) -> chain.stream().anyMatch(this::isLast)));
    return sorted;
  }

  private boolean isLast(Move move) {
    return request.last().equals(Optional.of(move.guest().vmid()));
  }

  private String memoryAfter() {
    return fleet
        .onlineNodes()
        .map(Fleet.Node::name)
        .filter(node -> request.targets().contains(node))
        .map(vacancy::memoryAfter)
        .collect(joining(", ", "Memory after: ", "."));
  }
}
