package dev.pvebot.integrations.lab.slack;

import dev.pvebot.integrations.lab.wire.Json;
import dev.pvebot.integrations.lab.wire.Socket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

/// The app's Socket Mode connections. Each delivery goes to one of them, any; an event that was not
/// acknowledged comes again to the next socket that opens.
final class Sockets implements Socket.Listener {
  private final List<Socket> open = new ArrayList<>();
  private final Map<String, Delivery> unacknowledged = new LinkedHashMap<>();
  private final List<Delivery> held = new ArrayList<>();
  private final RandomGenerator random;
  private boolean holding;
  private int copies = 1;
  private long envelopes;
  private int greeted;

  Sockets(RandomGenerator random) {
    this.random = random;
  }

  @Override
  public synchronized void opened(Socket socket) {
    open.add(socket);
    greeted++;
    socket.send(
        Json.write(
            Json.object(
                "type",
                "hello",
                "num_connections",
                open.size(),
                "connection_info",
                Json.object("app_id", SlackLab.APP))));
    List.copyOf(unacknowledged.values()).stream()
        .filter(Delivery::isEvent)
        .forEach(again -> send(socket, again, Optional.of("timeout")));
  }

  @Override
  public synchronized void text(Socket socket, String text) {
    Map<String, Object> ack = Json.parseObject(text);
    Optional.ofNullable(unacknowledged.remove(Wire.text(ack, "envelope_id")))
        .ifPresent(delivery ->
            delivery
                .acknowledged()
                .complete(Optional.of(Wire.map(ack, "payload")).filter(map -> !map.isEmpty())));
  }

  @Override
  public synchronized void closed(Socket socket) {
    open.remove(socket);
  }

  synchronized Delivery deliver(String type, Map<String, Object> payload) {
    Delivery delivery =
        new Delivery("env-" + ++envelopes, type, payload, new CompletableFuture<>());
    unacknowledged.put(delivery.envelope(), delivery);
    if (holding) {
      held.add(delivery);
    } else {
      hand(delivery);
    }
    return delivery;
  }

  private void hand(Delivery delivery) {
    for (int copy = 0; copy < copies && !open.isEmpty(); copy++) {
      send(open.get(random.nextInt(open.size())), delivery, Optional.empty());
    }
  }

  private static void send(Socket socket, Delivery delivery, Optional<String> retry) {
    Map<String, Object> envelope =
        Json.object(
            "envelope_id", delivery.envelope(),
            "type", delivery.type(),
            "accepts_response_payload", !delivery.isEvent(),
            "payload", delivery.payload());
    retry.ifPresent(reason -> {
      envelope.put("retry_attempt", 1);
      envelope.put("retry_reason", reason);
    });
    socket.send(Json.write(envelope));
  }

  synchronized void sendEachTimes(int times) {
    copies = times;
  }

  synchronized void hold() {
    holding = true;
  }

  /// Hands on what was held, the newest first.
  synchronized void releaseInWrongOrder() {
    holding = false;
    Collections.reverse(held);
    held.forEach(this::hand);
    held.clear();
  }

  synchronized void disconnect(String reason) {
    String frame = Json.write(Json.object("type", "disconnect", "reason", reason));
    List.copyOf(open)
        .forEach(socket -> {
          socket.send(frame);
          open.remove(socket); // nothing new goes to a socket that was asked to leave
        });
  }

  synchronized void fallSilent() {
    open.forEach(Socket::fallSilent);
    open.clear();
  }

  synchronized void reset() {
    List.copyOf(open).forEach(Socket::reset);
    open.clear();
  }

  synchronized int connections() {
    return open.size();
  }

  synchronized int greeted() {
    return greeted;
  }

  synchronized int unacknowledged() {
    return unacknowledged.size();
  }
}
