package dev.pvebot.clusters.site;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pvebot.clusters.ClusterName;
import dev.pvebot.clusters.site.ProfileDraft.Need;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProfileDraftTest {
  private static final ClusterName NAME = new ClusterName("fresh");

  @TempDir Path folder;

  private SiteFolder site() {
    return new SiteFolder(folder)
        .site(SiteFolder.SITE)
        .profile(SiteFolder.talos("green", 2).replace("10.2.0.0/16", "10.244.0.0/16"));
  }

  private static List<Need> asked(Site site, Map<Need, String> answers) {
    List<Need> asked = new ArrayList<>();
    List<String> settings = new ArrayList<>();
    while (ProfileDraft.of(NAME, settings, site) instanceof ProfileDraft.Result.Needs(Need need)) {
      asked.add(need);
      settings.add(need.key() + "=" + answers.getOrDefault(need, "x"));
    }
    return asked;
  }

  @Test
  void whatIsMissing_isAskedForOneAfterTheOther() {
    Site site = site().load();

    assertThat(asked(site, Map.of(Need.TYPE, "generic")))
        .containsExactly(
            Need.TYPE,
            Need.ENVIRONMENT,
            Need.TEMPLATE,
            Need.MACHINES,
            Need.CORES,
            Need.MEMORY,
            Need.DISK);
    assertThat(asked(site, Map.of(Need.TYPE, "talos"))).contains(Need.VERSION, Need.ENDPOINT);
  }

  @Test
  void aTalosProfile_isValidBesideTheOthers_withNetworksOfItsOwn() {
    SiteFolder files = site();
    ProfileDraft.Result.Text draft =
        (ProfileDraft.Result.Text)
            ProfileDraft.of(
                NAME,
                List.of(
                    "type=talos",
                    "version=v1.12.0",
                    "kubernetes=1.35.0",
                    "vip=192.168.7.90",
                    "environment=dev",
                    "template=9000",
                    "controlplanes=3",
                    "workers=2",
                    "cores=2",
                    "memory=8G",
                    "disk=50GB",
                    "flux.repo=https://git.example.org/ops/fleet.git",
                    "flux.path=clusters/fresh"),
                files.load());

    ClusterProfile profile =
        files.file("fresh.yaml", draft.yaml()).load().profile(NAME).orElseThrow();

    assertThat(profile.machines()).hasSize(5);
    assertThat(profile.groups())
        .allSatisfy(group -> {
          assertThat(group.memoryMiB()).isEqualTo(8192);
          assertThat(group.diskBytes()).isEqualTo(50L << 30);
        });
    assertThat(profile.network().podCidr().orElseThrow()).hasToString("10.245.0.0/16");
    assertThat(profile.talos().orElseThrow().vip()).isPresent();
    assertThat(profile.flux()).isPresent();
    assertThat(profile.tags()).contains("fresh");
  }

  @Test
  void aGenericProfile_needsNoNetwork() {
    SiteFolder files = site();
    ProfileDraft.Result.Text draft =
        (ProfileDraft.Result.Text)
            ProfileDraft.of(
                NAME,
                List.of(
                    "type=generic",
                    "environment=dev",
                    "template=9000",
                    "machines=2",
                    "cores=1",
                    "memory=512",
                    "disk=8G",
                    "fresh-02.node=beta"),
                files.load());

    ClusterProfile profile =
        files.file("fresh.yaml", draft.yaml()).load().profile(NAME).orElseThrow();

    assertThat(profile.machines()).extracting("name").containsExactly("fresh-01", "fresh-02");
    assertThat(profile.machines().getLast().node()).isPresent();
  }
}
