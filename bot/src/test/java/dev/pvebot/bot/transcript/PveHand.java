package dev.pvebot.bot.transcript;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pvebot.integrations.lab.Lab;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.awaitility.Awaitility;

/// Somebody else who works on the lab's datacenter by hand, past the bot.
final class PveHand implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Pattern CALL =
      Pattern.compile("(GET|PUT|POST|DELETE) (/\\S*)(?: (.*))?", Pattern.DOTALL);
  private static final Pattern TASK = Pattern.compile("\"data\"\\s*:\\s*\"(UPID:([^:]+):[^\"]+)\"");

  private final Lab lab;
  private final HttpClient client;

  PveHand(Lab lab) {
    this.lab = lab;
    this.client = HttpClient.newBuilder().sslContext(trusting(lab.caPem())).build();
  }

  /// `PUT /nodes/pve01/qemu/1031/config tags=web;protected cores=4`; a task is waited for.
  void pve(String call) throws IOException, InterruptedException {
    String answer = begin(call);
    Matcher task = TASK.matcher(answer);
    if (task.find()) {
      String status =
          "/nodes/%s/tasks/%s/status"
              .formatted(task.group(2), URLEncoder.encode(task.group(1), UTF_8));
      Awaitility.await(call)
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> call("GET", status, "").contains("\"stopped\""));
    }
  }

  /// The same without waiting for its task.
  ///
  /// @return what PVE answers
  String begin(String call) throws IOException, InterruptedException {
    Matcher form = CALL.matcher(call);
    if (!form.matches()) {
      throw new IllegalArgumentException("'%s' is no call of PVE's API".formatted(call));
    }
    String fields =
        form.group(3) == null
            ? ""
            : Arrays.stream(form.group(3).split(" ", -1))
                .map(field -> field.split("=", 2))
                .map(pair -> pair[0] + "=" + URLEncoder.encode(pair[1], UTF_8))
                .collect(Collectors.joining("&"));
    return call(form.group(1), form.group(2), fields);
  }

  /// `POST /faults {"fault":"status", …}` to the lab's own switches.
  void lab(String call) throws IOException, InterruptedException {
    Matcher form = CALL.matcher(call);
    if (!form.matches()) {
      throw new IllegalArgumentException("'%s' is no call of the lab's switches".formatted(call));
    }
    String body = form.group(3) == null ? "" : form.group(3);
    send(
        HttpRequest.newBuilder(URI.create(lab.adminEndpoint() + form.group(2)))
            .method(form.group(1), HttpRequest.BodyPublishers.ofString(body)));
  }

  private String call(String method, String path, String fields)
      throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(URI.create(lab.endpoint() + "/api2/json" + path))
            .header("Authorization", "PVEAPIToken=" + lab.token("operator"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .method(
                method,
                fields.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(fields)));
  }

  private String send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        client.send(request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() >= 300) {
      throw new IOException(
          "%s: %d %s".formatted(answer.uri(), answer.statusCode(), answer.body()));
    }
    return answer.body();
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
    } catch (GeneralSecurityException | IOException impossible) {
      throw new IllegalStateException("the lab's authority cannot be read", impossible);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
