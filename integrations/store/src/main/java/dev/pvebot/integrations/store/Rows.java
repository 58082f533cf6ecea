package dev.pvebot.integrations.store;

import dev.pvebot.clusters.Upid;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.commands.chat.Conversation;
import dev.pvebot.commands.chat.Person;
import dev.pvebot.runbooks.engine.journal.AuditChain;
import dev.pvebot.runbooks.engine.journal.AuditLog;
import dev.pvebot.runbooks.engine.journal.Claim;
import dev.pvebot.runbooks.engine.journal.EpochLost;
import dev.pvebot.runbooks.engine.journal.Journal;
import dev.pvebot.runbooks.engine.journal.Journal.Move;
import dev.pvebot.runbooks.engine.journal.Journal.Transition;
import dev.pvebot.runbooks.engine.journal.JournalJson;
import dev.pvebot.runbooks.engine.journal.LockQueue;
import dev.pvebot.runbooks.engine.journal.Locks;
import dev.pvebot.runbooks.operation.Event;
import dev.pvebot.runbooks.operation.Operation;
import dev.pvebot.runbooks.operation.OperationState;
import dev.pvebot.runbooks.operation.StepEvent;
import dev.pvebot.runbooks.operation.StepRecord;
import dev.pvebot.runbooks.operation.StepState;
import dev.pvebot.runbooks.plan.Plan.LockKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// What several tables have to do together inside one transaction.
///
/// Rows are always locked in the same order, which keeps PostgreSQL free of deadlocks: the
/// operation, its own rows, the lock queue, signals, the audit.
final class Rows {
  private Rows() {}

  // --- reading columns
  // ----------------------------------------------------------------------------------------------

  static Optional<String> text(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getString(column));
  }

  static Instant time(ResultSet row, String column) throws SQLException {
    return Instant.ofEpochMilli(row.getLong(column));
  }

  static Optional<Instant> maybeTime(ResultSet row, String column) throws SQLException {
    long millis = row.getLong(column);
    return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
  }

  static Optional<Person> maybePerson(ResultSet row, String column) throws SQLException {
    return text(row, column).map(Person::new);
  }

  static @Nullable Long millis(Optional<Instant> time) {
    return time.map(Instant::toEpochMilli).orElse(null);
  }

  static Operation operation(ResultSet row) throws SQLException {
    return new Operation(
        row.getLong("id"),
        JournalJson.plan(row.getString("plan")),
        OperationState.valueOf(row.getString("state")),
        new Person(row.getString("requested_by")),
        row.getString("said"),
        new Conversation(row.getString("platform"), row.getString("channel"), text(row, "thread")),
        time(row, "created_at"),
        maybeTime(row, "started_at"),
        maybeTime(row, "ended_at"),
        text(row, "state_reason"),
        row.getLong("epoch"));
  }

  static StepRecord step(ResultSet row) throws SQLException {
    return new StepRecord(
        row.getString("step"),
        StepState.valueOf(row.getString("state")),
        JournalJson.texts(row.getString("facts")),
        maybeTime(row, "intended_at"),
        text(row, "task").map(Upid::new),
        text(row, "output").map(JournalJson::map),
        text(row, "note"),
        row.getInt("attempts"),
        maybeTime(row, "started_at"),
        maybeTime(row, "ended_at"));
  }

  // --- operations
  // ---------------------------------------------------------------------------------------------------

  static Optional<Operation> find(Handle handle, long id) {
    return handle
        .createQuery("select * from operations where id = :id")
        .bind("id", id)
        .map((row, _) -> operation(row))
        .findOne();
  }

  /// Takes hold of an operation's row: until the transaction ends nobody else changes it.
  static Optional<Operation> hold(Handle handle, long id) {
    int found =
        handle
            .createUpdate("update operations set last_event = last_event where id = :id")
            .bind("id", id)
            .execute();
    return found == 0 ? Optional.empty() : find(handle, id);
  }

  /// Takes hold of an operation's row for its owner, and numbers for its events.
  ///
  /// @return the number of the last event before them
  static long claim(Handle handle, Claim claim, int events) {
    return handle
            .createQuery(
                "update operations set last_event = last_event + :events"
                    + " where id = :id and epoch = :epoch returning last_event")
            .bind("events", events)
            .bind("id", claim.operation())
            .bind("epoch", claim.epoch())
            .mapTo(Long.class)
            .findOne()
            .orElseThrow(() -> new EpochLost(claim))
        - events;
  }

  static Event event(Handle handle, long operation, StepEvent what, Instant at) {
    long seq =
        handle
            .createQuery(
                "update operations set last_event = last_event + 1 where id = :id"
                    + " returning last_event")
            .bind("id", operation)
            .mapTo(Long.class)
            .one();
    return insertEvent(handle, operation, seq, what, at);
  }

  static Event insertEvent(Handle handle, long operation, long seq, StepEvent what, Instant at) {
    handle
        .createUpdate(
            "insert into events (operation, seq, at, event) values (:operation, :seq, :at, :event)")
        .bind("operation", operation)
        .bind("seq", seq)
        .bind("at", at.toEpochMilli())
        .bind("event", JournalJson.event(what))
        .execute();
    return new Event(operation, seq, Instant.ofEpochMilli(at.toEpochMilli()), what);
  }

  /// @param held the operation as it is now; its row is held
  static Move change(
      Handle handle, Operation held, Set<OperationState> from, Transition transition) {
    if (!from.contains(held.state())) {
      return new Move(false, held, Optional.empty(), List.of());
    }
    OperationState to = transition.to();
    long at = transition.at().toEpochMilli();
    handle
        .createUpdate(
            "update operations set state = :state, state_reason = :reason,"
                + " started_at = coalesce(started_at, :started), ended_at = :ended where id = :id")
        .bind("state", to.name())
        .bind("reason", transition.reason().orElse(null))
        .bind("started", to == OperationState.RUNNING ? (Long) at : null)
        .bind("ended", to.isFinal() ? (Long) at : null)
        .bind("id", held.id())
        .execute();
    Event event =
        event(
            handle,
            held.id(),
            new StepEvent.StateChanged(held.state(), to, transition.reason(), transition.by()),
            transition.at());
    for (Vmid vmid : transition.resting()) {
      handle
          .createUpdate(
              "insert into resting (vmid, until) values (:vmid, :until)"
                  + " on conflict (vmid) do update set until = excluded.until")
          .bind("vmid", vmid.value())
          .bind("until", at + Journal.REST.toMillis())
          .execute();
    }
    List<Long> granted = to.isFinal() ? letGo(handle, held.id(), transition.at()) : List.of();
    transition.audit().ifPresent(note -> audit(handle, note, transition.at()));
    return new Move(true, find(handle, held.id()).orElseThrow(), Optional.of(event), granted);
  }

  private static List<Long> letGo(Handle handle, long operation, Instant at) {
    for (String table : List.of("reservations", "questions", "signals")) {
      handle
          .createUpdate("delete from " + table + " where operation = :operation")
          .bind("operation", operation)
          .execute();
    }
    handle
        .createUpdate(
            "update approvals set state = 'VOID', decided_at = :at"
                + " where operation = :operation and state = 'PENDING'")
        .bind("operation", operation)
        .bind("at", at.toEpochMilli())
        .execute();
    Database.next(handle, "locks");
    int released =
        handle
            .createUpdate("delete from locks where operation = :operation")
            .bind("operation", operation)
            .execute();
    return released == 0 ? List.of() : grant(handle, at);
  }

  // --- locks
  // --------------------------------------------------------------------------------------------------------

  static List<Locks.Entry> locks(Handle handle) {
    return handle
        .createQuery(
            "select l.*, o.title from locks l join operations o on o.id = l.operation"
                + " order by l.name, case when l.held_since is null then 1 else 0 end, l.operation")
        .map((row, _) ->
            new Locks.Entry(
                new LockKey(row.getString("name"), row.getBoolean("exclusive")),
                row.getLong("operation"),
                row.getString("title"),
                time(row, "asked_at"),
                maybeTime(row, "held_since")))
        .list();
  }

  /// Gives locks to whoever can have them. The counter `locks` is held.
  static List<Long> grant(Handle handle, Instant at) {
    List<Long> granted = LockQueue.grantable(locks(handle));
    for (long operation : granted) {
      handle
          .createUpdate("update locks set held_since = :at where operation = :operation")
          .bind("at", at.toEpochMilli())
          .bind("operation", operation)
          .execute();
      signal(handle, operation);
    }
    return granted;
  }

  static void signal(Handle handle, long operation) {
    handle
        .createUpdate(
            "insert into signals (operation) values (:operation) on conflict (operation) do"
                + " nothing")
        .bind("operation", operation)
        .execute();
  }

  // --- audit
  // --------------------------------------------------------------------------------------------------------

  static AuditLog.Entry audit(Handle handle, AuditLog.Note note, Instant at) {
    long seq = Database.next(handle, "audit");
    String previous =
        handle
            .createQuery("select hash from audit order by seq desc limit 1")
            .mapTo(String.class)
            .findOne()
            .orElse(AuditChain.START);
    AuditLog.Entry entry = AuditChain.next(seq - 1, previous, note, at);
    handle
        .createUpdate(
            "insert into audit (seq, at, who, what, operation, facts, previous, hash)"
                + " values (:seq, :at, :who, :what, :operation, :facts, :previous, :hash)")
        .bind("seq", entry.seq())
        .bind("at", entry.at().toEpochMilli())
        .bind("who", note.who())
        .bind("what", note.what())
        .bind("operation", note.operation().orElse(null))
        .bind("facts", JournalJson.write(note.facts()))
        .bind("previous", entry.previous())
        .bind("hash", entry.hash())
        .execute();
    return entry;
  }

  static AuditLog.Entry auditEntry(ResultSet row) throws SQLException {
    long operation = row.getLong("operation");
    Optional<Long> about = row.wasNull() ? Optional.empty() : Optional.of(operation);
    Map<String, String> facts = JournalJson.texts(row.getString("facts"));
    return new AuditLog.Entry(
        row.getLong("seq"),
        time(row, "at"),
        new AuditLog.Note(row.getString("who"), row.getString("what"), about, facts),
        row.getString("previous"),
        row.getString("hash"));
  }

  // --- lists
  // --------------------------------------------------------------------------------------------------------

  static <T> String words(List<T> values, Function<T, String> word) {
    List<String> words = new ArrayList<>();
    values.forEach(value -> words.add(word.apply(value)));
    return String.join(",", words);
  }
}
