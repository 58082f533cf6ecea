package dev.pvebot.bot.profiles;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pvebot.clusters.ClusterName;
import dev.pvebot.clusters.site.Site;
import dev.pvebot.clusters.site.SiteReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveSiteTest {
  private static final ClusterName WEB = new ClusterName("web");

  @TempDir Path folder;

  private LiveSite live;

  private static String profile(String name, int vmid) {
    return """
    name: %s
    type: generic
    nodes:
      machines: {count: 1, name_prefix: %s-, cores: 1, memory: 512, disk: 8G, start_vmid: %d}
    template: 9001
    tags: [%s]
    """
        .formatted(name, name, vmid, name);
  }

  @BeforeEach
  void aSiteOfTwoProfiles() throws IOException {
    Files.writeString(
        folder.resolve("cluster-config.yaml"),
        """
        cluster: {name: lab.example.org, nodes: [{name: alpha, host: 192.168.7.2}]}
        defaults: {storage: tank, network_bridge: vmbr7}
        vmid_ranges: {templates: "9000-9099", vms: "300-399"}
        credentials: {pass_path: lab/token}
        """);
    Files.writeString(folder.resolve("web.yaml"), profile("web", 301));
    Files.writeString(folder.resolve("db.yaml"), profile("db", 311));
    Site site = ((SiteReader.Result.Loaded) new SiteReader(folder).read(folder)).sites().getFirst();
    live = new LiveSite(folder, folder, site);
  }

  private Optional<String> digest() {
    return live.text(WEB).map(LiveSite::digest);
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void write_replacesTheFile_keepsItsMode_andLeavesNothingElse() throws IOException {
    Files.setPosixFilePermissions(
        folder.resolve("web.yaml"), PosixFilePermissions.fromString("rw-r-----"));

    assertThat(live.write(WEB, digest(), profile("web", 302)))
        .isEqualTo(new LiveSite.Written.Done());

    assertThat(folder.resolve("web.yaml")).hasContent(profile("web", 302));
    assertThat(Files.getPosixFilePermissions(folder.resolve("web.yaml")))
        .isEqualTo(PosixFilePermissions.fromString("rw-r-----"));
    assertThat(files()).containsExactly("cluster-config.yaml", "db.yaml", "web.yaml");
  }

  @Test
  void write_aFileThatWasChanged_orThatWouldBeInAnothersWay_changesNothing() throws IOException {
    Optional<String> before = digest();
    assertThat(live.write(WEB, before, profile("web", 311)))
        .isInstanceOfSatisfying(
            LiveSite.Written.Bad.class,
            bad ->
                assertThat(bad.problems().toString())
                    .contains("VMID 311", "db-01 of db", "db.yaml:4"));

    Files.writeString(folder.resolve("web.yaml"), profile("web", 303));
    assertThat(live.write(WEB, before, profile("web", 302)))
        .isEqualTo(new LiveSite.Written.Changed());
    assertThat(live.write(new ClusterName("db"), Optional.empty(), profile("db", 305)))
        .isEqualTo(new LiveSite.Written.Changed());

    assertThat(folder.resolve("web.yaml")).hasContent(profile("web", 303));
    assertThat(folder.resolve("db.yaml")).hasContent(profile("db", 311));
  }

  @Test
  void load_withABadFileElsewhere_leavesTheOldSiteInForce() throws IOException {
    live.write(WEB, digest(), profile("web", 302));
    Files.writeString(folder.resolve("db.yaml"), profile("db", 311) + "colour: blue\n");

    assertThat(live.load()).hasSize(1);

    assertThat(live.get().profile(WEB).orElseThrow().vmids()).hasToString("[301]");
    assertThat(live.isInForce(WEB)).isFalse();
    assertThat(live.onDisk().problems().getFirst().sentence()).startsWith("db.yaml:7:1: colour");
    assertThat(live.onDisk().changed()).containsExactly("db.yaml", "web.yaml");

    Files.writeString(folder.resolve("db.yaml"), profile("db", 311));
    assertThat(live.load()).isEmpty();
    assertThat(live.get().profile(WEB).orElseThrow().vmids()).hasToString("[302]");
    assertThat(live.isInForce(WEB)).isTrue();
    assertThat(live.onDisk().changed()).isEmpty();
  }

  @Test
  void aLinkStaysOne(@TempDir Path elsewhere) throws IOException {
    Path real = Files.move(folder.resolve("web.yaml"), elsewhere.resolve("real.yaml"));
    Files.createSymbolicLink(folder.resolve("web.yaml"), real);

    live.write(WEB, digest(), profile("web", 302));

    assertThat(folder.resolve("web.yaml")).isSymbolicLink();
    assertThat(real).hasContent(profile("web", 302));
  }
}
