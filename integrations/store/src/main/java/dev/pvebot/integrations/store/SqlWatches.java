package dev.pvebot.integrations.store;

import dev.pvebot.commands.chat.Conversation;
import dev.pvebot.commands.chat.Person;
import dev.pvebot.runbooks.engine.journal.Watches;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Who watches which operation.
final class SqlWatches implements Watches {
  private final Database database;

  SqlWatches(Database database) {
    this.database = database;
  }

  @Override
  public boolean add(long operation, Conversation where, Person by, Instant at) {
    return database.write(handle ->
        handle
                .createUpdate(
                    "insert into watches (operation, platform, channel, thread, watched_by, at)"
                        + " values (:operation, :platform, :channel, :thread, :by, :at) on"
                        + " conflict (operation, platform, channel, thread) do nothing")
                .bind("operation", operation)
                .bind("platform", where.platform())
                .bind("channel", where.channel())
                .bind("thread", where.thread().orElse(""))
                .bind("by", by.id())
                .bind("at", at.toEpochMilli())
                .execute()
            > 0);
  }

  @Override
  public boolean remove(long operation, Conversation where) {
    return database.write(handle ->
        handle
                .createUpdate(
                    "delete from watches where operation = :operation and platform = :platform"
                        + " and channel = :channel and thread = :thread")
                .bind("operation", operation)
                .bind("platform", where.platform())
                .bind("channel", where.channel())
                .bind("thread", where.thread().orElse(""))
                .execute()
            > 0);
  }

  @Override
  public List<Conversation> of(long operation) {
    return database.read(handle ->
        handle
            .createQuery(
                "select * from watches where operation = :operation order by at, platform,"
                    + " channel, thread")
            .bind("operation", operation)
            .map((row, _) ->
                new Conversation(
                    row.getString("platform"),
                    row.getString("channel"),
                    Optional.of(row.getString("thread")).filter(thread -> !thread.isEmpty())))
            .list());
  }
}
