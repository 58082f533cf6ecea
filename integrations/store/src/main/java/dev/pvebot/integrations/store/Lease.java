package dev.pvebot.integrations.store;

import dev.pvebot.runbooks.action.RunContext.LeaseLost;
import dev.pvebot.runbooks.engine.journal.JournalUnavailable;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.function.LongSupplier;

/// This process's right to the operations it has picked up: one row for all of them, renewed a few
/// times in a lease.
///
/// The lease counts from before a renewal was sent, by a clock that only goes forward; the others
/// count from when the database took it, by the database's clock. So ours ends first, whatever the
/// network did in between. Ours is good for a call only as long as the call must have ended before
/// the lease does.
final class Lease {
  private final Database database;
  private final InstantSource clock;
  private final LongSupplier nanos;
  private final Duration lease;
  private final Duration longestCall;
  private final String name;
  private volatile long goodUntil;
  private volatile boolean lost;

  Lease(Database database, StoreConfig config, InstantSource clock, LongSupplier nanos) {
    this.database = database;
    this.clock = clock;
    this.nanos = nanos;
    this.lease = config.lease();
    this.longestCall = config.longestCall();
    this.name = ProcessHandle.current().pid() + "-" + UUID.randomUUID();
  }

  String name() {
    return name;
  }

  void register() {
    long before = nanos.getAsLong();
    database.write(handle ->
        handle
            .createUpdate(
                "insert into owners (name, seen_at, dead) values (:name, "
                    + database.dialect.now()
                    + ", :dead)")
            .bind("name", name)
            .bind("now", clock.millis())
            .bind("dead", false)
            .execute());
    goodUntil = before + lease.toNanos();
  }

  /// @throws JournalUnavailable when it cannot be renewed now; the old one holds as long as it
  ///   holds
  void renew() {
    if (lost) {
      return;
    }
    long before = nanos.getAsLong();
    int renewed =
        database.write(handle ->
            handle
                .createUpdate(
                    "update owners set seen_at = "
                        + database.dialect.now()
                        + " where name = :name and dead = :dead")
                .bind("name", name)
                .bind("now", clock.millis())
                .bind("dead", false)
                .execute());
    if (renewed == 0) {
      lost = true;
    } else {
      goodUntil = before + lease.toNanos();
    }
  }

  boolean isLost() {
    return lost;
  }

  /// @throws LeaseLost when a call that begins now could end after the lease
  void check() {
    long left = goodUntil - nanos.getAsLong();
    if (lost || left < longestCall.toNanos()) {
      throw new LeaseLost(
          lost
              ? "another process has taken the operations of %s over".formatted(name)
              : "the lease of %s could not be renewed and is good for %d ms only"
                  .formatted(name, Duration.ofNanos(Math.max(0, left)).toMillis()));
    }
  }

  /// Gives the operations of the dead back.
  ///
  /// @param all whether every other process is known to be dead, or only those whose lease has run
  ///   out
  /// @return whether there was any
  boolean bury(boolean all) {
    return database.write(handle -> {
      List<String> gone =
          handle
              .createQuery(
                  "update owners set dead = :dead where dead = :alive and name <> :me"
                      + (all ? "" : " and seen_at < " + database.dialect.now() + " - :lease")
                      + " returning name")
              .bind("dead", true)
              .bind("alive", false)
              .bind("me", name)
              .bind("now", clock.millis())
              .bind("lease", lease.toMillis())
              .mapTo(String.class)
              .list();
      for (String owner : gone) {
        giveBack(handle, owner);
      }
      return !gone.isEmpty();
    });
  }

  /// Says that we are gone, so that others need not wait.
  void resign() {
    lost = true;
    database.write(handle -> {
      handle
          .createUpdate("update owners set dead = :dead where name = :name")
          .bind("dead", true)
          .bind("name", name)
          .execute();
      return giveBack(handle, name);
    });
  }

  private static int giveBack(org.jdbi.v3.core.Handle handle, String owner) {
    return handle
        .createUpdate(
            "update scheduled_tasks set picked = :no, picked_by = null, last_heartbeat = null,"
                + " version = version + 1 where picked_by = :owner")
        .bind("no", false)
        .bind("owner", owner)
        .execute();
  }
}
