package dev.pvebot.clusters.site;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pvebot.clusters.ClusterName;
import dev.pvebot.clusters.Environment;
import dev.pvebot.clusters.IpAddress;
import dev.pvebot.clusters.MacAddress;
import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.secret.SecretRef;
import dev.pvebot.clusters.site.ClusterProfile.Group;
import dev.pvebot.clusters.site.ClusterProfile.Role;
import dev.pvebot.clusters.site.ClusterProfile.WantedMachine;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The site that stands in this module's folder as an example is the documentation of every key: it
/// must be valid.
class ExampleSiteTest {
  private static final Path HOME = Path.of("/home/bot");

  private final Site site = load();

  private static Site load() {
    SiteReader.Result result = new SiteReader(HOME).read(Path.of("").toAbsolutePath());
    assertThat(result).isInstanceOf(SiteReader.Result.Loaded.class);
    return ((SiteReader.Result.Loaded) result).sites().getFirst();
  }

  private ClusterProfile profile(String name) {
    return site.profile(new ClusterName(name)).orElseThrow();
  }

  @Test
  void site_saysWhatItsFileSays() {
    assertThat(site.name()).isEqualTo("annarchy.net");
    assertThat(site.nodes())
        .extracting(node -> node.name().value())
        .containsExactly("pve01", "pve02", "pve03");
    assertThat(site.nodes().getFirst().api())
        .isEqualTo(URI.create("https://pve01.annarchy.net:8006/api2/json"));
    assertThat(site.vmRange()).hasToString("1000-9999");
    assertThat(site.templateRange()).hasToString("100-999");
    assertThat(site.credentials().token())
        .isEqualTo(new SecretRef.Pass("annarchy.net/pve/api-token"));
    assertThat(site.cloudInit().orElseThrow().sshKeysSource())
        .isEqualTo(HOME.resolve(".ssh/authorized_keys"));
    assertThat(site.talos().defaultExtensions()).contains("siderolabs/iscsi-tools");
    assertThat(site.limits()).isEqualTo(new Site.Limits(2, 1, 10));
    assertThat(site.profiles())
        .extracting(profile -> profile.name().value())
        .containsExactly("talos-production", "talos-staging", "web-dev");
  }

  @Test
  void staging_hasThreeControlPlanesOnThreeNodes() {
    ClusterProfile staging = profile("staging");

    assertThat(staging.environment()).isEqualTo(Environment.STAGING);
    assertThat(staging.groups())
        .singleElement()
        .extracting(Group::role)
        .isEqualTo(Role.CONTROLPLANE);
    assertThat(staging.groups().getFirst().diskBytes()).isEqualTo(100L << 30);
    assertThat(staging.machines())
        .last()
        .isEqualTo(
            new WantedMachine(
                "ts03",
                Optional.of(new NodeName("pve03")),
                Optional.of(new Vmid(1053)),
                Optional.of(IpAddress.parse("10.0.0.53")),
                Optional.of(new MacAddress("02:54:00:00:01:53"))));
    assertThat(staging.nodeNetwork()).hasToString("Optional[10.0.0.0/24]");
    assertThat(staging.talos().orElseThrow().secretsFile())
        .isEqualTo(HOME.resolve(".config/pvebot/talos/staging/secrets.yaml"));
  }

  @Test
  void production_hasWorkersOfTheirOwnSize() {
    List<Group> groups = profile("talos-production").groups();

    assertThat(groups).extracting(Group::role).containsExactly(Role.CONTROLPLANE, Role.WORKER);
    assertThat(groups).extracting(Group::memoryMiB).containsExactly(8192, 16384);
    assertThat(profile("prod").vmids())
        .extracting(Vmid::value)
        .containsExactly(2001, 2002, 2003, 2011, 2012, 2013);
  }

  @Test
  void genericProfile_leavesNodesAndVmidsOpen() {
    ClusterProfile web = profile("web-dev");

    assertThat(web.type()).isEqualTo(ClusterProfile.Type.GENERIC);
    assertThat(web.vmids()).isEmpty();
    assertThat(web.machines())
        .extracting(WantedMachine::name)
        .containsExactly("web-dev-01", "web-dev-02");
  }
}
