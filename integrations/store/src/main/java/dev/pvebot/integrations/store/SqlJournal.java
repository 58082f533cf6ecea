package dev.pvebot.integrations.store;

import dev.pvebot.clusters.Vmid;
import dev.pvebot.commands.chat.Person;
import dev.pvebot.runbooks.engine.journal.AuditLog;
import dev.pvebot.runbooks.engine.journal.Claim;
import dev.pvebot.runbooks.engine.journal.Journal;
import dev.pvebot.runbooks.engine.journal.JournalJson;
import dev.pvebot.runbooks.operation.Answer;
import dev.pvebot.runbooks.operation.Event;
import dev.pvebot.runbooks.operation.Operation;
import dev.pvebot.runbooks.operation.OperationState;
import dev.pvebot.runbooks.operation.Question;
import dev.pvebot.runbooks.operation.StepEvent;
import dev.pvebot.runbooks.operation.StepRecord;
import dev.pvebot.runbooks.operation.StepState;
import dev.pvebot.runbooks.plan.PlanJson;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/// The journal in SQL that SQLite and PostgreSQL both understand.
final class SqlJournal implements Journal {
  private static final String ACTIVE = "state in ('QUEUED', 'RUNNING', 'PAUSED')";

  private final Database database;

  SqlJournal(Database database) {
    this.database = database;
  }

  // --- operations
  // ---------------------------------------------------------------------------------------------------

  @Override
  public Creation create(Draft draft, Instant at) {
    return database.write(handle -> {
      long id = Database.next(handle, "operation");
      insert(handle, id, draft, at);
      Optional<Creation> taken = reserve(handle, id, draft.plan().reserved(), at);
      if (taken.isPresent()) {
        handle.rollback();
        return taken.get();
      }
      return new Creation.Created(Rows.find(handle, id).orElseThrow());
    });
  }

  private static void insert(Handle handle, long id, Draft draft, Instant at) {
    handle
        .createUpdate(
            "insert into operations (id, plan, title, cluster, state, requested_by, said, platform,"
                + " channel, thread, created_at, epoch, last_event, order_given) values (:id,"
                + " :plan, :title, :cluster, 'PLANNED', :by, :said, :platform, :channel, :thread,"
                + " :at, 0, 0, 'GO')")
        .bind("id", id)
        .bind("plan", PlanJson.write(draft.plan()))
        .bind("title", draft.plan().title())
        .bind("cluster", draft.plan().cluster().orElse(null))
        .bind("by", draft.requestedBy().id())
        .bind("said", draft.said())
        .bind("platform", draft.where().platform())
        .bind("channel", draft.where().channel())
        .bind("thread", draft.where().thread().orElse(null))
        .bind("at", at.toEpochMilli())
        .execute();
  }

  private static Optional<Creation> reserve(
      Handle handle, long operation, List<Vmid> vmids, Instant at) {
    for (Vmid vmid : vmids) {
      boolean rests =
          handle
              .createQuery("select 1 from resting where vmid = :vmid and until > :now")
              .bind("vmid", vmid.value())
              .bind("now", at.toEpochMilli())
              .mapTo(Integer.class)
              .findOne()
              .isPresent();
      if (rests) {
        return Optional.of(new Creation.VmidTaken(vmid, Optional.empty()));
      }
      handle
          .createUpdate(
              "insert into reservations (vmid, operation) values (:vmid, :operation)"
                  + " on conflict (vmid) do nothing")
          .bind("vmid", vmid.value())
          .bind("operation", operation)
          .execute();
      long holder =
          handle
              .createQuery("select operation from reservations where vmid = :vmid")
              .bind("vmid", vmid.value())
              .mapTo(Long.class)
              .one();
      if (holder != operation) {
        return Optional.of(new Creation.VmidTaken(vmid, Optional.of(holder)));
      }
    }
    return Optional.empty();
  }

  @Override
  public Optional<Operation> operation(long id) {
    return database.read(handle -> Rows.find(handle, id));
  }

  @Override
  public List<Operation> operations(Filter filter) {
    return database.read(handle -> {
      String where =
          (filter.states().isEmpty() ? "" : " and state in (<states>)")
              + (filter.cluster().isEmpty() ? "" : " and cluster = :cluster");
      Query query =
          handle.createQuery(
              "select * from operations where 1 = 1" + where + " order by id desc limit :limit");
      if (!filter.states().isEmpty()) {
        query.bindList("states", filter.states().stream().map(Enum::name).toList());
      }
      filter.cluster().ifPresent(cluster -> query.bind("cluster", cluster));
      return query.bind("limit", filter.limit()).map((row, _) -> Rows.operation(row)).list();
    });
  }

  @Override
  public List<Long> unfinished() {
    return database.read(handle ->
        handle
            .createQuery("select id from operations where " + ACTIVE + " order by id")
            .mapTo(Long.class)
            .list());
  }

  @Override
  public Map<OperationState, Long> census() {
    return database.read(handle ->
        handle
            .createQuery("select state, count(*) as many from operations group by state")
            .reduceRows(
                new EnumMap<OperationState, Long>(OperationState.class),
                (census, row) -> {
                  census.put(
                      OperationState.valueOf(row.getColumn("state", String.class)),
                      row.getColumn("many", Long.class));
                  return census;
                }));
  }

  @Override
  public Move move(long operation, Set<OperationState> from, Transition transition) {
    return database.write(handle ->
        Rows.change(
            handle,
            Rows.hold(handle, operation)
                .orElseThrow(
                    () -> new IllegalArgumentException("there is no operation " + operation)),
            from,
            transition));
  }

  @Override
  public Move move(Claim claim, Set<OperationState> from, Transition transition) {
    return database.write(handle -> {
      Rows.claim(handle, claim, 0);
      return Rows.change(
          handle, Rows.find(handle, claim.operation()).orElseThrow(), from, transition);
    });
  }

  @Override
  public void reason(Claim claim, Optional<String> reason) {
    database.write(handle -> {
      Rows.claim(handle, claim, 0);
      return handle
          .createUpdate("update operations set state_reason = :reason where id = :id")
          .bind("reason", reason.orElse(null))
          .bind("id", claim.operation())
          .execute();
    });
  }

  @Override
  public Optional<Creation> retry(long operation, Person by, AuditLog.Note note, Instant at) {
    return database.write(handle -> {
      Optional<Operation> held = Rows.hold(handle, operation);
      if (held.isEmpty() || held.get().state() != OperationState.FAILED) {
        return Optional.empty();
      }
      List<Integer> made =
          handle
              .createQuery("select vmid from created_guests where operation = :operation")
              .bind("operation", operation)
              .mapTo(Integer.class)
              .list();
      List<Vmid> missing =
          held.get().plan().reserved().stream()
              .filter(vmid -> !made.contains(vmid.value()))
              .toList();
      Optional<Creation> taken = reserve(handle, operation, missing, at);
      if (taken.isPresent()) {
        handle.rollback();
        return taken;
      }
      handle
          .createUpdate(
              "update steps set state = 'PENDING', ended_at = null"
                  + " where operation = :operation and state in ('FAILED', 'CANCELLED')")
          .bind("operation", operation)
          .execute();
      handle
          .createUpdate(
              "update operations set order_given = 'GO', order_by = null, order_why = null"
                  + " where id = :operation")
          .bind("operation", operation)
          .execute();
      Rows.event(handle, operation, new StepEvent.Ordered("retry", by, Optional.empty()), at);
      Move move =
          Rows.change(
              handle,
              held.get(),
              Set.of(OperationState.FAILED),
              Transition.to(OperationState.QUEUED, at).by(by).noting(note));
      return Optional.of(new Creation.Created(move.now()));
    });
  }

  // --- steps
  // --------------------------------------------------------------------------------------------------------

  @Override
  public List<StepRecord> steps(long operation) {
    return database.read(handle ->
        handle
            .createQuery("select * from steps where operation = :operation")
            .bind("operation", operation)
            .map((row, _) -> Rows.step(row))
            .list());
  }

  @Override
  public List<Event> write(
      Claim claim, List<StepRecord> steps, List<StepEvent> events, Instant at) {
    return database.write(handle -> write(handle, claim, steps, events, at));
  }

  private static List<Event> write(
      Handle handle, Claim claim, List<StepRecord> steps, List<StepEvent> events, Instant at) {
    long seq = Rows.claim(handle, claim, events.size());
    for (StepRecord step : steps) {
      put(handle, claim.operation(), step);
      if (step.state() != StepState.ASKING) {
        handle
            .createUpdate("delete from questions where operation = :operation and step = :step")
            .bind("operation", claim.operation())
            .bind("step", step.key())
            .execute();
      }
    }
    List<Event> written = new ArrayList<>();
    for (StepEvent event : events) {
      written.add(Rows.insertEvent(handle, claim.operation(), seq + written.size() + 1, event, at));
    }
    return written;
  }

  private static void put(Handle handle, long operation, StepRecord step) {
    try (Update update =
        handle.createUpdate(
            "insert into steps (operation, step, state, facts, intended_at, task, output, note,"
                + " attempts, started_at, ended_at) values (:operation, :step, :state, :facts,"
                + " :intended, :task, :output, :note, :attempts, :started, :ended) on conflict"
                + " (operation, step) do update set state = excluded.state, facts ="
                + " excluded.facts, intended_at = excluded.intended_at, task = excluded.task,"
                + " output = excluded.output, note = excluded.note, attempts = excluded.attempts,"
                + " started_at = excluded.started_at, ended_at = excluded.ended_at")) {
      update
          .bind("operation", operation)
          .bind("step", step.key())
          .bind("state", step.state().name())
          .bind("facts", JournalJson.write(step.facts()))
          .bind("intended", Rows.millis(step.intendedAt()))
          .bind("task", step.task().map(Object::toString).orElse(null))
          .bind("output", step.output().map(JournalJson::write).orElse(null))
          .bind("note", step.note().orElse(null))
          .bind("attempts", step.attempts())
          .bind("started", Rows.millis(step.startedAt()))
          .bind("ended", Rows.millis(step.endedAt()))
          .execute();
    }
  }

  @Override
  public List<Event> ask(Claim claim, StepRecord step, Question question, List<StepEvent> events) {
    return database.write(handle -> {
      List<Event> written = write(handle, claim, List.of(step), events, question.askedAt());
      handle
          .createUpdate(
              "insert into questions (operation, step, title, text, choices, asked_at) values"
                  + " (:operation, :step, :title, :text, :choices, :asked) on conflict"
                  + " (operation, step) do update set title = excluded.title, text ="
                  + " excluded.text, choices = excluded.choices, asked_at = excluded.asked_at,"
                  + " answer = null, answered_by = null, answered_at = null")
          .bind("operation", claim.operation())
          .bind("step", step.key())
          .bind("title", question.title())
          .bind("text", question.text())
          .bind("choices", Rows.words(question.choices(), Enum::name))
          .bind("asked", question.askedAt().toEpochMilli())
          .execute();
      return written;
    });
  }

  @Override
  public List<Event> events(long operation, long seq) {
    return database.read(handle ->
        handle
            .createQuery(
                "select * from events where operation = :operation and seq > :seq order by seq")
            .bind("operation", operation)
            .bind("seq", seq)
            .map((row, _) ->
                new Event(
                    operation,
                    row.getLong("seq"),
                    Rows.time(row, "at"),
                    JournalJson.event(row.getString("event"))))
            .list());
  }

  // --- orders, questions, hold
  // --------------------------------------------------------------------------------------

  @Override
  public List<Question> questions(long operation) {
    return database.read(handle ->
        handle
            .createQuery(
                "select * from questions where operation = :operation order by asked_at, step")
            .bind("operation", operation)
            .map((row, _) -> question(row))
            .list());
  }

  private static Question question(ResultSet row) throws SQLException {
    Optional<Person> by = Rows.maybePerson(row, "answered_by");
    Optional<Instant> at = Rows.maybeTime(row, "answered_at");
    Optional<Answer> answer = Rows.text(row, "answer").map(Answer::valueOf);
    return new Question(
        row.getLong("operation"),
        row.getString("step"),
        row.getString("title"),
        row.getString("text"),
        Arrays.stream(row.getString("choices").split(",", -1)).map(Answer::valueOf).toList(),
        Rows.time(row, "asked_at"),
        answer.map(given -> new Question.Given(given, by.orElseThrow(), at.orElseThrow())));
  }

  @Override
  public Optional<Question> answer(
      long operation, String step, Answer answer, Person by, Instant at) {
    return database.write(handle -> {
      Rows.hold(handle, operation);
      Optional<Question> open = question(handle, operation, step);
      if (open.isEmpty() || !open.get().choices().contains(answer)) {
        return Optional.empty();
      }
      int answered =
          handle
              .createUpdate(
                  "update questions set answer = :answer, answered_by = :by, answered_at = :at"
                      + " where operation = :operation and step = :step and answer is null")
              .bind("answer", answer.name())
              .bind("by", by.id())
              .bind("at", at.toEpochMilli())
              .bind("operation", operation)
              .bind("step", step)
              .execute();
      if (answered > 0) {
        Rows.signal(handle, operation);
      }
      return question(handle, operation, step);
    });
  }

  private static Optional<Question> question(Handle handle, long operation, String step) {
    return handle
        .createQuery("select * from questions where operation = :operation and step = :step")
        .bind("operation", operation)
        .bind("step", step)
        .map((row, _) -> question(row))
        .findOne();
  }

  @Override
  public Optional<Event> order(
      long operation, Order order, Person by, Optional<String> why, Instant at) {
    return database.write(handle -> {
      int taken =
          handle
              .createUpdate(
                  "update operations set order_given = :order, order_by = :by, order_why = :why"
                      + " where id = :id and "
                      + ACTIVE)
              .bind("order", order.name())
              .bind("by", by.id())
              .bind("why", why.orElse(null))
              .bind("id", operation)
              .execute();
      if (taken == 0) {
        return Optional.empty();
      }
      String word =
          switch (order) {
            case GO -> "resume";
            case PAUSE -> "pause";
            case CANCEL -> "cancel";
          };
      Event event = Rows.event(handle, operation, new StepEvent.Ordered(word, by, why), at);
      Rows.signal(handle, operation);
      return Optional.of(event);
    });
  }

  @Override
  public Orders orders(long operation) {
    return database.read(handle ->
        handle
            .createQuery(
                "select o.order_given, o.order_by, o.order_why, h.held_by, h.since, h.reason"
                    + " from operations o left join hold h on h.one = 1 where o.id = :id")
            .bind("id", operation)
            .map((row, _) ->
                new Orders(
                    Order.valueOf(row.getString("order_given")),
                    Rows.maybePerson(row, "order_by"),
                    Rows.text(row, "order_why"),
                    maybeHold(row)))
            .one());
  }

  private static Optional<Hold> maybeHold(ResultSet row) throws SQLException {
    Optional<Person> by = Rows.maybePerson(row, "held_by");
    return by.isEmpty()
        ? Optional.empty()
        : Optional.of(new Hold(by.get(), Rows.time(row, "since"), row.getString("reason")));
  }

  @Override
  public List<Long> signalled() {
    return database.read(
        handle -> handle.createQuery("select operation from signals").mapTo(Long.class).list());
  }

  @Override
  public void heard(List<Long> operations) {
    if (operations.isEmpty()) {
      return;
    }
    database.write(handle ->
        handle
            .createUpdate("delete from signals where operation in (<operations>)")
            .bindList("operations", operations)
            .execute());
  }

  @Override
  public Optional<Hold> hold() {
    return database.read(SqlJournal::hold);
  }

  private static Optional<Hold> hold(Handle handle) {
    return handle
        .createQuery("select * from hold where one = 1")
        .map((row, _) -> maybeHold(row))
        .findOne()
        .flatMap(hold -> hold);
  }

  @Override
  public Hold holdOn(Person by, String reason, AuditLog.Note note, Instant at) {
    return database.write(handle -> {
      int changed =
          handle
              .createUpdate(
                  "insert into hold (one, held_by, since, reason) values (1, :by, :at, :reason)"
                      + " on conflict (one) do nothing")
              .bind("by", by.id())
              .bind("at", at.toEpochMilli())
              .bind("reason", reason)
              .execute();
      if (changed > 0) {
        signalAll(handle);
        Rows.audit(handle, note, at);
      }
      return hold(handle).orElseThrow();
    });
  }

  @Override
  public Optional<Hold> holdOff(Person by, AuditLog.Note note, Instant at) {
    return database.write(handle -> {
      Optional<Hold> before = hold(handle);
      if (handle.createUpdate("delete from hold").execute() > 0) {
        signalAll(handle);
        Rows.audit(handle, note, at);
      }
      return before;
    });
  }

  private static void signalAll(Handle handle) {
    handle
        .createUpdate(
            "insert into signals (operation) select id from operations where "
                + ACTIVE
                + " on conflict (operation) do nothing")
        .execute();
  }

  // --- VMIDs
  // --------------------------------------------------------------------------------------------------------

  @Override
  public Set<Vmid> unavailableVmids(Instant now) {
    return database.read(handle -> {
      Set<Vmid> vmids = new TreeSet<>();
      handle
          .createQuery(
              "select vmid from reservations union select vmid from resting where until > :now")
          .bind("now", now.toEpochMilli())
          .mapTo(Integer.class)
          .forEach(vmid -> vmids.add(new Vmid(vmid)));
      return vmids;
    });
  }

  @Override
  public void created(Claim claim, CreatedGuest guest) {
    database.write(handle -> {
      Rows.claim(handle, claim, 0);
      return handle
          .createUpdate(
              "insert into created_guests (operation, vmid, name, uuid, at) values (:operation,"
                  + " :vmid, :name, :uuid, :at) on conflict (operation, vmid) do update set"
                  + " name = excluded.name, uuid = excluded.uuid")
          .bind("operation", guest.operation())
          .bind("vmid", guest.vmid().value())
          .bind("name", guest.name())
          .bind("uuid", orNull(guest.uuid()))
          .bind("at", guest.at().toEpochMilli())
          .execute();
    });
  }

  private static @Nullable String orNull(Optional<String> text) {
    return text.orElse(null);
  }

  @Override
  public List<CreatedGuest> createdGuests() {
    return database.read(handle ->
        handle
            .createQuery("select * from created_guests order by vmid, operation")
            .map((row, _) ->
                new CreatedGuest(
                    new Vmid(row.getInt("vmid")),
                    row.getString("name"),
                    Rows.text(row, "uuid"),
                    row.getLong("operation"),
                    Rows.time(row, "at")))
            .list());
  }
}
