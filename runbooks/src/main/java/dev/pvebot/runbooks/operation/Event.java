package dev.pvebot.runbooks.operation;

import java.time.Instant;

/// A [StepEvent] of one operation.
///
/// @param seq counts from 1 in its operation, without gaps, in the order of the journal; 0 for what
///   is not journaled
/// @param at by the engine's clock
public record Event(long operation, long seq, Instant at, StepEvent what) {
  public boolean isJournaled() {
    return seq > 0;
  }
}
