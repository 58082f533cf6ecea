package dev.pvebot.clusters.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Settings as people say them, on the example's profiles.
class ProfileEditTest {
  private static final Path EXAMPLES = Path.of("..", "clusters");
  private static final String STAGING = text("talos-staging");
  private static final String PRODUCTION = text("talos-production");
  private static final String WEB = text("web-dev");

  private static String text(String profile) {
    try {
      return Files.readString(EXAMPLES.resolve(profile + ".yaml"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /// Lines that are not in the other text.
  private static List<String> added(String before, String after) {
    List<String> lines = new ArrayList<>(after.lines().toList());
    before.lines().forEach(lines::remove);
    return lines;
  }

  private static List<String> edited(String text, String... settings) {
    String after = ProfileEdit.apply(text, List.of(settings));
    assertThat(after.lines().filter(line -> line.contains("#")))
        .containsAll(text.lines().filter(line -> line.strip().startsWith("#")).toList());
    return added(text, after);
  }

  @Test
  void shortWords_andUnits_becomeTheLinesOfTheFile() {
    assertThat(edited(STAGING, "version=v1.12.1", "vip=10.0.0.60", "endpoint=10.0.0.60"))
        .containsExactly(
            "  version: \"1.12.1\" # without v",
            "    ip: 10.0.0.60",
            "  api_endpoint: 10.0.0.60 # where Kubernetes answers: the VIP, or a name");
    assertThat(edited(STAGING, "memory=16GiB", "cores=6", "disk=200GB"))
        .containsExactly(
            "    cores: 6",
            "    memory: 16384 # MiB",
            "    disk: 200G # M, G or T, counted in 1024s as Proxmox VE does");
    assertThat(edited(WEB, "vlan=20", "environment=staging"))
        .containsExactly("environment: staging", "network:", "  vlan: 20");
  }

  @Test
  void sizesOfSeveralGroups_areAskedAbout_andPathsAreTaken() {
    assertThatThrownBy(() -> ProfileEdit.apply(PRODUCTION, List.of("cores=8")))
        .hasMessage(
            "cores of which machines? Say nodes.controlplane.cores=… or nodes.workers.cores=…");
    assertThat(edited(PRODUCTION, "nodes.workers.cores=12")).containsExactly("    cores: 12");
  }

  @Test
  void lists_takeItemsOnAndOff() {
    assertThat(edited(STAGING, "tags+=blue", "tags-=kubernetes", "aliases=stage,test"))
        .containsExactlyInAnyOrder(
            "tags: [talos, staging, blue]",
            "aliases: [stage, test] # other names by which people call it");
    assertThatThrownBy(() -> ProfileEdit.apply(STAGING, List.of("template+=102")))
        .hasMessageContaining("no list");
  }

  @Test
  void aGroupThatGrows_getsAssignments_whichCanBeNamedAtOnce() {
    assertThat(edited(STAGING, "ts04.ip=10.0.0.54", "controlplanes=4", "ts04.node=pve01"))
        .containsExactly("    count: 4", "      - {name: ts04, ip: 10.0.0.54, node: pve01}");
    String smaller = ProfileEdit.apply(PRODUCTION, List.of("workers=2"));
    assertThat(smaller).doesNotContain("tw03").contains("tw02").contains("tp03");
    assertThat(ProfileEdit.apply(PRODUCTION, List.of("workers=0"))).doesNotContain("tw01");
    assertThat(edited(WEB, "web-dev-02.node=pve03"))
        .containsExactly(
            "    assignments:",
            "      - {name: web-dev-01}",
            "      - {name: web-dev-02, node: pve03}");
  }

  @Test
  void none_takesAKeyAway() {
    assertThat(ProfileEdit.apply(WEB, List.of("ssh_port=none")))
        .isEqualTo(WEB.replaceFirst("(?m)^ssh_port: .*\\n?", ""));
    assertThat(ProfileEdit.apply(STAGING, List.of("flux=none"))).doesNotContain("git.annarchy");
  }

  @Test
  void back_saysWhatUndoesAChange() {
    for (List<String> settings :
        List.of(
            List.of("version=1.12.1", "vlan=7"),
            List.of("tags+=blue"),
            List.of("controlplanes=4", "ts04.ip=10.0.0.54"),
            List.of("nodes.controlplane.memory=16G", "ts01.node=pve02"))) {
      String after = ProfileEdit.apply(STAGING, settings);
      List<String> back = ProfileEdit.back(STAGING, settings).orElseThrow();
      String restored = ProfileEdit.apply(after, back);
      assertThat(restored.replace("network:\n", ""))
          .as("%s", back)
          .isEqualTo(STAGING.replace("network:\n", ""));
    }
    assertThat(ProfileEdit.back(STAGING, List.of("version=1.12.1")))
        .contains(List.of("version=1.9.6"));
  }

  @Test
  void whatCannotBeSet_isRefused() {
    for (String setting : List.of("name=other", "ts09.ip=10.0.0.9", "workers", "=3")) {
      assertThatThrownBy(() -> ProfileEdit.apply(STAGING, List.of(setting)))
          .as(setting)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void anUnknownKey_isWritten_soThatTheReaderCanNameItsLine(@TempDir Path folder)
      throws IOException {
    try (var files = Files.list(EXAMPLES)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
    String text = ProfileEdit.apply(STAGING, List.of("storrage=nfs", "ts01.vmid=2001"));

    SiteReader.Result result =
        new SiteReader(folder).read(folder, Map.of("talos-staging.yaml", text));

    assertThat(((SiteReader.Result.Refused) result).problems())
        .anySatisfy(problem ->
            assertThat(problem.sentence())
                .startsWith("talos-staging.yaml:")
                .contains("storrage: found an unknown key", "Did you mean 'storage'?"));
    assertThat(new SiteReader(folder).read(folder)).isInstanceOf(SiteReader.Result.Loaded.class);
  }
}
