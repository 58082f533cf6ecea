package dev.pvebot.runbooks.engine.journal;

import dev.pvebot.commands.chat.Person;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Consents that operations wait for. Each can be given once; of any number of people who press at
/// the same moment, in any number of processes, one wins. Who *may* give one is decided before it
/// gets here.
public interface Approvals {

  enum Kind {
    CONFIRM,
    TYPED_NAME,
    SECOND_PERSON
  }

  enum State {
    PENDING,
    GIVEN,
    DENIED,
    EXPIRED,
    /// The operation came to another end first.
    VOID
  }

  /// @param triesLeft for a typed name: how many misses are left
  /// @param by who decided
  /// @param why what was said with it
  record Approval(
      long operation,
      Kind kind,
      State state,
      int triesLeft,
      Instant askedAt,
      Instant expiresAt,
      Optional<Person> by,
      Optional<Instant> decidedAt,
      Optional<String> why) {}

  /// Takes an operation from `planned` to `awaiting approval`, together with what it waits for.
  ///
  /// @return false when it was not `planned`
  boolean ask(long operation, Set<Kind> kinds, int tries, Instant expiresAt, Instant at);

  /// In the order of [Kind].
  List<Approval> of(long operation);

  /// All that are pending, oldest first.
  List<Approval> pending();

  /// Gives one consent. The last one that was missing takes the operation to `queued` in the same
  /// breath.
  Decision give(long operation, Kind kind, Person by, Optional<String> why, Instant at);

  /// Counts a wrongly typed name; the last miss denies the operation.
  Decision miss(long operation, Person by, Instant at);

  /// Denies the operation: it ends as `denied`.
  Decision deny(long operation, Person by, Optional<String> why, Instant at);

  /// Ends every operation whose consent is overdue as `expired`.
  ///
  /// @return their ids
  List<Long> expire(Instant now);

  sealed interface Decision {
    /// This call decided.
    ///
    /// @param complete whether nothing is missing any more: the operation is queued, or it is
    ///   denied
    record Counted(Approval approval, boolean complete) implements Decision {}

    /// A wrong name; more tries are left.
    record Missed(Approval approval) implements Decision {}

    /// Somebody was faster, or the operation came to another end; the approval says who and when.
    record TooLate(Approval approval) implements Decision {}

    /// The time was over. The operation is `expired` now.
    record Expired(Approval approval) implements Decision {}

    /// The operation asks for no such consent.
    record NotAsked() implements Decision {}
  }
}
