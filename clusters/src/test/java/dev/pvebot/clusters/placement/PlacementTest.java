package dev.pvebot.clusters.placement;

import static dev.pvebot.clusters.placement.FleetBuilder.GIB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.pvebot.clusters.ClusterName;
import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.placement.Placement.Outcome;
import dev.pvebot.clusters.site.ClusterProfile;
import dev.pvebot.clusters.site.ClusterProfile.Role;
import dev.pvebot.clusters.site.Site;
import dev.pvebot.clusters.site.SiteFolder;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlacementTest {
  @TempDir private Path temporary;
  private SiteFolder folder;

  @BeforeEach
  void folder() {
    folder = new SiteFolder(temporary).site(SiteFolder.SITE);
  }

  /// A Talos profile whose two groups are given as flow mappings.
  private ClusterProfile talos(String controlplane, String workers) {
    folder.profile(
        """
        name: apple
        type: talos
        talos: {version: 1.12.0, kubernetes_version: 1.35.0, config_dir: x}
        network: {api_endpoint: apple.example.org, gateway: 192.168.7.1, prefix_length: 23, resolvers: [192.168.7.9]}
        nodes:
          controlplane: %s
          workers: %s
        template: 9000
        tags: [talos, apple]
        """
            .formatted(controlplane, workers));
    return folder.load().profile(new ClusterName("apple")).orElseThrow();
  }

  private ClusterProfile three(String more) {
    return talos(
        "{count: 3, name_prefix: cp, cores: 2, memory: 4096, disk: 32G%s}".formatted(more),
        "{count: 0}");
  }

  private static FleetBuilder roomy() {
    return new FleetBuilder()
        .node("alpha", 64, 20)
        .node("beta", 64, 10)
        .node("gamma", 64, 30)
        .thin("tank", "alpha", 500)
        .thin("tank", "beta", 500)
        .thin("tank", "gamma", 500)
        .template(9000, "alpha");
  }

  private Outcome place(ClusterProfile profile, FleetBuilder fleet, Vmid... reserved) {
    return Placement.place(
        profile,
        folder.load(),
        fleet.build(),
        Set.of(reserved),
        new TemplateFacts(new Vmid(9000), new NodeName("alpha"), "tank", 8 * GIB));
  }

  private Outcome.Placed placed(ClusterProfile profile, FleetBuilder fleet, Vmid... reserved) {
    Outcome outcome = place(profile, fleet, reserved);
    assertThat(outcome).isInstanceOf(Outcome.Placed.class);
    return (Outcome.Placed) outcome;
  }

  private List<String> refused(ClusterProfile profile, FleetBuilder fleet, Vmid... reserved) {
    Outcome outcome = place(profile, fleet, reserved);
    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    return ((Outcome.Refused) outcome).reasons();
  }

  private static List<String> nodes(Outcome.Placed placed) {
    return placed.machines().stream().map(machine -> machine.node().value()).toList();
  }

  private static List<Integer> vmids(Outcome.Placed placed) {
    return placed.machines().stream().map(machine -> machine.vmid().value()).toList();
  }

  @Test
  void spread_takesTheEmptiestNodeFirst_oneOnEach() {
    assertThat(nodes(placed(three(""), roomy()))).containsExactly("beta", "alpha", "gamma");
  }

  @Test
  void explanation_isInSentencesForThePlan() {
    Outcome.Placed placed = placed(three(", start_vmid: 310"), roomy());

    assertThat(placed.explanation())
        .containsExactly(
            "cp01 on beta: spread, none of its kind there yet; 54 GiB of memory free before.",
            "cp02 on alpha: spread, none of its kind there yet; 44 GiB of memory free before.",
            "cp03 on gamma: spread, none of its kind there yet; 34 GiB of memory free before.",
            "cp01, cp03 cloned on alpha, then moved: tank is not shared.",
            "Memory after: alpha 38 %, beta 22 %, gamma 53 %.");
    assertThat(placed.warnings()).isEmpty();
    assertThat(vmids(placed)).containsExactly(310, 311, 312);
  }

  @Test
  void crowdedNode_isMarked() {
    Outcome.Placed tight =
        placed(
            three(""),
            new FleetBuilder()
                .node("alpha", 16, 12)
                .thin("tank", "alpha", 500)
                .node("beta", 64, 4)
                .thin("tank", "beta", 500)
                .template(9000, "alpha"));
    assertThat(tight.explanation()).contains("Memory after: alpha 100 % (!), beta 19 %.");
    assertThat(tight.warnings())
        .contains(
            "alpha will have 100 % of its memory in use.",
            "2 of 3 control planes are on beta: without it etcd has no quorum.");
  }

  @Test
  void nodeThatTheSiteDoesNotName_isLeftOut() {
    assertThat(placed(three(""), roomy().node("delta", 64, 0)).explanation())
        .contains("delta is left out: cluster-config.yaml does not name it.");
  }

  @Test
  void workers_haveTheirOwnSizesAndRole() {
    ClusterProfile profile =
        talos(
            "{count: 1, name_prefix: cp, cores: 2, memory: 4096, disk: 32G}",
            "{count: 2, name_prefix: wk, cores: 8, memory: 16384, disk: 200G}");

    List<Machine> machines = placed(profile, roomy()).machines();

    assertThat(machines)
        .extracting(Machine::role)
        .containsExactly(Role.CONTROLPLANE, Role.WORKER, Role.WORKER);
    assertThat(machines).extracting(Machine::memoryMiB).containsExactly(4096, 16384, 16384);
    assertThat(machines)
        .extracting(Machine::diskBytes)
        .containsExactly(32 * GIB, 200 * GIB, 200 * GIB);
    assertThat(machines.getFirst().tags()).containsExactly("apple", "controlplane", "talos");
    assertThat(machines.getLast().tags()).containsExactly("apple", "talos", "worker");
  }

  @Test
  void assignment_keepsAddressAndMac() {
    ClusterProfile profile =
        talos(
            "{count: 1, cores: 2, memory: 4096, disk: 32G, assignments: [{name: one, node: gamma,"
                + " vmid: 333, ip: 192.168.6.5, mac: '02:00:00:00:00:0a'}]}",
            "{count: 0}");

    Machine machine = placed(profile, roomy()).machines().getFirst();

    assertThat(machine.vmid()).isEqualTo(new Vmid(333));
    assertThat(machine.node()).isEqualTo(new NodeName("gamma"));
    assertThat(machine.ip()).hasToString("Optional[192.168.6.5]");
    assertThat(machine.prefixLength()).contains(23);
    assertThat(machine.gateway()).hasToString("Optional[192.168.7.1]");
    assertThat(machine.mac()).hasToString("Optional[02:00:00:00:00:0A]");
    assertThat(machine.storage()).isEqualTo("tank");
    assertThat(machine.bridge()).isEqualTo("vmbr7");
  }

  @Test
  void pack_fillsOneNode_butNeverWithAllControlPlanes() {
    ClusterProfile profile =
        talos(
            "{count: 3, name_prefix: cp, cores: 2, memory: 4096, disk: 32G, placement: pack}",
            "{count: 4, name_prefix: wk, cores: 2, memory: 2048, disk: 32G, placement: pack}");

    List<String> nodes = nodes(placed(profile, roomy()));

    assertThat(nodes.subList(0, 3)).containsExactlyInAnyOrder("alpha", "beta", "gamma");
    assertThat(Set.copyOf(nodes.subList(3, 7))).hasSize(1);
  }

  @Test
  void auto_takesTheLowestVmidThatNobodyHasReservedOrClaimed() {
    folder.profile(SiteFolder.generic("other", "302"));
    ClusterProfile profile = three("");

    Outcome.Placed placed = placed(profile, roomy().vm(301, "old", "beta"), new Vmid(304));

    assertThat(vmids(placed)).containsExactly(300, 305, 306);
  }

  @Test
  void takenVmid_isRefusedWithItsOwner_notReplaced() {
    assertThat(
            refused(
                three(", start_vmid: 310"),
                roomy().vm(311, "wiki", "gamma").vm(312, "cp03", "beta", "talos", "apple")))
        .containsExactly(
            "VMID 311 for cp02 is taken by wiki on gamma. Give cp02 another VMID in the profile.",
            "VMID 312 for cp03 is taken by cp03 on beta. It has all tags of apple: tear the cluster"
                + " down first, or leave it as it is.");
  }

  @Test
  void reservedVmid_isRefused() {
    assertThat(refused(three(", start_vmid: 310"), roomy(), new Vmid(312)))
        .containsExactly(
            "VMID 312 for cp03 is reserved by another operation. Wait for it, or cancel it.");
  }

  @Test
  void fleetSeenInPart_isRefused_becauseNoVmidCountsAsFree() {
    assertThat(refused(three(""), roomy().filtered()))
        .containsExactly(
            "The API token does not see every guest, so a VMID that looks free may be taken."
                + " Grant it VM.Audit on /vms, propagated, then plan again.");
  }

  @Test
  void clusterWithoutQuorum_isRefused() {
    assertThat(refused(three(""), roomy().withoutQuorum()))
        .singleElement()
        .asString()
        .contains("no quorum");
  }

  @Test
  void missingTemplateOrPlainVm_isRefused() {
    FleetBuilder without = new FleetBuilder().node("alpha", 64, 0).thin("tank", "alpha", 500);
    assertThat(refused(three(""), without))
        .containsExactly(
            "Template 9000 does not exist. Make it, or name another in profile apple.");
    assertThat(refused(three(""), without.vm(9000, "draft", "alpha")))
        .containsExactly(
            "VM 9000 (draft) is no template. Convert it, or name another in profile apple.");
  }

  @Test
  void diskSmallerThanTheTemplates_isRefused_becauseDisksDoNotShrink() {
    ClusterProfile profile =
        talos("{count: 1, name_prefix: cp, cores: 2, memory: 4096, disk: 4G}", "{count: 0}");

    assertThat(refused(profile, roomy()))
        .containsExactly(
            "nodes.controlplane.disk is 4 GiB, but the disk of template 9000 has 8 GiB, and a disk"
                + " cannot shrink. Ask for at least that.");
  }

  @Test
  void assignedNodeThatIsOffline_isRefused() {
    FleetBuilder fleet =
        new FleetBuilder()
            .node("alpha", 64, 0)
            .thin("tank", "alpha", 500)
            .node("beta", 64, 0, false)
            .template(9000, "alpha");
    ClusterProfile profile =
        talos(
            "{count: 1, cores: 2, memory: 4096, disk: 32G, assignments: [{name: one, node: beta}]}",
            "{count: 0}");

    assertThat(refused(profile, fleet))
        .containsExactly(
            "Profile apple wants one on beta: it is offline. Change its node in"
                + " nodes.controlplane.assignments, or leave it out to have one chosen.");
  }

  @Test
  void noRoomAnywhere_saysWhatEachNodeLacks() {
    FleetBuilder fleet =
        new FleetBuilder()
            .node("alpha", 8, 7)
            .node("beta", 64, 0)
            .node("gamma", 64, 0)
            .thin("tank", "alpha", 500)
            .thin("tank", "beta", 1)
            .storage("tank", "gamma", "lvmthin", false, false, 500)
            .template(9000, "alpha");

    assertThat(
            refused(
                talos(
                    "{count: 1, name_prefix: cp, cores: 2, memory: 4096, disk: 32G}", "{count: 0}"),
                fleet))
        .containsExactly(
            "No node has room for cp01 (4 GiB of memory, 32 GiB of disk). alpha: 1 GiB of memory"
                + " free, 4 GiB needed; beta: 1 GiB free on tank, 8 GiB needed.");
  }

  @Test
  void closedNodes_areNamed() {
    FleetBuilder fleet =
        new FleetBuilder()
            .node("alpha", 64, 0)
            .thin("tank", "alpha", 500)
            .node("beta", 64, 0, false)
            .node("gamma", 64, 0)
            .storage("tank", "gamma", "lvmthin", false, false, 500)
            .template(9000, "alpha");

    assertThat(placed(three(""), fleet).explanation())
        .startsWith(
            "beta is left out: it is offline.",
            "gamma is left out: storage tank is not active there.");
  }

  @Test
  void thickStorage_needsTheWholeDisk_thinOnlyTheCopy() {
    ClusterProfile profile =
        talos("{count: 1, name_prefix: cp, cores: 2, memory: 4096, disk: 100G}", "{count: 0}");
    FleetBuilder node = new FleetBuilder().node("alpha", 64, 0).template(9000, "alpha");

    assertThat(refused(profile, node.storage("tank", "alpha", "lvm", false, true, 50)))
        .singleElement()
        .asString()
        .contains("50 GiB free on tank, 100 GiB needed");
    FleetBuilder thin =
        new FleetBuilder().node("alpha", 64, 0).template(9000, "alpha").thin("tank", "alpha", 50);
    assertThat(placed(profile, thin).warnings())
        .containsExactly(
            "tank on alpha is promised 100 GiB and has 50 GiB free: it will fill up if the disks"
                + " do.");
  }

  @Test
  void sharedStorage_isOnePool_andNothingIsMoved() {
    FleetBuilder fleet = new FleetBuilder().template(9000, "alpha");
    for (String node : List.of("alpha", "beta", "gamma")) {
      fleet.node(node, 64, 0).storage("tank", node, "nfs", true, true, 20);
    }

    assertThat(refused(three(""), fleet))
        .singleElement()
        .asString()
        .contains("cp03")
        .contains("4 GiB free on tank, 8 GiB needed");

    FleetBuilder bigger = new FleetBuilder().template(9000, "alpha");
    for (String node : List.of("alpha", "beta", "gamma")) {
      bigger.node(node, 64, 0).storage("tank", node, "nfs", true, true, 200);
    }
    assertThat(placed(three(""), bigger).explanation())
        .noneMatch(sentence -> sentence.contains("then moved"));
  }

  @Test
  void clonesOnTheirWay_needRoomOnTheTemplatesNode() {
    FleetBuilder fleet =
        new FleetBuilder()
            .node("alpha", 64, 63)
            .thin("tank", "alpha", 2)
            .node("beta", 64, 0)
            .thin("tank", "beta", 500)
            .template(9000, "alpha");

    assertThat(refused(three(""), fleet))
        .containsExactly(
            "Clones begin on alpha, where template 9000 is, and tank has no room there for another"
                + " copy of 8 GiB.");
  }

  @Test
  void evenNumberOfControlPlanes_andNameInUse_areWarnedAbout() {
    ClusterProfile profile =
        talos("{count: 2, name_prefix: cp, cores: 2, memory: 4096, disk: 32G}", "{count: 0}");

    assertThat(placed(profile, roomy().vm(350, "cp01", "beta")).warnings())
        .contains(
            "2 control planes survive no more failures than 1 would.",
            "Guest 350 on beta is called cp01 too.");
  }

  @Test
  void factsOfAnotherTemplate_areTheCallersMistake() {
    ClusterProfile profile = three("");
    Site site = folder.load();

    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            Placement.place(
                profile,
                site,
                roomy().build(),
                Set.of(),
                new TemplateFacts(new Vmid(9001), new NodeName("alpha"), "tank", GIB)));
  }
}
