package dev.pvebot.bot.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pvebot.bot.Bot;
import dev.pvebot.bot.config.BotConfig;
import dev.pvebot.bot.config.BotConfigReader;
import dev.pvebot.bot.local.Call;
import dev.pvebot.clusters.site.SiteReader;
import dev.pvebot.integrations.lab.Lab;
import dev.pvebot.integrations.lab.LabServer;
import dev.pvebot.integrations.lab.config.LabConfig;
import dev.pvebot.integrations.lab.faults.Fault;
import dev.pvebot.integrations.lab.faults.Matcher;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class MetricsTest {
  @TempDir Path folder;

  private BotConfigReader.Result config(String more) throws IOException {
    Path file = folder.resolve("pvebot.yaml");
    Files.writeString(file, Files.readString(file) + more);
    return BotConfigReader.read(file);
  }

  private static HttpResponse<String> get(MetricsServer server, String path)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:%d%s".formatted(server.address().getPort(), path));
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  @Test
  void figures_tellOperationsGatesAndHowPveAnswers() throws Exception {
    try (Lab lab = LabServer.start(LabConfig.isolated(), folder)) {
      BotConfig config = ((BotConfigReader.Result.Read) config("")).config();
      assertThat(config.metrics()).as("off unless asked for").isEmpty();
      try (Bot bot =
              Bot.open(
                  config,
                  ((SiteReader.Result.Loaded) new SiteReader(folder).read(folder.resolve("site")))
                      .sites()
                      .getFirst());
          MetricsServer server =
              MetricsServer.listen(
                  new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), bot.measures())) {
        bot.start();
        lab.faults().arm(Matcher.once("GET", "/access/permissions$"), new Fault.Status(500, "no"));
        for (int turn = 0; turn < 2; turn++) { // the first meets the fault
          bot.call(
              new Call(
                  "say", "spin up staging", Optional.of("alice"), "x", Optional.empty(), false),
              "nobody",
              _ -> {});
        }
        assertThat(get(server, "/healthz").statusCode()).isEqualTo(200);
        assertThat(get(server, "/readyz").body()).isEqualTo("ready\n");
        assertThat(get(server, "/metrics").body())
            .contains("pvebot_operations{state=\"awaiting_approval\"} 1.0")
            .contains("pvebot_operations{state=\"running\"} 0.0")
            .contains("pvebot_gates_waiting 1.0")
            .containsPattern(
                "pvebot_pve_call_seconds_count\\{endpoint=\"GET"
                    + " /cluster/resources\",node=\"pve0\\d\",outcome=\"ok\"}")
            .containsPattern(
                "endpoint=\"GET /access/permissions\",node=\"pve0\\d\",outcome=\"refused\"")
            .doesNotContain("/1051"); // a measured time may hold these digits
        assertThat(get(server, "/elsewhere").statusCode()).isEqualTo(404);
      }
    }
  }

  @Test
  void onlyLoopback_isListenedOn() throws IOException {
    try (Lab _ = LabServer.start(LabConfig.isolated(), folder)) {
      assertThat(config("metrics: {listen: \"0.0.0.0:9469\"}\n"))
          .isInstanceOfSatisfying(
              BotConfigReader.Result.Refused.class,
              refused ->
                  assertThat(refused.problems().getFirst().sentence())
                      .contains("metrics.listen")
                      .contains("127.0.0.1:9469"));
    }
  }
}
