package dev.pvebot.runbooks.operation;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.pvebot.commands.chat.Person;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Something that is worth a line in an operation's thread. All but [Remark] are journaled before
/// anybody is told, so that a restarted bot can tell what it had not told yet.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
  @JsonSubTypes.Type(value = StepEvent.StateChanged.class, name = "state"),
  @JsonSubTypes.Type(value = StepEvent.Waiting.class, name = "waiting"),
  @JsonSubTypes.Type(value = StepEvent.Ordered.class, name = "ordered"),
  @JsonSubTypes.Type(value = StepEvent.Resumed.class, name = "resumed"),
  @JsonSubTypes.Type(value = StepEvent.Found.class, name = "found"),
  @JsonSubTypes.Type(value = StepEvent.Started.class, name = "started"),
  @JsonSubTypes.Type(value = StepEvent.Remark.class, name = "remark"),
  @JsonSubTypes.Type(value = StepEvent.Retrying.class, name = "retrying"),
  @JsonSubTypes.Type(value = StepEvent.Done.class, name = "done"),
  @JsonSubTypes.Type(value = StepEvent.Skipped.class, name = "skipped"),
  @JsonSubTypes.Type(value = StepEvent.Failed.class, name = "failed"),
  @JsonSubTypes.Type(value = StepEvent.Asking.class, name = "asking"),
  @JsonSubTypes.Type(value = StepEvent.Answered.class, name = "answered")
})
public sealed interface StepEvent {

  /// The operation went from one state to another.
  ///
  /// @param by who made it so; empty when the engine did
  record StateChanged(
      OperationState from, OperationState to, Optional<String> reason, Optional<Person> by)
      implements StepEvent {}

  /// The operation waits before it begins.
  ///
  /// @param why for people: `vm/1051 is held by operation 41 since 16:20`
  record Waiting(String why) implements StepEvent {}

  /// A person asked for a pause, a resumption or the end.
  ///
  /// @param what for example `pause`, `resume`, `cancel`, `retry`
  record Ordered(String what, Person by, Optional<String> why) implements StepEvent {}

  /// Another process took the operation over, usually after a restart.
  ///
  /// @param away how long nobody was at it, when that is known
  /// @param underWay titles of the steps that were under way
  record Resumed(Optional<Duration> away, List<String> underWay) implements StepEvent {
    public Resumed {
      underWay = List.copyOf(underWay);
    }
  }

  /// What a successor found of a step that was under way: `had finished meanwhile (task OK)`,
  /// `still runs`.
  record Found(String key, String title, String what) implements StepEvent {}

  /// A step began.
  record Started(String key, String title) implements StepEvent {}

  /// A short remark while a step runs, `installing 64 %`. Throttled, told but not journaled as an
  /// event.
  record Remark(String key, String title, String text) implements StepEvent {}

  /// A call did not work and is made again.
  ///
  /// @param attempt number of the attempt that comes, from 2
  /// @param in how long until then
  record Retrying(String key, String title, int attempt, Duration in, String why)
      implements StepEvent {}

  /// A step came true.
  ///
  /// @param warnings whether its task ended with warnings
  /// @param note a remark worth keeping: the warnings, `was so already`
  record Done(String key, String title, Duration took, boolean warnings, Optional<String> note)
      implements StepEvent {}

  /// A step was left out, by its condition or by a person.
  record Skipped(String key, String title, String why, Optional<Person> by) implements StepEvent {}

  /// A step did not come true.
  ///
  /// @param what the act and what came of it
  /// @param why the cause, if known
  /// @param now what to do next
  /// @param logTail last lines of the task's log
  /// @param goesOn whether the operation goes on without it
  record Failed(
      String key,
      String title,
      String what,
      Optional<String> why,
      Optional<String> now,
      List<String> logTail,
      boolean goesOn)
      implements StepEvent {
    public Failed {
      logTail = List.copyOf(logTail);
    }
  }

  /// A step waits for a person.
  ///
  /// @param choices what may be answered
  record Asking(String key, String title, String question, List<Answer> choices)
      implements StepEvent {
    public Asking {
      choices = List.copyOf(choices);
    }
  }

  /// A person answered a question.
  record Answered(String key, String title, Answer answer, Person by) implements StepEvent {}
}
