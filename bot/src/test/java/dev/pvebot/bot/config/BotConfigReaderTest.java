package dev.pvebot.bot.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pvebot.bot.people.Rights;
import dev.pvebot.clusters.Environment;
import dev.pvebot.clusters.secret.SecretRef;
import dev.pvebot.clusters.yaml.Problem;
import dev.pvebot.commands.Risk;
import dev.pvebot.commands.chat.Person;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BotConfigReaderTest {
  private static final String WHOLE =
      """
      site: site
      store: {url: "jdbc:sqlite:data/journal.db"}
      socket: run/bot.sock
      console: {trust: true}
      pve: {token: "file:secrets/pve-token"}
      approvals: {expire_minutes: 5}
      roles:
        operator:
          - {environments: [staging, dev], ask: destructive, approve: disruptive}
      people:
        alice: {roles: [operator], console: al}
      """;

  @TempDir Path folder;

  @Test
  void everyKeyIsRead_andPathsCountFromTheFile() throws IOException {
    BotConfig config = read(WHOLE);
    assertThat(config.site()).isEqualTo(folder.resolve("site"));
    assertThat(config.store().url()).isEqualTo("jdbc:sqlite:" + folder.resolve("data/journal.db"));
    assertThat(config.socket()).isEqualTo(folder.resolve("run/bot.sock"));
    assertThat(config.trustConsole()).isTrue();
    assertThat(config.pveToken()).contains(new SecretRef.File("secrets/pve-token"));
    assertThat(config.approvals().expire()).isEqualTo(Duration.ofMinutes(5));
    assertThat(config.consoleUsers()).containsEntry("al", new Person("alice"));
    assertThat(operatorGrant(config).environments())
        .containsExactlyInAnyOrder(Environment.STAGING, Environment.DEV);
    assertThat(operatorGrant(config).ask()).contains(Risk.DESTRUCTIVE);
  }

  @Test
  void withoutOptionalKeys_theConsoleIsNotTrusted_andTheStoreLiesBesideTheFile()
      throws IOException {
    BotConfig config = read("roles: {viewer: [{ask: read}]}\npeople: {eve: {roles: [viewer]}}\n");
    assertThat(config.trustConsole()).isFalse();
    assertThat(config.store().url()).isEqualTo("jdbc:sqlite:" + folder.resolve("pvebot.db"));
    assertThat(config.pveToken()).isEqualTo(Optional.empty());
  }

  @Test
  void allFaultsAreReportedAtOnce_withTheirPlaces() throws IOException {
    List<Problem> problems =
        refused(
            """
            sote: x
            store: {url: "jdbc:mysql:x"}
            roles:
              operator: [{ask: destroy}]
            people:
              Alice: {roles: [operator]}
              bob: {roles: [captain]}
            """);
    assertThat(problems)
        .extracting(Problem::key)
        .contains("sote", "store.url", "roles.operator[0].ask");
    assertThat(problems).extracting(problem -> problem.at().line()).contains(1, 2, 4);
  }

  @Test
  void aRoleThatDoesNotExist_isNamedWithTheOnesThatDo() throws IOException {
    List<Problem> problems =
        refused("roles: {viewer: [{ask: read}]}\npeople: {bob: {roles: [captain]}}\n");
    assertThat(problems)
        .singleElement()
        .extracting(Problem::sentence)
        .asString()
        .contains("found the role 'captain'; expected one of viewer");
  }

  @Test
  void aSecretPastedInPlaceOfItsReference_isNotRepeated() throws IOException {
    List<Problem> problems =
        refused(
            "pve: {token: bot@pve!ops=7f5c-canary}\n"
                + "roles: {v: [{ask: read}]}\n"
                + "people: {eve: {roles: [v]}}\n");
    assertThat(problems.toString()).contains("pve.token").doesNotContain("canary");
  }

  private static Rights.Grant operatorGrant(BotConfig config) {
    return config.rights().roles().getOrDefault("operator", List.of()).getFirst();
  }

  private BotConfig read(String yaml) throws IOException {
    return switch (BotConfigReader.read(write(yaml))) {
      case BotConfigReader.Result.Read(BotConfig config) -> config;
      case BotConfigReader.Result.Refused(List<Problem> problems) ->
          throw new AssertionError(problems.toString());
    };
  }

  private List<Problem> refused(String yaml) throws IOException {
    return switch (BotConfigReader.read(write(yaml))) {
      case BotConfigReader.Result.Read(BotConfig config) ->
          throw new AssertionError("accepted: " + config);
      case BotConfigReader.Result.Refused(List<Problem> problems) -> problems;
    };
  }

  private Path write(String yaml) throws IOException {
    return Files.writeString(folder.resolve("pvebot.yaml"), yaml);
  }
}
