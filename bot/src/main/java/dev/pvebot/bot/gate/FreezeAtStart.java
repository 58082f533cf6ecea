package dev.pvebot.bot.gate;

import dev.pvebot.runbooks.engine.Staleness;
import dev.pvebot.runbooks.operation.Operation;
import java.util.List;
import java.util.Optional;

/// Lets nothing begin that waited in a queue until a freeze came: it is asked for again, and
/// refused as long as the freeze lasts.
public final class FreezeAtStart implements Staleness {
  private final Freezes freezes;
  private final Staleness world;

  public FreezeAtStart(Freezes freezes, Staleness world) {
    this.freezes = freezes;
    this.world = world;
  }

  @Override
  public Verdict check(Operation operation) throws InterruptedException {
    Optional<Freezes.Frozen> frozen =
        GateDesk.reason(operation.said()).isPresent()
            ? Optional.empty()
            : freezes.forbids(operation.plan());
    return frozen.isPresent()
        ? new Verdict.Different(List.of("a freeze has begun: " + frozen.get().freeze().reason()))
        : world.check(operation);
  }
}
