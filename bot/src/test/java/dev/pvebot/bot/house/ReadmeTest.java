package dev.pvebot.bot.house;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pvebot.bot.InstructionSet;
import dev.pvebot.bot.answers.RunbookAnswers;
import dev.pvebot.integrations.pve.check.LeastRights;
import dev.pvebot.runbooks.format.Library;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The README says what the program says. `build/readme` writes these parts anew.
class ReadmeTest {
  private static final String FIRST = "<!-- made by build/readme from: %s -->";
  private static final String LAST = "<!-- end -->";

  @Test
  void leastRights_areWhatTheActionsDeclare() throws IOException {
    assertThat(made("./pvebot check --pveum"))
        .as("run build/readme")
        .startsWith("```sh")
        .endsWith("```")
        .filteredOn(line -> !line.startsWith("```"))
        .isEqualTo(LeastRights.of(InstructionSet.declarations(), 9).pveum("pvebot@pve", "bot"));
  }

  @Test
  void tableOfRunbooks_isTheLibrary() throws IOException {
    assertThat(made("./pvebot runbook list --markdown"))
        .as("run build/readme")
        .isEqualTo(new RunbookAnswers(Library.load()).markdown());
  }

  private static List<String> made(String command) throws IOException {
    List<String> lines =
        Files.readAllLines(Path.of(System.getProperty("pvebot.root"), "README.md")).stream()
            .map(String::strip)
            .toList();
    int first = lines.indexOf(FIRST.formatted(command));
    assertThat(first).as("a part made from `%s`", command).isNotNegative();
    List<String> rest = lines.subList(first + 1, lines.size());
    return rest.subList(0, rest.indexOf(LAST));
  }
}
