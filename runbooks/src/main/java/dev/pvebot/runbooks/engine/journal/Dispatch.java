package dev.pvebot.runbooks.engine.journal;

import dev.pvebot.runbooks.action.RunContext;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;

/// Decides which process runs an operation. At any time at most one process has a proven claim to
/// it.
public interface Dispatch {

  /// Begins to hand out operations that are due. Each gets a virtual thread of its own.
  void start(Runner runner);

  /// Makes an operation due now, if it is not already in somebody's hands. Cheap to repeat.
  void due(long operation);

  /// The same for many, most of which are in somebody's hands already.
  default void due(Collection<Long> operations) {
    operations.forEach(this::due);
  }

  /// Stops handing out; what runs is interrupted and will be handed out again, here or elsewhere.
  void stop();

  interface Runner {
    /// Runs until the operation is at its end. When it throws, the operation is handed out again
    /// after a while.
    void run(Ownership ownership) throws InterruptedException;
  }

  interface Ownership {
    Claim claim();

    /// When the last process that had this operation was certainly alive; empty when this is the
    /// first.
    Optional<Instant> lastOwnerSeen();

    /// Proves that this process owns the operation for longer than one more call can take. An
    /// operation is handed on only when the last owner's proof has run out, so no call of the last
    /// owner is on its way then.
    ///
    /// @throws RunContext.LeaseLost when it does not, or when that cannot be proven
    void check();
  }
}
