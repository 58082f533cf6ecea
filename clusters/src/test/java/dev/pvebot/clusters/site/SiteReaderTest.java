package dev.pvebot.clusters.site;

import static dev.pvebot.clusters.site.SiteFolder.SITE;
import static dev.pvebot.clusters.site.SiteFolder.generic;
import static dev.pvebot.clusters.site.SiteFolder.talos;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pvebot.clusters.ClusterName;
import dev.pvebot.clusters.Environment;
import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.secret.SecretRef;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SiteReaderTest {
  @TempDir private Path temporary;
  private SiteFolder folder;

  @BeforeEach
  void folder() {
    folder = new SiteFolder(temporary).site(SITE);
  }

  @Test
  void smallestSite_getsDocumentedDefaults() {
    Site site = folder.load();

    assertThat(site.tls()).isEqualTo(new Site.Tls.SystemTrust());
    assertThat(site.defaults())
        .isEqualTo(
            new Site.Defaults(
                "tank", "vmbr7", "ovmf", "q35", "host", "virtio-scsi-single", false, true));
    assertThat(site.credentials().sshUser()).isEqualTo("root");
    assertThat(site.credentials().sshPort()).isEqualTo(22);
    assertThat(site.limits()).isEqualTo(Site.Limits.DEFAULT);
    assertThat(site.nodes().getFirst().api()).hasToString("https://192.168.7.2:8006/api2/json");
    assertThat(site.profiles()).isEmpty();
  }

  @Test
  void optionalKeysOfSite_areRead() {
    folder.site(
        SITE.replace(
                    "{name: alpha, host: 192.168.7.2}",
                    "{name: alpha, host: a.example.org, port: 443}")
                .replace(
                    "{pass_path: lab/token}",
                    "{api_token: \"file:token\", ssh_user: ops, ssh_port: 2222, ssh_key:"
                        + " \"env:SSH_KEY\"}")
            + """
            tls:
              fingerprints: {alpha: "%1$s", beta: "%1$s", gamma: "%1$s"}
            network: {gateway: 192.168.7.1, prefix_length: 25, resolvers: [192.168.7.9]}
            limits: {clones: 4, migrations: 3, destroys: 2}
            """
                .formatted("ab" + ":cd".repeat(31)));

    Site site = folder.load();

    assertThat(site.nodes().getFirst().api()).hasToString("https://a.example.org:443/api2/json");
    assertThat(site.credentials().token()).isEqualTo(new SecretRef.File("token"));
    assertThat(site.credentials().sshKey()).contains(new SecretRef.Env("SSH_KEY"));
    assertThat(((Site.Tls.Pinned) site.tls()).fingerprints())
        .containsEntry(new NodeName("beta"), "AB" + ":CD".repeat(31));
    assertThat(site.network().prefixLength()).contains(25);
    assertThat(site.limits()).isEqualTo(new Site.Limits(4, 3, 2));
  }

  @Test
  void environment_isProductionUnlessSaid() {
    folder
        .profile(generic("web", "300"))
        .profile(generic("play", "310") + "environment: dev\naliases: [toy]\n");

    Site site = folder.load();

    assertThat(site.profile(new ClusterName("web")).orElseThrow().environment())
        .isEqualTo(Environment.PRODUCTION);
    assertThat(site.profile(new ClusterName("toy")).orElseThrow().environment())
        .isEqualTo(Environment.DEV);
  }

  @Test
  void startVmid_countsUp_andAutoLeavesOpen() {
    folder.profile(generic("web", "300")).profile(generic("play", "auto"));

    Site site = folder.load();

    assertThat(site.profile(new ClusterName("web")).orElseThrow().vmids())
        .containsExactly(new Vmid(300), new Vmid(301));
    assertThat(site.profile(new ClusterName("play")).orElseThrow().machines())
        .allMatch(machine -> machine.vmid().isEmpty() && machine.node().isEmpty());
  }

  @Test
  void prefixLengthAndGateway_areNeverAssumed() {
    folder.profile(talos("one", 1).replace("  gateway: 192.168.7.1\n  prefix_length: 24\n", ""));

    ClusterProfile profile = folder.load().profiles().getFirst();

    assertThat(profile.network().prefixLength()).isEmpty();
    assertThat(profile.network().gateway()).isEmpty();
    assertThat(profile.network().resolvers()).isEmpty();
    assertThat(profile.nodeNetwork()).isEmpty();
  }

  @Test
  void emptyTags_areRefused_becauseTheyWouldMatchEveryVm() {
    folder.profile(generic("web", "300").replace("[plain, web]", "[]"));

    assertThat(folder.problems())
        .containsExactly(
            "web.yaml:12:1: tags: found an empty list; expected at least one tag that no other"
                + " profile has. A VM belongs to the cluster when it has all of these tags: no tags"
                + " would mean every VM.");
  }

  @Test
  void missingTags_areRefused() {
    folder.profile(generic("web", "300").replace("tags: [plain, web]", "tags:"));

    assertThat(folder.problems())
        .containsExactly(
            "web.yaml:12:1: tags: found nothing; expected a value. This key is required.");
  }

  @Test
  void allFaultsOfAllFiles_areReportedAtOnce() {
    folder
        .site(SITE.replace("storage: tank", "storge: tank"))
        .profile(generic("web", "300").replace("memory: 2048", "memory: 2G"))
        .profile(generic("api", "310").replace("type: generic", "type: genric"))
        .file("broken.yaml", "a: [");

    assertThat(folder.problems())
        .satisfiesExactly(
            p ->
                assertThat(p)
                    .isEqualTo(
                        "api.yaml:2:7: type: found 'genric'; expected talos or generic. Did you"
                            + " mean 'generic'?"),
            p -> assertThat(p).startsWith("broken.yaml:1:5: found broken YAML:"),
            p ->
                assertThat(p)
                    .isEqualTo(
                        "cluster-config.yaml:7:11: defaults.storage: found nothing; expected a"
                            + " value. This key is required."),
            p ->
                assertThat(p)
                    .isEqualTo(
                        "cluster-config.yaml:7:12: defaults.storge: found an unknown key; expected"
                            + " one of bios, cpu, efidisk_pre_enrolled_keys, guest_agent, machine,"
                            + " network_bridge, scsi_controller, storage. Did you mean 'storage'?"),
            p ->
                assertThat(p)
                    .isEqualTo(
                        "web.yaml:8:13: nodes.machines.memory: found '2G'; expected a whole number"
                            + " from 64 to 8388608."));
  }

  @Test
  void nameOtherThanFile_isRefused() {
    folder.file("web.yaml", generic("wep", "300"));

    assertThat(folder.problems())
        .containsExactly(
            "web.yaml:1:7: name: found 'wep'; expected the file's name 'web'. Rename one of the"
                + " two.");
  }

  @Test
  void versionWithV_isRefused() {
    folder.profile(talos("one", 1).replace("version: 1.12.0", "version: v1.12.0"));

    assertThat(folder.problems())
        .containsExactly(
            "one.yaml:3:18: talos.version: found 'v1.12.0'; expected a version without v, for"
                + " example 1.12.0.");
  }

  @Test
  void assignmentsAndCount_mustAgree() {
    folder.profile(talos("one", 1).replace("count: 1", "count: 3"));

    assertThat(folder.problems())
        .containsExactly(
            "one.yaml:16:5: nodes.controlplane.assignments: found 1 assignments; expected as many"
                + " as count says (3). Change one of the two, or leave assignments out to have the"
                + " machines placed.");
  }

  @Test
  void unknownNode_isAnsweredWithTheNearest() {
    folder.profile(talos("one", 1).replace("node: alpha", "node: alhpa"));

    assertThat(folder.problems())
        .containsExactly(
            "one.yaml:17:29: nodes.controlplane.assignments[0].node: found 'alhpa'; expected one of"
                + " alpha, beta, gamma. Did you mean 'alpha'?");
  }

  @Test
  void vmidsOutsideTheSitesRanges_areRefused() {
    folder.profile(generic("web", "399").replace("9001", "398"));

    assertThat(folder.problems())
        .containsExactly(
            "web.yaml:4:3: nodes.machines.assignments[1].vmid: found VMID 400 for web-02; expected"
                + " one of 300-399. The range is vmid_ranges.vms of cluster-config.yaml.",
            "web.yaml:11:11: template: found VMID 398; expected one of 9000-9099."
                + " The range is vmid_ranges.templates of cluster-config.yaml.");
  }

  @Test
  void endpointOtherThanVip_isRefused() {
    folder.profile(
        talos("one", 1).replace("~/talos/one}", "~/talos/one, vip: {ip: 192.168.7.19}}"));

    assertThat(folder.problems())
        .containsExactly(
            "one.yaml:5:17: network.api_endpoint: found 192.168.7.10; expected the VIP"
                + " 192.168.7.19. With any other address the API is lost together with one"
                + " machine.");
  }

  @Test
  void addressesOutsideTheirNetwork_areRefused() {
    folder.profile(talos("one", 1).replace("ip: 192.168.7.11", "ip: 192.168.8.11"));

    assertThat(folder.problems())
        .containsExactly(
            "one.yaml:17:51: nodes.controlplane.assignments[0].ip: found 192.168.8.11; expected an"
                + " address in 192.168.7.0/24. That network follows from prefix_length and the"
                + " gateway, or else the first address.");
  }

  @Test
  void podServiceAndMachineNetworks_areApart() {
    folder.profile(
        talos("one", 1)
            .replace("172.1.0.0/16", "10.1.128.0/17")
            .replace("10.1.0.0/16", "10.0.0.0/8"));

    assertThat(folder.problems())
        .containsExactly(
            "one.yaml:7:17: network.service_cidr: found 10.1.128.0/17; expected a network apart"
                + " from pod_cidr (10.0.0.0/8). Packets for one would go to the other.");
  }

  @Test
  void prefixLengthThatDoesNotFit_isRefusedWithoutFailing() {
    folder.profile(talos("one", 1).replace("prefix_length: 24", "prefix_length: 64"));

    assertThat(folder.problems())
        .containsExactly(
            "one.yaml:9:18: network.prefix_length: found /64; expected at most /30."
                + " The machines' network needs room for them and a gateway.");
  }

  @Test
  void kubernetesVersion_comesFromTheSiteOrIsAskedFor() {
    String profile = talos("one", 1).replace("kubernetes_version: 1.35.0, ", "");
    folder.profile(profile);
    assertThat(folder.problems())
        .singleElement()
        .asString()
        .startsWith("one.yaml:3:1: talos.kubernetes_version: found nothing");

    folder.site(SITE + "talos: {default_kubernetes_version: 1.34.2}\n");
    assertThat(folder.load().profiles().getFirst().talos().orElseThrow().kubernetesVersion())
        .isEqualTo("1.34.2");
  }

  @Test
  void tlsVerification_cannotBeSwitchedOff() {
    folder.site(SITE + "tls: {verify: false}\n");

    assertThat(folder.problems())
        .contains(
            "cluster-config.yaml:10:7: tls.verify: found this key; expected ca or fingerprints."
                + " Verification is never off: a self-signed certificate is accepted by its"
                + " fingerprint.");
  }

  @Test
  void fingerprintOfEveryNode_isNeeded() {
    folder.site(
        SITE
            + "tls: {fingerprints: {alpha: \"%s\", betta: x}}\n"
                .formatted("AB" + ":CD".repeat(31)));
    assertThat(folder.problems())
        .singleElement()
        .asString()
        .contains("tls.fingerprints.betta: found 'x'; expected a SHA-256");

    folder.site(
        SITE
            + "tls: {fingerprints: {alpha: \"%1$s\", betta: \"%1$s\"}}\n"
                .formatted("AB" + ":CD".repeat(31)));
    assertThat(folder.problems())
        .anyMatch(p ->
            p.contains(
                "found a node that cluster.nodes does not name; expected one of alpha, beta, gamma."
                    + " Did you mean 'beta'?"))
        .anyMatch(p -> p.contains("found no fingerprint of gamma; expected one for every node."));
  }

  @Test
  void secretInPlaceOfItsReference_isNotRepeated() {
    String secret = "bot@pve!token=0b4a7d2c-canary";
    folder.site(SITE.replace("pass_path: lab/token", "api_token: " + secret));
    assertThat(folder.problems())
        .singleElement()
        .asString()
        .contains("the text is not shown")
        .doesNotContain("canary");

    folder.site(SITE.replace("pass_path: lab/token", "pass_path: " + secret));
    assertThat(folder.problems())
        .singleElement()
        .asString()
        .contains("the text is not shown")
        .doesNotContain("canary");
  }

  @Test
  void tokenNamedTwiceOrNever_isRefused() {
    folder.site(SITE.replace("{pass_path: lab/token}", "{pass_path: a, api_token: \"env:B\"}"));
    assertThat(folder.problems())
        .singleElement()
        .asString()
        .contains("found pass_path and api_token; expected one of them");

    folder.site(SITE.replace("{pass_path: lab/token}", "{ssh_user: root}"));
    assertThat(folder.problems())
        .singleElement()
        .asString()
        .contains("found neither pass_path nor api_token");
  }

  @Test
  void ymlFile_isAProblem_becauseItWouldBeAnUncheckedProfile() {
    folder.file("web.yml", generic("web", "300"));

    assertThat(folder.problems())
        .containsExactly(
            "web.yml: found the ending .yml; expected .yaml. Rename the file, or move it elsewhere"
                + " if it is no profile.");
  }

  @Test
  void hiddenFilesAndTheBotsOwnFile_areLeftAside() {
    folder.file(".draft.yaml", "a: [").file("pvebot.yaml", "people: {}").file("notes.md", "x");

    assertThat(folder.load().profiles()).isEmpty();
  }

  @Test
  void emptyProfileAndFolderWithoutSite_areProblems(@TempDir Path nothing) {
    folder.file("web.yaml", "# later\n");
    assertThat(folder.problems())
        .containsExactly(
            "web.yaml: found an empty file; expected a mapping. clusters/README.md explains its"
                + " keys.");

    assertThat(new SiteFolder(nothing).problems())
        .singleElement()
        .asString()
        .contains("cluster-config.yaml: found no such file");
    assertThat(new SiteFolder(nothing.resolve("gone")).problems()).hasSize(1);
  }

  @Test
  void foldersInside_areFurtherSites() {
    folder
        .profile(generic("web", "300"))
        .file("second/cluster-config.yaml", SITE.replace("lab.example.org", "second.example.org"))
        .file("second/shop.yaml", generic("shop", "300"))
        .file("notes/readme.yaml", "a: [");

    assertThat(((SiteReader.Result.Loaded) folder.read()).sites())
        .extracting(Site::name)
        .containsExactly("lab.example.org", "second.example.org");
  }

  @Test
  void namesOfSeveralSites_areApart() {
    folder
        .profile(generic("web", "300"))
        .file("second/cluster-config.yaml", SITE)
        .file("second/web.yaml", generic("web", "300"));

    assertThat(folder.problems())
        .containsExactly(
            "second/cluster-config.yaml:2:9: cluster.name: found the name lab.example.org, which"
                + " another site has; expected one that no other site has. See"
                + " cluster-config.yaml:2:9.",
            "second/web.yaml:1:7: name: found the name web, which another site has; expected one"
                + " that no other site has. See web.yaml:1:7.");
  }

  @Test
  void tilde_isTheBotsHome_andNobodyElses() {
    folder.profile(talos("one", 1));
    assertThat(folder.load().profiles().getFirst().talos().orElseThrow().configDir())
        .isEqualTo(Path.of("/home/bot/talos/one"));

    folder.profile(talos("one", 1).replace("~/talos", "~root/talos"));
    assertThat(folder.problems())
        .singleElement()
        .asString()
        .contains("found '~root/talos/one'; expected a path");
  }

  @Test
  void genericProfile_hasNoTalosSettings_andItsMachinesNoRole() {
    folder.profile(generic("web", "300") + "talos: {version: 1.12.0, config_dir: x}\n");
    assertThat(folder.problems())
        .singleElement()
        .asString()
        .contains("talos: found this key; expected a profile of type talos");

    folder.profile(generic("web", "300").replace("machines:", "controlplane:"));
    assertThat(folder.load().profiles().getFirst().groups().getFirst().role())
        .isEqualTo(ClusterProfile.Role.MACHINE);
  }

  @Test
  void workersWithCountZero_areNoGroup() {
    folder.profile(
        talos("one", 1)
            .replace("template: 9000", "  workers: {count: 0, name_prefix: w}\ntemplate: 9000"));

    assertThat(folder.load().profiles().getFirst().groups()).hasSize(1);
  }

  @Test
  void profileWithoutMachines_isRefused() {
    folder.profile(generic("web", "300").replace("count: 2", "count: 0"));

    assertThat(folder.problems())
        .containsExactly(
            "web.yaml:4:3: nodes.machines: found no machine; expected a group with a count of at"
                + " least 1.");
  }

  @Test
  void overlappingRangesAndDoubleNodes_areRefused() {
    folder.site(
        SITE.replace("9000-9099", "350-450")
            .replace("{name: beta, host: 192.168.7.3}", "{name: alpha, host: 192.168.7.2}"));

    assertThat(folder.problems())
        .hasSize(2)
        .anyMatch(p -> p.contains("expected a range apart from templates (350-450)"));
  }

  @Test
  void resultKeepsOptionalsOfProfiles() {
    folder.profile(talos("one", 1).replace("  gateway", "  vlan: 12\n  bridge: vmbr9\n  gateway"));

    ClusterProfile.Network network = folder.load().profiles().getFirst().network();
    assertThat(List.of(network.bridge(), network.vlan()))
        .isEqualTo(List.of("vmbr9", Optional.of(12)));
  }
}
