package dev.pvebot.bot.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pvebot.bot.gate.Freeze;
import dev.pvebot.bot.people.Rights;
import dev.pvebot.clusters.Environment;
import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.secret.SecretRef;
import dev.pvebot.clusters.yaml.Problem;
import dev.pvebot.commands.Risk;
import dev.pvebot.commands.chat.Conversation;
import dev.pvebot.commands.chat.Person;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
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
  void freezesNoticesZonesAndSelf_areRead() throws IOException {
    BotConfig config =
        read(
            """
            zone: Europe/Stockholm
            freezes:
              - {environments: [production], from: "2026-12-18 16:00", to: "2027-01-04T07:00:00+01:00", reason: year end}
              - {clusters: [talos-staging], weekly: "Fri 16:00 - Mon 07:00", reason: weekend}
            notices: ["console:ops", "slack:C0123456"]
            self: {vm: 1099, node: pve01, storages: [nfs]}
            roles: {viewer: [{ask: read}]}
            people: {eve: {roles: [viewer], zone: America/New_York}}
            """);
    assertThat(config.zone()).isEqualTo(ZoneId.of("Europe/Stockholm"));
    assertThat(config.zones()).containsEntry(new Person("eve"), ZoneId.of("America/New_York"));
    assertThat(config.freezes())
        .extracting(Freeze::window)
        .hasExactlyElementsOfTypes(Freeze.Once.class, Freeze.Weekly.class);
    assertThat(config.freezes().get(1).clusters()).containsExactly("talos-staging");
    assertThat(config.notices())
        .containsExactly(
            new Conversation("console", "ops", Optional.empty()),
            new Conversation("slack", "C0123456", Optional.empty()));
    assertThat(config.self())
        .isEqualTo(
            new BotConfig.Self(
                Optional.of(new Vmid(1099)), Optional.of(new NodeName("pve01")), List.of("nfs")));
  }

  @Test
  void freezesThatCannotBeMeant_areFaults() throws IOException {
    List<Problem> problems =
        refused(
            """
            zone: Middle/Earth
            freezes:
              - {from: "2026-12-18 16:00", reason: half a window}
              - {weekly: "Fri to Mon", reason: no times}
              - {from: "2027-01-04 07:00", to: "2026-12-18 16:00", reason: backwards}
              - {from: "2026-12-18 16:00", to: "2027-01-04 07:00", weekly: "Fri 16:00 - Mon 07:00", reason: both}
              - {weekly: "Fri 16:00 - Mon 07:00"}
            notices: [ops]
            self: {vm: 7}
            roles: {viewer: [{ask: read}]}
            people: {eve: {roles: [viewer]}}
            """);
    assertThat(problems)
        .extracting(Problem::key)
        .contains(
            "zone",
            "freezes[0].weekly",
            "freezes[1].weekly",
            "freezes[2].to",
            "freezes[3].weekly",
            "freezes[4].reason",
            "notices[0]",
            "self.vm");
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
