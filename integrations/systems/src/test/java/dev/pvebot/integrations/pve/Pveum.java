package dev.pvebot.integrations.pve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pvebot.clusters.secret.Secret;
import dev.pvebot.integrations.lab.Lab;
import dev.pvebot.integrations.pve.api.ApiToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.FormBody;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.tls.Certificates;
import okhttp3.tls.HandshakeCertificates;

/// Runs `pveum` lines on a lab, as root would on a node: each is one call of PVE's own API, which
/// is what `pveum` itself makes of it.
public final class Pveum {
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");

  private final Lab lab;
  private final OkHttpClient client;
  private final ObjectMapper json = new ObjectMapper();
  private final JsonNode ticket;
  private Optional<ApiToken> token = Optional.empty();

  public Pveum(Lab lab) throws IOException {
    this.lab = lab;
    HandshakeCertificates trust =
        new HandshakeCertificates.Builder()
            .addTrustedCertificate(Certificates.decodeCertificatePem(lab.caPem()))
            .build();
    this.client =
        new OkHttpClient.Builder()
            .sslSocketFactory(trust.sslSocketFactory(), trust.trustManager())
            .build();
    this.ticket =
        send(
            "POST",
            "/access/ticket",
            Map.of("username", "root@pam", "password", lab.rootPassword()),
            Map.of());
  }

  public void run(List<String> lines) throws IOException {
    for (String line : lines) {
      run(line);
    }
  }

  /// The token that the last `pveum user token add` made.
  public ApiToken token() {
    return token.orElseThrow();
  }

  private void run(String line) throws IOException {
    List<String> words = new ArrayList<>();
    Matcher matcher = WORD.matcher(line.replace(" 2>/dev/null", ""));
    while (matcher.find()) {
      words.add(matcher.group().replaceAll("^[\"']|[\"']$", ""));
    }
    Map<String, String> options = new LinkedHashMap<>();
    List<String> plain = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      if (words.get(i).startsWith("--")) {
        options.put(words.get(i).substring(2), words.get(++i));
      } else {
        plain.add(words.get(i));
      }
    }
    boolean mayFail = line.endsWith("2>/dev/null");
    try {
      call(String.join(" ", plain.subList(0, Math.min(3, plain.size()))), plain, options);
    } catch (IOException refused) {
      if (!mayFail) {
        throw refused;
      }
    }
  }

  private void call(String verb, List<String> words, Map<String, String> options)
      throws IOException {
    if (verb.equals("pveum role add")) {
      options.put("roleid", words.get(3));
      as("POST", "/access/roles", options);
    } else if (verb.equals("pveum role modify")) {
      as("PUT", "/access/roles/" + words.get(3), options);
    } else if (verb.equals("pveum user add")) {
      options.put("userid", words.get(3));
      as("POST", "/access/users", options);
    } else if (verb.equals("pveum acl modify")) {
      options.put("path", words.get(3));
      as("PUT", "/access/acl", options);
    } else if (verb.equals("pveum user token")) {
      String id = words.get(4) + "!" + words.get(5);
      JsonNode made =
          as("POST", "/access/users/%s/token/%s".formatted(words.get(4), words.get(5)), options);
      token = Optional.of(new ApiToken(id, new Secret(made.path("value").asText())));
    } else {
      throw new IOException("no such line of pveum: " + words);
    }
  }

  private JsonNode as(String method, String path, Map<String, String> parameters)
      throws IOException {
    return send(
        method,
        path,
        parameters,
        Map.of(
            "Cookie",
            "PVEAuthCookie=" + ticket.path("ticket").asText(),
            "CSRFPreventionToken",
            ticket.path("CSRFPreventionToken").asText()));
  }

  private JsonNode send(
      String method, String path, Map<String, String> parameters, Map<String, String> headers)
      throws IOException {
    FormBody.Builder body = new FormBody.Builder();
    parameters.forEach(body::add);
    Request.Builder request =
        new Request.Builder()
            .url(lab.endpoint() + "/api2/json" + path)
            .method(method, body.build());
    headers.forEach(request::header);
    try (Response response = client.newCall(request.build()).execute()) {
      if (!response.isSuccessful()) {
        throw new IOException(
            "%s %s: %d %s".formatted(method, path, response.code(), response.message()));
      }
      return json.readTree(response.body().string()).path("data");
    }
  }
}
