package dev.pvebot.bot.transcript;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pvebot.bot.local.Answer;
import dev.pvebot.bot.local.Call;
import dev.pvebot.bot.local.LocalServer;
import dev.pvebot.bot.local.WireJson;
import dev.pvebot.clusters.secret.Secret;
import dev.pvebot.integrations.store.PostgresServer;
import dev.pvebot.integrations.store.StoreConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// Fifty people of two processes approve one operation at the same moment: one of them does it, and
/// the others are told who.
@Execution(ExecutionMode.CONCURRENT)
class FiftyApprovalsTest {
  private static final int EACH = 25;

  @TempDir Path folder;

  @Test
  void overTheSocketOfAJournalInAFile_oneWins() throws IOException, InterruptedException {
    try (Stage stage = Stage.set(folder, people());
        LocalServer _ =
            LocalServer.listen(stage.config().socket(), WireJson.mapper(), stage.bot()::call)) {
      assertOneWins(stage);
    }
  }

  @Test
  void atTwoDesksOfOneServer_oneWins() throws IOException, InterruptedException {
    StoreConfig server = PostgresServer.running().database();
    if (!(server.place() instanceof StoreConfig.Postgres(String url, String user, Secret _))) {
      throw new AssertionError("no server: " + server.place());
    }
    Path password = Files.writeString(folder.resolve("journal-password"), "pvebot\n");
    Files.setPosixFilePermissions(
        password, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
    List<String> settings = new ArrayList<>(people());
    settings.add(
        "= store: {url: \"%s\", user: %s, password: \"file:journal-password\"}"
            .formatted(url, user));
    try (Stage stage = Stage.set(folder, settings, Optional.of(server))) {
      assertOneWins(stage);
    }
  }

  /// Alice's line becomes hers and fifty others'.
  private static List<String> people() {
    StringBuilder all = new StringBuilder("= alice: {roles: [operator]}");
    IntStream.rangeClosed(1, 2 * EACH)
        .forEach(number ->
            all.append("\n  p").append(number).append(": {roles: [production-approver]}"));
    return List.of(all.toString());
  }

  private void assertOneWins(Stage stage) throws IOException, InterruptedException {
    say(stage, "delete vm 1033");
    say(stage, "approve 1 build01");
    Process first = approvers(1, EACH);
    Process second = approvers(EACH + 1, 2 * EACH);
    List<String> lines = new ArrayList<>();
    try (BufferedReader one = first.inputReader(StandardCharsets.UTF_8);
        BufferedReader other = second.inputReader(StandardCharsets.UTF_8)) {
      assertThat(one.readLine()).isEqualTo("ready");
      assertThat(other.readLine()).isEqualTo("ready");
      for (Process process : List.of(first, second)) {
        process.outputWriter(StandardCharsets.UTF_8).append('\n').flush();
      }
      one.lines().forEach(lines::add);
      other.lines().forEach(lines::add);
    } finally {
      first.destroyForcibly();
      second.destroyForcibly();
    }
    assertThat(lines).hasSize(2 * EACH);
    List<String> winners = lines.stream().filter(line -> line.matches("p\\d+ 0 .*")).toList();
    assertThat(winners).as(String.join("\n", lines)).hasSize(1);
    String winner = winners.getFirst().split(" ", 2)[0];
    assertThat(lines)
        .filteredOn(line -> !winners.contains(line))
        .allSatisfy(line ->
            assertThat(line)
                .matches("p\\d+ 4 .*")
                .contains("approved by %s at ".formatted(winner)));
  }

  private static void say(Stage stage, String text) throws InterruptedException {
    List<Answer> answers =
        stage.say(new Call("say", text, Optional.of("alice"), "infra", Optional.empty(), false));
    assertThat(answers).last().isEqualTo(new Answer.End(3));
  }

  private Process approvers(int from, int to) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Approvers.class.getName(),
            folder.resolve("pvebot.yaml").toString(),
            "1",
            Integer.toString(from),
            Integer.toString(to))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
