package dev.pvebot.commands;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pvebot.commands.Completion.Candidate;
import dev.pvebot.commands.Completion.Live;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HelpTest {
  private static final Live LIVE =
      new Live(
          Map.of(4711, "edge-7", 300, "db"),
          Map.of(9000, "talos"),
          Set.of("edge"),
          Set.of("ceph"),
          Set.of("clean"),
          Set.of("cluster-create"),
          List.of(42L));

  private static List<String> complete(String text) {
    return Completion.complete(text, Sites.OTHER, LIVE).stream().map(Candidate::text).toList();
  }

  @Test
  void help_isGroupedAndFiltered() {
    List<Help.Group> reads = Help.groups(Sites.OTHER, entry -> entry.risk() == Risk.READ);

    assertThat(reads)
        .extracting(Help.Group::title)
        .contains("Look around")
        .doesNotContain("Containers");
    assertThat(reads)
        .flatExtracting(Help.Group::lines)
        .extracting(Help.Line::risk)
        .containsOnly(Risk.READ);
  }

  @Test
  void helpOnAnIntent_showsItsUsageAndExamples() {
    List<Help.Line> lines = Help.topic(Sites.OTHER, "vm migrate", _ -> true);

    assertThat(lines)
        .singleElement()
        .satisfies(line -> {
          assertThat(line.usage()).startsWith("vm migrate [VMID…] NODE");
          assertThat(line.examples()).isNotEmpty();
        });
  }

  @Test
  void helpOnAWord_findsTheCommandsOfItsGroup() {
    assertThat(Help.topic(Sites.OTHER, "snapshots", _ -> true))
        .extracting(Help.Line::intent)
        .contains("snapshot.create", "snapshot.rollback");
  }

  @Test
  void completion_goesFromGroupToVerbToValues() {
    assertThat(complete("")).contains("vm", "cluster", "hold");
    assertThat(complete("vm mi")).containsExactly("migrate");
    assertThat(complete("vm migrate ")).contains("300", "4711", "hv-a");
    assertThat(complete("vm migrate 300 ")).contains("hv-b");
    assertThat(complete("cluster teardown ")).contains("blue-lab", "orion");
    assertThat(complete("/pve talos config ")).contains("generate", "apply");
    assertThat(complete("vm clone ")).contains("9000");
    assertThat(complete("op approve ")).contains("42");
    assertThat(complete("runbook run ")).contains("cluster-create");
    assertThat(complete("template create ")).contains("talos", "packer");
    assertThat(complete("host configure hv-a ")).contains("ntp");
  }

  @Test
  void completion_ofAVm_tellsItsName() {
    assertThat(Completion.complete("vm stop 47", Sites.OTHER, LIVE))
        .containsExactly(new Candidate("4711", "edge-7"));
  }
}
