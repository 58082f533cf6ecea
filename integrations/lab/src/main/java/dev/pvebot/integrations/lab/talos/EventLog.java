package dev.pvebot.integrations.lab.talos;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import dev.pvebot.integrations.lab.talos.proto.machine.Event;
import dev.pvebot.integrations.lab.talos.proto.machine.EventsRequest;
import dev.pvebot.integrations.lab.time.LabClock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// What a machine has told about itself since it booted, and who listens. Guarded by the world.
final class EventLog {
  private static final int KEPT = 1000;

  private record Entry(Event event, Instant at) {}

  private final LabClock clock;
  private final List<Entry> entries = new ArrayList<>();
  private final List<Consumer<Event>> listeners = new ArrayList<>();
  private int numbers;

  EventLog(LabClock clock) {
    this.clock = clock;
  }

  void tell(Message what, String actor) {
    Event event =
        Event.newBuilder()
            .setData(Any.pack(what, "talos/runtime"))
            .setId("%020d".formatted(++numbers))
            .setActorId(actor)
            .build();
    entries.add(new Entry(event, clock.now()));
    if (entries.size() > KEPT) {
      entries.removeFirst();
    }
    List.copyOf(listeners).forEach(listener -> listener.accept(event));
  }

  /// Hands over what the request asks from the past, then all that comes.
  ///
  /// @return ends it
  Runnable listen(EventsRequest request, Consumer<Event> listener) {
    List<Entry> past = new ArrayList<>(entries);
    if (!request.getTailId().isEmpty()) {
      past.removeIf(e -> e.event.getId().compareTo(request.getTailId()) <= 0);
    } else if (request.getTailSeconds() > 0) {
      Instant from = clock.now().minusSeconds(request.getTailSeconds());
      past.removeIf(e -> e.at.isBefore(from));
    } else if (request.getTailEvents() >= 0) {
      int drop = Math.max(0, past.size() - request.getTailEvents());
      past.subList(0, drop).clear();
    }
    String actor = request.getWithActorId();
    Consumer<Event> filtered =
        event -> {
          if (actor.isEmpty() || event.getActorId().equals(actor)) {
            listener.accept(event);
          }
        };
    past.forEach(e -> filtered.accept(e.event));
    listeners.add(filtered);
    return () -> listeners.remove(filtered);
  }
}
