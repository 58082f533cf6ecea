package dev.pvebot.runbooks.action;

import java.time.InstantSource;

/// What the engine offers a running action.
public interface RunContext {
  long operation();

  String step();

  /// Time by the engine's clock.
  InstantSource clock();

  /// Says that a mutating call comes next: it returns only while this process owns the operation.
  ///
  /// @throws LeaseLost when another process has taken over or the lease cannot be proven; the call
  ///   must not be made
  void beforeCall();

  /// A short remark for the thread, for example `installing 64 %`. Throttled by the engine.
  void progress(String note);

  /// Another process owns the operation now. Never caught by an action.
  final class LeaseLost extends RuntimeException {
    private static final long serialVersionUID = 1;

    public LeaseLost(String message) {
      super(message);
    }
  }
}
