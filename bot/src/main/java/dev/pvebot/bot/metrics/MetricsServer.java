package dev.pvebot.bot.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.pvebot.runbooks.engine.journal.JournalUnavailable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `/healthz`: the process answers. `/readyz`: it can do its work, for the journal can be read.
/// `/metrics`: its figures. Reads only, and shows no names of people or guests.
public final class MetricsServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(MetricsServer.class);

  private record Answer(int status, String type, String text) {
    static Answer plain(int status, String text) {
      return new Answer(status, "text/plain; charset=utf-8", text + "\n");
    }
  }

  private final HttpServer server;
  private final ExecutorService threads;

  private MetricsServer(HttpServer server, ExecutorService threads) {
    this.server = server;
    this.threads = threads;
  }

  /// @param address port 0 takes a free one
  /// @throws IOException when it cannot be bound
  public static MetricsServer listen(InetSocketAddress address, Measures measures)
      throws IOException {
    HttpServer server = HttpServer.create(address, 0);
    ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("metrics-", 0).factory());
    server.setExecutor(threads);
    server.createContext("/", exchange -> answer(exchange, measures));
    server.start();
    return new MetricsServer(server, threads);
  }

  public InetSocketAddress address() {
    return server.getAddress();
  }

  private static void answer(HttpExchange exchange, Measures measures) throws IOException {
    try (exchange) {
      Answer answer = route(exchange, measures);
      byte[] body = answer.text().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", answer.type());
      exchange.sendResponseHeaders(answer.status(), body.length);
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body);
      }
    }
  }

  private static Answer route(HttpExchange exchange, Measures measures) {
    if (!exchange.getRequestMethod().equals("GET")) {
      return Answer.plain(405, "only GET");
    }
    try {
      return switch (exchange.getRequestURI().getPath()) {
        case "/healthz" -> Answer.plain(200, "ok");
        case "/readyz" -> {
          measures.scrape();
          yield Answer.plain(200, "ready");
        }
        case "/metrics" ->
            new Answer(200, "text/plain; version=0.0.4; charset=utf-8", measures.scrape());
        default -> Answer.plain(404, "there are /healthz, /readyz and /metrics");
      };
    } catch (JournalUnavailable unavailable) {
      log.warn("not ready: {}", unavailable.getMessage());
      return Answer.plain(503, "the journal cannot be read; the log says why");
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
