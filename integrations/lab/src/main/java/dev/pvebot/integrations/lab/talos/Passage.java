package dev.pvebot.integrations.lab.talos;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.pvebot.integrations.lab.ledger.Ledger;
import io.grpc.Status;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One call of a machine API on its way into the ledger: reading RPCs are `GET`, others `POST`, the
/// path is gRPC's, the node is the VM's name, the user is the caller's roles.
final class Passage {
  private static final Set<String> SECRET = Set.of("data", "bytes", "value", "b");

  private final TalosWorld world;
  private final long seq;
  private final Instant lab;
  private final Instant wall = Instant.now();
  private final String node;
  private final String address;
  private final String path;
  private final boolean reads;
  private final String user;
  private final Map<String, Object> parameters = new LinkedHashMap<>();
  private boolean noted;

  Passage(TalosWorld world, TalosMachine machine, String path, boolean reads, String user) {
    this.world = world;
    this.seq = world.ledger().next();
    this.lab = world.clock().now();
    this.node = machine.hardware().name();
    this.address = machine.address().orElse("");
    this.path = path;
    this.reads = reads;
    this.user = user;
  }

  String node() {
    return node;
  }

  String verb() {
    return reads ? "GET" : "POST";
  }

  String path() {
    return path;
  }

  synchronized void request(Object message) {
    if (message instanceof Message proto) {
      proto
          .getAllFields()
          .forEach((FieldDescriptor field, Object value) ->
              parameters.put(
                  field.getName(), SECRET.contains(field.getName()) ? "***" : shown(value)));
    }
  }

  private static Object shown(Object value) {
    return value instanceof Boolean || value instanceof Number
        ? value
        : String.valueOf(value).strip();
  }

  void dropped(String why) {
    note(0, "dropped", Optional.of(why));
  }

  void answered(Status status, Optional<String> fault) {
    String reason =
        status.isOk()
            ? "OK"
            : status.getCode()
                + Optional.ofNullable(status.getDescription()).map(d -> ": " + d).orElse("");
    note(http(status.getCode()), reason, fault);
  }

  private synchronized void note(int status, String reason, Optional<String> fault) {
    if (noted) {
      return;
    }
    noted = true;
    world
        .ledger()
        .add(
            new Ledger.Call(
                seq,
                lab,
                wall,
                node,
                address,
                verb(),
                path,
                parameters,
                user,
                status,
                reason,
                Optional.empty(),
                fault));
  }

  /// The HTTP status that says about the same, as gRPC's gateways translate.
  private static int http(Status.Code code) {
    return switch (code) {
      case OK -> 200;
      case CANCELLED -> 499;
      case INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE -> 400;
      case UNAUTHENTICATED -> 401;
      case PERMISSION_DENIED -> 403;
      case NOT_FOUND -> 404;
      case ALREADY_EXISTS, ABORTED -> 409;
      case RESOURCE_EXHAUSTED -> 429;
      case UNIMPLEMENTED -> 501;
      case UNAVAILABLE -> 503;
      case DEADLINE_EXCEEDED -> 504;
      case UNKNOWN, INTERNAL, DATA_LOSS -> 500;
    };
  }
}
