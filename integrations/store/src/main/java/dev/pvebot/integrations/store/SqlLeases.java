package dev.pvebot.integrations.store;

import dev.pvebot.runbooks.engine.journal.Leases;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;

/// One row for each lease.
final class SqlLeases implements Leases {
  private final Database database;
  private final InstantSource clock;
  private final String holder = ProcessHandle.current().pid() + "-" + UUID.randomUUID();

  SqlLeases(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public boolean take(String name, Duration length) {
    String now = database.dialect.now();
    return database.write(handle ->
        handle
                .createUpdate(
                    "insert into leases (name, holder, until) values (:name, :holder, "
                        + now
                        + " + :length) on conflict (name) do update set holder = excluded.holder,"
                        + " until = excluded.until where leases.holder = excluded.holder or"
                        + " leases.until < "
                        + now)
                .bind("name", name)
                .bind("holder", holder)
                .bind("now", clock.millis())
                .bind("length", length.toMillis())
                .execute()
            > 0);
  }

  @Override
  public void release(String name) {
    database.write(handle ->
        handle
            .createUpdate("delete from leases where name = :name and holder = :holder")
            .bind("name", name)
            .bind("holder", holder)
            .execute());
  }
}
