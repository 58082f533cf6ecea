package dev.pvebot.integrations.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pvebot.integrations.lab.wire.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// A client of a lab's API that trusts its authority. It shows reason phrases, which newer clients
/// hide.
public final class Caller {
  static {
    // The JDK's client repeats a POST whose connection was reset: just what these tests must not
    // have.
    System.setProperty("sun.net.http.retryPost", "false");
  }

  private static final int PATIENCE_MILLIS = 10_000;

  /// What came back; `body` is JSON null where it was empty.
  public record Answer(int status, String reason, Object body) {
    Map<String, Object> object() {
      return map(body);
    }

    Object data() {
      return object().getOrDefault("data", Json.NULL);
    }

    Map<String, Object> map() {
      return map(data());
    }

    @SuppressWarnings("unchecked")
    List<Map<String, Object>> list() {
      return (List<Map<String, Object>>) data();
    }

    String text() {
      return (String) data();
    }

    String message() {
      return String.valueOf(object().get("message")).strip();
    }

    Map<String, Object> errors() {
      return map(object().getOrDefault("errors", Map.of()));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
      return (Map<String, Object>) value;
    }
  }

  private final URI base;
  private final SSLContext tls;
  private final Map<String, String> headers;

  private Caller(URI base, SSLContext tls, Map<String, String> headers) {
    this.base = base;
    this.tls = tls;
    this.headers = Map.copyOf(headers);
  }

  /// A field as text; empty where it is missing.
  static String text(Map<String, Object> row, String key) {
    return String.valueOf(row.getOrDefault(key, ""));
  }

  public static Caller of(Lab lab) {
    return of(lab, "operator");
  }

  static Caller of(Lab lab, String token) {
    return anonymous(lab).with("Authorization", "PVEAPIToken=" + lab.token(token));
  }

  static Caller anonymous(Lab lab) {
    return new Caller(lab.endpoint(), trusting(lab.caPem()), Map.of());
  }

  Caller with(String header, String value) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put(header, value);
    return new Caller(base, tls, all);
  }

  Caller at(URI node) {
    return new Caller(node, tls, headers);
  }

  private static SSLContext trusting(String pem) {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      store.setCertificateEntry(
          "lab",
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(pem.getBytes(UTF_8))));
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Answer get(String path) {
    return call("GET", path, "");
  }

  public Answer post(String path, String... form) {
    return call("POST", path, encoded(form));
  }

  Answer put(String path, String... form) {
    return call("PUT", path, encoded(form));
  }

  Answer delete(String path) {
    return call("DELETE", path, "");
  }

  private static String encoded(String... form) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < form.length; i += 2) {
      text.append(text.isEmpty() ? "" : "&")
          .append(form[i])
          .append('=')
          .append(URLEncoder.encode(form[i + 1], UTF_8));
    }
    return text.toString();
  }

  Answer call(String method, String path, String body) {
    try {
      HttpsURLConnection connection =
          (HttpsURLConnection)
              base.resolve(path.startsWith("/api2") ? path : "/api2/json" + path)
                  .toURL()
                  .openConnection();
      connection.setSSLSocketFactory(tls.getSocketFactory());
      connection.setConnectTimeout(PATIENCE_MILLIS);
      connection.setReadTimeout(PATIENCE_MILLIS);
      connection.setRequestMethod(method);
      headers.forEach(connection::setRequestProperty);
      if (!body.isEmpty()) {
        connection.setDoOutput(true);
        connection.getOutputStream().write(body.getBytes(UTF_8));
      }
      int status = connection.getResponseCode();
      InputStream stream = status < 400 ? connection.getInputStream() : connection.getErrorStream();
      String text = stream == null ? "" : new String(stream.readAllBytes(), UTF_8);
      return new Answer(
          status,
          String.valueOf(connection.getResponseMessage()),
          text.isEmpty() ? Json.NULL : text.startsWith("{") ? Json.parse(text) : text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Starts something by a call that answers with a UPID, moves the stepped clock on, and gives how
  /// the task ended.
  public String run(Lab lab, Duration lasts, Answer started) {
    if (started.status() != 200) {
      throw new AssertionError("no task was started: " + started);
    }
    lab.clock().advance(lasts);
    return exit(started.text());
  }

  /// The task's exit status, or `running`.
  String exit(String upid) {
    Map<String, Object> status =
        get("/nodes/%s/tasks/%s/status".formatted(upid.split(":", -1)[1], upid)).map();
    return status.containsKey("exitstatus")
        ? (String) status.getOrDefault("exitstatus", "")
        : "running";
  }
}
