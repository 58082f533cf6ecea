package dev.pvebot.runbooks.engine.journal;

import dev.pvebot.clusters.Vmid;
import dev.pvebot.commands.chat.ChatPlatform.Posted;
import dev.pvebot.commands.chat.Conversation;
import dev.pvebot.commands.chat.Person;
import dev.pvebot.runbooks.operation.Answer;
import dev.pvebot.runbooks.operation.Event;
import dev.pvebot.runbooks.operation.Operation;
import dev.pvebot.runbooks.operation.OperationState;
import dev.pvebot.runbooks.operation.Question;
import dev.pvebot.runbooks.operation.StepEvent;
import dev.pvebot.runbooks.operation.StepRecord;
import dev.pvebot.runbooks.operation.StepState;
import dev.pvebot.runbooks.plan.Plan.LockKey;
import dev.pvebot.runbooks.plan.PlanJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/// Everything that survives, kept in memory: survives an engine, not the process. One lock, no
/// cleverness.
public final class InMemoryStore implements Journal, Locks, Approvals, AuditLog, ThreadLog {
  private static final class Row {
    Operation operation;
    Order order = Order.GO;
    Optional<Person> orderedBy = Optional.empty();
    Optional<String> orderWhy = Optional.empty();
    boolean signalled;
    final Map<String, StepRecord> steps = new LinkedHashMap<>();
    final Map<String, Question> questions = new LinkedHashMap<>();
    final List<Event> events = new ArrayList<>();
    final Map<Approvals.Kind, Approval> approvals = new TreeMap<>();

    Row(Operation operation) {
      this.operation = operation;
    }
  }

  private final TreeMap<Long, Row> rows = new TreeMap<>();
  private final Map<Vmid, Long> reserved = new HashMap<>();
  private final Map<Vmid, Instant> resting = new HashMap<>();
  private final List<Locks.Entry> locks = new ArrayList<>();
  private final List<AuditLog.Entry> audit = new ArrayList<>();
  private final Map<Vmid, CreatedGuest> created = new TreeMap<>();
  private final Map<String, Posted> heads = new LinkedHashMap<>();
  private final Map<String, Told> told = new HashMap<>();
  private final Map<String, Instant> seen = new HashMap<>();
  private Optional<Hold> hold = Optional.empty();

  /// Called around every write; a test throws from it.
  private Consumer<String> boundary = _ -> {};

  public void boundary(Consumer<String> hook) {
    boundary = hook;
  }

  /// Raises the epoch: what a dispatch does when it hands an operation out.
  public synchronized Claim pickUp(long operation) {
    Row row = row(operation);
    Operation o = row.operation;
    row.operation =
        new Operation(
            o.id(),
            o.plan(),
            o.state(),
            o.requestedBy(),
            o.said(),
            o.where(),
            o.createdAt(),
            o.startedAt(),
            o.endedAt(),
            o.stateReason(),
            o.epoch() + 1);
    return new Claim(operation, o.epoch() + 1);
  }

  private Row row(long operation) {
    Row row = rows.get(operation);
    if (row == null) {
      throw new IllegalArgumentException("there is no operation " + operation);
    }
    return row;
  }

  private Row row(Claim claim) {
    Row row = row(claim.operation());
    if (row.operation.epoch() != claim.epoch()) {
      throw new EpochLost(claim);
    }
    return row;
  }

  // --- operations ---

  @Override
  public synchronized Creation create(Draft draft, Instant at) {
    for (Vmid vmid : draft.plan().reserved()) {
      Optional<Creation> taken = taken(vmid, -1, at);
      if (taken.isPresent()) {
        return taken.get();
      }
    }
    long id = rows.isEmpty() ? 1 : rows.lastKey() + 1;
    Operation operation =
        new Operation(
            id,
            JournalJson.plan(PlanJson.write(draft.plan())),
            OperationState.PLANNED,
            draft.requestedBy(),
            draft.said(),
            draft.where(),
            at,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            0);
    draft.plan().reserved().forEach(vmid -> reserved.put(vmid, id));
    rows.put(id, new Row(operation));
    return new Creation.Created(operation);
  }

  private Optional<Creation> taken(Vmid vmid, long except, Instant at) {
    Long holder = reserved.get(vmid);
    if (holder != null && holder != except) {
      return Optional.of(new Creation.VmidTaken(vmid, Optional.of(holder)));
    }
    Instant until = resting.get(vmid);
    return until != null && at.isBefore(until)
        ? Optional.of(new Creation.VmidTaken(vmid, Optional.empty()))
        : Optional.empty();
  }

  @Override
  public synchronized Optional<Operation> operation(long id) {
    return Optional.ofNullable(rows.get(id)).map(row -> row.operation);
  }

  @Override
  public synchronized List<Operation> operations(Filter filter) {
    return rows.descendingMap().values().stream()
        .map(row -> row.operation)
        .filter(o -> filter.states().isEmpty() || filter.states().contains(o.state()))
        .filter(o -> filter.cluster().isEmpty() || filter.cluster().equals(o.plan().cluster()))
        .limit(filter.limit())
        .toList();
  }

  @Override
  public synchronized List<Long> unfinished() {
    return rows.values().stream()
        .map(row -> row.operation)
        .filter(o ->
            o.state() == OperationState.QUEUED
                || o.state() == OperationState.RUNNING
                || o.state() == OperationState.PAUSED)
        .map(Operation::id)
        .toList();
  }

  @Override
  public synchronized Map<OperationState, Long> census() {
    return rows.values().stream()
        .collect(
            java.util.stream.Collectors.groupingBy(
                row -> row.operation.state(), java.util.stream.Collectors.counting()));
  }

  @Override
  public Move move(long operation, Set<OperationState> from, Transition transition) {
    boundary.accept("before move to " + transition.to());
    Move move;
    synchronized (this) {
      move = change(row(operation), from, transition);
    }
    boundary.accept("after move to " + transition.to());
    return move;
  }

  @Override
  public Move move(Claim claim, Set<OperationState> from, Transition transition) {
    boundary.accept("before move to " + transition.to());
    Move move;
    synchronized (this) {
      move = change(row(claim), from, transition);
    }
    boundary.accept("after move to " + transition.to());
    return move;
  }

  private Move change(Row row, Set<OperationState> from, Transition transition) {
    Operation o = row.operation;
    if (!from.contains(o.state())) {
      return new Move(false, o, Optional.empty(), List.of());
    }
    OperationState to = transition.to();
    row.operation =
        new Operation(
            o.id(),
            o.plan(),
            to,
            o.requestedBy(),
            o.said(),
            o.where(),
            o.createdAt(),
            o.startedAt()
                .or(() ->
                    to == OperationState.RUNNING ? Optional.of(transition.at()) : Optional.empty()),
            to.isFinal() ? Optional.of(transition.at()) : Optional.empty(),
            transition.reason(),
            o.epoch());
    Event event =
        event(
            row,
            new StepEvent.StateChanged(o.state(), to, transition.reason(), transition.by()),
            transition.at());
    transition.resting().forEach(vmid -> resting.put(vmid, transition.at().plus(REST)));
    transition.audit().ifPresent(note -> append(note, transition.at()));
    List<Long> granted = List.of();
    if (to.isFinal()) {
      reserved.values().removeIf(holder -> holder == o.id());
      row.questions.clear();
      row.approvals.replaceAll((_, a) ->
          a.state() == Approvals.State.PENDING
              ? decided(a, Approvals.State.VOID, Optional.empty(), transition.at(), a.why())
              : a);
      locks.removeIf(entry -> entry.operation() == o.id());
      granted = grant(transition.at());
    }
    return new Move(true, row.operation, Optional.of(event), granted);
  }

  private static Event event(Row row, StepEvent what, Instant at) {
    Event event = new Event(row.operation.id(), row.events.size() + 1L, at, what);
    row.events.add(event);
    return event;
  }

  @Override
  public synchronized void reason(Claim claim, Optional<String> reason) {
    Row row = row(claim);
    Operation o = row.operation;
    row.operation =
        new Operation(
            o.id(),
            o.plan(),
            o.state(),
            o.requestedBy(),
            o.said(),
            o.where(),
            o.createdAt(),
            o.startedAt(),
            o.endedAt(),
            reason,
            o.epoch());
  }

  @Override
  public synchronized Optional<Creation> retry(
      long operation, Person by, AuditLog.Note note, Instant at) {
    Row row = rows.get(operation);
    if (row == null || row.operation.state() != OperationState.FAILED) {
      return Optional.empty();
    }
    List<Vmid> missing =
        row.operation.plan().reserved().stream()
            .filter(
                vmid -> !created.containsKey(vmid) || created.get(vmid).operation() != operation)
            .toList();
    for (Vmid vmid : missing) {
      Optional<Creation> taken = taken(vmid, operation, at);
      if (taken.isPresent()) {
        return taken;
      }
    }
    row.operation.plan().reserved().forEach(vmid -> reserved.putIfAbsent(vmid, operation));
    row.steps.replaceAll((_, step) ->
        switch (step.state()) {
          case FAILED, CANCELLED -> pending(step);
          case PENDING, RUNNING, ASKING, DONE, DONE_WITH_WARNINGS, SKIPPED -> step;
        });
    row.order = Order.GO;
    event(row, new StepEvent.Ordered("retry", by, Optional.empty()), at);
    change(
        row,
        Set.of(OperationState.FAILED),
        Transition.to(OperationState.QUEUED, at).by(by).noting(note));
    return Optional.of(new Creation.Created(row.operation));
  }

  private static StepRecord pending(StepRecord step) {
    return new StepRecord(
        step.key(),
        StepState.PENDING,
        step.facts(),
        step.intendedAt(),
        step.task(),
        step.output(),
        step.note(),
        step.attempts(),
        step.startedAt(),
        Optional.empty());
  }

  // --- steps ---

  @Override
  public synchronized List<StepRecord> steps(long operation) {
    return List.copyOf(row(operation).steps.values());
  }

  @Override
  public List<Event> write(
      Claim claim, List<StepRecord> steps, List<StepEvent> events, Instant at) {
    String what = steps.stream().map(s -> s.key() + " " + s.state()).toList() + " " + events.size();
    boundary.accept("before write " + what);
    List<Event> written = put(claim, steps, events, at);
    boundary.accept("after write " + what);
    return written;
  }

  private synchronized List<Event> put(
      Claim claim, List<StepRecord> steps, List<StepEvent> events, Instant at) {
    Row row = row(claim);
    for (StepRecord step : steps) {
      row.steps.put(step.key(), step);
      if (step.state() != StepState.ASKING) {
        row.questions.remove(step.key());
      }
    }
    return events.stream().map(event -> event(row, event, at)).toList();
  }

  @Override
  public List<Event> ask(Claim claim, StepRecord step, Question question, List<StepEvent> events) {
    boundary.accept("before question " + step.key());
    List<Event> written;
    synchronized (this) {
      written = put(claim, List.of(step), events, question.askedAt());
      row(claim).questions.put(step.key(), question);
    }
    boundary.accept("after question " + step.key());
    return written;
  }

  @Override
  public synchronized List<Event> events(long operation, long seq) {
    return row(operation).events.stream().filter(event -> event.seq() > seq).toList();
  }

  @Override
  public synchronized List<Question> questions(long operation) {
    return List.copyOf(row(operation).questions.values());
  }

  @Override
  public synchronized Optional<Question> answer(
      long operation, String step, Answer answer, Person by, Instant at) {
    Row row = row(operation);
    Question question = row.questions.get(step);
    if (question == null || !question.choices().contains(answer)) {
      return Optional.empty();
    }
    if (question.answer().isEmpty()) {
      question =
          new Question(
              operation,
              step,
              question.title(),
              question.text(),
              question.choices(),
              question.askedAt(),
              Optional.of(new Question.Given(answer, by, at)));
      row.questions.put(step, question);
      row.signalled = true;
    }
    return Optional.of(question);
  }

  @Override
  public synchronized Optional<Event> order(
      long operation, Order order, Person by, Optional<String> why, Instant at) {
    Row row = rows.get(operation);
    if (row == null || !unfinished().contains(operation)) {
      return Optional.empty();
    }
    row.order = order;
    row.orderedBy = Optional.of(by);
    row.orderWhy = why;
    row.signalled = true;
    String word =
        switch (order) {
          case GO -> "resume";
          case PAUSE -> "pause";
          case CANCEL -> "cancel";
        };
    return Optional.of(event(row, new StepEvent.Ordered(word, by, why), at));
  }

  @Override
  public synchronized Orders orders(long operation) {
    Row row = row(operation);
    return new Orders(row.order, row.orderedBy, row.orderWhy, hold);
  }

  @Override
  public synchronized List<Long> signalled() {
    return rows.values().stream()
        .filter(row -> row.signalled)
        .map(row -> row.operation.id())
        .filter(unfinished()::contains)
        .toList();
  }

  @Override
  public synchronized void heard(List<Long> operations) {
    operations.forEach(operation -> row(operation).signalled = false);
  }

  // --- hold, VMIDs ---

  @Override
  public synchronized Optional<Hold> hold() {
    return hold;
  }

  @Override
  public synchronized Hold holdOn(Person by, String reason, AuditLog.Note note, Instant at) {
    if (hold.isEmpty()) {
      hold = Optional.of(new Hold(by, at, reason));
      append(note, at);
      unfinished().forEach(operation -> row(operation).signalled = true);
    }
    return hold.orElseThrow();
  }

  @Override
  public synchronized Optional<Hold> holdOff(Person by, AuditLog.Note note, Instant at) {
    Optional<Hold> before = hold;
    if (before.isPresent()) {
      hold = Optional.empty();
      append(note, at);
      unfinished().forEach(operation -> row(operation).signalled = true);
    }
    return before;
  }

  @Override
  public synchronized Set<Vmid> unavailableVmids(Instant now) {
    Set<Vmid> result = new TreeSet<>(reserved.keySet());
    resting.forEach((vmid, until) -> {
      if (now.isBefore(until)) {
        result.add(vmid);
      }
    });
    return result;
  }

  @Override
  public synchronized void created(Claim claim, CreatedGuest guest) {
    row(claim);
    created.put(guest.vmid(), guest);
  }

  @Override
  public synchronized List<CreatedGuest> createdGuests() {
    return List.copyOf(created.values());
  }

  // --- locks ---

  @Override
  public synchronized boolean acquire(Claim claim, List<LockKey> keys, Instant at) {
    Row row = row(claim);
    long id = claim.operation();
    if (locks.stream().noneMatch(entry -> entry.operation() == id)) {
      for (LockKey key : keys) {
        locks.add(new Locks.Entry(key, id, row.operation.plan().title(), at, Optional.empty()));
      }
      grant(at);
    }
    return locks.stream().filter(entry -> entry.operation() == id).allMatch(Locks.Entry::isHeld);
  }

  private List<Long> grant(Instant at) {
    List<Long> granted = LockQueue.grantable(locks);
    locks.replaceAll(entry ->
        !entry.isHeld() && granted.contains(entry.operation())
            ? new Locks.Entry(
                entry.key(), entry.operation(), entry.title(), entry.askedAt(), Optional.of(at))
            : entry);
    granted.forEach(operation -> row(operation).signalled = true);
    return granted;
  }

  @Override
  public synchronized List<Locks.Entry> all() {
    return locks.stream()
        .sorted(
            Comparator.comparing((Locks.Entry entry) -> entry.key().name())
                .thenComparing(entry -> !entry.isHeld())
                .thenComparing(Locks.Entry::operation))
        .toList();
  }

  @Override
  public synchronized List<Locks.Entry> inTheWay(long operation) {
    return LockQueue.inTheWay(operation, all());
  }

  @Override
  public synchronized Theft steal(long operation, Person by, String reason, Instant at) {
    Row row = rows.get(operation);
    List<LockKey> held =
        locks.stream()
            .filter(entry -> entry.operation() == operation && entry.isHeld())
            .map(Locks.Entry::key)
            .toList();
    if (row == null || held.isEmpty()) {
      return new Theft.Refused("operation %d holds no lock".formatted(operation));
    }
    if (row.operation.state() != OperationState.PAUSED) {
      return new Theft.Refused(
          "operation %d is %s; pause it first (op pause %d), or cancel it"
              .formatted(operation, row.operation.state().words(), operation));
    }
    locks.removeIf(entry -> entry.operation() == operation);
    append(
        AuditLog.Note.of(by.id(), "lock.steal", operation)
            .with("reason", reason)
            .with("locks", String.join(",", held.stream().map(LockKey::name).toList())),
        at);
    event(row, new StepEvent.Ordered("steal", by, Optional.of(reason)), at);
    return new Theft.Done(held, grant(at));
  }

  // --- approvals ---

  @Override
  public synchronized boolean ask(
      long operation, Set<Approvals.Kind> kinds, int tries, Instant expiresAt, Instant at) {
    Row row = row(operation);
    if (!change(
            row,
            Set.of(OperationState.PLANNED),
            Transition.to(OperationState.AWAITING_APPROVAL, at))
        .done()) {
      return false;
    }
    for (Approvals.Kind kind : kinds) {
      row.approvals.put(
          kind,
          new Approval(
              operation,
              kind,
              Approvals.State.PENDING,
              kind == Approvals.Kind.TYPED_NAME ? tries : 0,
              at,
              expiresAt,
              Optional.empty(),
              Optional.empty(),
              Optional.empty()));
    }
    return true;
  }

  @Override
  public synchronized List<Approval> of(long operation) {
    return List.copyOf(row(operation).approvals.values());
  }

  @Override
  public synchronized List<Approval> pending() {
    return rows.values().stream()
        .flatMap(row -> row.approvals.values().stream())
        .filter(approval -> approval.state() == Approvals.State.PENDING)
        .sorted(Comparator.comparing(Approval::askedAt))
        .toList();
  }

  private static Approval decided(
      Approval a, Approvals.State state, Optional<Person> by, Instant at, Optional<String> why) {
    return new Approval(
        a.operation(),
        a.kind(),
        state,
        a.triesLeft(),
        a.askedAt(),
        a.expiresAt(),
        by,
        Optional.of(at),
        why);
  }

  private Optional<Decision> closed(Row row, Approval approval, Instant at) {
    if (approval.state() == Approvals.State.EXPIRED) {
      return Optional.of(new Decision.Expired(approval));
    }
    if (approval.state() != Approvals.State.PENDING
        || row.operation.state() != OperationState.AWAITING_APPROVAL) {
      return Optional.of(new Decision.TooLate(approval));
    }
    if (!at.isBefore(approval.expiresAt())) {
      expireRow(row, at);
      return Optional.of(new Decision.Expired(row.approvals.get(approval.kind())));
    }
    return Optional.empty();
  }

  private void expireRow(Row row, Instant at) {
    row.approvals.replaceAll((_, a) ->
        a.state() == Approvals.State.PENDING
            ? decided(a, Approvals.State.EXPIRED, Optional.empty(), at, a.why())
            : a);
    change(
        row,
        Set.of(OperationState.AWAITING_APPROVAL),
        Transition.to(OperationState.EXPIRED, at)
            .because("nobody consented in time")
            .noting(AuditLog.Note.of("pvebot", "approval.expire", row.operation.id())));
  }

  @Override
  public synchronized Decision give(
      long operation, Approvals.Kind kind, Person by, Optional<String> why, Instant at) {
    Row row = rows.get(operation);
    Approval approval = row == null ? null : row.approvals.get(kind);
    if (row == null || approval == null) {
      return new Decision.NotAsked();
    }
    Optional<Decision> closed = closed(row, approval, at);
    if (closed.isPresent()) {
      return closed.get();
    }
    Approval given = decided(approval, Approvals.State.GIVEN, Optional.of(by), at, why);
    row.approvals.put(kind, given);
    append(
        AuditLog.Note.of(by.id(), "approval.give", operation)
            .with("kind", kind.name().toLowerCase(java.util.Locale.ROOT))
            .with("digest", row.operation.plan().digest())
            .with("why", why.orElse("")),
        at);
    boolean complete =
        row.approvals.values().stream().allMatch(a -> a.state() == Approvals.State.GIVEN);
    if (complete) {
      change(
          row,
          Set.of(OperationState.AWAITING_APPROVAL),
          Transition.to(OperationState.QUEUED, at).by(by));
    }
    return new Decision.Counted(given, complete);
  }

  @Override
  public synchronized Decision miss(long operation, Person by, Instant at) {
    Row row = rows.get(operation);
    Approval approval = row == null ? null : row.approvals.get(Approvals.Kind.TYPED_NAME);
    if (row == null || approval == null) {
      return new Decision.NotAsked();
    }
    Optional<Decision> closed = closed(row, approval, at);
    if (closed.isPresent()) {
      return closed.get();
    }
    Approval missed =
        new Approval(
            operation,
            approval.kind(),
            approval.state(),
            approval.triesLeft() - 1,
            approval.askedAt(),
            approval.expiresAt(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    row.approvals.put(approval.kind(), missed);
    if (missed.triesLeft() > 0) {
      return new Decision.Missed(missed);
    }
    return denied(row, missed, by, Optional.of("the name was typed wrongly too often"), at);
  }

  @Override
  public synchronized Decision deny(long operation, Person by, Optional<String> why, Instant at) {
    Row row = rows.get(operation);
    if (row == null || row.approvals.isEmpty()) {
      return new Decision.NotAsked();
    }
    Approval first =
        row.approvals.values().stream()
            .filter(a -> a.state() == Approvals.State.PENDING)
            .findFirst()
            .orElseGet(() -> row.approvals.values().iterator().next());
    Optional<Decision> closed = closed(row, first, at);
    return closed.isPresent() ? closed.get() : denied(row, first, by, why, at);
  }

  private Decision denied(Row row, Approval approval, Person by, Optional<String> why, Instant at) {
    Approval denied = decided(approval, Approvals.State.DENIED, Optional.of(by), at, why);
    row.approvals.put(approval.kind(), denied);
    change(
        row,
        Set.of(OperationState.AWAITING_APPROVAL),
        Transition.to(OperationState.DENIED, at)
            .because("denied by " + by + why.map(w -> ": " + w).orElse(""))
            .by(by)
            .noting(
                AuditLog.Note.of(by.id(), "approval.deny", row.operation.id())
                    .with("why", why.orElse(""))));
    return new Decision.Counted(denied, true);
  }

  @Override
  public synchronized List<Long> expire(Instant now) {
    List<Long> expired = new ArrayList<>();
    for (Row row : rows.values()) {
      boolean overdue =
          row.approvals.values().stream()
              .anyMatch(a -> a.state() == Approvals.State.PENDING && !now.isBefore(a.expiresAt()));
      if (overdue && row.operation.state() == OperationState.AWAITING_APPROVAL) {
        expireRow(row, now);
        expired.add(row.operation.id());
      }
    }
    return expired;
  }

  // --- audit ---

  @Override
  public synchronized AuditLog.Entry append(AuditLog.Note note, Instant at) {
    AuditLog.Entry entry = AuditChain.next(audit.size(), head(), note, at);
    audit.add(entry);
    return entry;
  }

  @Override
  public synchronized String head() {
    return audit.isEmpty() ? AuditChain.START : audit.getLast().hash();
  }

  @Override
  public synchronized Verdict verify(Optional<String> expectedHead) {
    AuditChain.Verifier verifier = new AuditChain.Verifier(expectedHead);
    audit.forEach(verifier::accept);
    return verifier.verdict();
  }

  @Override
  public synchronized void export(Consumer<AuditLog.Entry> to) {
    audit.forEach(to);
  }

  @Override
  public synchronized List<AuditLog.Entry> newest(int limit) {
    return audit.reversed().stream().limit(limit).toList();
  }

  // --- threads ---

  @Override
  public synchronized void head(long operation, Posted posted) {
    heads.put(operation + " " + posted.where().platform(), posted);
  }

  @Override
  public synchronized Optional<Posted> head(long operation, String platform) {
    return Optional.ofNullable(heads.get(operation + " " + platform));
  }

  @Override
  public synchronized List<Posted> heads(long operation) {
    return heads.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(operation + " "))
        .map(Map.Entry::getValue)
        .toList();
  }

  @Override
  public synchronized Optional<Long> operationAt(Posted head) {
    return heads.entrySet().stream()
        .filter(entry -> entry.getValue().equals(head))
        .map(entry -> Long.valueOf(entry.getKey().substring(0, entry.getKey().indexOf(' '))))
        .max(Long::compare);
  }

  @Override
  public synchronized boolean posting(long operation, Conversation where, long seq) {
    Told before = told(operation, where);
    if (seq <= before.posted() || before.inDoubt().filter(doubt -> doubt >= seq).isPresent()) {
      return false;
    }
    told.put(operation + " " + where, new Told(before.posted(), Optional.of(seq)));
    return true;
  }

  @Override
  public synchronized void posted(long operation, Conversation where, long seq) {
    Told before = told(operation, where);
    told.put(
        operation + " " + where,
        new Told(Math.max(before.posted(), seq), before.inDoubt().filter(doubt -> doubt > seq)));
  }

  @Override
  public synchronized Told told(long operation, Conversation where) {
    return told.getOrDefault(operation + " " + where, new Told(0, Optional.empty()));
  }

  @Override
  public synchronized boolean firstTime(String platform, String messageId, Instant at) {
    return seen.putIfAbsent(platform + " " + messageId, at) == null;
  }

  @Override
  public synchronized void forgetMessages(Instant before) {
    new HashSet<>(seen.keySet())
        .forEach(key -> seen.computeIfPresent(key, (_, at) -> at.isBefore(before) ? null : at));
  }
}
