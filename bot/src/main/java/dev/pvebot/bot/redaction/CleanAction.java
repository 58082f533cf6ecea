package dev.pvebot.bot.redaction;

import dev.pvebot.runbooks.action.Action;
import dev.pvebot.runbooks.action.ActionFailure;
import dev.pvebot.runbooks.action.Actions;
import dev.pvebot.runbooks.action.Intent;
import dev.pvebot.runbooks.action.Observation;
import dev.pvebot.runbooks.action.Planning;
import dev.pvebot.runbooks.action.Preview;
import dev.pvebot.runbooks.action.RunContext;
import dev.pvebot.runbooks.action.Started;
import dev.pvebot.runbooks.action.Traits;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.UnaryOperator;

/// An action whose words are clean. What a system answers may hold what it was sent (a proxy's
/// error page repeats the request's headers), and the engine journals an action's words as they
/// are. Inputs, outputs and identities stay untouched: they are structure, and a secret that
/// happens to look like a name must not change one.
final class CleanAction<I extends Record, O extends Record> implements Action<I, O> {
  private final Action<I, O> action;
  private final UnaryOperator<String> redact;

  private CleanAction(Action<I, O> action, UnaryOperator<String> redact) {
    this.action = action;
    this.redact = redact;
  }

  static Actions all(Actions actions, UnaryOperator<String> redact) {
    return new Actions(actions.all().stream().map(action -> of(action, redact)).toList());
  }

  private static <I extends Record, O extends Record> Action<I, O> of(
      Action<I, O> action, UnaryOperator<String> redact) {
    return new CleanAction<>(action, redact);
  }

  @Override
  public String name() {
    return action.name();
  }

  @Override
  public Class<I> inputs() {
    return action.inputs();
  }

  @Override
  public Class<O> outputs() {
    return action.outputs();
  }

  @Override
  public Traits traits() {
    return action.traits();
  }

  @Override
  public Preview<I> preview(I inputs, Planning planning) throws InterruptedException {
    return cleanly(() -> action.preview(inputs, planning));
  }

  @Override
  public Map<String, String> prepare(I inputs, RunContext context) throws InterruptedException {
    return cleanly(() -> action.prepare(inputs, clean(context)));
  }

  @Override
  public Started run(I inputs, Intent intent, RunContext context) throws InterruptedException {
    return cleanly(() -> action.run(inputs, intent, clean(context)));
  }

  @Override
  public Observation<O> observe(I inputs, Intent intent) throws InterruptedException {
    return switch (cleanly(() -> action.observe(inputs, intent))) {
      case Observation.NotDone<O>(String why) -> new Observation.NotDone<>(redact.apply(why));
      case Observation.Foreign<O>(String why) -> new Observation.Foreign<>(redact.apply(why));
      case Observation.Unknown<O>(String why) -> new Observation.Unknown<>(redact.apply(why));
      case Observation.Running<O> running -> running;
      case Observation.Done<O> done -> done;
    };
  }

  private interface Work<T> {
    T done() throws InterruptedException;
  }

  private <T> T cleanly(Work<T> work) throws InterruptedException {
    try {
      return work.done();
    } catch (ActionFailure failure) {
      throw clean(failure, redact);
    }
  }

  /// The same failure in clean words. Its cause stays: it is only ever logged, and the log is
  /// redacted.
  static ActionFailure clean(ActionFailure failure, UnaryOperator<String> redact) {
    ActionFailure clean =
        new ActionFailure(
            failure.kind(),
            redact.apply(failure.what()),
            failure.why().map(redact),
            failure.now().map(redact));
    clean.initCause(failure);
    return clean;
  }

  private RunContext clean(RunContext context) {
    return new RunContext() {
      @Override
      public long operation() {
        return context.operation();
      }

      @Override
      public String step() {
        return context.step();
      }

      @Override
      public InstantSource clock() {
        return context.clock();
      }

      @Override
      public void beforeCall() {
        context.beforeCall();
      }

      @Override
      public void progress(String note) {
        context.progress(redact.apply(note));
      }
    };
  }
}
