package dev.pvebot.integrations.pve.task;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Upid;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.integrations.pve.api.Json;
import dev.pvebot.integrations.pve.api.PveCall;
import dev.pvebot.integrations.pve.api.PveCaller;
import dev.pvebot.integrations.pve.api.PveFailure;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The lists, states and logs of tasks. A token without Sys.Audit on the node sees its own tasks
/// only, which are the ones that matter here.
public final class NodeTasks {
  private static final Pattern PERCENT = Pattern.compile("(\\d{1,3})(?:\\.\\d+)?\\s?%");
  private static final int MANY = 5000;
  private static final int MOST_LISTED = 1000;

  private final PveCaller caller;

  public NodeTasks(PveCaller caller) {
    this.caller = caller;
  }

  /// Everything that runs on the node now; what has just ended may be there too.
  List<TaskRow> active(NodeName node) throws InterruptedException {
    return TaskRow.of(caller.call(list(node).with("source", "active").with("limit", MANY)));
  }

  /// The newest tasks that have ended.
  List<TaskRow> ended(NodeName node, int limit) throws InterruptedException {
    return TaskRow.of(caller.call(list(node).with("source", "archive").with("limit", limit)));
  }

  /// The newest tasks of one guest on one node, running and ended, newest first.
  public List<TaskRow> of(NodeName node, Vmid vmid) throws InterruptedException {
    return TaskRow.of(
        caller.call(list(node).with("source", "all").with("vmid", vmid).with("limit", 50)));
  }

  /// The newest tasks of one type on one node, running and ended, newest first.
  public List<TaskRow> of(NodeName node, String type) throws InterruptedException {
    return TaskRow.of(
        caller.call(list(node).with("source", "all").with("typefilter", type).with("limit", 50)));
  }

  /// What began on a node after a time, running and ended, newest first; at most 1,000.
  public List<TaskRow> since(NodeName node, Instant since) throws InterruptedException {
    return TaskRow.of(
        caller.call(
            list(node)
                .with("source", "all")
                .with("since", since.getEpochSecond())
                .with("limit", MOST_LISTED)));
  }

  /// Everything that runs on the node now.
  public List<TaskRow> running(NodeName node) throws InterruptedException {
    return active(node).stream().filter(TaskRow::isRunning).toList();
  }

  /// What runs for one guest on one node.
  public List<TaskRow> running(NodeName node, Vmid vmid) throws InterruptedException {
    return TaskRow.of(
            caller.call(list(node).with("source", "active").with("vmid", vmid).with("limit", MANY)))
        .stream()
        .filter(TaskRow::isRunning)
        .toList();
  }

  private static PveCall list(NodeName node) {
    return PveCall.get("listing the tasks of " + node, "nodes", node, "tasks");
  }

  /// One task; empty when its node does not know it (any more).
  ///
  /// @throws PveFailure when its node cannot be asked
  public Optional<TaskRow> status(Upid upid) throws InterruptedException {
    JsonNode status;
    try {
      status =
          caller.call(
              PveCall.get(
                  "asking how task %s of %s stands".formatted(upid.type(), upid.node()),
                  "nodes",
                  upid.node(),
                  "tasks",
                  upid,
                  "status"));
    } catch (PveFailure failure) {
      if (failure.kind() == PveFailure.Kind.REJECTED && failure.reason().contains("no such task")) {
        return Optional.empty();
      }
      throw failure;
    }
    boolean running = status.path("status").asText().equals("running");
    return Optional.of(
        new TaskRow(
            upid,
            running
                ? Optional.empty()
                : Json.text(status, "exitstatus").or(() -> Optional.of("unexpected status")),
            0));
  }

  /// The log from line `start` (counted from 0), at most `limit` lines.
  public List<String> log(Upid upid, int start, int limit) throws InterruptedException {
    JsonNode lines =
        caller.call(
            PveCall.get(
                    "reading the log of task %s of %s".formatted(upid.type(), upid.node()),
                    "nodes",
                    upid.node(),
                    "tasks",
                    upid,
                    "log")
                .with("start", start)
                .with("limit", limit));
    return Json.list(lines).stream().map(line -> line.path("t").asText("")).toList();
  }

  /// How far a task says it is, from the last of its lines that says so: `64 %`.
  public static Optional<String> percent(List<String> log) {
    for (String line : log.reversed()) {
      Matcher matcher = PERCENT.matcher(line);
      if (matcher.find()) {
        return Optional.of(matcher.group(1) + " %");
      }
    }
    return Optional.empty();
  }
}
