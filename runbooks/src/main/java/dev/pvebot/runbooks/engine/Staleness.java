package dev.pvebot.runbooks.engine;

import dev.pvebot.runbooks.operation.Operation;
import java.util.List;

/// Looks, right before an operation begins, whether its plan still fits the world.
public interface Staleness {
  /// Reads the world and checks the plan's preconditions and effects against it; placement is not
  /// decided again.
  ///
  /// @throws dev.pvebot.runbooks.action.ActionFailure when the world cannot be read
  Verdict check(Operation operation) throws InterruptedException;

  sealed interface Verdict {
    record Same() implements Verdict {}

    /// @param differences for people, one a line: `VM 1052 exists now (it did not at 16:20)`
    record Different(List<String> differences) implements Verdict {
      public Different {
        differences = List.copyOf(differences);
      }
    }
  }
}
