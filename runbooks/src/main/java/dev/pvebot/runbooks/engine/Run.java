package dev.pvebot.runbooks.engine;

import dev.pvebot.clusters.Vmid;
import dev.pvebot.runbooks.action.Action;
import dev.pvebot.runbooks.action.ActionFailure;
import dev.pvebot.runbooks.action.Effect;
import dev.pvebot.runbooks.action.RunContext;
import dev.pvebot.runbooks.engine.journal.AuditLog;
import dev.pvebot.runbooks.engine.journal.Claim;
import dev.pvebot.runbooks.engine.journal.Dispatch;
import dev.pvebot.runbooks.engine.journal.EpochLost;
import dev.pvebot.runbooks.engine.journal.Journal;
import dev.pvebot.runbooks.engine.journal.Journal.Order;
import dev.pvebot.runbooks.engine.journal.Journal.Orders;
import dev.pvebot.runbooks.engine.journal.Journal.Transition;
import dev.pvebot.runbooks.engine.journal.Locks;
import dev.pvebot.runbooks.operation.Answer;
import dev.pvebot.runbooks.operation.Event;
import dev.pvebot.runbooks.operation.Operation;
import dev.pvebot.runbooks.operation.OperationState;
import dev.pvebot.runbooks.operation.Question;
import dev.pvebot.runbooks.operation.StepEvent;
import dev.pvebot.runbooks.operation.StepRecord;
import dev.pvebot.runbooks.operation.StepState;
import dev.pvebot.runbooks.plan.Plan;
import dev.pvebot.runbooks.plan.PlanStep;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One pick-up of one operation: walks its plan and keeps its state.
///
/// Each chain of steps has a virtual thread. A chain is *live* while it can do something without a
/// person; when the last live one begins to wait, the operation is paused.
final class Run {
  private static final Logger LOG = LoggerFactory.getLogger(Run.class);

  /// A fact of a step that a person skipped; such an operation succeeds with warnings only.
  static final String SKIPPED_BY = "skipped_by";

  /// How a chain came to its end.
  private enum End {
    OK,
    FAILED,
    /// A safe point said to stop: the operation was cancelled, or something beside it failed.
    HALTED
  }

  /// Ends a chain at a safe point.
  static final class Halt extends Exception {
    private static final long serialVersionUID = 1;

    Halt() {
      super("", null, false, false);
    }
  }

  final Engine.Ports ports;
  final Dispatch.Ownership ownership;
  final Claim claim;
  private final Journal journal;
  private final Consumer<Collection<Long>> granted;

  /// Guards the order of journal rows, what is told, and the state.
  private final ReentrantLock lock = new ReentrantLock();

  private final Map<String, StepRecord> records = new ConcurrentHashMap<>();
  private final Set<Thread> chains = ConcurrentHashMap.newKeySet();
  private volatile CompletableFuture<Void> signal = new CompletableFuture<>();
  private volatile @Nullable String failure;
  private volatile @Nullable Orders cancelled;
  private volatile @Nullable Throwable broken;
  private volatile boolean warned;
  private int live = 1;
  private OperationState state = OperationState.QUEUED;
  private Optional<String> told = Optional.empty();
  private @Nullable Operation operation;
  private @Nullable Values values;

  Run(Engine.Ports ports, Dispatch.Ownership ownership, Consumer<Collection<Long>> granted) {
    this.ports = ports;
    this.ownership = ownership;
    this.claim = ownership.claim();
    this.journal = ports.journal();
    this.granted = granted;
  }

  /// Wakes whatever waits, so that it looks at the journal again.
  void signal() {
    CompletableFuture<Void> before;
    lock.lock();
    try {
      before = signal;
      signal = new CompletableFuture<>();
    } finally {
      lock.unlock();
    }
    before.complete(null);
  }

  void execute() throws InterruptedException {
    Optional<Operation> found = journal.operation(claim.operation());
    if (found.isEmpty()) {
      LOG.warn("operation {} is due but not in the journal", claim.operation());
      return;
    }
    operation = found.get();
    state = found.get().state();
    told = found.get().stateReason();
    if (state.isFinal()
        || state == OperationState.PLANNED
        || state == OperationState.AWAITING_APPROVAL) {
      return;
    }
    values = new Values(plan().params());
    for (StepRecord step : journal.steps(claim.operation())) {
      records.put(step.key(), step);
    }
    recall(plan().steps());
    if (state == OperationState.QUEUED ? begin() : goOn()) {
      End end;
      try {
        end = sequence(plan().steps());
      } catch (Throwable anything) {
        breakDown(anything);
        throw anything;
      }
      rethrow();
      finish(end);
    }
  }

  private Operation operation() {
    return java.util.Objects.requireNonNull(operation);
  }

  Plan plan() {
    return operation().plan();
  }

  Values values() {
    return java.util.Objects.requireNonNull(values);
  }

  Instant now() {
    return ports.clock().instant();
  }

  // --- beginning and end
  // --------------------------------------------------------------------------------------------

  /// Takes up what the journal knows of steps that are at their end.
  private void recall(List<PlanStep> steps) {
    for (PlanStep step : steps) {
      if (step instanceof PlanStep.Group group) {
        recall(group.children());
        continue;
      }
      StepRecord record = record(step.key());
      if (step instanceof PlanStep.Act act) {
        ActRun.register(this, act, record);
      }
      switch (record.state()) {
        case DONE_WITH_WARNINGS -> warned = true;
        case SKIPPED -> warned |= record.facts().containsKey(SKIPPED_BY);
        case FAILED -> {
          if (step instanceof PlanStep.Act act && act.onFailure() == PlanStep.OnFailure.CONTINUE) {
            warned = true;
          } else {
            failure = record.note().orElse(step.title() + " failed");
          }
        }
        case PENDING, RUNNING, ASKING, DONE, CANCELLED -> {}
      }
    }
  }

  private boolean begin() throws InterruptedException {
    while (true) {
      CompletableFuture<Void> wake = signal;
      Orders orders = journal.orders(claim.operation());
      if (orders.order() == Order.CANCEL) {
        cancelled = orders;
        finish(End.HALTED);
        return false;
      }
      Optional<String> wait = waitFor(orders);
      if (wait.isEmpty() && !ports.locks().acquire(claim, plan().locks(), now())) {
        wait = Optional.of(whoIsInTheWay());
      }
      if (wait.isEmpty()) {
        break;
      }
      tellWaiting(wait.get());
      await(wake);
    }
    if (operation().startedAt().isEmpty() && isStale()) {
      return false;
    }
    move(
        OperationState.RUNNING,
        transition(OperationState.RUNNING)
            .noting(
                note("operation.start")
                    .with("digest", plan().digest())
                    .with("runbook", plan().runbook())
                    .with("title", plan().title())));
    return true;
  }

  private boolean isStale() throws InterruptedException {
    Staleness.Verdict verdict;
    try {
      verdict = ports.staleness().check(operation());
    } catch (ActionFailure unread) {
      end(
          transition(OperationState.FAILED)
              .because(
                  "before the start: %s; nothing was done, retry when it can be read again"
                      .formatted(unread.what())));
      return true;
    }
    return switch (verdict) {
      case Staleness.Verdict.Same() -> false;
      case Staleness.Verdict.Different(List<String> differences) -> {
        end(transition(OperationState.STALE).because(String.join("\n", differences)));
        yield true;
      }
    };
  }

  private boolean goOn() {
    List<String> underWay = new ArrayList<>();
    leaves(plan().steps()).stream()
        .filter(step -> record(step.key()).state() == StepState.RUNNING)
        .forEach(step -> underWay.add(step.title()));
    write(
        List.of(),
        new StepEvent.Resumed(
            ownership.lastOwnerSeen().map(seen -> Duration.between(seen, now())), underWay));
    return true;
  }

  private void finish(End end) {
    Orders order = cancelled;
    if (end == End.OK && failure == null) {
      nothingCame().ifPresent(this::failed);
    }
    String failed = failure;
    if (end == End.OK && failed == null) {
      end(transition(warned ? OperationState.SUCCEEDED_WITH_WARNINGS : OperationState.SUCCEEDED));
      return;
    }
    List<StepRecord> rest = new ArrayList<>();
    for (PlanStep step : leaves(plan().steps())) {
      StepRecord record = record(step.key());
      switch (record.state()) {
        case PENDING, RUNNING -> rest.add(with(record, StepState.CANCELLED));
        case ASKING ->
            rest.add(with(record, failed == null ? StepState.CANCELLED : StepState.FAILED));
        case DONE, DONE_WITH_WARNINGS, SKIPPED, FAILED, CANCELLED -> {}
      }
    }
    if (!rest.isEmpty()) {
      journal.write(claim, rest, List.of(), now());
    }
    if (failed != null) {
      end(transition(OperationState.FAILED).because(failed));
    } else if (order != null) {
      String by = order.by().map(who -> "cancelled by " + who).orElse("cancelled");
      Transition transition =
          transition(OperationState.CANCELLED)
              .because(order.why().map(why -> by + ": " + why).orElse(by));
      end(order.by().map(transition::by).orElse(transition));
    } else {
      throw new IllegalStateException("a chain ended as " + end + " without a reason");
    }
  }

  /// What went wrong where failures do not stop, but of all steps not one came true: that is no
  /// success with warnings.
  private Optional<String> nothingCame() {
    List<StepRecord> ends =
        leaves(plan().steps()).stream().map(step -> record(step.key())).toList();
    boolean came =
        ends.stream()
            .anyMatch(row ->
                row.state() == StepState.DONE || row.state() == StepState.DONE_WITH_WARNINGS);
    return came
        ? Optional.empty()
        : ends.stream()
            .filter(row -> row.state() == StepState.FAILED)
            .findFirst()
            .map(row -> row.note().orElse("no step came true"));
  }

  private void end(Transition transition) {
    List<Vmid> freed = new ArrayList<>();
    if (state != OperationState.QUEUED) {
      for (Effect effect : plan().effects()) {
        if (effect.kind() == Effect.Kind.DESTROY
            && effect.subject() instanceof Effect.Subject.Guest(Vmid vmid, var _)) {
          freed.add(vmid);
        }
      }
    }
    move(
        transition.to(),
        transition
            .resting(freed)
            .noting(
                note("operation.end")
                    .with("state", transition.to().words())
                    .with("reason", transition.reason().orElse(""))));
  }

  private AuditLog.Note note(String what) {
    return AuditLog.Note.of(operation().requestedBy().id(), what, claim.operation());
  }

  private Transition transition(OperationState to) {
    return Transition.to(to, now());
  }

  /// Changes the operation's state and tells it.
  private void move(OperationState to, Transition transition) {
    lock.lock();
    try {
      Journal.Move move = journal.move(claim, Set.of(state), transition);
      if (!move.done()) {
        throw new IllegalStateException(
            "operation %d is %s in the journal and %s here"
                .formatted(claim.operation(), move.now().state().words(), state.words()));
      }
      state = to;
      told = transition.reason();
      granted.accept(move.granted());
      move.event().ifPresent(this::tell);
    } finally {
      lock.unlock();
    }
  }

  // --- walking
  // ------------------------------------------------------------------------------------------------------

  private End walk(PlanStep step) throws InterruptedException {
    return switch (step) {
      case PlanStep.Group group ->
          group.parallel() <= 1 || group.children().size() <= 1
              ? sequence(group.children())
              : sideBySide(group);
      case PlanStep.Act act -> act(act);
      case PlanStep.Manual manual -> manual(manual);
    };
  }

  private End sequence(List<PlanStep> steps) throws InterruptedException {
    for (PlanStep step : steps) {
      End end = walk(step);
      if (end != End.OK) {
        return end;
      }
    }
    return failure == null ? End.OK : End.HALTED;
  }

  /// Runs chains on threads of their own, at most `parallel` at once. The last one to end passes
  /// its being live on to the thread that waits for them.
  private End sideBySide(PlanStep.Group group) throws InterruptedException {
    Queue<PlanStep> waiting = new ConcurrentLinkedQueue<>(group.children());
    int width = Math.min(group.parallel(), group.children().size());
    AtomicInteger left = new AtomicInteger(width);
    Set<End> ends = ConcurrentHashMap.newKeySet();
    changeLive(width - 1);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < width; i++) {
      threads.add(
          Thread.ofVirtual()
              .name("operation-%d-%s-%d".formatted(claim.operation(), group.key(), i))
              .unstarted(() -> {
                try {
                  for (PlanStep child = waiting.poll();
                      child != null && broken == null;
                      child = waiting.poll()) {
                    ends.add(walk(child));
                  }
                } catch (Throwable anything) {
                  breakDown(anything);
                } finally {
                  chains.remove(Thread.currentThread());
                  if (left.decrementAndGet() > 0) {
                    changeLive(-1);
                  }
                }
              }));
    }
    chains.addAll(threads);
    threads.forEach(Thread::start);
    join(threads);
    rethrow();
    return ends.contains(End.FAILED) ? End.FAILED : ends.contains(End.HALTED) ? End.HALTED : End.OK;
  }

  private void join(List<Thread> threads) throws InterruptedException {
    Optional<InterruptedException> interrupted = Optional.empty();
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException stop) {
          interrupted = Optional.of(stop);
          breakDown(stop);
        }
      }
    }
    if (interrupted.isPresent()) {
      throw interrupted.get();
    }
  }

  /// Something happened after which this process may not go on with the operation: it lost it,
  /// cannot write, or is stopping. The first cause counts; all chains give up.
  private void breakDown(Throwable cause) {
    lock.lock();
    try {
      if (broken == null) {
        broken = cause;
      }
    } finally {
      lock.unlock();
    }
    Thread self = Thread.currentThread();
    chains.stream().filter(chain -> chain != self).forEach(Thread::interrupt);
    signal();
  }

  private void rethrow() throws InterruptedException {
    switch (broken) {
      case null -> {}
      case InterruptedException stop -> throw stop;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable other -> throw new IllegalStateException(other);
    }
  }

  private End act(PlanStep.Act act) throws InterruptedException {
    StepRecord record = record(act.key());
    switch (record.state()) {
      case DONE, DONE_WITH_WARNINGS, SKIPPED -> {
        return End.OK;
      }
      case FAILED -> {
        return act.onFailure() == PlanStep.OnFailure.CONTINUE ? End.OK : End.FAILED;
      }
      case PENDING, RUNNING, ASKING, CANCELLED -> {}
    }
    try {
      return new ActRun(this, act).go() ? End.OK : End.FAILED;
    } catch (Halt _) {
      return End.HALTED;
    }
  }

  private End manual(PlanStep.Manual manual) throws InterruptedException {
    StepRecord record = record(manual.key());
    try {
      switch (record.state()) {
        case DONE, DONE_WITH_WARNINGS, SKIPPED -> {
          return End.OK;
        }
        case FAILED -> {
          return End.FAILED;
        }
        case ASKING -> {}
        case PENDING, RUNNING, CANCELLED -> {
          proceed();
          if (manual.onlyIf().isPresent() && !isTrue(manual.onlyIf().get())) {
            write(
                List.of(with(record, StepState.SKIPPED)),
                new StepEvent.Skipped(
                    manual.key(), manual.title(), "not needed here", Optional.empty()));
            return End.OK;
          }
          List<Answer> choices = List.of(Answer.DONE, Answer.SKIP, Answer.STOP);
          ask(
              withNote(with(record, StepState.ASKING), manual.text()),
              manual.title(),
              manual.text(),
              choices,
              List.of());
        }
      }
      Question.Given given = awaitAnswer(manual.key());
      StepEvent.Answered answered =
          new StepEvent.Answered(manual.key(), manual.title(), given.answer(), given.by());
      StepRecord asked = record(manual.key());
      return switch (given.answer()) {
        case DONE, RETRY -> {
          write(
              List.of(with(asked, StepState.DONE)),
              answered,
              new StepEvent.Done(
                  manual.key(),
                  manual.title(),
                  took(asked),
                  false,
                  Optional.of("done by " + given.by())));
          yield End.OK;
        }
        case SKIP -> {
          warned = true;
          write(
              List.of(skippedBy(asked, given)),
              answered,
              new StepEvent.Skipped(
                  manual.key(), manual.title(), "skipped", Optional.of(given.by())));
          yield End.OK;
        }
        case STOP -> {
          failed("%s: stopped by %s".formatted(manual.title(), given.by()));
          write(List.of(with(asked, StepState.FAILED)), answered);
          yield End.FAILED;
        }
      };
    } catch (Trouble trouble) {
      failed(trouble.sentence());
      write(
          List.of(withNote(with(record, StepState.FAILED), trouble.sentence())),
          new StepEvent.Failed(
              manual.key(),
              manual.title(),
              trouble.what,
              trouble.why,
              trouble.now,
              List.of(),
              false));
      return End.FAILED;
    } catch (Halt _) {
      return End.HALTED;
    }
  }

  // --- for the steps
  // ------------------------------------------------------------------------------------------------

  StepRecord record(String key) {
    return records.getOrDefault(
        key,
        new StepRecord(
            key,
            StepState.PENDING,
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            0,
            Optional.empty(),
            Optional.empty()));
  }

  /// Writes rows and events in one go and tells the events in the journal's order.
  void write(List<StepRecord> steps, StepEvent... events) {
    lock.lock();
    try {
      List<Event> written = journal.write(claim, steps, List.of(events), now());
      steps.forEach(step -> records.put(step.key(), step));
      written.forEach(this::tell);
    } finally {
      lock.unlock();
    }
  }

  void ask(
      StepRecord step, String title, String text, List<Answer> choices, List<StepEvent> before) {
    List<StepEvent> events = new ArrayList<>(before);
    events.add(new StepEvent.Asking(step.key(), title, text, choices));
    lock.lock();
    try {
      List<Event> written =
          journal.ask(
              claim,
              step,
              new Question(
                  claim.operation(), step.key(), title, text, choices, now(), Optional.empty()),
              events);
      records.put(step.key(), step);
      written.forEach(this::tell);
    } finally {
      lock.unlock();
    }
  }

  void tell(Event event) {
    try {
      ports.progress().happened(event);
    } catch (RuntimeException deaf) {
      LOG.warn("an event of operation {} was not taken", claim.operation(), deaf);
    }
  }

  void failed(String why) {
    lock.lock();
    try {
      if (failure == null) {
        failure = why;
      }
    } finally {
      lock.unlock();
    }
    signal();
  }

  void warned() {
    warned = true;
  }

  /// A safe point: returns when the next step may begin.
  void proceed() throws InterruptedException, Halt {
    while (true) {
      CompletableFuture<Void> wake = signal;
      Orders orders = checkOrders();
      Optional<String> wait = waitFor(orders);
      if (wait.isEmpty() && isPaused() && !ports.locks().acquire(claim, plan().locks(), now())) {
        wait = Optional.of(whoIsInTheWay());
      }
      if (wait.isEmpty()) {
        wakeUp();
        return;
      }
      park(wait.get(), wake);
    }
  }

  /// Waits for the answer to a step's question.
  Question.Given awaitAnswer(String key) throws InterruptedException, Halt {
    while (true) {
      CompletableFuture<Void> wake = signal;
      checkOrders();
      Optional<Question> question =
          journal.questions(claim.operation()).stream()
              .filter(each -> each.step().equals(key))
              .findFirst();
      if (question.isPresent() && question.get().answer().isPresent()) {
        proceed();
        return question.get().answer().get();
      }
      park(question.map(q -> q.title() + ": " + q.text()).orElse("a question about " + key), wake);
    }
  }

  /// Waits where nothing is under way: an order to cancel or a failure elsewhere ends it early.
  void nap(Duration duration) throws InterruptedException, Halt {
    Instant until = now().plus(duration);
    for (Instant now = now(); now.isBefore(until); now = now()) {
      CompletableFuture<Void> wake = signal;
      ports.clock().sleep(Duration.between(now, until), wake);
      if (wake.isDone()) {
        checkOrders();
      }
    }
  }

  /// Waits where something may be under way and has to be seen to its end.
  void sleep(Duration duration) throws InterruptedException {
    ports.clock().sleep(duration, new CompletableFuture<>());
    rethrow();
  }

  boolean isTrue(String condition) throws Trouble {
    return isTrue(condition, values().now());
  }

  boolean isTrue(String condition, Map<String, Object> names) throws Trouble {
    Object result = evaluate(condition, names);
    if (result instanceof Boolean truth) {
      return truth;
    }
    throw Trouble.failed(
        "the condition `%s` gave %s; expected true or false".formatted(condition, result),
        "mend the runbook and plan again");
  }

  Object evaluate(String expression, Map<String, Object> names) throws Trouble {
    try {
      return ports.expressions().evaluate(expression, names);
    } catch (IllegalArgumentException unclear) {
      throw Trouble.failed(
          "`%s` cannot be evaluated: %s".formatted(expression, unclear.getMessage()),
          "mend the runbook and plan again; nothing was called");
    }
  }

  Optional<Action<?, ?>> action(String name) {
    return ports.actions().named(name);
  }

  Duration took(StepRecord step) {
    return step.startedAt().map(start -> Duration.between(start, now())).orElse(Duration.ZERO);
  }

  StepRecord with(StepRecord step, StepState state) {
    boolean ended =
        switch (state) {
          case PENDING, RUNNING, ASKING -> false;
          case DONE, DONE_WITH_WARNINGS, SKIPPED, FAILED, CANCELLED -> true;
        };
    return new StepRecord(
        step.key(),
        state,
        step.facts(),
        step.intendedAt(),
        step.task(),
        step.output(),
        step.note(),
        step.attempts(),
        step.startedAt()
            .or(() -> state == StepState.CANCELLED ? Optional.empty() : Optional.of(now())),
        ended ? Optional.of(now()) : Optional.empty());
  }

  static StepRecord withNote(StepRecord step, String note) {
    return new StepRecord(
        step.key(),
        step.state(),
        step.facts(),
        step.intendedAt(),
        step.task(),
        step.output(),
        Optional.of(note),
        step.attempts(),
        step.startedAt(),
        step.endedAt());
  }

  StepRecord skippedBy(StepRecord step, Question.Given given) {
    StepRecord skipped = with(step, StepState.SKIPPED);
    Map<String, String> facts = new java.util.TreeMap<>(skipped.facts());
    facts.put(SKIPPED_BY, given.by().id());
    return new StepRecord(
        skipped.key(),
        skipped.state(),
        facts,
        skipped.intendedAt(),
        skipped.task(),
        skipped.output(),
        Optional.of("skipped by " + given.by()),
        skipped.attempts(),
        skipped.startedAt(),
        skipped.endedAt());
  }

  // --- waiting
  // ------------------------------------------------------------------------------------------------------

  private Orders checkOrders() throws InterruptedException, Halt {
    rethrow();
    if (failure != null || cancelled != null) {
      throw new Halt();
    }
    Orders orders = journal.orders(claim.operation());
    if (orders.order() == Order.CANCEL) {
      cancelled = orders;
      signal();
      throw new Halt();
    }
    return orders;
  }

  private static Optional<String> waitFor(Orders orders) {
    if (orders.hold().isPresent()) {
      Journal.Hold hold = orders.hold().get();
      return Optional.of("on hold by %s: %s".formatted(hold.by(), hold.reason()));
    }
    return orders.order() == Order.PAUSE
        ? Optional.of(
            "paused"
                + orders.by().map(by -> " by " + by).orElse("")
                + orders.why().map(why -> ": " + why).orElse(""))
        : Optional.empty();
  }

  private String whoIsInTheWay() {
    List<Locks.Entry> others = ports.locks().inTheWay(claim.operation());
    if (others.isEmpty()) {
      return "waits for locks";
    }
    Locks.Entry first = others.getFirst();
    long before = others.stream().map(Locks.Entry::operation).distinct().count();
    return (first.isHeld()
                ? "%s is held by operation %d (%s)"
                : "%s is wanted before by operation %d (%s)")
            .formatted(first.key().name(), first.operation(), first.title())
        + "; place %d in the queue".formatted(before);
  }

  private void tellWaiting(String why) {
    lock.lock();
    try {
      if (!told.equals(Optional.of(why))) {
        told = Optional.of(why);
        journal.reason(claim, told);
        write(List.of(), new StepEvent.Waiting(why));
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isPaused() {
    lock.lock();
    try {
      return state == OperationState.PAUSED;
    } finally {
      lock.unlock();
    }
  }

  private void wakeUp() {
    lock.lock();
    try {
      if (state == OperationState.PAUSED) {
        move(OperationState.RUNNING, transition(OperationState.RUNNING));
      }
    } finally {
      lock.unlock();
    }
  }

  private void changeLive(int by) {
    lock.lock();
    try {
      live += by;
    } finally {
      lock.unlock();
    }
  }

  /// Waits without being live.
  private void park(String why, CompletableFuture<Void> wake) throws InterruptedException {
    lock.lock();
    try {
      live--;
      if (live == 0 && state == OperationState.RUNNING) {
        move(OperationState.PAUSED, transition(OperationState.PAUSED).because(why));
      } else if (live == 0 && state == OperationState.PAUSED) {
        tellWaiting(why);
      }
    } finally {
      lock.unlock();
    }
    try {
      await(wake);
    } finally {
      changeLive(1);
    }
  }

  private static void await(CompletableFuture<Void> wake) throws InterruptedException {
    try {
      wake.get();
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static List<PlanStep> leaves(List<PlanStep> steps) {
    List<PlanStep> leaves = new ArrayList<>();
    for (PlanStep step : steps) {
      if (step instanceof PlanStep.Group group) {
        leaves.addAll(leaves(group.children()));
      } else {
        leaves.add(step);
      }
    }
    return leaves;
  }

  /// What an action sees of this run.
  ///
  /// @param attempt journals that a call comes
  RunContext context(String step, Runnable attempt, Consumer<String> remark) {
    return new RunContext() {
      @Override
      public long operation() {
        return claim.operation();
      }

      @Override
      public String step() {
        return step;
      }

      @Override
      public java.time.InstantSource clock() {
        return ports.clock();
      }

      @Override
      public void beforeCall() {
        ownership.check();
        try {
          attempt.run();
        } catch (EpochLost lost) {
          throw new LeaseLost(String.valueOf(lost.getMessage()));
        }
        // the write above took time, and it is the call that has to fit into the lease
        ownership.check();
      }

      @Override
      public void progress(String note) {
        remark.accept(note);
      }
    };
  }
}
