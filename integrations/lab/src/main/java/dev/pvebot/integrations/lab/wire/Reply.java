package dev.pvebot.integrations.lab.wire;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// One HTTP reply with its own reason phrase, and how it is put on the wire.
///
/// @param delay wall time to wait before the first byte
/// @param whenFlushed runs after the last byte went to the socket
/// @param stream what sends the parts of a [Delivery#STREAM]
public record Reply(
    int status,
    String reason,
    Map<String, String> headers,
    byte[] body,
    Delivery delivery,
    Duration delay,
    Optional<Runnable> whenFlushed,
    Optional<Stream> stream) {
  /// A body whose parts come by and by.
  public interface Stream {
    /// Begins to send; an empty part ends it.
    ///
    /// @return called when the client has gone
    Runnable begin(Consumer<byte[]> parts);
  }

  /// What becomes of the bytes.
  public enum Delivery {
    /// As HTTP wants it.
    WHOLE,
    /// The length of the whole is announced, half is sent, the connection closes.
    HALF,
    /// Half is sent with the length of the half: correct HTTP, broken content.
    HALF_AS_WHOLE,
    /// No byte; the connection is reset.
    RESET,
    /// No byte; the connection stays open until the client gives up.
    SILENCE,
    /// Parts that come one by one, see [Reply#stream].
    STREAM
  }

  public Reply {
    headers = Map.copyOf(headers);
  }

  public static Reply of(int status, String reason, String contentType, String body) {
    Map<String, String> headers = new LinkedHashMap<>();
    if (!contentType.isEmpty()) {
      headers.put("Content-Type", contentType);
    }
    return new Reply(
        status,
        reason,
        headers,
        body.getBytes(StandardCharsets.UTF_8),
        Delivery.WHOLE,
        Duration.ZERO,
        Optional.empty(),
        Optional.empty());
  }

  public static Reply json(int status, Object value) {
    return of(status, status < 400 ? "OK" : "Error", "application/json", Json.write(value));
  }

  public static Reply of(Delivery delivery) {
    return of(200, "OK", "", "").withDelivery(delivery);
  }

  public static Reply streaming(String contentType, Stream stream) {
    return new Reply(
        200,
        "OK",
        Map.of("Content-Type", contentType),
        new byte[0],
        Delivery.STREAM,
        Duration.ZERO,
        Optional.empty(),
        Optional.of(stream));
  }

  public Reply withDelivery(Delivery how) {
    return new Reply(status, reason, headers, body, how, delay, whenFlushed, stream);
  }

  public Reply withDelay(Duration wall) {
    return new Reply(status, reason, headers, body, delivery, wall, whenFlushed, stream);
  }

  public Reply withHeaders(Map<String, String> more) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.putAll(more);
    return new Reply(status, reason, all, body, delivery, delay, whenFlushed, stream);
  }

  public Reply afterwards(Runnable what) {
    return new Reply(status, reason, headers, body, delivery, delay, Optional.of(what), stream);
  }
}
