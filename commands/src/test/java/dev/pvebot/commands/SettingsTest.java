package dev.pvebot.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// `KEY=value` where the keys are those of a profile and not parameters.
class SettingsTest {
  private static final Catalog CATALOG =
      Catalog.of(Map.of("blue-lab", Set.of("blue")), Set.of("alpha"));

  private static Command read(String text) {
    return new Interpreter().interpret(text, CATALOG);
  }

  @Test
  void everyPairThatIsNoParameter_isASetting() {
    assertThat(read("profile edit blue nodes.workers.count=3 tags+=web,db environment=dev").args())
        .containsExactly(
            Map.entry("cluster", "blue-lab"),
            Map.entry("set", "nodes.workers.count=3 tags+=web,db environment=dev"));
    assertThat(read("profile new lab type=generic --template 102 fresh-01.ip=10.0.0.7").args())
        .containsExactly(
            Map.entry("name", "lab"),
            Map.entry("set", "type=generic template=102 fresh-01.ip=10.0.0.7"));
  }

  @Test
  void inPlainEnglishToo_andTheTaskfilesWordForACluster_staysOne() {
    Command edit = read("please edit the profile of blue workers=3");
    assertThat(edit.intent()).isEqualTo("profile.edit");
    assertThat(edit.args()).containsEntry("set", "workers=3");
    assertThat(read("profile edit PROFILE=blue workers=3").args())
        .containsEntry("cluster", "blue-lab")
        .containsEntry("set", "workers=3");
    assertThat(read("edit profile blue").args()).containsExactly(Map.entry("cluster", "blue-lab"));
  }

  @Test
  void noOtherCommandTakesThem() {
    assertThat(read("vm start 1031 workers=3").isNone()).isTrue();
  }
}
