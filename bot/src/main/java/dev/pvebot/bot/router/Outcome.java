package dev.pvebot.bot.router;

import java.util.OptionalLong;

/// What became of a message.
///
/// @param exit the command line's exit code: 0 done, 1 failed, 2 usage or configuration, 3 needs
///   consent, 4 refused
/// @param operation the operation that was asked for or spoken to
public record Outcome(int exit, OptionalLong operation) {
  public static final int DONE = 0;
  public static final int FAILED = 1;
  public static final int USAGE = 2;
  public static final int NEEDS_CONSENT = 3;
  public static final int REFUSED = 4;

  public static Outcome of(int exit) {
    return new Outcome(exit, OptionalLong.empty());
  }

  public static Outcome of(int exit, long operation) {
    return new Outcome(exit, OptionalLong.of(operation));
  }
}
