package dev.pvebot.integrations.store;

import dev.pvebot.commands.chat.Conversation;
import dev.pvebot.commands.chat.Person;
import dev.pvebot.runbooks.engine.journal.Schedules;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/// Commands that are said again at set times. A row is claimed by moving its due time on, see
/// `docs/decisions/0210-schedules-are-rows.md`.
final class SqlSchedules implements Schedules {
  private final Database database;

  SqlSchedules(Database database) {
    this.database = database;
  }

  @Override
  public Schedule add(Draft draft, Instant first, Instant at) {
    return database.write(handle -> {
      long id = Database.next(handle, "schedule");
      handle
          .createUpdate(
              "insert into schedules (id, command, said_when, cron, zone, person, platform,"
                  + " channel, thread, created_at, next_at) values (:id, :command, :when, :cron,"
                  + " :zone, :person, :platform, :channel, :thread, :created, :next)")
          .bind("id", id)
          .bind("command", draft.command())
          .bind("when", draft.when())
          .bind("cron", draft.cron())
          .bind("zone", draft.zone().getId())
          .bind("person", draft.by().id())
          .bind("platform", draft.where().platform())
          .bind("channel", draft.where().channel())
          .bind("thread", draft.where().thread().orElse(null))
          .bind("created", at.toEpochMilli())
          .bind("next", first.toEpochMilli())
          .execute();
      return new Schedule(id, draft, at, first, Optional.empty(), Optional.empty());
    });
  }

  @Override
  public List<Schedule> all() {
    return database.read(handle ->
        handle
            .createQuery("select * from schedules order by id")
            .map((row, _) -> schedule(row))
            .list());
  }

  @Override
  public Optional<Schedule> remove(long id) {
    return database.write(handle -> {
      Optional<Schedule> found =
          handle
              .createQuery("select * from schedules where id = :id")
              .bind("id", id)
              .map((row, _) -> schedule(row))
              .findOne();
      handle.createUpdate("delete from schedules where id = :id").bind("id", id).execute();
      return found;
    });
  }

  @Override
  public List<Schedule> due(Instant now) {
    return database.read(handle ->
        handle
            .createQuery("select * from schedules where next_at <= :now order by next_at, id")
            .bind("now", now.toEpochMilli())
            .map((row, _) -> schedule(row))
            .list());
  }

  @Override
  public boolean take(Schedule due, Instant next) {
    return database.write(handle ->
        handle
                .createUpdate(
                    "update schedules set next_at = :next where id = :id and next_at = :due")
                .bind("next", next.toEpochMilli())
                .bind("id", due.id())
                .bind("due", due.nextAt().toEpochMilli())
                .execute()
            > 0);
  }

  @Override
  public void ended(long id, Instant at, String outcome) {
    database.write(handle ->
        handle
            .createUpdate(
                "update schedules set last_at = :at, last_outcome = :outcome where id = :id")
            .bind("at", at.toEpochMilli())
            .bind("outcome", outcome)
            .bind("id", id)
            .execute());
  }

  private static Schedule schedule(ResultSet row) throws SQLException {
    Draft draft =
        new Draft(
            row.getString("command"),
            row.getString("said_when"),
            row.getString("cron"),
            ZoneId.of(row.getString("zone")),
            new Person(row.getString("person")),
            new Conversation(
                row.getString("platform"), row.getString("channel"), Rows.text(row, "thread")));
    return new Schedule(
        row.getLong("id"),
        draft,
        Rows.time(row, "created_at"),
        Rows.time(row, "next_at"),
        Rows.maybeTime(row, "last_at"),
        Rows.text(row, "last_outcome"));
  }
}
