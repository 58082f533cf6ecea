package dev.pvebot.bot.router;

import dev.pvebot.commands.Command;
import dev.pvebot.runbooks.operation.Operation;
import dev.pvebot.runbooks.plan.Plan;
import java.util.List;

/// Makes the plan of a command, from the library and the live inventory.
public interface PlanDesk {
  Planned plan(Command command) throws InterruptedException;

  /// The rollback of an operation that failed or was cancelled, on the world as it is now.
  Planned rollback(Operation failed) throws InterruptedException;

  sealed interface Planned {
    record Ready(Plan plan) implements Planned {}

    /// It cannot be planned, or there is nothing to do.
    ///
    /// @param title what happened
    /// @param reasons why, and what to do next
    /// @param done whether the world is as it was asked for already
    record Refused(String title, List<String> reasons, boolean done) implements Planned {
      public Refused {
        reasons = List.copyOf(reasons);
      }
    }

    /// No runbook runs this intent.
    record NoRunbook() implements Planned {}
  }
}
