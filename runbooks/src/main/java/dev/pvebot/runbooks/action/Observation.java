package dev.pvebot.runbooks.action;

import dev.pvebot.clusters.Upid;

/// What the world shows of an intent.
public sealed interface Observation<O> {
  /// It has not happened, and nothing of ours is running that would make it happen.
  record NotDone<O>(String why) implements Observation<O> {}

  /// A task of ours is at it.
  record Running<O>(Upid task) implements Observation<O> {}

  /// It is so.
  record Done<O>(O output) implements Observation<O> {}

  /// Somebody else did it or stands in the way; a person must decide.
  record Foreign<O>(String why) implements Observation<O> {}

  /// It cannot be told now; a person must decide if it stays so.
  record Unknown<O>(String why) implements Observation<O> {}
}
