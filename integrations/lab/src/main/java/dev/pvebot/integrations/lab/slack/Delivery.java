package dev.pvebot.integrations.lab.slack;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// One thing that Slack tells the app.
///
/// @param type `slash_commands`, `interactive`, `events_api`
/// @param acknowledged completed with the answer's payload; a command or click that nobody
///   acknowledges shows an error to the person and is not sent again
public record Delivery(
    String envelope,
    String type,
    Map<String, Object> payload,
    CompletableFuture<Optional<Map<String, Object>>> acknowledged) {
  boolean isEvent() {
    return type.equals("events_api");
  }
}
