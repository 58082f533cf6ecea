package dev.pvebot.bot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.commands.BuiltIns;
import dev.pvebot.commands.Catalog;
import dev.pvebot.commands.Command;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LiveVocabularyTest {
  private final AtomicReference<Optional<Fleet>> newest = new AtomicReference<>(Optional.empty());
  private final AtomicReference<Catalog> files =
      new AtomicReference<>(catalog(Map.of("talos-birch", Set.of("birch"))));
  private final LiveVocabulary vocabulary = new LiveVocabulary(files::get, newest::get);

  private static Catalog catalog(Map<String, Set<String>> clusters) {
    return new Catalog(BuiltIns.entries(), clusters, Set.of("alder01"));
  }

  private void guests(String... vmidAndName) {
    List<Fleet.Guest> guests = new ArrayList<>();
    for (String each : vmidAndName) {
      String[] parts = each.split(" ", 2);
      guests.add(
          new Fleet.Guest(
              Vmid.parse(parts[0]),
              Fleet.Kind.VM,
              parts[1],
              new NodeName("alder01"),
              Fleet.Power.RUNNING,
              false,
              Set.of(),
              1,
              1,
              1,
              1,
              1,
              Optional.empty(),
              Optional.empty()));
    }
    newest.set(
        Optional.of(new Fleet(Instant.EPOCH, true, true, "9.1", List.of(), guests, List.of())));
  }

  @Test
  void aProfileThatCameLater_isKnown_withTheGuestsThatWereKnownBefore() {
    guests("1031 grafana");
    assertThat(vocabulary.apply("cluster status lab").isNone()).isTrue();

    files.set(catalog(Map.of("lab", Set.of())));

    assertThat(vocabulary.apply("cluster status lab").args()).containsEntry("cluster", "lab");
    assertThat(vocabulary.apply("restart grafana").args()).containsEntry("vm", List.of(1031));
    assertThat(vocabulary.catalog()).isSameAs(vocabulary.catalog());
  }

  @Test
  void nameOfAGuest_isItsVmid() {
    guests("1031 grafana");

    Command command = vocabulary.apply("restart grafana");

    assertThat(command.intent()).isEqualTo("vm.reboot");
    assertThat(command.args()).containsEntry("vm", List.of(1031));
  }

  @Test
  void beforeTheFleetWasSeen_namesAreUnknown_andNothingIsRead() {
    assertThat(vocabulary.apply("restart grafana").isNone()).isTrue();
  }

  @Test
  void nameOfTwo_isAskedAbout_withOneButtonEach() {
    guests("1031 grafana", "1055 grafana");

    Command command = vocabulary.apply("restart grafana");

    assertThat(command.isNone()).isTrue();
    assertThat(command.reason()).contains("ambiguous");
    assertThat(command.reply().orElseThrow().text())
        .isEqualTo("2 guests are called grafana: 1031 on alder01, 1055 on alder01. Which one?");
    assertThat(command.reply().orElseThrow().suggestions())
        .containsExactly("restart 1031", "restart 1055");
  }

  @Test
  void nameThatIsOnlyTalk_isNotAskedAbout() {
    guests("1031 grafana", "1055 grafana");

    assertThat(vocabulary.apply("grafana is nice, isn't it").reason()).isNotEqualTo("ambiguous");
    assertThat(vocabulary.apply("don't restart grafana").reply().map(Command.Reply::suggestions))
        .isNotEqualTo(Optional.of(List.of("restart 1031", "restart 1055")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"birch", "alder01", "talos-birch", "stop", "all", "status", "vm", "1031"})
  void nameThatMeansSomethingElse_keepsThatMeaning(String name) {
    guests("1099 " + name);

    assertThat(vocabulary.apply("status birch").intent()).isEqualTo("cluster.status");
    assertThat(vocabulary.apply("status alder01").intent()).isEqualTo("node.status");
    assertThat(vocabulary.apply("stop 1031").args()).containsEntry("vm", List.of(1031));
    assertThat(vocabulary.apply("list all vms").intent()).isEqualTo("vm.list");
    assertThat(vocabulary.apply("list all vms").args()).doesNotContainKey("vm");
  }

  @Test
  void sameNames_keepTheCompiledCatalog() {
    guests("1031 grafana");
    Catalog before = vocabulary.catalog();
    guests("1031 grafana");

    assertThat(vocabulary.catalog()).isSameAs(before);
    guests("1031 grafana", "1032 loki");
    assertThat(vocabulary.catalog()).isNotSameAs(before);
  }
}
