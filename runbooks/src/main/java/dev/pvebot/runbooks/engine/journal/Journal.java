package dev.pvebot.runbooks.engine.journal;

import dev.pvebot.clusters.Vmid;
import dev.pvebot.commands.chat.Conversation;
import dev.pvebot.commands.chat.Person;
import dev.pvebot.runbooks.operation.Answer;
import dev.pvebot.runbooks.operation.Event;
import dev.pvebot.runbooks.operation.Operation;
import dev.pvebot.runbooks.operation.OperationState;
import dev.pvebot.runbooks.operation.Question;
import dev.pvebot.runbooks.operation.StepEvent;
import dev.pvebot.runbooks.operation.StepRecord;
import dev.pvebot.runbooks.plan.Plan;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Operations, their steps and what happened to them.
///
/// Methods with a [Claim] belong to the engine and throw [EpochLost] when the claim is old; nothing
/// is written then. The others may be called by anybody.
public interface Journal {

  // --- operations
  // -------------------------------------------------------------------------------------------------

  /// Keeps a new operation in state [OperationState#PLANNED] and reserves the VMIDs that its plan
  /// will create, both or neither.
  Creation create(Draft draft, Instant at);

  /// @param said the text that asked for it
  /// @param where where it was asked for
  record Draft(Plan plan, Person requestedBy, String said, Conversation where) {}

  sealed interface Creation {
    record Created(Operation operation) implements Creation {}

    /// Somebody else has a VMID that the plan would create: plan again without it.
    ///
    /// @param holder the operation that reserved it; empty when it was freed a moment ago and rests
    record VmidTaken(Vmid vmid, Optional<Long> holder) implements Creation {}
  }

  Optional<Operation> operation(long id);

  /// Newest first.
  List<Operation> operations(Filter filter);

  /// @param states empty means all
  /// @param cluster only operations about this profile
  /// @param limit at most so many
  record Filter(Set<OperationState> states, Optional<String> cluster, int limit) {
    public Filter {
      states = Set.copyOf(states);
    }

    public static Filter all(int limit) {
      return new Filter(Set.of(), Optional.empty(), limit);
    }

    /// Everything that is not at its end.
    public static Filter open() {
      EnumSet<OperationState> states = EnumSet.allOf(OperationState.class);
      states.removeIf(OperationState::isFinal);
      return new Filter(states, Optional.empty(), Integer.MAX_VALUE);
    }
  }

  /// Operations that somebody should be running: queued, running or paused; oldest first. Cheap.
  List<Long> unfinished();

  /// How many operations there are in each state. Cheap; a state without any is left out.
  Map<OperationState, Long> census();

  /// Takes an operation from one state to another, if it still is in the first: of any number that
  /// try, one wins. Writes [StepEvent.StateChanged]. At a final state the operation's locks and
  /// reservations go, and so do questions and approvals that nobody answered.
  Move move(long operation, Set<OperationState> from, Transition transition);

  /// The same for the engine.
  Move move(Claim claim, Set<OperationState> from, Transition transition);

  /// @param by the person who made it so; empty for the engine
  /// @param resting VMIDs that nobody should take before [#REST] has passed, because they were
  ///   freed
  /// @param audit a row for the audit, written together with the change
  record Transition(
      OperationState to,
      Optional<String> reason,
      Optional<Person> by,
      List<Vmid> resting,
      Optional<AuditLog.Note> audit,
      Instant at) {
    public Transition {
      resting = List.copyOf(resting);
    }

    public static Transition to(OperationState to, Instant at) {
      return new Transition(
          to, Optional.empty(), Optional.empty(), List.of(), Optional.empty(), at);
    }

    public Transition because(String why) {
      return new Transition(to, Optional.of(why), by, resting, audit, at);
    }

    public Transition by(Person person) {
      return new Transition(to, reason, Optional.of(person), resting, audit, at);
    }

    public Transition noting(AuditLog.Note note) {
      return new Transition(to, reason, by, resting, Optional.of(note), at);
    }

    public Transition resting(List<Vmid> vmids) {
      return new Transition(to, reason, by, vmids, audit, at);
    }
  }

  /// @param done whether this call made the change; false when the operation was in another state
  /// @param now the operation afterwards, whoever changed it
  /// @param event the journaled change, when this call made it
  /// @param granted operations that got all their locks because this one let go
  record Move(boolean done, Operation now, Optional<Event> event, List<Long> granted) {
    public Move {
      granted = List.copyOf(granted);
    }
  }

  /// Rewrites only the reason of the present state, for example who holds the lock it waits for.
  void reason(Claim claim, Optional<String> reason);

  /// Takes a failed operation back to `queued`: steps that failed or were not begun become pending
  /// again, done ones stay, VMIDs of the plan that were not created yet are reserved again.
  ///
  /// @return [Creation.VmidTaken] when another operation has one of them now; empty when the
  ///   operation was not `failed`
  Optional<Creation> retry(long operation, Person by, AuditLog.Note note, Instant at);

  // --- steps, events
  // ----------------------------------------------------------------------------------------------

  /// In no particular order; steps that were never begun may be missing.
  List<StepRecord> steps(long operation);

  /// Writes rows of steps and events about them, all or nothing. A step that is not
  /// [dev.pvebot.runbooks.operation.StepState#ASKING] any more loses its question.
  ///
  /// @return the events with their numbers
  List<Event> write(Claim claim, List<StepRecord> steps, List<StepEvent> events, Instant at);

  /// As [#write], and opens a question.
  List<Event> ask(Claim claim, StepRecord step, Question question, List<StepEvent> events);

  /// Events after `seq`, oldest first.
  List<Event> events(long operation, long seq);

  // --- what people say to a running operation
  // -----------------------------------------------------------------------

  /// Open questions and answered ones that the engine has not heard yet.
  List<Question> questions(long operation);

  /// Answers an open question. One answer wins.
  ///
  /// @return the question with the answer that counts, given now or before; empty when there is no
  ///   such question or the answer is none of its choices
  Optional<Question> answer(long operation, String step, Answer answer, Person by, Instant at);

  /// Asks a queued, running or paused operation to pause, go on or end at its next safe point.
  ///
  /// @return the journaled [StepEvent.Ordered]; empty when the operation was in no state in which
  ///   it can
  Optional<Event> order(long operation, Order order, Person by, Optional<String> why, Instant at);

  enum Order {
    GO,
    PAUSE,
    CANCEL
  }

  /// @param by who gave the order; empty when none was given
  /// @param hold the global hold, if it is on
  record Orders(Order order, Optional<Person> by, Optional<String> why, Optional<Hold> hold) {}

  /// What an operation has to heed now, read in one go.
  Orders orders(long operation);

  /// Operations to which something was said since [#heard]: an order, an answer, a granted lock.
  /// One cheap query for all.
  List<Long> signalled();

  void heard(List<Long> operations);

  // --- hold
  // ---------------------------------------------------------------------------------------------------------

  /// The global hold: every operation pauses at its next safe point and none begins.
  record Hold(Person by, Instant since, String reason) {}

  Optional<Hold> hold();

  /// @return the hold that is on now, this or an earlier one
  Hold holdOn(Person by, String reason, AuditLog.Note note, Instant at);

  /// @return the hold that was on
  Optional<Hold> holdOff(Person by, AuditLog.Note note, Instant at);

  // --- VMIDs
  // --------------------------------------------------------------------------------------------------------

  /// How long a freed VMID is left alone.
  java.time.Duration REST = java.time.Duration.ofSeconds(30);

  /// VMIDs that a plan may not choose: reserved by operations that wait or run, and freed ones that
  /// still rest.
  Set<Vmid> unavailableVmids(Instant now);

  /// Remembers a guest that an operation of ours created.
  void created(Claim claim, CreatedGuest guest);

  /// Every guest that operations of ours created, whether it still exists or not.
  List<CreatedGuest> createdGuests();

  /// @param uuid the smbios uuid, as far as it was known
  record CreatedGuest(Vmid vmid, String name, Optional<String> uuid, long operation, Instant at) {}
}
