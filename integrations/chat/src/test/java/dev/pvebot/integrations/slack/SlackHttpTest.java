package dev.pvebot.integrations.slack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pvebot.clusters.secret.Secret;
import dev.pvebot.commands.chat.Message;
import dev.pvebot.integrations.contract.RecordingInbox;
import dev.pvebot.integrations.lab.slack.SlackLab;
import dev.pvebot.runbooks.engine.EngineClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Slack by HTTP: only what Slack has signed, and signed just now, is heard
/// (https://docs.slack.dev/authentication/verifying-requests-from-slack).
class SlackHttpTest {
  private static final String SIGNING = "8f742231b10e8888abcd99yyyzzz85a5";

  private final RecordingInbox inbox = new RecordingInbox();
  private final SlackStage stage = new SlackStage(EngineClock.system());
  private final HttpClient http = HttpClient.newHttpClient();
  private InetSocketAddress address;
  private SlackPlatform platform;

  @BeforeEach
  void start() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      address = new InetSocketAddress("127.0.0.1", free.getLocalPort());
    }
    platform =
        new SlackPlatform(
            new SlackSettings(
                new Secret(SlackLab.BOT_TOKEN),
                new SlackSettings.Http(new Secret(SIGNING), address),
                stage.slack.api()),
            EngineClock.system());
    platform.start(inbox);
  }

  @AfterEach
  void end() {
    platform.close();
    stage.close();
  }

  @Test
  void signedCommand_isAcknowledgedAndHeard() throws Exception {
    HttpResponse<String> answer = send(command("status staging"), Instant.now(), SIGNING);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("in_channel");
    await().until(() -> inbox.heard().size() == 1);
    assertThat(inbox.heard().getFirst().content()).isEqualTo(new Message.Text("status staging"));
  }

  @Test
  void wrongSignature_isRefused() throws Exception {
    assertThat(send(command("stop 1031"), Instant.now(), "another secret").statusCode())
        .isEqualTo(401);
    assertThat(inbox.heard()).isEmpty();
  }

  @Test
  void oldSignature_isRefused_soThatNothingIsReplayed() throws Exception {
    Instant old = Instant.now().minus(Duration.ofMinutes(10));
    assertThat(send(command("stop 1031"), old, SIGNING).statusCode()).isEqualTo(401);
    assertThat(inbox.heard()).isEmpty();
  }

  private static String command(String text) {
    return "command=%2Fpve&team_id=T01LAB&user_id="
        + SlackStage.ALICE
        + "&channel_id=C00INFRA&trigger_id=1.2&response_url=http%3A%2F%2Fx&text="
        + URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private HttpResponse<String> send(String body, Instant at, String secret)
      throws IOException, InterruptedException, GeneralSecurityException {
    String timestamp = Long.toString(at.getEpochSecond());
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    String signature =
        "v0="
            + HexFormat.of()
                .formatHex(
                    mac.doFinal(("v0:" + timestamp + ":" + body).getBytes(StandardCharsets.UTF_8)));
    return http.send(
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:%d/slack/events".formatted(address.getPort())))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("X-Slack-Request-Timestamp", timestamp)
            .header("X-Slack-Signature", signature)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
