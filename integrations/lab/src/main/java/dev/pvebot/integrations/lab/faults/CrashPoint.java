package dev.pvebot.integrations.lab.faults;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A place in one call at which the client dies. It fires once.
public final class CrashPoint {
  /// When, in the life of a call.
  public enum Moment {
    /// The call has arrived; the lab does not act and does not reply.
    BEFORE_READ,
    /// The lab has acted and does not reply.
    AFTER_ACT,
    /// The reply was flushed.
    AFTER_REPLY
  }

  private final String id;
  private final Moment moment;
  private final CompletableFuture<String> fired = new CompletableFuture<>();

  CrashPoint(String id, Moment moment) {
    this.id = id;
    this.moment = moment;
  }

  public String id() {
    return id;
  }

  public Moment moment() {
    return moment;
  }

  void firedAt(String call) {
    fired.complete(call);
  }

  /// The call it fired at (`POST /nodes/…`), if it has.
  public Optional<String> fired() {
    return Optional.ofNullable(fired.getNow(null));
  }

  /// Waits until it has fired and the client is dead.
  ///
  /// @return the call it fired at, or empty if `wall` passed first
  public Optional<String> await(Duration wall) throws InterruptedException {
    try {
      return Optional.of(fired.get(wall.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException _) {
      return Optional.empty();
    } catch (ExecutionException e) {
      throw new IllegalStateException("A crash point ends only by firing", e);
    }
  }
}
