package dev.pvebot.integrations.lab.talos;

import dev.pvebot.integrations.lab.talos.proto.cosi.Event;
import dev.pvebot.integrations.lab.talos.proto.cosi.EventType;
import dev.pvebot.integrations.lab.talos.proto.cosi.GetRequest;
import dev.pvebot.integrations.lab.talos.proto.cosi.GetResponse;
import dev.pvebot.integrations.lab.talos.proto.cosi.ListOptions;
import dev.pvebot.integrations.lab.talos.proto.cosi.ListRequest;
import dev.pvebot.integrations.lab.talos.proto.cosi.ListResponse;
import dev.pvebot.integrations.lab.talos.proto.cosi.Metadata;
import dev.pvebot.integrations.lab.talos.proto.cosi.Resource;
import dev.pvebot.integrations.lab.talos.proto.cosi.StateGrpc;
import dev.pvebot.integrations.lab.talos.proto.cosi.WatchRequest;
import dev.pvebot.integrations.lab.talos.proto.cosi.WatchResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// cosi.resource.State: reading and watching a machine's resources.
final class StateApi extends StateGrpc.StateImplBase {
  private final TalosWorld world;

  StateApi(TalosWorld world) {
    this.world = world;
  }

  /// internal/app/resources/access.go
  private static void check(Set<String> roles, String namespace, String type) {
    Optional<ResourceKinds.Kind> kind = ResourceKinds.of(type);
    if (!namespace.isEmpty() && !ResourceKinds.isNamespace(namespace)) {
      throw Answers.error(
          Status.PERMISSION_DENIED, "namespace \"%s\" is not supported".formatted(namespace));
    }
    if (kind.isEmpty()) {
      throw Answers.error(
          Status.PERMISSION_DENIED, "resource type \"%s\" is not supported".formatted(type));
    }
    if (kind.get().sensitive() && !roles.contains(Rules.ADMIN)) {
      throw Answers.error(Status.PERMISSION_DENIED, "not authorized");
    }
  }

  @Override
  public void get(GetRequest request, StreamObserver<GetResponse> to) {
    Set<String> roles = Gate.roles();
    Answers.one(
        world,
        to,
        m -> {
          check(roles, request.getNamespace(), request.getType());
          return GetResponse.newBuilder()
              .setResource(
                  m.resources()
                      .get(request.getNamespace(), request.getType(), request.getId())
                      .orElseThrow(() ->
                          Answers.error(
                              Status.NOT_FOUND,
                              "resource %s(%s/%s@undefined) doesn't exist"
                                  .formatted(
                                      request.getType(), request.getNamespace(), request.getId()))))
              .build();
        });
  }

  @Override
  public void list(ListRequest request, StreamObserver<ListResponse> to) {
    TalosMachine machine = Gate.target();
    Set<String> roles = Gate.roles();
    List<Resource> found;
    try {
      found =
          world.compute(() -> {
            check(roles, request.getNamespace(), request.getType());
            return machine.resources().list(request.getNamespace(), request.getType());
          });
    } catch (StatusRuntimeException e) {
      to.onError(e);
      return;
    }
    ListOptions options = request.getOptions();
    found.stream()
        .filter(r -> fits(r, options.hasIdQuery() ? options.getIdQuery().getRegexp() : ""))
        .forEach(r -> to.onNext(ListResponse.newBuilder().setResource(r).build()));
    to.onCompleted();
  }

  private static boolean fits(Resource resource, String regexp) {
    return regexp.isEmpty()
        || Pattern.compile(regexp).matcher(resource.getMetadata().getId()).find();
  }

  @Override
  public void watch(WatchRequest request, StreamObserver<WatchResponse> to) {
    TalosMachine machine = Gate.target();
    Set<String> roles = Gate.roles();
    Answers.stream(
        world,
        to,
        () -> {
          check(roles, request.getNamespace(), request.getType());
          Answers.send(to, WatchResponse.getDefaultInstance());
          beginning(machine, request, to);
          return machine
              .resources()
              .watch((how, now, before) -> {
                if (concerns(request, now)) {
                  Event.Builder event = Event.newBuilder().setEventType(how).setResource(now);
                  before.ifPresent(event::setOld);
                  Answers.send(to, WatchResponse.newBuilder().addEvent(event).build());
                }
              });
        });
  }

  private static boolean concerns(WatchRequest request, Resource resource) {
    Metadata metadata = resource.getMetadata();
    return metadata.getNamespace().equals(request.getNamespace())
        && metadata.getType().equals(request.getType())
        && (!request.hasId() || metadata.getId().equals(request.getId()));
  }

  /// What a watch begins with: one resource as it is, or all of a kind and the mark behind them.
  private static void beginning(
      TalosMachine machine, WatchRequest request, StreamObserver<WatchResponse> to) {
    List<Event> events = new ArrayList<>();
    if (request.hasId()) {
      Optional<Resource> now =
          machine.resources().get(request.getNamespace(), request.getType(), request.getId());
      events.add(
          now.map(r -> Event.newBuilder().setEventType(EventType.CREATED).setResource(r).build())
              .orElseGet(() ->
                  Event.newBuilder()
                      .setEventType(EventType.DESTROYED)
                      .setResource(tombstone(request))
                      .build()));
    } else if (request.getOptions().getBootstrapContents()) {
      machine
          .resources()
          .list(request.getNamespace(), request.getType())
          .forEach(r ->
              events.add(
                  Event.newBuilder().setEventType(EventType.CREATED).setResource(r).build()));
      events.add(
          Event.newBuilder()
              .setEventType(EventType.BOOTSTRAPPED)
              .setResource(tombstone(request))
              .build());
    }
    if (request.getOptions().getAggregated()) {
      Answers.send(to, WatchResponse.newBuilder().addAllEvent(events).build());
    } else {
      events.forEach(e -> Answers.send(to, WatchResponse.newBuilder().addEvent(e).build()));
    }
  }

  private static Resource tombstone(WatchRequest request) {
    return Resource.newBuilder()
        .setMetadata(
            Metadata.newBuilder()
                .setNamespace(request.getNamespace())
                .setType(request.getType())
                .setId(request.getId())
                .setVersion("undefined")
                .setPhase("running"))
        .build();
  }
}
