package dev.pvebot.integrations.lab.pve;

import dev.pvebot.integrations.lab.wire.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The worker tasks: lists, status, log, stop.
final class TaskApi {
  private static final Pattern UPID =
      Pattern.compile(
          "^UPID:[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?:[0-9A-Fa-f]{8}:[0-9A-Fa-f]{8,9}:[0-9A-Fa-f]{8}:[^:\\s/]+:[^:\\s/]*:[^:\\s/]+:$");
  private static final int RECENT = 25;

  private final Datacenter datacenter;

  TaskApi(Datacenter datacenter) {
    this.datacenter = datacenter;
  }

  void routes(Router router) {
    router
        .on("GET", "/cluster/tasks", this::recent)
        .on("GET", "/nodes/{node}/tasks", this::list)
        .on("GET", "/nodes/{node}/tasks/{upid}/status", this::status)
        .on("GET", "/nodes/{node}/tasks/{upid}/log", this::log)
        .on("DELETE", "/nodes/{node}/tasks/{upid}", this::stop);
  }

  private static Map<String, Object> row(Task task) {
    String[] who = task.user.split("!", 2);
    Map<String, Object> row =
        Json.object(
            "upid",
            task.upid,
            "node",
            task.node,
            "pid",
            task.pid,
            "pstart",
            task.pstart,
            "starttime",
            task.started.getEpochSecond(),
            "type",
            task.type,
            "id",
            task.id,
            "user",
            who[0]);
    if (who.length > 1) {
      row.put("tokenid", who[1]);
    }
    return row;
  }

  private Object recent(Call call) {
    boolean all = call.may("/", "Sys.Audit");
    List<Object> rows = new ArrayList<>();
    for (Task task : datacenter.tasks.all()) {
      if (rows.size() < RECENT
          && (all || task.user.equals(call.who().authId()) && call.who().token().isEmpty())) {
        Map<String, Object> row = row(task);
        row.put("saved", task.isRunning() ? "0" : "1");
        task.ended()
            .ifPresent(end -> {
              row.put("endtime", end.getEpochSecond());
              row.put("status", task.exitStatus());
            });
        rows.add(row);
      }
    }
    return rows;
  }

  private static boolean owns(Call call, Task task) {
    String caller = call.who().authId();
    return task.user.equals(caller)
        || call.who().token().isEmpty() && task.user.startsWith(caller + "!");
  }

  private Object list(Call call) {
    boolean auditor = call.may("/nodes/" + call.node(), "Sys.Audit");
    String source = call.get("source").orElse("archive");
    int start = call.get("start").map(Integer::parseInt).orElse(0);
    int limit = call.get("limit").map(Integer::parseInt).orElse(50);
    List<Object> rows = new ArrayList<>();
    int matches = 0;
    for (Task task : datacenter.tasks.all()) {
      if (!task.node.equals(call.node())
          || !(auditor || owns(call, task))
          || source.equals("archive") && task.isRunning()
          || source.equals("active") && !task.isRunning()
          || !passes(call, task)) {
        continue;
      }
      matches++;
      if (matches > start && rows.size() < limit) {
        Map<String, Object> row = row(task);
        row.put("status", task.isRunning() ? "RUNNING" : task.exitStatus());
        task.ended().ifPresent(end -> row.put("endtime", end.getEpochSecond()));
        rows.add(row);
      }
    }
    return new Handler.Page(rows, matches);
  }

  private static boolean passes(Call call, Task task) {
    boolean failed = !task.isRunning() && !task.exitStatus().matches("OK|WARNINGS: \\d+");
    String kind =
        task.isRunning() || task.exitStatus().equals("unexpected status")
            ? "unknown"
            : failed ? "error" : task.exitStatus().equals("OK") ? "ok" : "warning";
    long started = task.started.getEpochSecond();
    return call.get("typefilter").map(task.type::equals).orElse(true)
        && call.get("vmid").map(task.id::equals).orElse(true)
        && call.get("userfilter").map(task.user::contains).orElse(true)
        && call.get("since").map(s -> started >= Long.parseLong(s)).orElse(true)
        && call.get("until").map(s -> started <= Long.parseLong(s)).orElse(true)
        && (!call.flag("errors") || failed)
        && call.get("statusfilter").map(f -> List.of(f.split("[,; ]")).contains(kind)).orElse(true);
  }

  private Task find(Call call, String privilege) {
    String upid = call.need("upid");
    if (!UPID.matcher(upid).find()) {
      throw ApiError.parameter("upid", "unable to parse worker upid");
    }
    Optional<Task> task = datacenter.tasks.find(upid).filter(t -> t.node.equals(call.node()));
    if (task.isEmpty() || !owns(call, task.get())) {
      call.require("/nodes/" + call.node(), privilege);
    }
    return task.orElseThrow(() -> ApiError.parameter("upid", "no such task"));
  }

  private Object status(Call call) {
    Task task = find(call, "Sys.Audit");
    Map<String, Object> row = row(task);
    row.put("status", task.isRunning() ? "running" : "stopped");
    if (!task.isRunning()) {
      row.put("exitstatus", task.exitStatus());
    }
    return row;
  }

  private Object log(Call call) {
    String upid = call.need("upid");
    if (UPID.matcher(upid).find() && datacenter.tasks.find(upid).isEmpty()) {
      call.require("/nodes/" + call.node(), "Sys.Audit");
      return new Handler.Page(
          List.of(Json.object("n", 1, "t", "unable to open file - No such file or directory")), 1);
    }
    Task task = find(call, "Sys.Audit");
    int start = call.get("start").map(Integer::parseInt).orElse(0);
    int limit = call.get("limit").map(Integer::parseInt).orElse(50);
    List<Object> rows = new ArrayList<>();
    for (int i = start; i < task.log.size() && (limit == 0 || rows.size() < limit); i++) {
      rows.add(Json.object("n", i + 1, "t", task.log.get(i)));
    }
    if (task.log.isEmpty()) {
      rows.add(Json.object("n", 1, "t", "no content"));
    }
    return new Handler.Page(rows, task.log.size());
  }

  private Object stop(Call call) {
    Task task = find(call, "Sys.Modify");
    if (task.isRunning()) {
      datacenter.record("task-stopped", 0, "", task.node, Optional.of(task), task.type);
      task.interrupt();
    }
    return Json.NULL;
  }
}
