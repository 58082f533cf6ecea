package dev.pvebot.runbooks.action;

import dev.pvebot.clusters.Upid;

/// What a call answered.
public sealed interface Started {
  /// A task was started and has to be waited for.
  record Task(Upid upid) implements Started {}

  /// The call was synchronous, or there was nothing to call.
  record Immediately() implements Started {}
}
