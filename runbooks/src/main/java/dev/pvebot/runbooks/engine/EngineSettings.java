package dev.pvebot.runbooks.engine;

import java.time.Duration;

/// How patient the engine is.
///
/// @param retries how often a call that certainly did nothing is made again, at least; a runbook's
///   `retries` come on top
/// @param patience retries go on at least this long, whatever their number: clones of one template
///   wait for each other's storage lock, and each PVE lock timeout is short
/// @param firstBackoff the first wait before a retry; doubled each time, with jitter
/// @param longestBackoff the longest wait before a retry
/// @param doubt after a death with a call on its way: how long the world is watched before the call
///   counts as never made
/// @param firstLook wait before the world is looked at a second time; doubled each time
/// @param longestLook the longest wait between two looks
/// @param remarkEvery remarks of one step are told at most this often
/// @param tick how often the journal is asked whether another process said something to our
///   operations: one query for all
public record EngineSettings(
    int retries,
    Duration patience,
    Duration firstBackoff,
    Duration longestBackoff,
    Duration doubt,
    Duration firstLook,
    Duration longestLook,
    Duration remarkEvery,
    Duration tick) {

  public static EngineSettings defaults() {
    return new EngineSettings(
        3,
        Duration.ofMinutes(3),
        Duration.ofSeconds(1),
        Duration.ofSeconds(20),
        Duration.ofSeconds(5),
        Duration.ofMillis(250),
        Duration.ofSeconds(3),
        Duration.ofSeconds(2),
        Duration.ofSeconds(1));
  }
}
