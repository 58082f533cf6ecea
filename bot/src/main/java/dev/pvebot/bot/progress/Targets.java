package dev.pvebot.bot.progress;

import dev.pvebot.runbooks.operation.Operation;
import java.util.List;

/// Says how the targets of an operation stand in the world now.
public interface Targets {
  /// @return one line for each guest that the plan names, `VM 1052 ts02: on pve01, running`; empty
  ///   when the world cannot be read
  List<String> now(Operation operation);
}
