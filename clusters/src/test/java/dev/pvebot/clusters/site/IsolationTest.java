package dev.pvebot.clusters.site;

import static dev.pvebot.clusters.site.SiteFolder.SITE;
import static dev.pvebot.clusters.site.SiteFolder.generic;
import static dev.pvebot.clusters.site.SiteFolder.talos;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IsolationTest {
  @TempDir private Path temporary;
  private SiteFolder folder;

  @BeforeEach
  void twoProfilesThatAreApart() {
    folder = new SiteFolder(temporary).site(SITE).profile(talos("one", 1));
  }

  private void second(String from, String to) {
    String text = talos("two", 2);
    assertThat(text).contains(from);
    folder.profile(text.replace(from, to));
  }

  @Test
  void profilesApart_areAccepted() {
    folder.profile(talos("two", 2)).profile(generic("web", "300")).profile(generic("api", "auto"));

    assertThat(folder.load().profiles()).hasSize(4);
  }

  @Test
  void overlappingVmidRanges_areOneProblemForAllNumbers() {
    folder
        .profile(generic("api", "300"))
        .profile(generic("web", "301").replace("count: 2", "count: 3"));
    assertThat(folder.problems())
        .containsExactly(
            "web.yaml:10:17: nodes.machines.start_vmid: found VMID 301, which api-02 of api has;"
                + " expected one that nobody else has. See api.yaml:10:17.");

    folder.profile(generic("web", "300"));
    assertThat(folder.problems())
        .singleElement()
        .asString()
        .contains("found VMID 300, 301, which api-01 of api has");
  }

  @Test
  void assignedVmid_insideAnotherRange_isRefused() {
    folder.profile(generic("web", "310"));

    assertThat(folder.problems())
        .containsExactly(
            "web.yaml:10:17: nodes.machines.start_vmid: found VMID 311, which one-1 of one has;"
                + " expected one that nobody else has. See one.yaml:17:42.");
  }

  @Test
  void twiceTheSameVmidInOneProfile_isRefused() {
    folder.profile(
        generic("web", "300")
            .replace(
                "    start_vmid",
                "    assignments: [{name: a, vmid: 305}, {name: b, vmid: 305}]\n    start_vmid"));

    assertThat(folder.problems())
        .containsExactly(
            "web.yaml:10:57: nodes.machines.assignments[1].vmid: found VMID 305, which a of web"
                + " has; expected one that nobody else has. See web.yaml:10:35.");
  }

  @Test
  void sameAddress_isRefused() {
    second("ip: 192.168.7.21", "ip: 192.168.7.11");
    assertThat(folder.problems())
        .anyMatch(p ->
            p.startsWith(
                "two.yaml:17:51: nodes.controlplane.assignments[0].ip: found address 192.168.7.11,"
                    + " which one-1 of one has"));
  }

  @Test
  void addressOfANode_isRefused() {
    folder.site(SITE.replace("192.168.7.4", "192.168.7.21"));
    folder.profile(talos("two", 2));

    assertThat(folder.problems())
        .containsExactly(
            "two.yaml:17:51: nodes.controlplane.assignments[0].ip: found address 192.168.7.21,"
                + " which node gamma has; expected one that nobody else has. See"
                + " cluster-config.yaml:6:27.");
  }

  @Test
  void sameEndpoint_isRefused() {
    second("192.168.7.20", "192.168.7.10");

    assertThat(folder.problems())
        .containsExactly(
            "two.yaml:5:17: network.api_endpoint: found address 192.168.7.10, which one has;"
                + " expected one that nobody else has. See one.yaml:5:17.");
  }

  @Test
  void sameMacAddress_isRefusedHoweverWritten() {
    folder.profile(talos("one", 1).replace("02:00:00:00:01:01", "02:00:00:00:AA:01"));
    second("02:00:00:00:02:01", "02:00:00:00:aa:01");

    assertThat(folder.problems())
        .singleElement()
        .asString()
        .contains("found MAC address 02:00:00:00:AA:01, which one-1 of one has");
  }

  @Test
  void sameMachineName_isRefused_thatOfANodeToo() {
    second("name: two-1", "name: one-1");
    assertThat(folder.problems())
        .singleElement()
        .asString()
        .contains("found the name one-1, which one-1 of one has");

    second("name: two-1", "name: gamma");
    assertThat(folder.problems())
        .singleElement()
        .asString()
        .contains("found the name gamma, which node gamma has");
  }

  @Test
  void aliasThatIsAnotherProfilesName_isRefused() {
    folder.profile(talos("two", 2) + "aliases: [one]\n");

    assertThat(folder.problems())
        .containsExactly(
            "two.yaml:21:1: aliases: found the name one, which one has; expected one that nobody"
                + " else has. See one.yaml:1:7.");
  }

  @Test
  void tagsThatAnotherProfileHasToo_doNotSingleOut() {
    second("tags: [talos, kubernetes, two]", "tags: [talos, kubernetes, one]");

    assertThat(folder.problems())
        .satisfiesExactly(
            p ->
                assertThat(p)
                    .startsWith(
                        "one.yaml:19:1: tags: found kubernetes, one, talos; expected among them a"
                            + " tag"),
            p ->
                assertThat(p)
                    .isEqualTo(
                        "two.yaml:19:1: tags: found kubernetes, one, talos; expected among them a"
                            + " tag that no other profile has and that the site uses for no other"
                            + " purpose. one has all of them (one.yaml:19:1). A VM belongs to the"
                            + " cluster when it has all of its tags; add one, for example the"
                            + " profile's name."));
  }

  @Test
  void tagsOfTheSiteOrOfARole_doNotSingleOut() {
    second("tags: [talos, kubernetes, two]", "tags: [talos, kubernetes, controlplane]");

    assertThat(folder.problems())
        .singleElement()
        .asString()
        .startsWith("two.yaml:19:1: tags: found controlplane, kubernetes, talos;");
  }

  @Test
  void sameFluxPath_isRefusedHoweverWritten() {
    second(
        "repo: \"https://git.example.org/ops/fleet.git\", path: clusters/two",
        "repo: \"git@git.example.org:ops/fleet\", path: ./clusters/one/apps/");

    assertThat(folder.problems())
        .containsExactly(
            "two.yaml:20:53: flux.path: found 'clusters/one/apps'; expected a path apart from"
                + " 'clusters/one' of one. One cluster would deploy what is meant for the other."
                + " See one.yaml:20:61.");
  }

  @Test
  void sameFluxPathOnAnotherBranch_isAccepted() {
    second("path: clusters/two, branch: main", "path: clusters/one, branch: next");

    assertThat(folder.load().profiles()).hasSize(2);
  }

  @Test
  void fluxPathsWithACommonBeginning_areApart() {
    second("path: clusters/two", "path: clusters/one-more");

    assertThat(folder.load().profiles()).hasSize(2);
  }

  @Test
  void podNetworks_areApartOnOneBridge() {
    second("10.2.0.0/16", "10.1.64.0/18");

    assertThat(folder.problems())
        .containsExactly(
            "two.yaml:6:13: network.pod_cidr: found the pods' network 10.1.64.0/18; expected a"
                + " network apart from the pods' network 10.1.0.0/16 of one, on the same bridge and"
                + " VLAN. See one.yaml:6:13.");
  }

  @Test
  void podNetworks_mayRepeatOnAnotherVlan() {
    second("pod_cidr: 10.2.0.0/16", "vlan: 7\n  pod_cidr: 10.1.0.0/16");

    assertThat(folder.load().profiles()).hasSize(2);
  }

  @Test
  void podNetworkOverTheOthersMachines_isRefused() {
    folder.profile(talos("one", 1).replace("  gateway: 192.168.7.1\n  prefix_length: 24\n", ""));
    second("10.2.0.0/16", "192.168.7.8/29");

    assertThat(folder.problems())
        .anyMatch(
            p -> p.contains("expected a network apart from the machine 192.168.7.11/32 of one"));
  }

  @Test
  void machinesNetworksThatOverlapButDiffer_areRefused() {
    second("prefix_length: 24", "prefix_length: 25");

    assertThat(folder.problems())
        .containsExactly(
            "two.yaml:9:18: network.prefix_length: found the machines' network 192.168.7.0/25;"
                + " expected 192.168.7.0/24, which one is in, or a network apart from it. Machines"
                + " that disagree about their network do not reach each other. See one.yaml:9:18.");
  }
}
