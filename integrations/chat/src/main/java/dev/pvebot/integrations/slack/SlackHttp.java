package dev.pvebot.integrations.slack;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.slack.api.bolt.App;
import com.slack.api.bolt.request.Request;
import com.slack.api.bolt.request.RequestHeaders;
import com.slack.api.bolt.response.Response;
import com.slack.api.bolt.util.SlackRequestParser;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hears Slack by HTTP: for sites that may not open a WebSocket to the outside. Bolt checks the
/// signature of each request and its age before any handler sees it.
final class SlackHttp implements Line {
  private static final Logger log = LoggerFactory.getLogger(SlackHttp.class);
  private static final int LARGEST = 1 << 20;

  private final HttpServer server;

  private SlackHttp(HttpServer server) {
    this.server = server;
  }

  /// @param alive run whenever a request passes the check
  static SlackHttp listen(InetSocketAddress address, App app, Executor work, Runnable alive)
      throws IOException {
    HttpServer server = HttpServer.create(address, 0);
    SlackRequestParser parser = new SlackRequestParser(app.config());
    server.setExecutor(work);
    server.createContext("/", exchange -> answer(exchange, app, parser, alive));
    server.start();
    return new SlackHttp(server);
  }

  private static void answer(
      HttpExchange exchange, App app, SlackRequestParser parser, Runnable alive)
      throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readNBytes(LARGEST + 1);
      if (body.length > LARGEST) {
        exchange.sendResponseHeaders(413, -1);
        return;
      }
      Request<?> request =
          parser.parse(
              SlackRequestParser.HttpRequest.builder()
                  .requestUri(exchange.getRequestURI().getPath())
                  .queryString(Map.of())
                  .requestBody(new String(body, UTF_8))
                  .headers(new RequestHeaders(exchange.getRequestHeaders()))
                  .remoteAddress(exchange.getRemoteAddress().getAddress().getHostAddress())
                  .build());
      if (request == null) {
        exchange.sendResponseHeaders(400, -1);
        return;
      }
      send(exchange, app.run(request), alive);
    } catch (IOException broken) {
      throw broken;
    } catch (Exception failure) { // Bolt declares it
      log.error("something from Slack could not be taken: {}", failure.getMessage());
      exchange.sendResponseHeaders(500, -1);
    }
  }

  private static void send(HttpExchange exchange, Response response, Runnable alive)
      throws IOException {
    if (response.getStatusCode() == 401) {
      exchange.sendResponseHeaders(401, -1);
      return;
    }
    alive.run();
    byte[] body =
        response.getBody() == null || response.getStatusCode() != 200
            ? new byte[0]
            : response.getBody().getBytes(UTF_8);
    if (response.getContentType() != null) {
      exchange.getResponseHeaders().set("Content-Type", response.getContentType());
    }
    // Also what we have no use for is acknowledged: else it comes again and again.
    exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public boolean lives() {
    return true;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
