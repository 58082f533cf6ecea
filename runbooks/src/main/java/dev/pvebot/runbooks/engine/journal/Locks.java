package dev.pvebot.runbooks.engine.journal;

import dev.pvebot.commands.chat.Person;
import dev.pvebot.runbooks.plan.Plan.LockKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Locks of operations. An operation gets all of its locks at once or none; they survive the
/// process and go with the operation's end. Who waits is served in the order of operation numbers:
/// a later one may pass only when it wants nothing that an earlier one waits for.
public interface Locks {

  /// Asks for locks and gets them, or queues. Asking again changes nothing.
  ///
  /// @return whether all are held now
  boolean acquire(Claim claim, List<LockKey> keys, Instant at);

  /// Held and wanted locks, by name, holders first.
  List<Entry> all();

  /// What keeps an operation waiting: locks held or wanted earlier by others.
  List<Entry> inTheWay(long operation);

  /// @param heldSince empty while it waits
  record Entry(
      LockKey key, long operation, String title, Instant askedAt, Optional<Instant> heldSince) {
    public boolean isHeld() {
      return heldSince.isPresent();
    }
  }

  /// Takes every lock from an operation, as an audited act. Only a paused operation can be robbed:
  /// one that runs may be in the middle of a call. It has to get its locks again before it goes on.
  Theft steal(long operation, Person by, String reason, Instant at);

  sealed interface Theft {
    /// @param taken what was held
    /// @param granted operations that got all their locks by it
    record Done(List<LockKey> taken, List<Long> granted) implements Theft {}

    /// @param why for people, with what to do first
    record Refused(String why) implements Theft {}
  }
}
