package dev.pvebot.integrations.pve.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Tells from status, reason phrase and body what an answer is (source: pve-http-server
/// `AnyEvent.pm`, `Formatter/Standard.pm`).
sealed interface Verdict {
  record Good(JsonNode data) implements Verdict {}

  record Bad(PveFailure.Kind kind, String reason) implements Verdict {}

  ObjectMapper JSON = new ObjectMapper();

  /// Reason phrases that HTTP software puts there by itself; they say nothing.
  Set<String> STOCK =
      Set.of(
          "",
          "ok",
          "error",
          "internal server error",
          "bad request",
          "not found",
          "forbidden",
          "bad gateway",
          "gateway timeout",
          "service unavailable",
          "unauthorized",
          "not implemented",
          "server error");

  static Verdict of(int status, String phrase, byte[] body) {
    Optional<JsonNode> json = json(body);
    if (status >= 200 && status < 300) {
      return json.filter(node -> node.has("data"))
          .<Verdict>map(node -> new Good(node.get("data")))
          .orElseGet(() ->
              new Bad(
                  PveFailure.Kind.NONSENSE,
                  "answered %d with %s instead of PVE's JSON".formatted(status, describe(body))));
    }
    Optional<String> words = words(phrase, json);
    String told = words.orElseGet(() -> "answered %d without saying why".formatted(status));
    return switch (status) {
      case 401 -> new Bad(PveFailure.Kind.UNAUTHENTICATED, "401 " + words.orElse("without a word"));
      case 403 -> new Bad(PveFailure.Kind.FORBIDDEN, told);
      case 400 -> new Bad(PveFailure.Kind.REJECTED, told);
      case 500 ->
          new Bad(words.isPresent() ? PveFailure.Kind.REFUSED : PveFailure.Kind.NO_ANSWER, told);
      case 501, 506 -> new Bad(PveFailure.Kind.REFUSED, told);
      case 429, 503 ->
          new Bad(
              PveFailure.Kind.BUSY,
              "%d %s".formatted(status, words.orElse("too busy or restarting")));
      case 595 ->
          new Bad(PveFailure.Kind.NODE_AWAY, "595 " + words.orElse("the node cannot be reached"));
      case 502, 504, 596, 599 ->
          new Bad(
              PveFailure.Kind.NO_ANSWER,
              "%d %s".formatted(status, words.orElse("no answer from the node")));
      default ->
          status < 400
              ? new Bad(
                  PveFailure.Kind.NONSENSE,
                  "answered %d, a redirect, which PVE's API never does".formatted(status))
              : status < 500
                  ? new Bad(
                      PveFailure.Kind.NONSENSE,
                      "answered %d, which PVE's API never does".formatted(status))
                  : new Bad(
                      PveFailure.Kind.NO_ANSWER,
                      "%d %s".formatted(status, words.orElse("without saying why")));
    };
  }

  private static Optional<JsonNode> json(byte[] body) {
    if (body.length == 0 || body[0] != '{') {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(JSON.readTree(body)).filter(JsonNode::isObject);
    } catch (JsonProcessingException _) {
      return Optional.empty();
    } catch (java.io.IOException impossible) {
      throw new java.io.UncheckedIOException(impossible);
    }
  }

  /// PVE's words: `message` (since pve-http-server 5.2.0), else the reason phrase; and what is
  /// wrong with which parameter.
  private static Optional<String> words(String phrase, Optional<JsonNode> json) {
    List<String> words = new ArrayList<>();
    json.map(node -> node.path("message").asText("").strip())
        .filter(Verdict::says)
        .or(() -> Optional.of(phrase.strip()).filter(Verdict::says))
        .ifPresent(words::add);
    json.ifPresent(node -> {
      for (Map.Entry<String, JsonNode> error : node.path("errors").properties()) {
        words.add(error.getKey() + ": " + error.getValue().asText("").strip());
      }
    });
    return words.isEmpty()
        ? Optional.empty()
        : Optional.of(String.join(" ", words).replace('\n', ' '));
  }

  private static boolean says(String text) {
    return !STOCK.contains(text.toLowerCase(java.util.Locale.ROOT));
  }

  private static String describe(byte[] body) {
    if (body.length == 0) {
      return "an empty body";
    }
    String start =
        new String(body, 0, Math.min(body.length, 200), StandardCharsets.UTF_8)
            .strip()
            .toLowerCase(java.util.Locale.ROOT);
    if (start.startsWith("<")) {
      return "HTML";
    }
    return start.startsWith("{") || start.startsWith("[")
        ? "JSON that is broken or of another kind"
        : "text";
  }
}
