package dev.pvebot.integrations.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The console in a real terminal.
class TerminalConsoleTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(ints = {80, 40})
  void screen_whileAnOperationRuns_readsAsInItsGoldenFile(int columns) {
    try (Tmux tmux = console(columns, 30)) {
      tmux.enter("run");
      seen(tmux, "Provision the machines");
      tmux.enter("tick");
      seen(tmux, "1 % of 3");
      tmux.enter("danger");
      seen(tmux, "[3] Type the name");
      tmux.enter("as bob: 3");
      seen(tmux, "tear down:");
      tmux.enter("talos-productoin");
      seen(tmux, "bob: press");
      tmux.type("don't %d 100 % !!");
      seen(tmux, "!!");
      Golden.check("terminal." + columns + ".txt", tmux.screen());
    }
  }

  @Test
  void typing_whileCardsChange_isNotDisturbed() {
    try (Tmux tmux = console(80, 24)) {
      tmux.enter("run");
      seen(tmux, "Provision the machines");
      tmux.enter("by itself");
      "what is typed meanwhile".chars().forEach(c -> tmux.type(Character.toString(c)));
      seen(tmux, "0:60   60 % of 3");
      seen(tmux, "machine 3 is up");
      assertThat(tmux.screen().lines().toList().getLast())
          .isEqualTo("alice> what is typed meanwhile");
      tmux.press("Enter");
      seen(tmux, "alice: what is typed meanwhile");
      assertThat(tmux.scrollback().lines().filter(l -> l.contains("Operation 42")))
          .as("the head card is edited in place, not left behind")
          .hasSize(1);
      tmux.enter("done");
      seen(tmux, "done in 5:57");
      assertThat(tmux.scrollback()).doesNotContain("60 % of 3");
    }
  }

  @Test
  void resize_drawsTheHeadCardAnew() {
    try (Tmux tmux = console(80, 24)) {
      tmux.enter("run");
      seen(tmux, "Provision the machines");
      tmux.type("half a line");
      tmux.resize(40, 24);
      seen(tmux, "Operation 42 · create talos-staging ·\n  running");
      assertThat(tmux.screen().lines().toList().getLast()).isEqualTo("alice> half a line");
      tmux.resize(80, 24);
      seen(tmux, "Operation 42 · create talos-staging · running\n");
      assertThat(tmux.screen()).containsOnlyOnce("Operation 42").containsOnlyOnce("half a line");
    }
  }

  @Test
  void tab_offersWhatFits_andHistoryComesBackInTheNextRun() {
    try (Tmux tmux = console(80, 24)) {
      tmux.type("r");
      tmux.press("Tab");
      seen(tmux, "alice> run ");
      tmux.press("Enter");
      seen(tmux, "Provision the machines");
      tmux.type("st");
      tmux.press("Tab");
      seen(tmux, "(does steal)");
      tmux.press("C-c", "C-d");
      seen(tmux, "left");
    }
    assertThat(folder.resolve("history")).hasContent("run");
    try (Tmux tmux = console(80, 24)) {
      tmux.press("Up");
      seen(tmux, "alice> run");
    }
  }

  @Test
  void controlC_cancelsTheLine_andTwiceLeaves() {
    try (Tmux tmux = console(80, 24)) {
      tmux.type("tear down everything");
      tmux.press("C-c");
      seen(tmux, "alice> tear down everything\nalice>");
      tmux.enter("status");
      seen(tmux, "[3] Watch");
      tmux.press("C-c");
      seen(tmux, "Ctrl-C again leaves");
      tmux.press("C-c");
      seen(tmux, "left");
      assertThat(tmux.scrollback()).doesNotContain("alice: tear down everything");
    }
  }

  private Tmux console(int columns, int rows) {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classes =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    var tmux =
        new Tmux(
            columns,
            rows,
            List.of(
                java,
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classes,
                ConsoleMain.class.getName(),
                folder.resolve("history").toString()));
    assertThat(Files.isExecutable(Path.of(java))).isTrue();
    seen(tmux, "alice>");
    return tmux;
  }

  private static void seen(Tmux tmux, String text) {
    await()
        .alias("'" + text + "' on the screen")
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(40))
        .untilAsserted(() -> assertThat(tmux.screen()).contains(text.stripTrailing()));
  }
}
