package dev.pvebot.integrations.talos.api;

import java.time.Duration;

/// How long a node may take.
///
/// @param read for a question
/// @param write for an order
/// @param transfer for a stream that ends by itself: a snapshot, an installer's work
public record Timing(Duration read, Duration write, Duration transfer) {
  public static Timing defaults() {
    return new Timing(Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofMinutes(15));
  }
}
