package dev.pvebot.integrations.lab.slack;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Rate limits by method, as docs.slack.dev/apis/web-api/rate-limits gives them: so many calls in a
/// minute; posting counts for each channel.
final class Rates {
  private static final Map<String, Integer> A_MINUTE =
      Map.of(
          "chat.postMessage", 60,
          "chat.update", 50,
          "chat.postEphemeral", 100,
          "views.open", 100,
          "views.publish", 100,
          "users.info", 100,
          "apps.connections.open", 10,
          "auth.test", 600);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private record Forced(int times, Duration retryAfter) {}

  private final Map<String, Deque<Instant>> calls = new HashMap<>();
  private final Map<String, Forced> forced = new HashMap<>();
  private boolean unlimited;

  /// @return how long to wait, if it is too much now
  synchronized Optional<Duration> tooMany(String method, String channel, Instant now) {
    Forced wanted = forced.get(method);
    if (wanted != null && wanted.times() > 0) {
      forced.put(method, new Forced(wanted.times() - 1, wanted.retryAfter()));
      return Optional.of(wanted.retryAfter());
    }
    Integer most = A_MINUTE.get(method);
    if (most == null || unlimited) {
      return Optional.empty();
    }
    String key = method.equals("chat.postMessage") ? method + " " + channel : method;
    Deque<Instant> recent = calls.computeIfAbsent(key, _ -> new ArrayDeque<>());
    while (!recent.isEmpty() && !now.isBefore(recent.peekFirst().plus(MINUTE))) {
      recent.removeFirst();
    }
    if (recent.size() >= most) {
      Duration wait = Duration.between(now, recent.peekFirst().plus(MINUTE));
      return Optional.of(Duration.ofSeconds(wait.toSeconds() + 1));
    }
    recent.addLast(now);
    return Optional.empty();
  }

  synchronized void force(String method, int times, Duration retryAfter) {
    forced.put(method, new Forced(times, retryAfter));
  }

  synchronized void lift() {
    unlimited = true;
  }
}
