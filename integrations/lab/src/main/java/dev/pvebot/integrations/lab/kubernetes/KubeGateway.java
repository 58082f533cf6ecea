package dev.pvebot.integrations.lab.kubernetes;

import dev.pvebot.integrations.lab.faults.CrashPoint;
import dev.pvebot.integrations.lab.faults.Fault;
import dev.pvebot.integrations.lab.faults.Faults;
import dev.pvebot.integrations.lab.ledger.Ledger;
import dev.pvebot.integrations.lab.wire.Json;
import dev.pvebot.integrations.lab.wire.Reply;
import dev.pvebot.integrations.lab.wire.Reply.Delivery;
import dev.pvebot.integrations.lab.wire.Request;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// What every call of a Kubernetes API passes: the ledger, faults and crash points, and who calls.
final class KubeGateway {
  private final String node;
  private final KubeCluster cluster;
  private final KubeApi api;
  private final Ledger ledger;
  private final Faults faults;

  KubeGateway(String node, KubeCluster cluster, Ledger ledger, Faults faults) {
    this.node = node;
    this.cluster = cluster;
    this.api = new KubeApi(cluster);
    this.ledger = ledger;
    this.faults = faults;
  }

  private record Passage(long seq, Instant wall, Request request) {}

  Reply answer(Request request) {
    Passage passage = new Passage(ledger.next(), Instant.now(), request);
    Optional<Faults.Met> crash = faults.crashAt(node, request.method(), request.path());
    if (crash.filter(c -> c.point().moment() == CrashPoint.Moment.BEFORE_READ).isPresent()) {
      note(passage, 0, "dropped", Optional.of("crash before the call is read"));
      crash.get().strike().run();
      return Reply.of(Delivery.RESET);
    }
    Reply reply = withFaults(passage);
    if (crash.isEmpty()) {
      return reply;
    }
    if (crash.get().point().moment() == CrashPoint.Moment.AFTER_ACT) {
      crash.get().strike().run();
      return Reply.of(Delivery.RESET);
    }
    return reply.afterwards(crash.get().strike());
  }

  private Reply withFaults(Passage passage) {
    Request request = passage.request();
    Optional<Fault> fault = faults.atCall(node, request.method(), request.path());
    if (fault.isEmpty()) {
      return acted(passage, fault);
    }
    return switch (fault.get()) {
      case Fault.Status s -> instead(passage, fault, s.status(), s.reason());
      case Fault.Expired _ -> instead(passage, fault, 401, "Unauthorized");
      case Fault.WithoutRights _ -> instead(passage, fault, 403, "Forbidden");
      case Fault.Html _ -> instead(passage, fault, 502, "Bad Gateway");
      case Fault.StatusAfterActing s -> {
        acted(passage, fault);
        yield KubeApi.failure(s.status(), s.reason(), s.reason());
      }
      case Fault.Reset r -> cut(passage, fault, r.acts(), Delivery.RESET);
      case Fault.Silence s -> cut(passage, fault, s.acts(), Delivery.SILENCE);
      case Fault.Slow slow -> acted(passage, fault).withDelay(slow.wall());
      case Fault.HalfJson half ->
          acted(passage, fault)
              .withDelivery(half.announced() ? Delivery.HALF : Delivery.HALF_AS_WHOLE);
    };
  }

  private Reply instead(Passage passage, Optional<Fault> fault, int status, String reason) {
    note(passage, status, reason, fault.map(Object::toString));
    return KubeApi.failure(status, reason, reason);
  }

  private Reply cut(Passage passage, Optional<Fault> fault, boolean acts, Delivery delivery) {
    if (acts) {
      acted(passage, fault);
    } else {
      note(passage, 0, "dropped", fault.map(Object::toString));
    }
    return Reply.of(delivery);
  }

  private Reply acted(Passage passage, Optional<Fault> fault) {
    Request request = passage.request();
    Reply reply = refusal(request).orElseGet(() -> api.answer(request));
    note(passage, reply.status(), reply.reason(), fault.map(Object::toString));
    return reply;
  }

  private Optional<Reply> refusal(Request request) {
    boolean open = request.path().matches("/(version|livez|readyz|healthz)(/.*)?");
    if (!open && request.peer().isEmpty()) {
      return Optional.of(KubeApi.failure(401, "Unauthorized", "Unauthorized"));
    }
    if (!open && !request.peer().orElse("").contains("system:masters")) {
      return Optional.of(
          KubeApi.failure(
              403, "Forbidden", "User \"%s\" cannot do this".formatted(request.peer().orElse(""))));
    }
    if (!cluster.isAvailable() && !request.path().equals("/version")) {
      return Optional.of(
          request.path().matches("/(livez|readyz|healthz)(/.*)?")
              ? Reply.of(
                  500, "Internal Server Error", "text/plain", "[-]etcd failed: reason withheld\n")
              : KubeApi.failure(500, "InternalError", "etcdserver: request timed out"));
    }
    return Optional.empty();
  }

  private void note(Passage passage, int status, String reason, Optional<String> fault) {
    Request request = passage.request();
    Map<String, Object> parameters =
        request.query().isEmpty() ? Map.of() : Json.object("query", request.query());
    ledger.add(
        new Ledger.Call(
            passage.seq(),
            cluster.instant(),
            passage.wall(),
            node,
            "kubernetes",
            request.method(),
            request.path(),
            parameters,
            request.peer().orElse("anonymous"),
            status,
            reason,
            Optional.empty(),
            fault));
  }
}
