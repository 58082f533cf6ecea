package dev.pvebot.integrations.slack;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.slack.api.Slack;
import com.slack.api.bolt.App;
import com.slack.api.bolt.response.Response;
import com.slack.api.bolt.socket_mode.request.SocketModeRequest;
import com.slack.api.bolt.socket_mode.request.SocketModeRequestParser;
import com.slack.api.socket_mode.SocketModeClient;
import com.slack.api.socket_mode.impl.SocketModeClientJavaWSImpl;
import com.slack.api.socket_mode.queue.impl.ConcurrentLinkedMessageQueue;
import com.slack.api.socket_mode.response.AckResponse;
import com.slack.api.util.json.GsonFactory;
import java.io.IOException;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One Socket Mode connection, from its opening until it is lost. The SDK itself moves to a new
/// address when Slack sends a `disconnect` frame.
final class SlackLink implements Line {
  private static final Logger log = LoggerFactory.getLogger(SlackLink.class);
  private static final int HELLO_SECONDS = 10;
  private static final int WORKERS = 10;

  private final SocketModeClient client;
  private final CompletableFuture<Void> hello = new CompletableFuture<>();

  private SlackLink(SocketModeClient client) {
    this.client = client;
  }

  /// @param alive run whenever anything comes
  /// @param again run when Slack greets us another time, after the SDK has moved
  /// @throws IOException when there is no connection after some seconds
  static SlackLink open(Slack slack, String appToken, App app, Runnable alive, Runnable again)
      throws IOException, InterruptedException {
    try {
      SocketModeClient client =
          new SocketModeClientJavaWSImpl(
              slack,
              appToken,
              slack.issueSocketModeUrl(appToken),
              WORKERS,
              new ConcurrentLinkedMessageQueue(),
              true,
              false, // whether it lives is asked by SlackPlatform, which also paces the retries
              0);
      SlackLink link = new SlackLink(client);
      Gson gson = GsonFactory.createSnakeCase(slack.getConfig());
      SocketModeRequestParser parser = new SocketModeRequestParser(app.config());
      client.addWebSocketMessageListener(message -> {
        alive.run();
        link.receive(message, app, parser, gson, again);
      });
      try {
        client.connect();
        link.hello.get(HELLO_SECONDS, TimeUnit.SECONDS);
        return link;
      } catch (TimeoutException | ExecutionException none) {
        link.close();
        throw new IOException(
            "Slack's socket did not greet us within %d s".formatted(HELLO_SECONDS));
      } catch (InterruptedException | RuntimeException failed) {
        link.close();
        throw failed;
      }
    } catch (URISyntaxException e) {
      throw new IOException("Slack named no address to connect to", e);
    } catch (IllegalStateException refused) {
      throw new IOException(String.valueOf(refused.getMessage()), refused);
    }
  }

  /// Whether the other side answers a ping; waits at most 3 s for it.
  @Override
  public boolean lives() {
    return client.verifyConnection();
  }

  private void receive(
      String message, App app, SocketModeRequestParser parser, Gson gson, Runnable again) {
    JsonElement type = gson.fromJson(message, JsonObject.class).get("type");
    if (type != null && type.isJsonPrimitive() && type.getAsString().equals("hello")) {
      if (!hello.complete(null)) {
        again.run();
      }
      return;
    }
    SocketModeRequest request = parser.parse(message);
    if (request == null) {
      return;
    }
    String envelope = request.getEnvelope().getEnvelopeId();
    try {
      Response response = app.run(request.getBoltRequest());
      if (response.getStatusCode() == 200
          && response.getBody() != null
          && !response.getBody().isEmpty()) {
        Map<String, Object> ack = new LinkedHashMap<>();
        ack.put("envelope_id", envelope);
        ack.put("payload", gson.fromJson(response.getBody(), JsonElement.class));
        client.sendSocketModeResponse(gson.toJson(ack));
        return;
      }
    } catch (Exception failure) { // Bolt declares it
      log.error("something from Slack could not be taken: {}", failure.getMessage());
    }
    // Also what we have no use for is acknowledged: else it comes again and again.
    client.sendSocketModeResponse(new AckResponse(envelope));
  }

  @Override
  public void close() {
    try {
      client.close();
    } catch (IOException | RuntimeException failure) {
      log.debug("closing the socket: {}", failure.getMessage());
    }
  }
}
