package dev.pvebot.integrations.lab.talos;

import com.google.protobuf.Timestamp;
import dev.pvebot.integrations.lab.talos.proto.machine.ServiceEvent;
import dev.pvebot.integrations.lab.talos.proto.machine.ServiceEvents;
import dev.pvebot.integrations.lab.talos.proto.machine.ServiceHealth;
import dev.pvebot.integrations.lab.talos.proto.machine.ServiceInfo;
import dev.pvebot.integrations.lab.talos.proto.machine.ServiceStateEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// The services of one boot with their states. Guarded by the world.
final class Services {
  /// As Talos words them.
  enum State {
    INITIALIZED("Initialized"),
    PREPARING("Preparing"),
    WAITING("Waiting"),
    STARTING("Starting"),
    RUNNING("Running"),
    STOPPING("Stopping"),
    FINISHED("Finished"),
    FAILED("Failed");

    final String word;

    State(String word) {
      this.word = word;
    }
  }

  private static final class Service {
    State state = State.INITIALIZED;
    boolean healthy;
    String message = "";
    Instant since;
    final List<ServiceEvent> events = new ArrayList<>();

    Service(Instant since) {
      this.since = since;
    }
  }

  private final TalosMachine machine;
  private final Map<String, Service> services = new LinkedHashMap<>();

  Services(TalosMachine machine) {
    this.machine = machine;
  }

  /// Puts a service into a state and tells it, unless it is there already.
  void set(String id, State state, boolean healthy, String message) {
    Service service = services.computeIfAbsent(id, _ -> new Service(machine.now()));
    if (service.state == state && service.healthy == healthy && !service.events.isEmpty()) {
      return;
    }
    service.state = state;
    service.healthy = healthy;
    service.message = message;
    service.since = machine.now();
    Timestamp at = timestamp(service.since);
    service.events.add(
        ServiceEvent.newBuilder().setState(state.word).setMsg(message).setTs(at).build());
    machine.log(id, "[talos] service[%s](%s): %s".formatted(id, state.word, message));
    machine.tell(
        ServiceStateEvent.newBuilder()
            .setService(id)
            .setAction(ServiceStateEvent.Action.valueOf(state.name()))
            .setMessage(message)
            .setHealth(health(service))
            .build());
  }

  void running(String id) {
    set(id, State.RUNNING, true, "Health check successful");
  }

  boolean isRunning(String id) {
    Service service = services.get(id);
    return service != null && service.state == State.RUNNING;
  }

  boolean isHealthy(String id) {
    Service service = services.get(id);
    return service != null && service.state == State.RUNNING && service.healthy;
  }

  boolean isIn(String id, State state) {
    Service service = services.get(id);
    return service != null && service.state == state;
  }

  boolean has(String id) {
    return services.containsKey(id);
  }

  Set<String> names() {
    return services.keySet();
  }

  void stopAll() {
    for (String id : List.copyOf(services.keySet())) {
      if (isRunning(id) && !id.equals("machined") && !id.equals("apid")) {
        set(id, State.FINISHED, false, "Service finished successfully");
      }
    }
  }

  List<ServiceInfo> list() {
    return services.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(entry ->
            ServiceInfo.newBuilder()
                .setId(entry.getKey())
                .setState(entry.getValue().state.word)
                .setEvents(ServiceEvents.newBuilder().addAllEvents(entry.getValue().events))
                .setHealth(health(entry.getValue()))
                .build())
        .toList();
  }

  private static ServiceHealth health(Service service) {
    boolean unknown = service.state != State.RUNNING;
    return ServiceHealth.newBuilder()
        .setUnknown(unknown)
        .setHealthy(!unknown && service.healthy)
        .setLastMessage(service.healthy ? "" : service.message.toLowerCase(Locale.ROOT))
        .setLastChange(timestamp(service.since))
        .build();
  }

  static Timestamp timestamp(Instant at) {
    return Timestamp.newBuilder().setSeconds(at.getEpochSecond()).setNanos(at.getNano()).build();
  }
}
