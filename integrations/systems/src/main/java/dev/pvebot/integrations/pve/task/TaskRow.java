package dev.pvebot.integrations.pve.task;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pvebot.clusters.Upid;
import dev.pvebot.integrations.pve.api.Json;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A task as a node's list shows it (source: PVE `GET /nodes/{node}/tasks`).
///
/// @param exitStatus as PVE says, `OK`, `WARNINGS: 1` or the error; empty while it runs
/// @param seconds that it lasted, 0 while it runs
public record TaskRow(Upid upid, Optional<String> exitStatus, long seconds) {

  static List<TaskRow> of(JsonNode data) {
    return Json.list(data).stream().flatMap(entry -> row(entry).stream()).toList();
  }

  private static Optional<TaskRow> row(JsonNode entry) {
    String upid = entry.path("upid").asText("");
    if (!Upid.isUpid(upid)) {
      return Optional.empty();
    }
    boolean ended = entry.has("endtime");
    Optional<String> status =
        Json.text(entry, "status").filter(text -> ended || !text.equalsIgnoreCase("RUNNING"));
    return Optional.of(
        new TaskRow(
            new Upid(upid),
            status.or(() -> ended ? Optional.of("unexpected status") : Optional.empty()),
            ended
                ? Math.max(0, Json.number(entry, "endtime") - Json.number(entry, "starttime"))
                : 0));
  }

  /// When it ended, by the clock of its node; whole seconds.
  public Optional<Instant> endedAt() {
    return isRunning() ? Optional.empty() : Optional.of(upid.startedAt().plusSeconds(seconds));
  }

  public boolean isRunning() {
    return exitStatus.isEmpty();
  }

  /// Whether it ended well, but not without warnings.
  public boolean hasWarnings() {
    return isGood() && !exitStatus.equals(Optional.of("OK"));
  }

  /// Whether it ended well, with warnings or without.
  public boolean isGood() {
    return exitStatus.filter(ExitStatus::isGood).isPresent();
  }
}
