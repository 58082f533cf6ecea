package dev.pvebot.integrations.pve.api;

import dev.pvebot.clusters.NodeName;
import java.time.Duration;

/// Is told of every attempt of every call, on the thread that makes it; must be quick.
public interface CallObserver {
  /// @param node that was asked
  /// @param outcome `ok`, or the kind of failure in lower case: `no_answer`, `forbidden`, …
  void called(PveCall call, NodeName node, Duration took, String outcome);
}
