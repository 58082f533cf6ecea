package dev.pvebot.integrations.lab;

import dev.pvebot.integrations.lab.faults.CrashPoint;
import dev.pvebot.integrations.lab.faults.Fault;
import dev.pvebot.integrations.lab.faults.Faults;
import dev.pvebot.integrations.lab.faults.MachineFault;
import dev.pvebot.integrations.lab.faults.Matcher;
import dev.pvebot.integrations.lab.faults.TaskFault;
import dev.pvebot.integrations.lab.talos.TalosWorld;
import dev.pvebot.integrations.lab.wire.HttpListener;
import dev.pvebot.integrations.lab.wire.Json;
import dev.pvebot.integrations.lab.wire.Reply;
import dev.pvebot.integrations.lab.wire.Request;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/// The lab's switches over plain HTTP on 127.0.0.1, for clients in other processes.
///
/// | call | does |
/// |---|---|
/// | `GET /endpoints`, `/durations`, `/state`, `/tasks` | what they say |
/// | `GET /ledger?after=N` | JSON lines of calls and effects |
/// | `GET /faults` | what is armed |
/// | `POST /faults` | arms `{"fault":"status","status":503,"reason":"…","method":"POST","path":"/clone$","nth":1,"count":1}` |
/// | `POST /task-faults` | arms `{"fault":"hang","type":"qmclone","id":"101","count":1}` |
/// | `POST /machine-faults` | arms `{"fault":"wrong-image","vmid":1051}` for a Talos machine |
/// | `GET /machines` | the Talos machines as they are |
/// | `POST /kubernetes/CLUSTER/KIND` | puts an object (the body) into a cluster |
/// | `POST /crash-points` | arms `{"moment":"AFTER_ACT","method":"POST","path":"/clone$","nth":1,"pid":4711}` |
/// | `GET /crash-points/ID?wait=SECONDS` | `{"fired":"POST /nodes/…"}`, or `{"fired":null}` |
/// | `DELETE /faults`, `DELETE /faults/ID` | disarms |
/// | `POST /nodes/NAME/down`, `/up` | cuts and restores power |
/// | `POST /guests` | `{"node":"pve02","first":1201,"count":20,"memory_mib":2048,"disk_gib":8}` more running VMs |
/// | `POST /guests/VMID/unlock` | takes its lock off, as root's `qm unlock` does |
/// | `POST /config` | `{"vmid":1031,"key":"hostpci0","value":"0000:01:00"}` a line as root's editor writes it |
/// | `POST /clock/advance` | `{"seconds":30}` for a stepped clock |
final class AdminApi {
  private final Lab lab;
  private final Map<String, CrashPoint> crashes = new ConcurrentHashMap<>();

  AdminApi(Lab lab) {
    this.lab = lab;
  }

  Reply answer(Request request) {
    try {
      return route(request);
    } catch (IllegalArgumentException | ClassCastException e) {
      return Reply.json(400, Json.object("error", String.valueOf(e.getMessage())));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return Reply.json(503, Json.object("error", "the lab is stopping"));
    }
  }

  private Reply route(Request request) throws InterruptedException {
    String[] path = request.path().substring(1).split("/", -1);
    Map<String, Object> body =
        request.body().length == 0
            ? new LinkedHashMap<>()
            : Json.parseObject(HttpListener.text(request));
    return switch (request.method() + " " + path[0]) {
      case "GET endpoints" -> Reply.json(200, LabServer.endpoints(lab));
      case "GET durations" -> Reply.json(200, durations());
      case "GET state" -> Reply.json(200, lab.cluster().json());
      case "GET tasks" ->
          Reply.json(
              200,
              lab.cluster().tasks().stream()
                  .map(t ->
                      Json.object(
                          "upid",
                          t.upid(),
                          "exitstatus",
                          t.exitStatus().orElse(""),
                          "log",
                          t.log()))
                  .toList());
      case "GET ledger" ->
          Reply.of(
              200,
              "OK",
              "application/x-ndjson",
              lab.ledger().jsonLines(Long.parseLong(query(request, "after").orElse("0"))));
      case "GET faults" -> Reply.json(200, lab.faults().armed());
      case "POST faults" ->
          Reply.json(200, Json.object("id", lab.faults().arm(matcher(body), fault(body))));
      case "POST task-faults" ->
          Reply.json(
              200,
              Json.object(
                  "id",
                  lab.faults()
                      .armTask(
                          text(body, "type", ""),
                          text(body, "id", ""),
                          number(body, "count", 1),
                          taskFault(body))));
      case "POST machine-faults" ->
          Reply.json(
              200,
              Json.object(
                  "id", lab.faults().armMachine(number(body, "vmid", 0), machineFault(body))));
      case "GET machines" ->
          Reply.json(200, lab.talos().machines().stream().map(AdminApi::machine).toList());
      case "POST kubernetes" -> {
        if (path.length < 3) {
          throw new IllegalArgumentException("POST /kubernetes/CLUSTER/KIND");
        }
        lab.talos()
            .cluster(path[1])
            .orElseThrow(() -> new IllegalArgumentException("No cluster " + path[1] + " yet."))
            .kubernetes()
            .create(path[2], HttpListener.text(request));
        yield Reply.json(200, Json.object());
      }
      case "POST crash-points" -> {
        CrashPoint point =
            lab.faults()
                .armCrash(
                    matcher(body),
                    CrashPoint.Moment.valueOf(text(body, "moment", "BEFORE_READ")),
                    new Faults.Victim.Process(number(body, "pid", 0)));
        crashes.put(point.id(), point);
        yield Reply.json(200, Json.object("id", point.id()));
      }
      case "GET crash-points" -> {
        CrashPoint point = crashes.get(path.length > 1 ? path[1] : "");
        if (point == null) {
          throw new IllegalArgumentException("No such crash point; there are " + crashes.keySet());
        }
        Duration wait = Duration.ofSeconds(Long.parseLong(query(request, "wait").orElse("0")));
        Optional<String> fired = point.await(wait);
        yield Reply.json(
            200, Json.object("fired", fired.isPresent() ? fired.get() : (Object) Json.NULL));
      }
      case "DELETE faults" -> {
        if (path.length > 1) {
          lab.faults().disarm(path[1]);
        } else {
          lab.faults().disarmAll();
        }
        yield Reply.json(200, Json.object());
      }
      case "POST guests" -> {
        if (path.length > 2 && path[2].equals("unlock")) {
          lab.cluster().unlockGuest(Integer.parseInt(path[1]));
          yield Reply.json(200, Json.object());
        }
        lab.cluster()
            .addRunning(
                text(body, "node", ""),
                number(body, "first", 1201),
                number(body, "count", 1),
                number(body, "memory_mib", 2048),
                number(body, "disk_gib", 8));
        yield Reply.json(200, Json.object());
      }
      case "POST config" -> {
        lab.cluster()
            .configure(number(body, "vmid", 0), text(body, "key", ""), text(body, "value", ""));
        yield Reply.json(200, Json.object());
      }
      case "POST nodes" -> {
        switch (path.length > 2 ? path[2] : "") {
          case "down" -> lab.nodeDown(path[1]);
          case "up" -> lab.nodeUp(path[1]);
          default -> throw new IllegalArgumentException("POST /nodes/NAME/down or /up");
        }
        yield Reply.json(200, Json.object());
      }
      case "POST clock" -> {
        lab.clock().advance(Duration.ofSeconds(number(body, "seconds", 1)));
        yield Reply.json(200, Json.object("now", lab.clock().now()));
      }
      default ->
          Reply.json(404, Json.object("error", "no " + request.method() + " " + request.path()));
    };
  }

  private Map<String, Object> durations() {
    var slots = lab.config().slots();
    return Json.object(
        "speed",
        lab.clock().speed(),
        "durations",
        lab.config().durations().json(),
        "slots",
        Json.object(
            "clonesPerStorage",
            slots.clonesPerStorage(),
            "migrationsPerNode",
            slots.migrationsPerNode()));
  }

  private static Optional<String> query(Request request, String name) {
    for (String pair : request.query().split("&", -1)) {
      if (pair.startsWith(name + "=")) {
        return Optional.of(pair.substring(name.length() + 1));
      }
    }
    return Optional.empty();
  }

  private static String text(Map<String, Object> body, String key, String otherwise) {
    return String.valueOf(body.getOrDefault(key, otherwise));
  }

  private static int number(Map<String, Object> body, String key, int otherwise) {
    return body.get(key) instanceof Number given ? given.intValue() : otherwise;
  }

  private static boolean flag(Map<String, Object> body, String key) {
    return Boolean.TRUE.equals(body.get(key));
  }

  private static Matcher matcher(Map<String, Object> body) {
    return new Matcher(
        text(body, "node", ""),
        text(body, "method", ""),
        Pattern.compile(text(body, "path", "")),
        number(body, "nth", 1),
        number(body, "count", 1));
  }

  private static Fault fault(Map<String, Object> body) {
    String kind = text(body, "fault", "");
    return switch (kind) {
      case "status" -> new Fault.Status(number(body, "status", 500), text(body, "reason", "lab"));
      case "status-after-acting" ->
          new Fault.StatusAfterActing(number(body, "status", 596), text(body, "reason", "lab"));
      case "reset" -> new Fault.Reset(flag(body, "acts"));
      case "silence" -> new Fault.Silence(flag(body, "acts"));
      case "slow" -> new Fault.Slow(Duration.ofMillis(number(body, "millis", 1000)));
      case "html" -> new Fault.Html();
      case "half-json" -> new Fault.HalfJson(flag(body, "announced"));
      case "expired" -> new Fault.Expired();
      case "without-rights" -> new Fault.WithoutRights();
      default ->
          throw new IllegalArgumentException(
              "No fault '"
                  + kind
                  + "'; there are status, status-after-acting, reset, silence, slow, html,"
                  + " half-json, expired, without-rights.");
    };
  }

  private static Map<String, Object> machine(TalosWorld.MachineState machine) {
    return Json.object(
        "vmid",
        machine.vmid(),
        "hostname",
        machine.hostname(),
        "stage",
        machine.stage(),
        "ready",
        machine.ready(),
        "address",
        machine.address().orElse(""),
        "version",
        machine.version(),
        "schematic",
        machine.schematic(),
        "etcd",
        machine.etcdMember(),
        "boots",
        machine.boots());
  }

  private static MachineFault machineFault(Map<String, Object> body) {
    String kind = text(body, "fault", "");
    return switch (kind) {
      case "never-comes-back" -> new MachineFault.NeverComesBack();
      case "wrong-image" -> new MachineFault.WrongImage();
      case "link-renamed" -> new MachineFault.LinkRenamed(text(body, "name", "enp6s18"));
      case "disk-full" -> new MachineFault.DiskFull();
      case "slow-disk" -> new MachineFault.SlowDisk(number(body, "factor", 10));
      case "certificate-expired" -> new MachineFault.CertificateExpired();
      case "etcd-dead" -> new MachineFault.EtcdDead();
      default ->
          throw new IllegalArgumentException(
              "No machine fault '"
                  + kind
                  + "'; there are never-comes-back, wrong-image, link-renamed, disk-full,"
                  + " slow-disk, certificate-expired, etcd-dead.");
    };
  }

  private static TaskFault taskFault(Map<String, Object> body) {
    String kind = text(body, "fault", "");
    return switch (kind) {
      case "hang" -> new TaskFault.Hang();
      case "fail" -> new TaskFault.Fail(text(body, "text", "lab"));
      case "warn" -> new TaskFault.Warn(number(body, "warnings", 1));
      case "slow" -> new TaskFault.Slow(number(body, "factor", 10));
      case "storage-locked" -> new TaskFault.StorageLocked();
      case "ghost" -> new TaskFault.Ghost();
      default ->
          throw new IllegalArgumentException(
              "No task fault '"
                  + kind
                  + "'; there are hang, fail, warn, slow, storage-locked, ghost.");
    };
  }
}
