package dev.pvebot.runbooks.engine.journal;

/// A write was refused because another process has picked the operation up since. Whoever gets this
/// stops at once: it is not the owner any more and must not act.
public final class EpochLost extends RuntimeException {
  private static final long serialVersionUID = 1;

  public EpochLost(Claim claim) {
    super(
        "operation %d was picked up by another process; epoch %d may not write any more"
            .formatted(claim.operation(), claim.epoch()));
  }
}
