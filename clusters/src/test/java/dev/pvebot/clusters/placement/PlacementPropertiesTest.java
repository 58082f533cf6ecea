package dev.pvebot.clusters.placement;

import static dev.pvebot.clusters.placement.FleetBuilder.GIB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pvebot.clusters.ClusterName;
import dev.pvebot.clusters.Environment;
import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.placement.Placement.Outcome;
import dev.pvebot.clusters.secret.SecretRef;
import dev.pvebot.clusters.site.ClusterProfile;
import dev.pvebot.clusters.site.ClusterProfile.Group;
import dev.pvebot.clusters.site.ClusterProfile.Role;
import dev.pvebot.clusters.site.ClusterProfile.Strategy;
import dev.pvebot.clusters.site.ClusterProfile.WantedMachine;
import dev.pvebot.clusters.site.Site;
import dev.pvebot.clusters.site.VmidRange;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;

class PlacementPropertiesTest {
  private static final long MACHINE_GIB = 4;
  private static final TemplateFacts TEMPLATE =
      new TemplateFacts(new Vmid(9000), new NodeName("n0"), "tank", 8 * GIB);

  /// @param free memory of each node in GiB
  record Case(
      List<Integer> free,
      int controlPlanes,
      int workers,
      Strategy strategy,
      Set<Integer> taken,
      Set<Integer> reserved) {
    Site site() {
      return site(List.of());
    }

    Site site(List<ClusterProfile> profiles) {
      return new Site(
          "any.example.org",
          IntStream.range(0, free.size())
              .mapToObj(i ->
                  new Site.ApiNode(new NodeName("n" + i), "n%d.example.org".formatted(i), 8006))
              .toList(),
          new Site.Tls.SystemTrust(),
          new Site.Defaults(
              "tank", "vmbr0", "ovmf", "q35", "host", "virtio-scsi-single", false, true),
          VmidRange.parse("9000-9099"),
          VmidRange.parse("300-340"),
          new Site.Credentials(new SecretRef.Env("TOKEN"), "root", 22, Optional.empty()),
          new Site.Tags(Set.of("template"), Set.of("talos"), Set.of("cloudinit")),
          Optional.empty(),
          new Site.Talos(
              List.of(),
              URI.create("https://factory.example.org"),
              Optional.empty(),
              Optional.empty()),
          Optional.empty(),
          new Site.Network(Optional.empty(), Optional.empty(), List.of()),
          Site.Limits.DEFAULT,
          profiles);
    }

    ClusterProfile profile() {
      List<Group> groups = new ArrayList<>();
      groups.add(group(Role.CONTROLPLANE, "controlplane", controlPlanes));
      if (workers > 0) {
        groups.add(group(Role.WORKER, "workers", workers));
      }
      return new ClusterProfile(
          new ClusterName("apple"),
          ClusterProfile.Type.GENERIC,
          Environment.DEV,
          Set.of(),
          Optional.empty(),
          new ClusterProfile.Network(
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              List.of(),
              "vmbr0",
              Optional.empty()),
          groups,
          new Vmid(9000),
          "tank",
          Set.of("apple"),
          Optional.empty(),
          22);
    }

    private Group group(Role role, String key, int count) {
      return new Group(
          role,
          key,
          2,
          (int) MACHINE_GIB * 1024,
          32 * GIB,
          strategy,
          IntStream.range(0, count)
              .mapToObj(i ->
                  new WantedMachine(
                      key + i,
                      Optional.empty(),
                      Optional.empty(),
                      Optional.empty(),
                      Optional.empty()))
              .toList());
    }

    Fleet fleet() {
      FleetBuilder fleet = new FleetBuilder().template(9000, "n0");
      for (int i = 0; i < free.size(); i++) {
        fleet.node("n" + i, 100, 100 - free.get(i)).thin("tank", "n" + i, 2000);
      }
      taken.forEach(vmid -> fleet.vm(vmid, "old" + vmid, "n0"));
      return fleet.build();
    }

    Outcome place() {
      return Placement.place(
          profile(),
          site(),
          fleet(),
          reserved.stream().map(Vmid::new).collect(Collectors.toSet()),
          TEMPLATE);
    }
  }

  @Provide
  Arbitrary<Case> cases() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 60).list().ofMinSize(1).ofMaxSize(6),
            Arbitraries.integers().between(1, 5),
            Arbitraries.integers().between(0, 12),
            Arbitraries.of(Strategy.values()),
            Arbitraries.integers().between(300, 340).set().ofMaxSize(25),
            Arbitraries.integers().between(300, 340).set().ofMaxSize(10))
        .as(Case::new);
  }

  @Property(tries = 2000, edgeCases = EdgeCasesMode.NONE)
  void noVmidIsGivenTwice(@ForAll("cases") Case any) {
    Outcome outcome = any.place();
    Statistics.collect(outcome.getClass().getSimpleName());
    if (outcome instanceof Outcome.Placed placed) {
      List<Vmid> vmids = placed.machines().stream().map(Machine::vmid).toList();
      assertThat(new HashSet<>(vmids))
          .hasSameSizeAs(vmids)
          .hasSize(any.controlPlanes() + any.workers());
      assertThat(vmids)
          .noneMatch(
              vmid -> any.taken().contains(vmid.value()) || any.reserved().contains(vmid.value()))
          .allMatch(any.site().vmRange()::contains);
    }
  }

  @Property(tries = 2000, edgeCases = EdgeCasesMode.NONE)
  void sameInputGivesTheSamePlan(@ForAll("cases") Case any) {
    assertThat(any.place()).isEqualTo(any.place());
  }

  @Property(tries = 2000, edgeCases = EdgeCasesMode.NONE)
  void noNodeGetsMoreThanItsFreeMemory(@ForAll("cases") Case any) {
    if (any.place() instanceof Outcome.Placed placed) {
      onEachNode(any, placed.machines())
          .forEach((node, count) ->
              assertThat(count * MACHINE_GIB).isLessThanOrEqualTo(any.free().get(index(node))));
    }
  }

  /// A node that has room for one more is never two behind another.
  @Property(tries = 2000, edgeCases = EdgeCasesMode.NONE)
  void spreadDiffersByAtMostOneBetweenNodesWithRoom(@ForAll("cases") Case any) {
    if (any.strategy() == Strategy.SPREAD && any.place() instanceof Outcome.Placed placed) {
      Map<NodeName, Long> all = onEachNode(any, placed.machines());
      for (Role role : List.of(Role.CONTROLPLANE, Role.WORKER)) {
        Map<NodeName, Long> counts =
            onEachNode(
                any, placed.machines().stream().filter(machine -> machine.role() == role).toList());
        long most = counts.values().stream().mapToLong(Long::longValue).max().orElse(0);
        counts.forEach((node, count) -> {
          boolean room =
              (all.getOrDefault(node, 0L) + 1) * MACHINE_GIB <= any.free().get(index(node));
          if (room) {
            assertThat(most - count).isLessThanOrEqualTo(1);
          }
        });
      }
    }
  }

  /// Under pack too.
  @Property(tries = 2000, edgeCases = EdgeCasesMode.NONE)
  void controlPlanesShareANodeOnlyWhenNoOtherHasRoom(@ForAll("cases") Case any) {
    if (any.place() instanceof Outcome.Placed placed) {
      Map<NodeName, Long> controlPlanes =
          onEachNode(
              any,
              placed.machines().stream()
                  .filter(machine -> machine.role() == Role.CONTROLPLANE)
                  .toList());
      long most = controlPlanes.values().stream().mapToLong(Long::longValue).max().orElse(0);
      controlPlanes.forEach((node, count) -> {
        // control planes are placed first, so only they have taken memory
        if ((count + 1) * MACHINE_GIB <= any.free().get(index(node))) {
          assertThat(most - count).isLessThanOrEqualTo(1);
        }
      });
    }
  }

  private static Map<NodeName, Long> onEachNode(Case any, List<Machine> machines) {
    Map<NodeName, Long> counts =
        machines.stream().collect(Collectors.groupingBy(Machine::node, Collectors.counting()));
    any.site().nodes().forEach(node -> counts.putIfAbsent(node.name(), 0L));
    return counts;
  }

  private static int index(NodeName node) {
    return Integer.parseInt(node.value().substring(1));
  }
}
