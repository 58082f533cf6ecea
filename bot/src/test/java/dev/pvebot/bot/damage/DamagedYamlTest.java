package dev.pvebot.bot.damage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pvebot.bot.cli.CommandLineRoot;
import dev.pvebot.integrations.lab.Lab;
import dev.pvebot.integrations.lab.LabServer;
import dev.pvebot.integrations.lab.config.LabConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every kind of damage to what people write, in each of the three files: refused as a whole, with
/// the place, and nothing is begun.
@Execution(ExecutionMode.CONCURRENT)
class DamagedYamlTest {
  /// @param words what the complaint must hold
  record Damage(String name, byte[] text, String words) {
    Damage(String name, String text, String words) {
      this(name, text.getBytes(StandardCharsets.UTF_8), words);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  record Case(String file, Damage damage) {}

  static Stream<Case> cases() {
    String bomb =
        "a: &a [x,x,x,x,x,x,x,x,x]\n"
            + "b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"
            + "c: [*b,*b,*b,*b,*b,*b,*b]\n";
    return Stream.of("pvebot.yaml", "site/cluster-config.yaml", "site/talos-staging.yaml")
        .flatMap(file ->
            Stream.of(
                    new Damage("empty", "", "found"),
                    new Damage("no mapping", "- just\n- a list\n", ":1:1"),
                    new Damage("unclosed quote", "name: \"talos\nsite: x\n", ":"),
                    new Damage("tab", "people:\n\talice: {}\n", ":2:"),
                    new Damage("duplicate key", "site: a\nsite: b\n", ":2:1"),
                    new Damage("unknown key", "nonsense_key: 1\n", "nonsense_key"),
                    new Damage("bomb", bomb, ":1:"),
                    new Damage("tag", "site: !!javax.script.ScriptEngineManager [x]\n", ":1:"),
                    new Damage("deep", "a: " + "[".repeat(5_000) + "]".repeat(5_000), "found"),
                    new Damage("binary", new byte[] {0, 1, 2, (byte) 0xff, (byte) 0xfe}, "found"),
                    new Damage("huge", "x".repeat(10 * 1024 * 1024), "found"))
                .map(damage -> new Case(file, damage)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void damage_isRefusedWithItsPlace(Case each, @TempDir Path folder) throws IOException {
    try (Lab lab = LabServer.start(LabConfig.isolated(), folder)) {
      Files.write(folder.resolve(each.file()), each.damage().text());
      ByteArrayOutputStream said = new ByteArrayOutputStream();
      PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
      String config = folder.resolve("pvebot.yaml").toString();
      for (String command : new String[] {"check", "serve"}) {
        said.reset();
        assertThat(CommandLineRoot.run(new String[] {command, "--config", config}, out, out))
            .as("%s: %s", command, said)
            .isEqualTo(2);
        String complaint = said.toString(StandardCharsets.UTF_8);
        assertThat(complaint)
            .contains(Path.of(each.file()).getFileName().toString())
            .contains(each.damage().words())
            .contains("expected")
            .doesNotContain("Exception")
            .hasSizeLessThan(40_000);
      }
      assertThat(folder.resolve("pvebot.db")).doesNotExist();
      assertThat(lab.ledger().calls()).isEmpty();
    }
  }
}
