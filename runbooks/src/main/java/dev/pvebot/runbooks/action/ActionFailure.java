package dev.pvebot.runbooks.action;

import java.util.Optional;

/// A call that did not give what was wanted. The kind decides what the engine does; the sentences
/// are for people.
public final class ActionFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  public enum Kind {
    /// It certainly did not happen and trying again as it is will not help.
    REFUSED,
    /// It certainly did not happen; trying again later may help (a lock timeout, 595, 503,
    /// connection refused).
    RETRYABLE,
    /// It may have happened (no answer, reset, 596): only [Action#observe] can tell.
    OPEN
  }

  private final Kind kind;
  private final String what;
  private final Optional<String> why;
  private final Optional<String> now;

  /// @param what the act and what came of it: `cloning VM 101 to 1051 on pve01: storage local-lvm
  ///   is full`
  /// @param why the cause, if it is known better than `what` says
  /// @param now what to do next
  public ActionFailure(Kind kind, String what, Optional<String> why, Optional<String> now) {
    super(what);
    this.kind = kind;
    this.what = what;
    this.why = why;
    this.now = now;
  }

  public static ActionFailure refused(String what, String now) {
    return new ActionFailure(Kind.REFUSED, what, Optional.empty(), Optional.of(now));
  }

  public Kind kind() {
    return kind;
  }

  public String what() {
    return what;
  }

  public Optional<String> why() {
    return why;
  }

  public Optional<String> now() {
    return now;
  }
}
