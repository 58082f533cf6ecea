package dev.pvebot.integrations.store;

import dev.pvebot.commands.chat.ChatPlatform.Posted;
import dev.pvebot.commands.chat.Conversation;
import dev.pvebot.runbooks.engine.journal.ThreadLog;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// What was told where.
final class SqlThreads implements ThreadLog {
  private final Database database;

  SqlThreads(Database database) {
    this.database = database;
  }

  @Override
  public void head(long operation, Posted posted) {
    database.write(handle ->
        handle
            .createUpdate(
                "insert into heads (operation, platform, channel, thread, message) values"
                    + " (:operation, :platform, :channel, :thread, :message) on conflict"
                    + " (operation, platform) do update set channel = excluded.channel, thread"
                    + " = excluded.thread, message = excluded.message")
            .bind("operation", operation)
            .bind("platform", posted.where().platform())
            .bind("channel", posted.where().channel())
            .bind("thread", posted.where().thread().orElse(null))
            .bind("message", posted.id())
            .execute());
  }

  @Override
  public Optional<Posted> head(long operation, String platform) {
    return heads(operation).stream()
        .filter(posted -> posted.where().platform().equals(platform))
        .findFirst();
  }

  @Override
  public List<Posted> heads(long operation) {
    return database.read(handle ->
        handle
            .createQuery("select * from heads where operation = :operation order by platform")
            .bind("operation", operation)
            .map((row, _) -> posted(row))
            .list());
  }

  @Override
  public Optional<Long> operationAt(Posted head) {
    return database.read(handle ->
        handle
            .createQuery(
                "select max(operation) from heads where platform = :platform and channel ="
                    + " :channel and message = :message having count(*) > 0")
            .bind("platform", head.where().platform())
            .bind("channel", head.where().channel())
            .bind("message", head.id())
            .mapTo(Long.class)
            .findOne());
  }

  private static Posted posted(ResultSet row) throws SQLException {
    return new Posted(
        new Conversation(
            row.getString("platform"), row.getString("channel"), Rows.text(row, "thread")),
        row.getString("message"));
  }

  private static String key(Conversation where) {
    return String.join("\n", where.platform(), where.channel(), where.thread().orElse(""));
  }

  @Override
  public boolean posting(long operation, Conversation where, long seq) {
    return database.write(handle ->
        handle
                .createUpdate(
                    "insert into told (operation, conversation, posted, posting) values"
                        + " (:operation, :conversation, 0, :seq) on conflict (operation,"
                        + " conversation) do update set posting = excluded.posting where"
                        + " told.posted < excluded.posting and told.posting < excluded.posting")
                .bind("operation", operation)
                .bind("conversation", key(where))
                .bind("seq", seq)
                .execute()
            > 0);
  }

  @Override
  public void posted(long operation, Conversation where, long seq) {
    database.write(handle ->
        handle
            .createUpdate(
                "insert into told (operation, conversation, posted, posting) values"
                    + " (:operation, :conversation, :seq, :seq) on conflict (operation,"
                    + " conversation) do update set posted = excluded.posted where told.posted <"
                    + " excluded.posted")
            .bind("operation", operation)
            .bind("conversation", key(where))
            .bind("seq", seq)
            .execute());
  }

  @Override
  public Told told(long operation, Conversation where) {
    return database.read(handle -> told(handle, operation, where));
  }

  private static Told told(Handle handle, long operation, Conversation where) {
    return handle
        .createQuery(
            "select * from told where operation = :operation and conversation = :conversation")
        .bind("operation", operation)
        .bind("conversation", key(where))
        .map((row, _) -> {
          long posted = row.getLong("posted");
          long posting = row.getLong("posting");
          return new Told(posted, posting > posted ? Optional.of(posting) : Optional.empty());
        })
        .findOne()
        .orElse(new Told(0, Optional.empty()));
  }

  @Override
  public boolean firstTime(String platform, String messageId, Instant at) {
    return database.write(handle ->
        handle
                .createUpdate(
                    "insert into messages (platform, message, at) values (:platform, :message,"
                        + " :at) on conflict (platform, message) do nothing")
                .bind("platform", platform)
                .bind("message", messageId)
                .bind("at", at.toEpochMilli())
                .execute()
            > 0);
  }

  @Override
  public void forgetMessages(Instant before) {
    database.write(handle ->
        handle
            .createUpdate("delete from messages where at < :before")
            .bind("before", before.toEpochMilli())
            .execute());
  }
}
