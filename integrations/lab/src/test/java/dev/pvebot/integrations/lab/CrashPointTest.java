package dev.pvebot.integrations.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pvebot.integrations.lab.config.LabConfig;
import dev.pvebot.integrations.lab.faults.CrashPoint;
import dev.pvebot.integrations.lab.faults.CrashPoint.Moment;
import dev.pvebot.integrations.lab.faults.Faults;
import dev.pvebot.integrations.lab.faults.Matcher;
import dev.pvebot.integrations.lab.wire.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CrashPointTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private Lab lab;
  private Caller pve;
  private Process client;

  @BeforeEach
  void start() throws IOException {
    lab = Lab.start(LabConfig.isolated().withSteppedClock());
    pve = Caller.of(lab);
    client = new ProcessBuilder("sleep", "600").start();
  }

  @AfterEach
  void stop() {
    client.destroyForcibly();
    lab.close();
  }

  private CrashPoint arm(Moment moment) {
    return lab.faults()
        .armCrash(Matcher.once("POST", "/clone$"), moment, new Faults.Victim.Process(client.pid()));
  }

  private Caller.Answer startClone() {
    return pve.post("/nodes/pve01/qemu/101/clone", "newid", "301", "full", "1");
  }

  @Test
  void beforeTheCallIsRead_theClientDies_andNothingHappens() throws Exception {
    CrashPoint point = arm(Moment.BEFORE_READ);
    assertThatThrownBy(this::startClone).isInstanceOf(RuntimeException.class);
    assertThat(point.await(PATIENCE)).contains("POST /nodes/pve01/qemu/101/clone");
    assertThat(client.isAlive()).isFalse();
    assertThat(lab.guest(301)).isEmpty();
    assertThat(lab.ledger().mutations()).singleElement().extracting(c -> c.status()).isEqualTo(0);
  }

  @Test
  void afterItActed_theClientDies_withoutAReply() throws Exception {
    CrashPoint point = arm(Moment.AFTER_ACT);
    assertThatThrownBy(this::startClone).isInstanceOf(RuntimeException.class);
    assertThat(point.await(PATIENCE)).isPresent();
    assertThat(client.isAlive()).isFalse();
    assertThat(lab.guest(301)).isPresent();
  }

  @Test
  void afterTheReply_theClientDies_havingHadTheAnswer() throws Exception {
    CrashPoint point = arm(Moment.AFTER_REPLY);
    assertThat(startClone().status()).isEqualTo(200);
    assertThat(point.await(PATIENCE)).isPresent();
    assertThat(client.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(client.exitValue()).isEqualTo(137);
  }

  @Test
  void aCrashPoint_firesOnce() throws Exception {
    AtomicInteger strikes = new AtomicInteger();
    CrashPoint point =
        lab.faults()
            .armCrash(
                Matcher.once("POST", "/start$").from(2),
                Moment.AFTER_ACT,
                new Faults.Victim.Callback(strikes::incrementAndGet));
    assertThat(pve.post("/nodes/pve03/qemu/1033/status/start").status()).isEqualTo(200);
    assertThat(point.fired()).isEmpty();
    assertThatThrownBy(() -> pve.post("/nodes/pve01/qemu/1031/status/start"))
        .isInstanceOf(RuntimeException.class);
    assertThat(point.await(PATIENCE)).isPresent();
    assertThat(pve.post("/nodes/pve01/qemu/1031/status/start").status()).isEqualTo(200);
    assertThat(strikes).hasValue(1);
    assertThat(lab.faults().pendingCrashes()).isEmpty();
  }

  @Test
  void aRule_isAskedAtEachCall_andSeesWhatItCarries() throws Exception {
    AtomicInteger strikes = new AtomicInteger();
    lab.faults()
        .crashBy((method, path, body) ->
            method.equals("POST") && path.endsWith("/clone") && body.contains("newid=301")
                ? Optional.of(new Faults.Strike(Moment.AFTER_ACT, strikes::incrementAndGet))
                : Optional.empty());
    assertThat(pve.get("/nodes/pve01/qemu/101/config").status()).isEqualTo(200);
    assertThatThrownBy(this::startClone).isInstanceOf(RuntimeException.class);
    assertThat(lab.guest(301)).isPresent();
    lab.faults().disarmAll();
    assertThat(startClone().status()).isEqualTo(500);
    assertThat(strikes).hasValue(1);
  }

  @Test
  void anotherProcess_armsAndAwaitsThemOverTheAdminApi() throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      String id =
          (String)
              admin(
                      http,
                      "POST",
                      "/crash-points",
                      Json.write(
                          Json.object(
                              "moment",
                              "AFTER_REPLY",
                              "method",
                              "POST",
                              "path",
                              "/clone$",
                              "pid",
                              client.pid())))
                  .get("id");
      assertThat(admin(http, "GET", "/crash-points/" + id, "").get("fired")).isEqualTo(Json.NULL);
      startClone();
      assertThat(admin(http, "GET", "/crash-points/" + id + "?wait=10", "").get("fired"))
          .isEqualTo("POST /nodes/pve01/qemu/101/clone");
      assertThat(client.isAlive()).isFalse();
    }
  }

  private Map<String, Object> admin(HttpClient http, String method, String path, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(lab.adminEndpoint() + path))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    return Json.parseObject(http.send(request, BodyHandlers.ofString()).body());
  }
}
