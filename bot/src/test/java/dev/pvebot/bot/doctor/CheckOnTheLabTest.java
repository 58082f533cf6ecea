package dev.pvebot.bot.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pvebot.bot.InstructionSet;
import dev.pvebot.bot.cli.CommandLineRoot;
import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.secret.Secret;
import dev.pvebot.clusters.site.Site;
import dev.pvebot.clusters.site.SiteReader;
import dev.pvebot.integrations.lab.Lab;
import dev.pvebot.integrations.lab.LabServer;
import dev.pvebot.integrations.lab.config.LabConfig;
import dev.pvebot.integrations.lab.faults.Fault;
import dev.pvebot.integrations.lab.faults.Matcher;
import dev.pvebot.integrations.pve.Pve;
import dev.pvebot.integrations.pve.api.ApiToken;
import dev.pvebot.integrations.pve.api.PveCall;
import dev.pvebot.integrations.pve.api.PveCaller;
import dev.pvebot.integrations.pve.api.Timeouts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// `pvebot check`, whole, on a lab with one fault at a time.
@Execution(ExecutionMode.CONCURRENT)
class CheckOnTheLabTest {
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final ByteArrayOutputStream complained = new ByteArrayOutputStream();

  @TempDir Path folder;
  private Lab lab;

  @BeforeEach
  void start() {
    lab = LabServer.start(LabConfig.isolated().withSpeed(1), folder);
  }

  @AfterEach
  void stop() {
    lab.close();
  }

  private int check(String... more) {
    said.reset();
    complained.reset();
    List<String> line = new ArrayList<>(List.of("check", "--config", path("pvebot.yaml")));
    line.addAll(List.of(more));
    return CommandLineRoot.run(
        line.toArray(String[]::new),
        new PrintStream(said, true, StandardCharsets.UTF_8),
        new PrintStream(complained, true, StandardCharsets.UTF_8));
  }

  private String path(String file) {
    return folder.resolve(file).toString();
  }

  private record Seen(String subject, String level, String what, String mending) {}

  /// What a check finds that is not good.
  private List<Seen> findings(String level) throws IOException {
    JsonNode facts = new ObjectMapper().readTree(said.toByteArray()).path("facts");
    List<Seen> seen = new ArrayList<>();
    for (JsonNode each : facts.path("findings")) {
      List<String> mending = new ArrayList<>();
      each.path("mending").forEach(line -> mending.add(line.asText()));
      seen.add(
          new Seen(
              each.path("subject").asText(),
              each.path("level").asText(),
              each.path("what").asText(),
              String.join("\n", mending)));
    }
    return seen.stream().filter(finding -> finding.level().equals(level)).toList();
  }

  private List<Seen> wrong() throws IOException {
    assertThat(check("--json")).as(said.toString(StandardCharsets.UTF_8)).isEqualTo(1);
    return findings("wrong");
  }

  private void edit(String file, UnaryOperator<String> change) throws IOException {
    Path path = folder.resolve(file);
    String before = Files.readString(path);
    String after = change.apply(before);
    assertThat(after).as("the edit of %s", file).isNotEqualTo(before);
    Files.writeString(path, after);
  }

  private void token(String shortName) throws IOException {
    Files.writeString(folder.resolve("secrets/pve-token"), lab.token(shortName));
  }

  /// A call that changes rights, with the token that may.
  private void change(PveCall call) throws InterruptedException {
    List<Site.ApiNode> nodes =
        List.of(new Site.ApiNode(new NodeName("pve01"), lab.endpoint().getHost(), 8006));
    try (PveCaller caller =
        new PveCaller(
            nodes,
            new Site.Tls.Authority(folder.resolve("lab-ca.pem")),
            ApiToken.parse(new Secret(lab.token("operator"))),
            Timeouts.defaults(),
            InstantSource.system())) {
      caller.call(call);
    }
  }

  @Test
  void healthyLab_isGood_withoutARunningBot_andQuietSaysNothing() throws IOException {
    assertThat(check("--json")).as(said.toString(StandardCharsets.UTF_8)).isZero();
    assertThat(findings("wrong")).isEmpty();
    assertThat(findings("good"))
        .extracting(Seen::subject)
        .contains(
            "Configuration", "Node pve03", "Certificate of pve03", "Quorum", "Token", "Store");
    assertThat(check("--quiet")).isZero();
    assertThat(said.toString(StandardCharsets.UTF_8)).isEmpty();
    assertThat(lab.ledger().calls()).noneMatch(call -> !call.method().equals("GET"));
    assertThat(folder.resolve("pvebot.db")).doesNotExist();
  }

  @Test
  void nodeThatIsDown_isNamed_andTheOthersAreStillExamined() throws IOException {
    lab.nodeDown("pve02");
    assertThat(wrong())
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.subject()).isEqualTo("Node pve02");
          assertThat(finding.what()).contains("Connection refused");
          assertThat(finding.mending()).contains("systemctl status pveproxy");
        });
    assertThat(findings("good")).extracting(Seen::subject).contains("Node pve01", "Node pve03");
  }

  @Test
  void wrongPin_showsTheCertificateThatAnswers() throws IOException {
    edit(
        "site/cluster-config.yaml",
        text -> {
          StringBuilder pins = new StringBuilder("fingerprints:");
          lab.fingerprints()
              .forEach((node, print) ->
                  pins.append(
                      "\n    %s: \"%s\""
                          .formatted(
                              node, node.equals("pve02") ? "AA:".repeat(31) + "AA" : print)));
          return text.replace("ca: lab-ca.pem", pins);
        });
    assertThat(wrong())
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.subject()).isEqualTo("Node pve02");
          assertThat(finding.what()).contains(lab.fingerprints().get("pve02"));
          assertThat(finding.mending()).contains("openssl x509").contains("fingerprint");
        });
  }

  @Test
  void expiredToken_comesWithTheLineThatRenewsIt() throws IOException {
    token("expired");
    assertThat(wrong())
        .hasSize(3)
        .allSatisfy(finding -> {
          assertThat(finding.what()).contains("expired");
          assertThat(finding.mending())
              .contains("pveum user token modify pvebot@pve expired --expire 0");
        });
  }

  @Test
  void missingPrivileges_areNamedOneByOne_withExactLines() throws IOException {
    token("readonly");
    List<Seen> wrong = wrong();
    assertThat(wrong)
        .extracting(Seen::what)
        .anySatisfy(what ->
            assertThat(what)
                .contains("lacks VM.PowerMgmt on /vms, needed by")
                .contains("pve.vm.start"))
        .anySatisfy(what -> assertThat(what).contains("lacks Datastore.AllocateSpace on /storage"))
        .noneMatch(what -> what.contains("VM.Audit"));
    assertThat(wrong)
        .filteredOn(finding -> finding.what().contains("VM.PowerMgmt"))
        .singleElement()
        .satisfies(finding ->
            assertThat(finding.mending())
                .contains("pveum role modify bot-vms --privs \"")
                .contains(
                    "pveum acl modify /vms --users pvebot@pve --tokens 'pvebot@pve!readonly'"
                        + " --roles bot-vms"));
  }

  @Test
  void filteredList_isFound_evenThoughEveryCallSucceeds() throws Exception {
    change(
        PveCall.put("hiding a VM", "access", "acl")
            .with("path", "/vms/1031")
            .with("tokens", "pvebot@pve!readonly")
            .with("roles", "PVEDatastoreUser"));
    token("readonly");
    assertThat(wrong())
        .extracting(Seen::what)
        .anySatisfy(what -> assertThat(what).contains("does not see every guest"));
  }

  @Test
  void unreadableSecrets_areNamedByReference_withTheLineThatMendsThem() throws IOException {
    Path token = folder.resolve("secrets/pve-token");
    Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(wrong())
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.what()).contains("file:secrets/pve-token").contains("open to others");
          assertThat(finding.mending()).isEqualTo("chmod 600 " + token);
        });
    edit("pvebot.yaml", text -> text.replace("file:secrets/pve-token", "env:PVEBOT_NO_SUCH_TOKEN"));
    assertThat(wrong())
        .extracting(Seen::what)
        .containsExactly("env:PVEBOT_NO_SUCH_TOKEN: the variable is not set");
  }

  @Test
  void entryThatIsNoToken_isRefusedWithoutBeingRepeated() throws IOException {
    Files.writeString(folder.resolve("secrets/pve-token"), "hunter2-canary-0815\n");
    assertThat(wrong()).singleElement().satisfies(f -> assertThat(f.what()).contains("one line"));
    assertThat(said.toString(StandardCharsets.UTF_8)).doesNotContain("hunter2");
  }

  @Test
  void trustedConsole_isHarmlessOnLoopbackOnly() throws IOException {
    assertThat(check("--json")).isZero();
    assertThat(findings("note")).extracting(Seen::subject).contains("Console");
    // documentation's own network (RFC 5737): nothing answers there
    edit(
        "site/cluster-config.yaml",
        text -> text.replace("host: " + lab.endpoint("pve03").getHost(), "host: 192.0.2.13"));
    assertThat(wrong())
        .filteredOn(finding -> finding.subject().equals("Console"))
        .singleElement()
        .satisfies(finding -> assertThat(finding.mending()).contains("console: {trust: true}"));
  }

  @Test
  void clockThatIsOff_isFound() throws InterruptedException {
    Site site =
        ((SiteReader.Result.Loaded) new SiteReader(folder).read(folder.resolve("site")))
            .sites()
            .getFirst();
    InstantSource slow = () -> Instant.now().minus(Duration.ofMinutes(5));
    try (Pve pve = new Pve(site, new Secret(lab.token("operator")), Pve.Pace.defaults(), slow)) {
      assertThat(new PveExamination(site, pve, InstructionSet.declarations(), 1, slow).examine())
          .filteredOn(finding -> finding.level() == Finding.Level.WRONG)
          .hasSize(3)
          .allSatisfy(finding -> {
            assertThat(finding.what()).matches("its clock is (299|30[0-9]) s ahead of ours");
            assertThat(String.join("", finding.mending())).contains("chrony");
          });
    }
  }

  @Test
  void storageThatHoldsNoDisks_comesWithTheLineThatMendsIt() throws IOException {
    edit("site/cluster-config.yaml", text -> text.replace("storage: local-lvm", "storage: local"));
    assertThat(wrong())
        .filteredOn(finding -> finding.subject().equals("Storage local"))
        .singleElement()
        .satisfies(finding ->
            assertThat(finding.mending())
                .startsWith("pvesm set local --content ")
                .endsWith(",images"));
  }

  @Test
  void damagedStore_isFound() throws IOException {
    Files.writeString(folder.resolve("pvebot.db"), "this is no database".repeat(100));
    assertThat(wrong()).extracting(Seen::subject).containsExactly("Store");
  }

  @Test
  void whatIsNoPve_isCalledSo() throws IOException {
    lab.faults().arm(Matcher.always("", "").onNode("pve01"), new Fault.Html());
    assertThat(wrong())
        .anySatisfy(finding -> {
          assertThat(finding.subject()).isEqualTo("Node pve01");
          assertThat(finding.what()).contains("does not speak PVE's API");
        });
  }

  @Test
  void configurationThatCannotBeUsed_isExit2_withEveryProblem() throws IOException {
    edit(
        "pvebot.yaml", text -> text.replace("site: site", "sight: site").replace("pace:", "pase:"));
    assertThat(check()).isEqualTo(2);
    assertThat(complained.toString(StandardCharsets.UTF_8)).contains("sight").contains("pase");
  }
}
