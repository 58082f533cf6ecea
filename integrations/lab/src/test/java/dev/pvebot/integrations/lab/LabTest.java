package dev.pvebot.integrations.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pvebot.integrations.lab.config.LabConfig;
import dev.pvebot.integrations.lab.config.LabDurations;
import dev.pvebot.integrations.lab.config.NodeSpec;
import dev.pvebot.integrations.lab.ledger.Ledger;
import dev.pvebot.integrations.lab.wire.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabTest {
  @Test
  void severalLabs_standSideBySide() {
    try (Lab one = Lab.start(LabConfig.isolated());
        Lab two = Lab.start(LabConfig.isolated().withPort(0))) {
      assertThat(Caller.of(one).get("/version").status()).isEqualTo(200);
      assertThat(Caller.of(two).get("/version").status()).isEqualTo(200);
      assertThat(one.fingerprints().values())
          .doesNotContainAnyElementsOf(two.fingerprints().values());
    }
  }

  @Test
  void aTakenAddress_isNamed() {
    try (Lab one = Lab.start(LabConfig.isolated())) {
      assertThatThrownBy(() -> Lab.start(LabConfig.isolated().withSubnet(one.config().subnet())))
          .hasMessageContaining(one.config().address(11) + ":8006")
          .hasMessageContaining("Choose another subnet or port.");
    }
  }

  @Test
  void aLab_startsWithinHalfASecond_inAWarmVm() {
    Duration best = Duration.ofDays(1);
    for (int round = 0; round < 5; round++) {
      long from = System.nanoTime();
      Lab.start(LabConfig.isolated()).close();
      Duration took = Duration.ofNanos(System.nanoTime() - from);
      best = took.compareTo(best) < 0 ? took : best;
    }
    assertThat(best).isLessThan(Duration.ofMillis(500));
  }

  @Test
  void aTalosMachine_opensItsPort_onItsDhcpAddress() {
    try (Lab lab = Lab.start(LabConfig.isolated().withSteppedClock())) {
      Caller pve = Caller.of(lab);
      pve.run(
          lab,
          Duration.ofMinutes(5),
          pve.post("/nodes/pve01/qemu/101/clone", "newid", "301", "full", "1"));
      pve.run(lab, Duration.ofSeconds(4), pve.post("/nodes/pve01/qemu/301/status/start"));
      assertThat(lab.guest(301).orElseThrow().address()).isEmpty();
      lab.clock().advance(lab.config().durations().bootTalos());
      String address = lab.guest(301).orElseThrow().address().orElseThrow();
      assertThat(address).isEqualTo(lab.config().address(200));
      assertThat(accepts(address, 50_000)).isTrue();
      pve.run(lab, Duration.ofMinutes(1), pve.post("/nodes/pve01/qemu/301/status/stop"));
      assertThat(accepts(address, 50_000)).isFalse();
    }
  }

  @Test
  void aCloudImage_answersSsh_onItsStaticAddress_andItsAgentSaysSo() throws IOException {
    try (Lab lab = Lab.start(LabConfig.isolated().withSteppedClock().withSshPort(2222))) {
      Caller pve = Caller.of(lab);
      pve.run(
          lab,
          Duration.ofMinutes(5),
          pve.post("/nodes/pve01/qemu/102/clone", "newid", "301", "full", "1"));
      String address = lab.config().address(77);
      pve.put(
          "/nodes/pve01/qemu/301/config",
          "ipconfig0",
          "ip=%s/24,gw=%s".formatted(address, lab.config().address(1)));
      pve.run(lab, Duration.ofSeconds(4), pve.post("/nodes/pve01/qemu/301/status/start"));
      String agent = "/nodes/pve01/qemu/301/agent/network-get-interfaces";
      assertThat(pve.get(agent).message()).isEqualTo("QEMU guest agent is not running");
      lab.clock().advance(Duration.ofMinutes(1));
      try (Socket ssh = new Socket(InetAddress.getByName(address), 2222)) {
        assertThat(new String(ssh.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
            .startsWith("SSH-2.0-OpenSSH");
      }
      assertThat(Json.write(pve.get(agent).data())).contains(address);
    }
  }

  private static boolean accepts(String address, int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, port), 1000);
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  @Test
  void aRunningClock_passesAtItsSpeed() {
    try (Lab lab = Lab.start(LabConfig.isolated().withSpeed(1000))) {
      Caller pve = Caller.of(lab);
      String upid = pve.post("/nodes/pve01/qemu/101/clone", "newid", "301", "full", "1").text();
      await().atMost(Duration.ofSeconds(5)).until(() -> pve.exit(upid).equals("OK"));
      Ledger.Effect cloned = lab.ledger().effects("cloned", 301).getFirst();
      Ledger.Call call = lab.ledger().mutations().getFirst();
      LabDurations durations = lab.config().durations();
      double gib = 10 + 4.0 / 1024;
      Duration expected =
          durations.cloneBase().plusMillis((long) (durations.clonePerGib().toMillis() * gib));
      assertThat(Duration.between(call.lab(), cloned.lab()))
          .isBetween(expected, expected.plusSeconds(60));
    }
  }

  @Test
  void theLedger_keepsCallsAndEffects_inOrder_inMemoryAndInItsFile(@TempDir Path dir)
      throws IOException {
    try (Lab lab = Lab.start(LabConfig.isolated().withSteppedClock().withDirectory(dir))) {
      Caller pve = Caller.of(lab);
      String upid = pve.post("/nodes/pve03/qemu/1033/status/start").text();
      lab.clock().advance(Duration.ofSeconds(4));
      pve.put("/nodes/pve03/qemu/1033/config", "cipassword", "canary-91");
      Ledger.Call start = lab.ledger().mutations().getFirst();
      assertThat(start.upid()).contains(upid);
      assertThat(start.user()).isEqualTo("pvebot@pve!operator");
      Ledger.Effect started = lab.ledger().effects("started", 1033).getFirst();
      assertThat(started.upid()).contains(upid);
      assertThat(started.uuid()).isEqualTo(lab.guest(1033).orElseThrow().uuid());
      assertThat(started.seq()).isGreaterThan(start.seq());
      assertThat(lab.ledger().busiest("pve01", Duration.ofSeconds(60))).isEqualTo(2);
      String file = Files.readString(dir.resolve("ledger.jsonl"));
      assertThat(file).contains("\"effect\":\"started\"").doesNotContain("canary-91");
      assertThat(file.lines().map(Json::parseObject)).isNotEmpty();
    }
  }

  @Test
  void theSite_speaksToTheLab_andKeepsItsSecretToItsOwner(@TempDir Path dir) throws IOException {
    LabConfig config =
        LabConfig.isolated()
            .withClusterName("example.org")
            .withNodes(NodeSpec.of("alpha", 21), NodeSpec.of("beta", 22));
    try (Lab lab = LabServer.start(config, dir)) {
      Path token = dir.resolve("secrets/pve-token");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(token)))
          .isEqualTo("rw-------");
      List<String> lines = Files.readAllLines(token);
      Caller bearer =
          Caller.anonymous(lab)
              .with("Authorization", "PVEAPIToken=" + lines.getFirst() + "=" + lines.getLast());
      assertThat(bearer.get("/version").status()).isEqualTo(200);
      String site = Files.readString(dir.resolve("site/cluster-config.yaml"));
      assertThat(site).contains("name: alpha, host: " + config.address(21)).contains("example.org");
      assertThat(Files.readString(dir.resolve("lab-ca.pem"))).isEqualTo(lab.caPem());
      try (Stream<Path> files = Files.walk(dir)) {
        assertThat(files.filter(Files::isRegularFile).filter(f -> !f.equals(token)))
            .allSatisfy(f -> assertThat(Files.readString(f)).doesNotContain(lines.getLast()));
      }
      assertThat(Json.write(LabServer.endpoints(lab))).doesNotContain(lines.getLast());
    }
  }

  @Test
  void durations_areExported_andChangedByName() {
    LabDurations durations = LabDurations.defaults().with("start", Duration.ofMillis(1500));
    assertThat(durations.start()).isEqualTo(Duration.ofMillis(1500));
    assertThat(durations.json()).containsEntry("start", 1.5).hasSize(49);
    assertThatThrownBy(() -> durations.with("strat", Duration.ZERO))
        .hasMessageContaining("no duration 'strat'");
  }
}
