package dev.pvebot.integrations.store;

import dev.pvebot.commands.chat.Person;
import dev.pvebot.runbooks.engine.journal.Approvals;
import dev.pvebot.runbooks.engine.journal.AuditLog;
import dev.pvebot.runbooks.engine.journal.Journal.Transition;
import dev.pvebot.runbooks.operation.Operation;
import dev.pvebot.runbooks.operation.OperationState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/// Consents. Every decision first takes hold of the operation's row: that is what makes one of many
/// win.
final class SqlApprovals implements Approvals {
  private final Database database;

  SqlApprovals(Database database) {
    this.database = database;
  }

  @Override
  public boolean ask(long operation, Set<Kind> kinds, int tries, Instant expiresAt, Instant at) {
    return database.write(handle -> {
      Optional<Operation> held = Rows.hold(handle, operation);
      boolean moved =
          held.isPresent()
              && Rows.change(
                      handle,
                      held.get(),
                      Set.of(OperationState.PLANNED),
                      Transition.to(OperationState.AWAITING_APPROVAL, at))
                  .done();
      for (Kind kind : moved ? kinds : Set.<Kind>of()) {
        handle
            .createUpdate(
                "insert into approvals (operation, kind, state, tries_left, asked_at,"
                    + " expires_at) values (:operation, :kind, 'PENDING', :tries, :asked,"
                    + " :expires)")
            .bind("operation", operation)
            .bind("kind", kind.name())
            .bind("tries", kind == Kind.TYPED_NAME ? tries : 0)
            .bind("asked", at.toEpochMilli())
            .bind("expires", expiresAt.toEpochMilli())
            .execute();
      }
      return moved;
    });
  }

  @Override
  public List<Approval> of(long operation) {
    return database.read(handle -> of(handle, operation));
  }

  private static List<Approval> of(Handle handle, long operation) {
    return handle
        .createQuery("select * from approvals where operation = :operation")
        .bind("operation", operation)
        .map((row, _) -> approval(row))
        .stream()
        .sorted(Comparator.comparing(Approval::kind))
        .toList();
  }

  @Override
  public List<Approval> pending() {
    return database.read(handle ->
        handle
            .createQuery(
                "select * from approvals where state = 'PENDING' order by asked_at, operation")
            .map((row, _) -> approval(row))
            .list());
  }

  private static Approval approval(ResultSet row) throws SQLException {
    return new Approval(
        row.getLong("operation"),
        Kind.valueOf(row.getString("kind")),
        State.valueOf(row.getString("state")),
        row.getInt("tries_left"),
        Rows.time(row, "asked_at"),
        Rows.time(row, "expires_at"),
        Rows.maybePerson(row, "decided_by"),
        Rows.maybeTime(row, "decided_at"),
        Rows.text(row, "why"));
  }

  /// A held operation and one of its consents.
  private record Case(Operation operation, List<Approval> all, Approval approval) {}

  private static Optional<Case> open(Handle handle, long operation, Optional<Kind> kind) {
    Optional<Operation> held = Rows.hold(handle, operation);
    if (held.isEmpty()) {
      return Optional.empty();
    }
    List<Approval> all = of(handle, operation);
    return all.stream()
        .filter(approval -> kind.isEmpty() || approval.kind() == kind.get())
        .min(Comparator.comparing(approval -> approval.state() != State.PENDING))
        .map(approval -> new Case(held.get(), all, approval));
  }

  private static Optional<Decision> closed(Handle handle, Case open, Instant at) {
    Approval approval = open.approval();
    if (approval.state() == State.EXPIRED) {
      return Optional.of(new Decision.Expired(approval));
    }
    if (approval.state() != State.PENDING
        || open.operation().state() != OperationState.AWAITING_APPROVAL) {
      return Optional.of(new Decision.TooLate(approval));
    }
    if (!at.isBefore(approval.expiresAt())) {
      expire(handle, open.operation(), at);
      return Optional.of(new Decision.Expired(find(handle, approval)));
    }
    return Optional.empty();
  }

  private static Approval find(Handle handle, Approval approval) {
    return of(handle, approval.operation()).stream()
        .filter(each -> each.kind() == approval.kind())
        .findFirst()
        .orElseThrow();
  }

  private static void expire(Handle handle, Operation held, Instant at) {
    handle
        .createUpdate(
            "update approvals set state = 'EXPIRED', decided_at = :at"
                + " where operation = :operation and state = 'PENDING'")
        .bind("at", at.toEpochMilli())
        .bind("operation", held.id())
        .execute();
    Rows.change(
        handle,
        held,
        Set.of(OperationState.AWAITING_APPROVAL),
        Transition.to(OperationState.EXPIRED, at)
            .because("nobody consented in time")
            .noting(AuditLog.Note.of("pvebot", "approval.expire", held.id())));
  }

  private static Approval decide(
      Handle handle, Approval approval, State state, Person by, Optional<String> why, Instant at) {
    handle
        .createUpdate(
            "update approvals set state = :state, decided_by = :by, decided_at = :at, why = :why"
                + " where operation = :operation and kind = :kind")
        .bind("state", state.name())
        .bind("by", by.id())
        .bind("at", at.toEpochMilli())
        .bind("why", why.orElse(null))
        .bind("operation", approval.operation())
        .bind("kind", approval.kind().name())
        .execute();
    return find(handle, approval);
  }

  @Override
  public Decision give(long operation, Kind kind, Person by, Optional<String> why, Instant at) {
    return database.write(handle -> {
      Optional<Case> open = open(handle, operation, Optional.of(kind));
      if (open.isEmpty()) {
        return new Decision.NotAsked();
      }
      Optional<Decision> closed = closed(handle, open.get(), at);
      if (closed.isPresent()) {
        return closed.get();
      }
      Approval given = decide(handle, open.get().approval(), State.GIVEN, by, why, at);
      boolean complete =
          of(handle, operation).stream().allMatch(each -> each.state() == State.GIVEN);
      if (complete) {
        Rows.change(
            handle,
            open.get().operation(),
            Set.of(OperationState.AWAITING_APPROVAL),
            Transition.to(OperationState.QUEUED, at).by(by));
      }
      Rows.audit(
          handle,
          AuditLog.Note.of(by.id(), "approval.give", operation)
              .with("kind", kind.name().toLowerCase(Locale.ROOT))
              .with("digest", open.get().operation().plan().digest())
              .with("why", why.orElse("")),
          at);
      return new Decision.Counted(given, complete);
    });
  }

  @Override
  public Decision miss(long operation, Person by, Instant at) {
    return database.write(handle -> {
      Optional<Case> open = open(handle, operation, Optional.of(Kind.TYPED_NAME));
      if (open.isEmpty()) {
        return new Decision.NotAsked();
      }
      Optional<Decision> closed = closed(handle, open.get(), at);
      if (closed.isPresent()) {
        return closed.get();
      }
      handle
          .createUpdate(
              "update approvals set tries_left = tries_left - 1"
                  + " where operation = :operation and kind = 'TYPED_NAME'")
          .bind("operation", operation)
          .execute();
      Approval missed = find(handle, open.get().approval());
      return missed.triesLeft() > 0
          ? new Decision.Missed(missed)
          : denied(
              handle,
              open.get().operation(),
              missed,
              by,
              Optional.of("the name was typed wrongly too often"),
              at);
    });
  }

  @Override
  public Decision deny(long operation, Person by, Optional<String> why, Instant at) {
    return database.write(handle -> {
      Optional<Case> open = open(handle, operation, Optional.empty());
      if (open.isEmpty()) {
        return new Decision.NotAsked();
      }
      Optional<Decision> closed = closed(handle, open.get(), at);
      return closed.isPresent()
          ? closed.get()
          : denied(handle, open.get().operation(), open.get().approval(), by, why, at);
    });
  }

  private static Decision denied(
      Handle handle,
      Operation held,
      Approval approval,
      Person by,
      Optional<String> why,
      Instant at) {
    Approval denied = decide(handle, approval, State.DENIED, by, why, at);
    Rows.change(
        handle,
        held,
        Set.of(OperationState.AWAITING_APPROVAL),
        Transition.to(OperationState.DENIED, at)
            .because("denied by " + by + why.map(said -> ": " + said).orElse(""))
            .by(by)
            .noting(
                AuditLog.Note.of(by.id(), "approval.deny", held.id()).with("why", why.orElse(""))));
    return new Decision.Counted(denied, true);
  }

  @Override
  public List<Long> expire(Instant now) {
    List<Long> overdue =
        database.read(handle ->
            handle
                .createQuery(
                    "select distinct operation from approvals"
                        + " where state = 'PENDING' and expires_at <= :now order by operation")
                .bind("now", now.toEpochMilli())
                .mapTo(Long.class)
                .list());
    List<Long> expired = new ArrayList<>();
    for (long operation : overdue) {
      boolean done =
          database.write(handle -> {
            Optional<Case> open = open(handle, operation, Optional.empty());
            boolean waits =
                open.isPresent()
                    && open.get().approval().state() == State.PENDING
                    && open.get().operation().state() == OperationState.AWAITING_APPROVAL;
            if (waits) {
              expire(handle, open.get().operation(), now);
            }
            return waits;
          });
      if (done) {
        expired.add(operation);
      }
    }
    return expired;
  }
}
