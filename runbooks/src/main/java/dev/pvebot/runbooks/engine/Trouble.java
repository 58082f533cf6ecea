package dev.pvebot.runbooks.engine;

import dev.pvebot.runbooks.action.ActionFailure;
import java.util.List;
import java.util.Optional;

/// A step that did not come true, with what a person needs to read.
final class Trouble extends Exception {
  private static final long serialVersionUID = 1;

  final String what;
  final transient Optional<String> why;
  final transient Optional<String> now;
  final transient List<String> logTail;

  /// Whether a person has to decide, whatever the runbook says.
  final boolean asks;

  private Trouble(
      String what, Optional<String> why, Optional<String> now, List<String> logTail, boolean asks) {
    super(what, null, false, false);
    this.what = what;
    this.why = why;
    this.now = now;
    this.logTail = logTail;
    this.asks = asks;
  }

  static Trouble failed(String what, String now) {
    return new Trouble(what, Optional.empty(), Optional.of(now), List.of(), false);
  }

  static Trouble failed(ActionFailure failure) {
    return new Trouble(failure.what(), failure.why(), failure.now(), List.of(), false);
  }

  static Trouble task(String what, Optional<String> why, String now, List<String> logTail) {
    return new Trouble(what, why, Optional.of(now), logTail, false);
  }

  static Trouble asking(String what, Optional<String> why, String now) {
    return new Trouble(what, why, Optional.of(now), List.of(), true);
  }

  Trouble asking() {
    return new Trouble(what, why, now, logTail, true);
  }

  String sentence() {
    return why.map(cause -> what + " (" + cause + ")").orElse(what);
  }
}
