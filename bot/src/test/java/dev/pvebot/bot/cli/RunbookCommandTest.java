package dev.pvebot.bot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunbookCommandTest {
  private static final String SOUND =
      """
      ---
      name: web-start
      summary: Start a web server
      risk: routine
      params:
        vm: {type: vm, required: true}
      ---
      # Start a web server
      ## Steps
      ### Start
      ```yaml step
      do: pve.vm.start
      with: {vm: "{{ vm.vmid }}"}
      ```
      """;

  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final ByteArrayOutputStream complained = new ByteArrayOutputStream();

  @TempDir Path folder;

  private int run(String... commandLine) {
    said.reset();
    complained.reset();
    return CommandLineRoot.run(
        commandLine,
        new PrintStream(said, true, StandardCharsets.UTF_8),
        new PrintStream(complained, true, StandardCharsets.UTF_8));
  }

  private String said() {
    return said.toString(StandardCharsets.UTF_8);
  }

  private JsonNode json() throws IOException {
    return new ObjectMapper().readTree(said());
  }

  @Test
  void theShippedLibrary_passesTheLinter_againstTheRealActions() {
    assertThat(run("runbook", "lint")).as(said()).isZero();
    assertThat(said()).endsWith("checked, no faults\n");
  }

  @Test
  void soundRunbook_isSound() throws IOException {
    Path file = Files.writeString(folder.resolve("web-start.md"), SOUND);
    assertThat(run("runbook", "lint", file.toString())).as(said()).isZero();
    assertThat(said()).isEqualTo("1 runbook checked, no faults\n");
  }

  @Test
  void fault_isShownWithFileLineAndColumn() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("web-start.md"), SOUND.replace("pve.vm.start", "pve.vm.strat"));
    assertThat(run("runbook", "lint", file.toString())).isEqualTo(1);
    assertThat(said())
        .startsWith(file + ":12:5: do: found 'pve.vm.strat'")
        .contains("pve.vm.start")
        .endsWith("1 runbook checked, 1 fault\n");
  }

  @Test
  void everyFaultOfAFolder_isInTheJson() throws IOException {
    Files.writeString(folder.resolve("a.md"), SOUND.replace("risk: routine", "risk: read"));
    Files.writeString(folder.resolve("b.md"), "# no frontmatter\n");
    Files.writeString(folder.resolve("notes.txt"), "no runbook");
    assertThat(run("runbook", "lint", folder.toString(), "--json")).isEqualTo(1);
    JsonNode facts = json().path("facts");
    assertThat(facts.path("good").asBoolean()).isFalse();
    assertThat(facts.path("runbooks").asInt()).isEqualTo(2);
    assertThat(facts.path("problems").findValuesAsText("file"))
        .containsExactly(folder.resolve("a.md").toString(), folder.resolve("b.md").toString());
    assertThat(facts.path("problems").path(0).path("line").asInt()).isEqualTo(4);
    assertThat(facts.path("problems").path(0).path("column").asInt()).isPositive();
  }

  @Test
  void whatIsNotThere_isAMistakeOfTheCaller() {
    assertThat(run("runbook", "lint", folder.resolve("nothing.md").toString())).isEqualTo(2);
    assertThat(complained.toString(StandardCharsets.UTF_8)).contains("there is no");
  }

  @Test
  void list_hasEveryRunbookWithItsRisk() throws IOException {
    assertThat(run("runbook", "list", "--json")).isZero();
    JsonNode runbooks = json().path("facts").path("runbooks");
    assertThat(runbooks.findValuesAsText("name")).contains("cluster-create", "vm-start");
    assertThat(runbooks).allSatisfy(each -> assertThat(each.path("risk").asText()).isNotEmpty());
  }

  @Test
  void show_isTheText_andAMisspeltNameIsAskedBack() {
    assertThat(run("runbook", "show", "vm-start")).isZero();
    assertThat(said()).startsWith("---\nname: vm-start\n");
    assertThat(run("runbook", "show", "vm-strat")).isEqualTo(2);
    assertThat(said()).contains("There is no runbook 'vm-strat'").contains("vm-start");
  }
}
