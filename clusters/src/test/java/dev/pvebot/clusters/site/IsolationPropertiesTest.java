package dev.pvebot.clusters.site;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pvebot.clusters.Cidr;
import dev.pvebot.clusters.site.SiteReader.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.statistics.Statistics;
import org.jspecify.annotations.Nullable;

class IsolationPropertiesTest {
  private static @Nullable Path folder;

  @BeforeContainer
  static void makeFolder() throws IOException {
    folder = Files.createTempDirectory("isolation");
  }

  @AfterContainer
  static void removeFolder() throws IOException {
    try (Stream<Path> files = Files.walk(folder())) {
      for (Path file : files.sorted(Collections.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static Path folder() {
    if (folder == null) {
      throw new IllegalStateException("no folder yet");
    }
    return folder;
  }

  /// The numbers are drawn from few, so that about half of all pairs are in each other's way.
  record Draw(
      int vmid, int ip, int mac, int pods, int services, Set<String> tags, int vlan, String path) {
    String profile(String name) {
      return """
      name: %1$s
      type: talos
      talos: {version: 1.12.0, kubernetes_version: 1.35.0, config_dir: x}
      network: {api_endpoint: %1$s.example.org, pod_cidr: 10.%2$d.0.0/16, service_cidr: 172.%3$d.0.0/16, vlan: %4$d, prefix_length: 24}
      nodes:
        controlplane:
          {count: 1, cores: 1, memory: 1024, disk: 8G, assignments: [{name: %1$s-c, vmid: %5$d, ip: 192.168.7.%6$d, mac: "02:00:00:00:00:%7$02d"}]}
        workers: {count: 2, name_prefix: %1$s-w, cores: 1, memory: 1024, disk: 8G, start_vmid: %8$d}
      template: 9000
      tags: [%9$s]
      flux: {repo: "https://git.example.org/x", path: %10$s}
      """
          .formatted(
              name, pods, services, vlan, vmid, ip, mac, vmid + 1, String.join(", ", tags), path);
    }
  }

  @Provide
  Arbitrary<Draw> draws() {
    return Combinators.combine(
            Arbitraries.integers().between(300, 330),
            Arbitraries.integers().between(50, 80),
            Arbitraries.integers().between(1, 40),
            Arbitraries.integers().between(1, 12),
            Arbitraries.integers().between(1, 12),
            Arbitraries.of("a", "b", "c", "d", "talos", "worker").set().ofMinSize(1).ofMaxSize(3),
            Arbitraries.integers().between(1, 3),
            Arbitraries.of("p", "p/q", "q", "r", "s/t", "pq"))
        .as(Draw::new);
  }

  @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
  void acceptedPair_breaksNoRule(@ForAll("draws") Draw one, @ForAll("draws") Draw two) {
    new SiteFolder(folder())
        .site(SiteFolder.SITE)
        .profile(one.profile("one"))
        .profile(two.profile("two"));

    Result result = new SiteReader(folder()).read(folder());

    Statistics.collect(result.getClass().getSimpleName());
    if (result instanceof Result.Loaded(List<Site> sites)) {
      ClusterProfile first = sites.getFirst().profiles().getFirst();
      ClusterProfile second = sites.getFirst().profiles().getLast();
      assertThat(Collections.disjoint(first.vmids(), second.vmids())).isTrue();
      assertThat(one.ip()).isNotEqualTo(two.ip());
      assertThat(one.mac()).isNotEqualTo(two.mac());
      assertThat(matchesVmOf(first, second)).isFalse();
      assertThat(matchesVmOf(second, first)).isFalse();
      assertThat((one.path() + "/").startsWith(two.path() + "/")).isFalse();
      assertThat((two.path() + "/").startsWith(one.path() + "/")).isFalse();
      if (one.vlan() == two.vlan()) {
        assertThat(networks(first))
            .noneMatch(mine -> networks(second).stream().anyMatch(mine::overlaps));
      }
    }
  }

  private static boolean matchesVmOf(ClusterProfile filter, ClusterProfile owner) {
    Set<String> tagsOfVm = new HashSet<>(owner.tags());
    tagsOfVm.add("controlplane");
    tagsOfVm.add("worker");
    return tagsOfVm.containsAll(filter.tags());
  }

  private static List<Cidr> networks(ClusterProfile profile) {
    List<Cidr> networks = new ArrayList<>();
    profile.network().podCidr().ifPresent(networks::add);
    profile.network().serviceCidr().ifPresent(networks::add);
    return networks;
  }

  @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
  void noiseInAProfile_neverThrows(
      @ForAll("draws") Draw draw, @ForAll("damage") List<Integer> damage) {
    StringBuilder text = new StringBuilder(draw.profile("one"));
    for (int cut : damage) {
      int at = Math.floorMod(cut, text.length());
      switch (Math.floorMod(cut, 4)) {
        case 0 -> text.deleteCharAt(at);
        case 1 -> text.insert(at, '\n');
        case 2 -> text.setCharAt(at, "{}[]:,-'\"#&*!\t".charAt(Math.floorMod(cut / 7, 14)));
        default -> text.insert(at, text.substring(0, Math.min(20, text.length())));
      }
    }
    Path noise = folder().resolve("noise");
    new SiteFolder(noise).site(SiteFolder.SITE).file("one.yaml", text.toString());

    Statistics.collect(new SiteReader(noise).read(noise).getClass().getSimpleName());
  }

  @Provide
  Arbitrary<List<Integer>> damage() {
    return Arbitraries.integers()
        .between(0, 1_000_000)
        .withDistribution(RandomDistribution.uniform())
        .list()
        .ofMinSize(1)
        .ofMaxSize(4);
  }
}
