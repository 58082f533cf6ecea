package dev.pvebot.integrations.store;

import dev.pvebot.commands.chat.Person;
import dev.pvebot.runbooks.engine.journal.AuditLog;
import dev.pvebot.runbooks.engine.journal.Claim;
import dev.pvebot.runbooks.engine.journal.LockQueue;
import dev.pvebot.runbooks.engine.journal.Locks;
import dev.pvebot.runbooks.operation.Operation;
import dev.pvebot.runbooks.operation.OperationState;
import dev.pvebot.runbooks.operation.StepEvent;
import dev.pvebot.runbooks.plan.Plan.LockKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// The lock queue. Whoever changes it holds the counter `locks`.
final class SqlLocks implements Locks {
  private final Database database;

  SqlLocks(Database database) {
    this.database = database;
  }

  @Override
  public boolean acquire(Claim claim, List<LockKey> keys, Instant at) {
    return database.write(handle -> {
      Rows.claim(handle, claim, 0);
      Optional<Boolean> held = held(handle, claim.operation());
      if (held.isPresent()) {
        return held.get();
      }
      Database.next(handle, "locks");
      for (LockKey key : keys) {
        handle
            .createUpdate(
                "insert into locks (operation, name, exclusive, asked_at) values (:operation,"
                    + " :name, :exclusive, :at) on conflict (operation, name) do nothing")
            .bind("operation", claim.operation())
            .bind("name", key.name())
            .bind("exclusive", key.exclusive())
            .bind("at", at.toEpochMilli())
            .execute();
      }
      Rows.grant(handle, at);
      return held(handle, claim.operation()).orElse(true);
    });
  }

  /// Whether it holds all it asked for; empty when it asked for nothing.
  private static Optional<Boolean> held(Handle handle, long operation) {
    List<Locks.Entry> ours =
        Rows.locks(handle).stream().filter(entry -> entry.operation() == operation).toList();
    return ours.isEmpty()
        ? Optional.empty()
        : Optional.of(ours.stream().allMatch(Locks.Entry::isHeld));
  }

  @Override
  public List<Entry> all() {
    return database.read(Rows::locks);
  }

  @Override
  public List<Entry> inTheWay(long operation) {
    return LockQueue.inTheWay(operation, all());
  }

  @Override
  public Theft steal(long operation, Person by, String reason, Instant at) {
    return database.write(handle -> {
      Optional<Operation> robbed = Rows.hold(handle, operation);
      Database.next(handle, "locks");
      List<LockKey> held =
          Rows.locks(handle).stream()
              .filter(entry -> entry.operation() == operation && entry.isHeld())
              .map(Entry::key)
              .toList();
      if (robbed.isEmpty() || held.isEmpty()) {
        return new Theft.Refused("operation %d holds no lock".formatted(operation));
      }
      if (robbed.get().state() != OperationState.PAUSED) {
        return new Theft.Refused(
            "operation %d is %s; pause it first (op pause %d), or cancel it"
                .formatted(operation, robbed.get().state().words(), operation));
      }
      handle
          .createUpdate("delete from locks where operation = :operation")
          .bind("operation", operation)
          .execute();
      Rows.event(handle, operation, new StepEvent.Ordered("steal", by, Optional.of(reason)), at);
      List<Long> granted = Rows.grant(handle, at);
      Rows.audit(
          handle,
          AuditLog.Note.of(by.id(), "lock.steal", operation)
              .with("reason", reason)
              .with("locks", Rows.words(held, LockKey::name)),
          at);
      return new Theft.Done(held, granted);
    });
  }
}
