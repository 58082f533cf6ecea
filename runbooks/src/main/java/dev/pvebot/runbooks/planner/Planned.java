package dev.pvebot.runbooks.planner;

import dev.pvebot.runbooks.plan.Plan;
import java.util.List;
import java.util.Optional;

/// What came of planning.
public sealed interface Planned {
  record Ready(Plan plan) implements Planned {}

  /// @param title what was to be planned
  /// @param done whether the world is as it was asked for already
  record Refused(String title, List<Reason> reasons, boolean done) implements Planned {
    public Refused {
      reasons = List.copyOf(reasons);
    }
  }

  /// @param what what is in the way
  /// @param why the cause, if it is known better than `what` says
  /// @param now what to do next
  record Reason(String what, Optional<String> why, Optional<String> now) {
    static Reason of(String what, String now) {
      return new Reason(what, Optional.empty(), Optional.of(now));
    }

    static Reason of(String what) {
      return new Reason(what, Optional.empty(), Optional.empty());
    }

    /// All in one line.
    public String sentence() {
      StringBuilder text = new StringBuilder(what);
      why.ifPresent(cause -> text.append(ended(text) ? " " : ": ").append(cause));
      now.ifPresent(next -> text.append(ended(text) ? " " : ". ").append(begun(next)));
      return ended(text) ? text.toString() : text + ".";
    }

    /// What to do next is said in a sentence of its own.
    private static String begun(String text) {
      return text.isEmpty() ? text : Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    private static boolean ended(CharSequence text) {
      return !text.isEmpty() && ".!?".indexOf(text.charAt(text.length() - 1)) >= 0;
    }
  }
}
