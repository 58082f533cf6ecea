package dev.pvebot.runbooks.engine.journal;

import java.time.Duration;

/// Rights that one of several replicas has for a while, and loses when it does not renew them.
public interface Leases {
  /// Takes a lease that is free, has run out, or is ours already.
  ///
  /// @return whether it is ours for `length`, by the store's clock
  boolean take(String name, Duration length);

  /// Gives it back if it is ours, so that another need not wait.
  void release(String name);
}
