package dev.pvebot.runbooks.action;

import dev.pvebot.clusters.Upid;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// What was journaled before a call: it means "we are about to", and is all that a successor knows
/// after a death.
///
/// @param operation the operation's id
/// @param step the step's key, unique in the operation
/// @param at when the intent was first journaled
/// @param facts what [Action#prepare] returned
/// @param task the task the call started, once known
public record Intent(
    long operation, String step, Instant at, Map<String, String> facts, Optional<Upid> task) {
  public Intent {
    facts = Map.copyOf(facts);
  }

  /// The mark that goes into what we create, so that it can be recognised: names the operation and,
  /// because a clone copies its source's description, the one VMID it is meant for.
  public String mark(dev.pvebot.clusters.Vmid vmid) {
    return "pvebot: operation %d, VM %s".formatted(operation, vmid);
  }
}
