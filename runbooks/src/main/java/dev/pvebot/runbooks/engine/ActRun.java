package dev.pvebot.runbooks.engine;

import dev.pvebot.clusters.Upid;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.commands.Risk;
import dev.pvebot.runbooks.action.Action;
import dev.pvebot.runbooks.action.ActionFailure;
import dev.pvebot.runbooks.action.Intent;
import dev.pvebot.runbooks.action.Observation;
import dev.pvebot.runbooks.action.RunContext;
import dev.pvebot.runbooks.action.Started;
import dev.pvebot.runbooks.action.Tasks;
import dev.pvebot.runbooks.engine.Run.Halt;
import dev.pvebot.runbooks.engine.journal.EpochLost;
import dev.pvebot.runbooks.engine.journal.Journal;
import dev.pvebot.runbooks.engine.journal.JournalUnavailable;
import dev.pvebot.runbooks.operation.Answer;
import dev.pvebot.runbooks.operation.Question;
import dev.pvebot.runbooks.operation.StepEvent;
import dev.pvebot.runbooks.operation.StepRecord;
import dev.pvebot.runbooks.operation.StepState;
import dev.pvebot.runbooks.plan.PlanStep;
import dev.pvebot.runbooks.plan.PlanStep.Deferred;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/// One step that calls an action, from wherever the journal says it is to its end.
///
/// The order is always the same: prepare, journal the intent, observe, call (journaled as an
/// attempt right before), journal the task, wait for it, observe until it is so, journal the
/// result. After a death the journal tells how far it came, and observing tells the rest. See
/// `docs/decisions/0201-one-call-an-action.md`.
final class ActRun {
  /// An output of this name is for people, who read it when the step is done.
  private static final String REMARK = "remark";

  private final Run run;
  private final PlanStep.Act step;
  private final boolean underWay;
  private StepRecord record;
  private Instant lastRemark = Instant.MIN;
  private Optional<Upid> endedTask = Optional.empty();

  /// Whether a person said that it shall be tried again, perhaps long after the first try.
  private boolean again;

  private int failures;
  private Instant begin = Instant.MIN;
  private Instant deadline = Instant.MAX;
  private boolean warnings;
  private Optional<String> note = Optional.empty();
  private List<String> logTail = List.of();

  ActRun(Run run, PlanStep.Act step) {
    this.run = run;
    this.step = step;
    this.record = run.record(step.key());
    this.underWay = record.state() == StepState.RUNNING;
    this.again = !underWay && record.intendedAt().isPresent();
  }

  /// Puts the output of a step that is at its end where expressions can see it.
  static void register(Run run, PlanStep.Act step, StepRecord record) {
    if (step.register().isEmpty()) {
      return;
    }
    String name = step.register().get();
    boolean done =
        record.state() == StepState.DONE || record.state() == StepState.DONE_WITH_WARNINGS;
    if (done && record.output().isPresent()) {
      Map<String, Object> data = record.output().get();
      Object output =
          run.action(step.action())
              .map(action -> RecordData.value(action.outputs(), data))
              .orElse(data);
      run.values()
          .register(name, step.key(), step.mayLeaveNothing() ? Optional.of(output) : output);
    } else if (record.state() == StepState.SKIPPED || record.state() == StepState.FAILED) {
      run.values().register(name, step.key(), Optional.empty());
    }
  }

  /// @return whether the operation goes on
  boolean go() throws InterruptedException, Halt {
    Optional<Question.Given> given = Optional.empty();
    if (record.state() == StepState.ASKING) {
      given = Optional.of(run.awaitAnswer(step.key()));
    } else if (!underWay) {
      run.proceed();
    }
    while (true) {
      if (given.isPresent()) {
        Optional<Boolean> over = heed(given.get());
        if (over.isPresent()) {
          return over.get();
        }
      }
      try {
        return attempt();
      } catch (Trouble trouble) {
        if (!trouble.asks && step.onFailure() != PlanStep.OnFailure.ASK) {
          return fail(trouble);
        }
        ask(trouble);
        given = Optional.of(run.awaitAnswer(step.key()));
      }
    }
  }

  private Optional<Boolean> heed(Question.Given given) {
    StepEvent answered =
        new StepEvent.Answered(step.key(), step.title(), given.answer(), given.by());
    return switch (given.answer()) {
      case RETRY, DONE -> {
        again = true;
        record = run.with(record, StepState.RUNNING);
        run.write(List.of(record), answered);
        yield Optional.empty();
      }
      case SKIP -> {
        run.warned();
        record = run.skippedBy(record, given);
        run.write(
            List.of(record),
            answered,
            new StepEvent.Skipped(step.key(), step.title(), "skipped", Optional.of(given.by())));
        register(run, step, record);
        yield Optional.of(true);
      }
      case STOP -> {
        String why =
            "%s: stopped by %s%s"
                .formatted(
                    step.title(), given.by(), record.note().map(n -> " after " + n).orElse(""));
        run.failed(why);
        record = Run.withNote(run.with(record, StepState.FAILED), why);
        run.write(List.of(record), answered);
        yield Optional.of(false);
      }
    };
  }

  private void ask(Trouble trouble) {
    List<Answer> choices = List.of(Answer.RETRY, Answer.SKIP, Answer.STOP);
    record = Run.withNote(run.with(record, StepState.ASKING), trouble.sentence());
    run.ask(record, step.title(), trouble.sentence(), choices, List.of(failure(trouble, false)));
  }

  private boolean fail(Trouble trouble) {
    boolean goesOn = step.onFailure() == PlanStep.OnFailure.CONTINUE;
    record = Run.withNote(run.with(record, StepState.FAILED), trouble.sentence());
    if (goesOn) {
      run.warned();
    }
    run.write(List.of(record), failure(trouble, goesOn));
    if (goesOn) {
      register(run, step, record);
    }
    if (!goesOn) {
      run.failed("%s: %s".formatted(step.title(), trouble.sentence()));
    }
    return goesOn;
  }

  private StepEvent failure(Trouble trouble, boolean goesOn) {
    return new StepEvent.Failed(
        step.key(), step.title(), trouble.what, trouble.why, trouble.now, trouble.logTail, goesOn);
  }

  private boolean attempt() throws InterruptedException, Halt, Trouble {
    boolean begun = record.intendedAt().isPresent();
    if (!begun && step.onlyIf().isPresent() && !run.isTrue(step.onlyIf().get())) {
      record = run.with(record, StepState.SKIPPED);
      run.write(
          List.of(record),
          new StepEvent.Skipped(step.key(), step.title(), "not needed here", Optional.empty()));
      register(run, step, record);
      return true;
    }
    Action<?, ?> action =
        run.action(step.action())
            .orElseThrow(() ->
                Trouble.asking(
                    "%s is no action of this version of pvebot".formatted(step.action()),
                    Optional.empty(),
                    "start the version that made the plan, then retry; or skip this step"));
    drive(action);
    register(run, step, record);
    return true;
  }

  // --- inputs
  // -------------------------------------------------------------------------------------------------------

  private <I extends Record> I inputs(Action<I, ?> action) throws Trouble {
    Map<String, Object> resolved = new LinkedHashMap<>();
    for (Map.Entry<String, Object> input : step.inputs().entrySet()) {
      Object value = resolve(input.getKey(), input.getValue());
      if (!value.equals(Optional.empty())) {
        resolved.put(input.getKey(), value);
      }
    }
    try {
      return RecordData.read(action.inputs(), resolved);
    } catch (IllegalArgumentException unfit) {
      throw Trouble.failed(
          "%s cannot be called: %s".formatted(step.action(), unfit.getMessage()),
          "mend the runbook and plan again; nothing was called");
    }
  }

  private Object resolve(String key, Object value) throws Trouble {
    return switch (value) {
      case Deferred deferred -> later(key, deferred);
      case Map<?, ?> map -> {
        Map<String, Object> result = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          String inner = String.valueOf(entry.getKey());
          result.put(inner, resolve(key + "." + inner, entry.getValue()));
        }
        yield result;
      }
      case List<?> list -> {
        List<Object> result = new ArrayList<>();
        for (Object each : list) {
          result.add(resolve(key + "[" + result.size() + "]", each));
        }
        yield result;
      }
      default -> value;
    };
  }

  private Object later(String key, Deferred deferred) throws Trouble {
    Object value = run.evaluate(deferred.expression(), run.values().now());
    if (deferred.within().isPresent()
        && !run.isTrue(deferred.within().get(), run.values().with("value", value))) {
      throw Trouble.asking(
          "%s became %s, which is outside of what was approved (%s)"
              .formatted(key, value, deferred.within().get()),
          Optional.empty(),
          "look why; retry evaluates it again, skip goes on without this step, stop ends the"
              + " operation");
    }
    return value;
  }

  // --- the drive
  // ----------------------------------------------------------------------------------------------------

  private <I extends Record, O extends Record> void drive(Action<I, O> action)
      throws InterruptedException, Halt, Trouble {
    I inputs = inputs(action);
    begin = run.now();
    deadline = begin.plus(step.timeout());
    failures = 0;
    boolean reads = action.traits().risk() == Risk.READ;
    Duration settle = reads ? step.timeout() : action.traits().settle();
    RunContext context = run.context(step.key(), this::countAttempt, this::remark);

    Observation<O> seen;
    if (record.intendedAt().isEmpty()) {
      intend(action, inputs, context);
      seen = look(action, inputs, Duration.ZERO, false);
    } else {
      // A call may be on its way or have acted without our knowing: give the world time to show it.
      boolean doubtful = record.attempts() > 0 && record.task().isEmpty() && !reads;
      seen = look(action, inputs, doubtful ? doubt(settle) : Duration.ZERO, reads);
      seen = welcome(action, inputs, seen, settle);
    }

    boolean fresh = !again;
    while (true) {
      switch (seen) {
        case Observation.Done<O>(O output) -> {
          Optional<O> last = until(action, inputs, output);
          done(last.orElse(output));
          return;
        }
        case Observation.Running<O>(Upid task) -> {
          keepTask(task);
          seen = afterTask(action, inputs, task, settle);
        }
        case Observation.Foreign<O>(String why) ->
            throw Trouble.asking(
                "%s: somebody else is in the way".formatted(step.title()),
                Optional.of(why),
                "clear it up, then retry; or skip this step, or stop");
        case Observation.Unknown<O>(String why) ->
            throw Trouble.asking(
                "%s: it cannot be told whether it happened".formatted(step.title()),
                Optional.of(why),
                "look at it, then retry (it is looked at again first), skip, or stop");
        case Observation.NotDone<O> _ -> {
          if (!fresh) {
            // what was read for the first try may not hold any more
            intend(action, inputs, context);
            fresh = true;
          }
          seen = call(action, inputs, context, settle);
        }
      }
    }
  }

  /// Makes the call and says what the world shows then. `NotDone` means: call again.
  private <I extends Record, O extends Record> Observation<O> call(
      Action<I, O> action, I inputs, RunContext context, Duration settle)
      throws InterruptedException, Halt, Trouble {
    boolean reads = action.traits().risk() == Risk.READ;
    Started started;
    try {
      started = action.run(inputs, intent(), context);
    } catch (ActionFailure failure) {
      Observation<O> seen = afterFailure(action, inputs, failure, settle);
      if (seen instanceof Observation.NotDone<O>) {
        backOff(failure);
      }
      return seen;
    } catch (RunContext.LeaseLost | EpochLost | JournalUnavailable stop) {
      throw stop;
    } catch (RuntimeException defect) {
      throw Trouble.task(
          "%s broke: %s".formatted(step.action(), defect),
          Optional.empty(),
          "this is a defect of pvebot; retry looks at the world first",
          List.of());
    }
    return switch (started) {
      case Started.Task(Upid task) -> {
        keepTask(task);
        yield afterTask(action, inputs, task, settle);
      }
      case Started.Immediately() -> {
        Observation<O> seen = look(action, inputs, settle, reads);
        if (reads && seen instanceof Observation.NotDone<O>(String still)) {
          throw Trouble.failed(
              "%s: not so within %s: %s".formatted(step.title(), words(step.timeout()), still),
              "look why, then retry");
        }
        yield mustBe(seen, settle);
      }
    };
  }

  /// After a call or a task that said OK the world has to show it.
  private <O extends Record> Observation<O> mustBe(Observation<O> seen, Duration settle)
      throws Trouble {
    if (seen instanceof Observation.NotDone<O>(String still)) {
      throw Trouble.failed(
          "%s: it was called and said OK, but %s later it is not so: %s"
              .formatted(step.title(), words(settle), still),
          "look at it; retry looks first and calls again only if it is still not so");
    }
    return seen;
  }

  private Duration doubt(Duration settle) {
    Duration doubt = run.ports.settings().doubt();
    return settle.compareTo(doubt) < 0 ? settle : doubt;
  }

  /// Says what a successor found, and hears how a task that ended meanwhile has ended.
  private <I extends Record, O extends Record> Observation<O> welcome(
      Action<I, O> action, I inputs, Observation<O> seen, Duration settle)
      throws InterruptedException, Halt, Trouble {
    if (!underWay || again) {
      return seen;
    }
    switch (seen) {
      case Observation.Running<O> _ -> found("still runs");
      case Observation.Done<O> _ when record.task().isPresent() -> {
        Upid task = record.task().get();
        try {
          Tasks.End end = run.ports.tasks().await(task, Duration.ofSeconds(10), this::remark);
          found("had finished meanwhile (task %s)".formatted(end.status()));
          if (end.outcome() != Tasks.Outcome.OK) {
            warn("task ended with " + end.status(), end.logTail());
          }
        } catch (TimeoutException _) {
          found("had finished meanwhile");
        }
      }
      case Observation.Done<O> _ -> found("had happened meanwhile");
      case Observation.NotDone<O> _ when record.task().isPresent() -> {
        found("its task is looked up");
        return afterTask(action, inputs, record.task().get(), settle);
      }
      case Observation.NotDone<O> _ -> found("had not happened yet");
      case Observation.Foreign<O> _, Observation.Unknown<O> _ -> found("is not clear");
    }
    return seen;
  }

  private void found(String what) {
    run.write(List.of(), new StepEvent.Found(step.key(), step.title(), what));
  }

  private <I extends Record> void intend(Action<I, ?> action, I inputs, RunContext context)
      throws InterruptedException, Halt, Trouble {
    Map<String, String> facts = reading(() -> action.prepare(inputs, context));
    StepRecord intended =
        new StepRecord(
            step.key(),
            StepState.RUNNING,
            facts,
            Optional.of(run.now()),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            record.attempts(),
            record.startedAt().or(() -> Optional.of(run.now())),
            Optional.empty());
    record = intended;
    run.write(List.of(intended), new StepEvent.Started(step.key(), step.title()));
  }

  private Intent intent() {
    return new Intent(
        run.claim.operation(),
        step.key(),
        record.intendedAt().orElseThrow(),
        record.facts(),
        record.task());
  }

  /// Journals that a call comes next; the epoch is checked by it.
  private void countAttempt() {
    record =
        new StepRecord(
            record.key(),
            StepState.RUNNING,
            record.facts(),
            record.intendedAt(),
            record.task(),
            record.output(),
            record.note(),
            record.attempts() + 1,
            record.startedAt(),
            Optional.empty());
    run.write(List.of(record));
  }

  private void keepTask(Upid task) {
    if (!record.task().equals(Optional.of(task))) {
      record = withTask(Optional.of(task));
      run.write(List.of(record));
    }
  }

  private StepRecord withTask(Optional<Upid> task) {
    return new StepRecord(
        record.key(),
        StepState.RUNNING,
        record.facts(),
        record.intendedAt(),
        task,
        record.output(),
        record.note(),
        record.attempts(),
        record.startedAt(),
        Optional.empty());
  }

  private <I extends Record, O extends Record> Observation<O> afterTask(
      Action<I, O> action, I inputs, Upid task, Duration settle)
      throws InterruptedException, Halt, Trouble {
    Tasks.End end;
    try {
      end =
          run.ports
              .tasks()
              .await(task, atLeast(Duration.between(run.now(), deadline)), this::remark);
    } catch (TimeoutException _) {
      throw Trouble.failed(
          "%s: its task still runs after %s (%s)"
              .formatted(step.title(), words(step.timeout()), task),
          "look at the task; retry goes on waiting for it");
    } catch (ActionFailure lost) {
      throw Trouble.asking(
          "%s: its task cannot be asked: %s".formatted(step.title(), lost.what()),
          lost.why(),
          "retry looks at the world and goes on waiting");
    }
    endedTask = Optional.of(task);
    return switch (end.outcome()) {
      case OK -> mustBe(settled(action, inputs, settle), settle);
      case WARNINGS -> {
        warn("task ended with " + end.status(), end.logTail());
        yield mustBe(settled(action, inputs, settle), settle);
      }
      case FAILED -> {
        Observation<O> seen = settled(action, inputs, Duration.ZERO);
        switch (seen) {
          case Observation.Done<O> _ ->
              warn("its task ended with '%s', yet it is so".formatted(end.status()), end.logTail());
          case Observation.NotDone<O> _
              when end.retryable() && action.traits().risk() != Risk.DESTRUCTIVE -> {
            record = withTask(Optional.empty());
            backOff(
                new ActionFailure(
                    ActionFailure.Kind.RETRYABLE,
                    "%s: %s".formatted(step.title(), end.status()),
                    Optional.empty(),
                    Optional.empty()));
          }
          case Observation.NotDone<O> _, Observation.Unknown<O> _, Observation.Foreign<O> _ -> {
            Trouble trouble =
                Trouble.task(
                    "%s: task ended with '%s'".formatted(step.title(), end.status()),
                    Optional.empty(),
                    "task %s; retry looks at the world first".formatted(task),
                    end.logTail());
            throw end.retryable() ? trouble.asking() : trouble;
          }
          case Observation.Running<O> _ -> {}
        }
        yield seen;
      }
    };
  }

  private <I extends Record, O extends Record> Observation<O> settled(
      Action<I, O> action, I inputs, Duration settle) throws InterruptedException, Trouble {
    try {
      return look(action, inputs, settle, false);
    } catch (Halt impossible) {
      throw new IllegalStateException("a look that may not be given up was given up", impossible);
    }
  }

  private <I extends Record, O extends Record> Observation<O> afterFailure(
      Action<I, O> action, I inputs, ActionFailure failure, Duration settle)
      throws InterruptedException, Trouble {
    boolean destructive = action.traits().risk() == Risk.DESTRUCTIVE;
    return switch (failure.kind()) {
      case REFUSED -> throw Trouble.failed(failure);
      case RETRYABLE -> {
        if (destructive) {
          throw Trouble.failed(failure).asking();
        }
        yield settled(action, inputs, Duration.ZERO);
      }
      case OPEN -> {
        Observation<O> seen = settled(action, inputs, settle);
        if (seen instanceof Observation.NotDone<O>(String why) && destructive) {
          throw Trouble.asking(
              failure.what(),
              Optional.of("%s later it has not happened: %s".formatted(words(settle), why)),
              "it cannot be undone, so it is not repeated unasked; retry looks again first");
        }
        yield seen;
      }
    };
  }

  private void backOff(ActionFailure failure) throws InterruptedException, Halt, Trouble {
    failures++;
    EngineSettings settings = run.ports.settings();
    Duration wait = settings.firstBackoff();
    for (int i = 1; i < failures && wait.compareTo(settings.longestBackoff()) < 0; i++) {
      wait = wait.multipliedBy(2);
    }
    wait = wait.compareTo(settings.longestBackoff()) > 0 ? settings.longestBackoff() : wait;
    // between half and the whole, so that chains that failed together do not come back together
    wait = wait.dividedBy(2).plusMillis(run.ports.random().nextLong(wait.toMillis() / 2 + 1));
    boolean patient =
        failures <= settings.retries() + step.retries()
            || Duration.between(begin, run.now()).compareTo(settings.patience()) < 0;
    if (!patient || run.now().plus(wait).isAfter(deadline)) {
      throw Trouble.task(
          failure.what(),
          Optional.of(
              failure.why().map(why -> why + "; ").orElse("") + "tried " + failures + " times"),
          failure.now().orElse("look why, then retry"),
          List.of());
    }
    run.write(
        List.of(Run.withNote(record, failure.what())),
        new StepEvent.Retrying(step.key(), step.title(), failures + 1, wait, failure.what()));
    run.nap(wait);
  }

  /// Looks at the world until it is clear or the window has passed.
  ///
  /// @param mayStop whether nothing is under way, so that an order may end the looking
  private <I extends Record, O extends Record> Observation<O> look(
      Action<I, O> action, I inputs, Duration window, boolean mayStop)
      throws InterruptedException, Halt, Trouble {
    EngineSettings settings = run.ports.settings();
    Instant until = run.now().plus(window);
    Duration wait = settings.firstLook();
    while (true) {
      // the last look begins when the window is over, however late this thread got there
      Duration left = Duration.between(run.now(), until);
      Observation<O> seen = reading(() -> action.observe(inputs, intent()));
      boolean clear =
          switch (seen) {
            case Observation.Done<O> _, Observation.Foreign<O> _ -> true;
            case Observation.Running<O>(Upid task) -> !endedTask.equals(Optional.of(task));
            case Observation.NotDone<O>(String why) -> {
              if (mayStop) {
                remark(why);
              }
              yield false;
            }
            case Observation.Unknown<O> _ -> false;
          };
      if (clear) {
        return seen;
      }
      if (left.isNegative() || left.isZero()) {
        return seen instanceof Observation.Running<O>(Upid task)
            ? new Observation.NotDone<>("task %s has ended".formatted(task))
            : seen;
      }
      Duration nap = wait.compareTo(left) < 0 ? wait : left;
      if (mayStop) {
        run.nap(nap);
      } else {
        run.sleep(nap);
      }
      wait = wait.multipliedBy(2);
      wait = wait.compareTo(settings.longestLook()) > 0 ? settings.longestLook() : wait;
    }
  }

  /// Repeats a look until the step's condition over `output` holds.
  private <I extends Record, O extends Record> Optional<O> until(
      Action<I, O> action, I inputs, O first) throws InterruptedException, Halt, Trouble {
    if (step.until().isEmpty()) {
      return Optional.empty();
    }
    PlanStep.Until until = step.until().get();
    Optional<O> output = Optional.of(first);
    while (true) {
      if (output.isPresent()) {
        Map<String, Object> data =
            RecordData.value(
                action.outputs(),
                RecordData.write(
                    output.get(),
                    (key, secret) -> new dev.pvebot.clusters.secret.SecretRef.Env("HIDDEN")));
        if (run.isTrue(until.that(), run.values().with("output", data))) {
          return output;
        }
      }
      if (run.now().plus(until.every()).isAfter(deadline)) {
        throw Trouble.failed(
            "%s: not so within %s".formatted(step.title(), words(step.timeout())),
            "look why, then retry");
      }
      run.nap(until.every());
      output =
          switch (reading(() -> action.observe(inputs, intent()))) {
            case Observation.Done<O>(O next) -> Optional.of(next);
            case Observation.NotDone<O> _, Observation.Running<O> _, Observation.Unknown<O> _ ->
                Optional.empty();
            case Observation.Foreign<O>(String why) ->
                throw Trouble.asking(
                    "%s: somebody else is in the way".formatted(step.title()),
                    Optional.of(why),
                    "clear it up, then retry");
          };
    }
  }

  private void done(Record output) {
    Map<String, Object> data =
        RecordData.write(
            output,
            (key, secret) ->
                run.ports.secrets().put(run.claim.operation(), step.key() + "/" + key, secret));
    created(data);
    boolean already = record.attempts() == 0 && step.risk() != Risk.READ;
    Optional<String> said =
        warnings ? note : Optional.ofNullable(data.get(REMARK)).map(String::valueOf);
    record =
        new StepRecord(
            step.key(),
            warnings ? StepState.DONE_WITH_WARNINGS : StepState.DONE,
            record.facts(),
            record.intendedAt(),
            record.task(),
            Optional.of(data),
            said,
            record.attempts(),
            record.startedAt(),
            Optional.of(run.now()));
    if (warnings) {
      run.warned();
    }
    Optional<String> remark =
        warnings
            ? Optional.of(
                note.orElse("")
                    + logTail.stream().map(line -> "\n" + line).collect(Collectors.joining()))
            : already ? Optional.of("was so already") : said;
    run.write(
        List.of(record),
        new StepEvent.Done(
            step.key(),
            step.title(),
            Duration.between(record.startedAt().orElse(begin), run.now()),
            warnings,
            remark));
  }

  /// An output that names a VMID of the plan's new ones is a guest that we created.
  private void created(Map<String, Object> output) {
    if (output.get("vmid") instanceof Number number) {
      Vmid vmid = new Vmid(number.intValue());
      if (run.plan().reserved().contains(vmid)) {
        run.ports
            .journal()
            .created(
                run.claim,
                new Journal.CreatedGuest(
                    vmid,
                    String.valueOf(output.getOrDefault("name", "")),
                    Optional.ofNullable(output.get("uuid"))
                        .map(String::valueOf)
                        .filter(uuid -> !uuid.isEmpty()),
                    run.claim.operation(),
                    run.now()));
      }
    }
  }

  private void warn(String what, List<String> tail) {
    warnings = true;
    note = Optional.of(what);
    logTail = tail;
  }

  private void remark(String text) {
    Instant now = run.now();
    if (now.isBefore(lastRemark.plus(run.ports.settings().remarkEvery()))) {
      return;
    }
    lastRemark = now;
    run.tell(
        new dev.pvebot.runbooks.operation.Event(
            run.claim.operation(), 0, now, new StepEvent.Remark(step.key(), step.title(), text)));
  }

  /// Something that only reads.
  private interface Reading<T> {
    T read() throws InterruptedException;
  }

  /// Reads, and reads again when the answer did not come: nothing can go wrong by it.
  private <T> T reading(Reading<T> reading) throws InterruptedException, Trouble {
    EngineSettings settings = run.ports.settings();
    Instant begin = run.now();
    Duration wait = settings.firstBackoff();
    for (int failures = 1; ; failures++) {
      try {
        return reading.read();
      } catch (ActionFailure failure) {
        boolean over =
            failures > settings.retries()
                && Duration.between(begin, run.now()).compareTo(settings.patience()) >= 0;
        if (failure.kind() == ActionFailure.Kind.REFUSED) {
          throw Trouble.failed(failure);
        }
        if (over) {
          throw record.attempts() > 0 ? Trouble.failed(failure).asking() : Trouble.failed(failure);
        }
        remark(failure.what());
        run.sleep(wait);
        wait = wait.multipliedBy(2);
        wait = wait.compareTo(settings.longestBackoff()) > 0 ? settings.longestBackoff() : wait;
      } catch (RunContext.LeaseLost | EpochLost | JournalUnavailable stop) {
        throw stop;
      } catch (RuntimeException defect) {
        throw Trouble.task(
            "%s broke while looking: %s".formatted(step.action(), defect),
            Optional.empty(),
            "this is a defect of pvebot; retry looks at the world again",
            List.of());
      }
    }
  }

  private static Duration atLeast(Duration duration) {
    Duration least = Duration.ofSeconds(1);
    return duration.compareTo(least) < 0 ? least : duration;
  }

  private static String words(Duration duration) {
    return duration.compareTo(Duration.ofMinutes(1)) < 0
        ? duration.toMillis() / 1000.0 + " s"
        : "%d:%02d min".formatted(duration.toMinutes(), duration.toSecondsPart());
  }
}
