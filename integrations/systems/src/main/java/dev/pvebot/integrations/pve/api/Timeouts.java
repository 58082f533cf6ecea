package dev.pvebot.integrations.pve.api;

import java.time.Duration;

/// How long one call may take.
///
/// @param connect until TCP and TLS stand. Short enough that an answer to a person still comes in
///   time from the second node when the first is cut off
/// @param read a reading call as a whole; PVE itself gives a node 30 s to answer another
/// @param change a mutating call as a whole, over all nodes that are tried. Must be shorter than
///   the engine's lease: who loses the lease must not have a call in the air
public record Timeouts(Duration connect, Duration read, Duration change) {
  public Timeouts {
    if (connect.isNegative()
        || connect.isZero()
        || read.compareTo(connect) < 0
        || change.compareTo(connect) < 0) {
      throw new IllegalArgumentException(
          "timeouts connect %s, read %s, change %s: connect must be above 0 and the shortest"
              .formatted(connect, read, change));
    }
  }

  public static Timeouts defaults() {
    return new Timeouts(Duration.ofSeconds(2), Duration.ofSeconds(35), Duration.ofSeconds(20));
  }
}
