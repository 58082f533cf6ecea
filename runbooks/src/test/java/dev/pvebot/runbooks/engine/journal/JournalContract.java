package dev.pvebot.runbooks.engine.journal;

import static dev.pvebot.runbooks.engine.journal.Plans.ALICE;
import static dev.pvebot.runbooks.engine.journal.Plans.BOB;
import static dev.pvebot.runbooks.engine.journal.Plans.INFRA;
import static dev.pvebot.runbooks.engine.journal.Plans.plan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pvebot.clusters.Upid;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.commands.chat.ChatPlatform.Posted;
import dev.pvebot.commands.chat.Person;
import dev.pvebot.runbooks.engine.journal.Approvals.Decision;
import dev.pvebot.runbooks.engine.journal.Journal.Creation;
import dev.pvebot.runbooks.engine.journal.Journal.Filter;
import dev.pvebot.runbooks.engine.journal.Journal.Order;
import dev.pvebot.runbooks.engine.journal.Journal.Transition;
import dev.pvebot.runbooks.operation.Answer;
import dev.pvebot.runbooks.operation.Event;
import dev.pvebot.runbooks.operation.Operation;
import dev.pvebot.runbooks.operation.OperationState;
import dev.pvebot.runbooks.operation.Question;
import dev.pvebot.runbooks.operation.StepEvent;
import dev.pvebot.runbooks.operation.StepRecord;
import dev.pvebot.runbooks.operation.StepState;
import dev.pvebot.runbooks.plan.PlanJson;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every store has to keep, whatever it is made of.
public abstract class JournalContract {
  protected static final Instant T0 = Instant.parse("2026-11-24T16:20:00Z");

  /// One way to the store.
  public record Door(
      Journal journal, Locks locks, Approvals approvals, AuditLog audit, ThreadLog threads) {}

  protected Journal journal;
  protected Locks locks;
  protected Approvals approvals;
  protected AuditLog audit;
  protected ThreadLog threads;

  /// An empty store.
  protected abstract Door open() throws Exception;

  /// Another way to the same store, as another process has it.
  protected abstract Door again() throws Exception;

  /// What a dispatch does when it hands an operation out.
  protected abstract Claim pickUp(long operation);

  @BeforeEach
  void openStore() throws Exception {
    use(open());
  }

  private void use(Door door) {
    journal = door.journal();
    locks = door.locks();
    approvals = door.approvals();
    audit = door.audit();
    threads = door.threads();
  }

  private Operation create(Plans plans) {
    return ((Creation.Created) journal.create(plans.draft(), T0)).operation();
  }

  private Claim running(Plans plans) {
    Operation operation = create(plans);
    Claim claim = pickUp(operation.id());
    move(operation.id(), OperationState.PLANNED, OperationState.QUEUED);
    locks.acquire(claim, plans.plan().locks(), T0);
    move(operation.id(), OperationState.QUEUED, OperationState.RUNNING);
    return claim;
  }

  private Journal.Move move(long operation, OperationState from, OperationState to) {
    return journal.move(operation, Set.of(from), Transition.to(to, T0));
  }

  private static StepRecord step(String key, StepState state) {
    return new StepRecord(
        key,
        state,
        Map.of("uptime", "17"),
        Optional.of(T0),
        Optional.of(new Upid("UPID:alder:0000C3F1:01A2B3C4:6745F0A1:qmclone:101:bot@pve!t:")),
        Optional.of(Map.of("vmid", 1051L, "disks", List.of("scsi0"))),
        Optional.of("half done"),
        2,
        Optional.of(T0),
        Optional.empty());
  }

  private static Question question(long operation, String step) {
    return new Question(
        operation,
        step,
        "Clone",
        "it is not clear",
        List.of(Answer.RETRY, Answer.STOP),
        T0,
        Optional.empty());
  }

  // --- operations ---

  @Test
  void create_keepsThePlanWordForWord_andNumbersFromOne() {
    Operation first = create(plan("one").reserving(1051).locking("vm/1051"));
    Operation second = create(plan("two"));

    assertThat(List.of(first.id(), second.id())).containsExactly(1L, 2L);
    assertThat(journal.operation(1).orElseThrow().plan())
        .isEqualTo(
            PlanJson.read(PlanJson.write(plan("one").reserving(1051).locking("vm/1051").plan())));
    assertThat(first.state()).isEqualTo(OperationState.PLANNED);
    assertThat(first.where()).isEqualTo(INFRA);
    assertThat(journal.operation(99)).isEmpty();
  }

  @Test
  void operations_areListedNewestFirst_byStateAndCluster() {
    create(plan("one"));
    create(plan("two"));
    move(1, OperationState.PLANNED, OperationState.CANCELLED);

    assertThat(journal.operations(Filter.all(10)))
        .extracting(Operation::id)
        .containsExactly(2L, 1L);
    assertThat(journal.operations(Filter.all(1))).hasSize(1);
    assertThat(journal.operations(Filter.open())).extracting(Operation::id).containsExactly(2L);
    assertThat(journal.operations(new Filter(Set.of(), Optional.of("birch-lab"), 9))).hasSize(2);
    assertThat(journal.operations(new Filter(Set.of(), Optional.of("other"), 9))).isEmpty();
  }

  @Test
  void move_ofManyWhoTry_oneWins() {
    create(plan("one"));

    assertThat(move(1, OperationState.PLANNED, OperationState.QUEUED).done()).isTrue();
    Journal.Move late = move(1, OperationState.PLANNED, OperationState.CANCELLED);

    assertThat(late.done()).isFalse();
    assertThat(late.now().state()).isEqualTo(OperationState.QUEUED);
    assertThat(journal.unfinished()).containsExactly(1L);
  }

  @Test
  void census_countsOperationsByState() {
    create(plan("one"));
    create(plan("two"));
    move(1, OperationState.PLANNED, OperationState.QUEUED);

    assertThat(journal.census())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(OperationState.QUEUED, 1L, OperationState.PLANNED, 1L));
  }

  @Test
  void move_writesEventReasonTimesAndAudit() {
    create(plan("one"));
    journal.move(
        1,
        Set.of(OperationState.PLANNED),
        Transition.to(OperationState.RUNNING, T0.plusSeconds(5)).by(BOB));
    journal.move(
        1,
        Set.of(OperationState.RUNNING),
        Transition.to(OperationState.FAILED, T0.plusSeconds(9))
            .because("no room")
            .noting(AuditLog.Note.of("alice", "operation.end", 1).with("state", "failed")));

    Operation ended = journal.operation(1).orElseThrow();
    assertThat(ended.startedAt()).contains(T0.plusSeconds(5));
    assertThat(ended.endedAt()).contains(T0.plusSeconds(9));
    assertThat(ended.stateReason()).contains("no room");
    assertThat(journal.events(1, 0))
        .extracting(Event::what)
        .containsExactly(
            new StepEvent.StateChanged(
                OperationState.PLANNED, OperationState.RUNNING, Optional.empty(), Optional.of(BOB)),
            new StepEvent.StateChanged(
                OperationState.RUNNING,
                OperationState.FAILED,
                Optional.of("no room"),
                Optional.empty()));
    assertThat(audit.newest(1).getFirst().note().what()).isEqualTo("operation.end");
  }

  // --- steps, epochs ---

  @Test
  void write_keepsStepsAndNumbersEventsWithoutGaps() {
    Claim claim = running(plan("one"));
    StepRecord clone = step("machines[ts01]/clone", StepState.RUNNING);

    journal.write(
        claim,
        List.of(clone),
        List.of(new StepEvent.Started("a", "A"), new StepEvent.Found("a", "A", "still runs")),
        T0);
    List<Event> more =
        journal.write(
            claim,
            List.of(step("machines[ts01]/clone", StepState.DONE)),
            List.of(new StepEvent.Done("a", "A", Duration.ofSeconds(3), false, Optional.empty())),
            T0);

    assertThat(journal.steps(claim.operation())).hasSize(1);
    StepRecord kept = journal.steps(claim.operation()).getFirst();
    assertThat(kept.state()).isEqualTo(StepState.DONE);
    assertThat(kept.facts()).isEqualTo(clone.facts());
    assertThat(kept.task()).isEqualTo(clone.task());
    assertThat(kept.output().orElseThrow()).containsKeys("vmid", "disks");
    assertThat(kept.attempts()).isEqualTo(2);
    List<Event> all = journal.events(claim.operation(), 0);
    assertThat(all).extracting(Event::seq).containsExactlyElementsOf(seqs(all.size()));
    assertThat(more.getFirst()).isEqualTo(all.getLast());
    assertThat(journal.events(claim.operation(), all.size() - 1L)).isEqualTo(more);
  }

  private static List<Long> seqs(int count) {
    List<Long> seqs = new ArrayList<>();
    for (long seq = 1; seq <= count; seq++) {
      seqs.add(seq);
    }
    return seqs;
  }

  @Test
  void write_withAnOldEpoch_isRefusedAndWritesNothing() {
    Claim old = running(plan("one").locking("vm/1051"));
    Claim now = pickUp(old.operation());
    int before = journal.events(old.operation(), 0).size();
    StepRecord step = step("a", StepState.DONE);

    assertThat(now.epoch()).isGreaterThan(old.epoch());
    assertThatThrownBy(() -> journal.write(old, List.of(step), List.of(), T0))
        .isInstanceOf(EpochLost.class);
    assertThatThrownBy(() -> journal.ask(old, step, question(old.operation(), "a"), List.of()))
        .isInstanceOf(EpochLost.class);
    assertThatThrownBy(() ->
            journal.move(
                old, Set.of(OperationState.RUNNING), Transition.to(OperationState.FAILED, T0)))
        .isInstanceOf(EpochLost.class);
    assertThatThrownBy(() -> locks.acquire(old, List.of(), T0)).isInstanceOf(EpochLost.class);
    assertThatThrownBy(() -> journal.reason(old, Optional.of("x"))).isInstanceOf(EpochLost.class);
    assertThat(journal.steps(old.operation())).isEmpty();
    assertThat(journal.events(old.operation(), 0)).hasSize(before);
    assertThat(journal.write(now, List.of(step), List.of(), T0)).isEmpty();
  }

  @Test
  void retry_takesFailedStepsUpAgain_andKeepsDoneOnes() {
    Claim claim = running(plan("one").reserving(1051, 1052));
    journal.created(
        claim,
        new Journal.CreatedGuest(
            new Vmid(1051), "ts01", Optional.of("uuid"), claim.operation(), T0));
    journal.write(
        claim,
        List.of(
            step("a", StepState.DONE), step("b", StepState.FAILED), step("c", StepState.CANCELLED)),
        List.of(),
        T0);
    journal.order(claim.operation(), Order.PAUSE, BOB, Optional.empty(), T0);
    move(claim.operation(), OperationState.RUNNING, OperationState.FAILED);
    assertThat(journal.unavailableVmids(T0)).isEmpty();

    Optional<Creation> retried =
        journal.retry(1, BOB, AuditLog.Note.of("bob", "operation.retry", 1), T0);

    assertThat(((Creation.Created) retried.orElseThrow()).operation().state())
        .isEqualTo(OperationState.QUEUED);
    assertThat(journal.operation(1).orElseThrow().endedAt()).isEmpty();
    assertThat(journal.steps(1))
        .extracting(StepRecord::key, StepRecord::state)
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple("a", StepState.DONE),
            org.assertj.core.groups.Tuple.tuple("b", StepState.PENDING),
            org.assertj.core.groups.Tuple.tuple("c", StepState.PENDING));
    assertThat(journal.orders(1).order()).isEqualTo(Order.GO);
    assertThat(journal.unavailableVmids(T0)).contains(new Vmid(1052));
    assertThat(journal.retry(1, BOB, AuditLog.Note.of("bob", "operation.retry", 1), T0)).isEmpty();
  }

  @Test
  void retry_whenAnotherOperationHasTheVmidNow_isRefused() {
    Claim claim = running(plan("one").reserving(1051));
    move(claim.operation(), OperationState.RUNNING, OperationState.FAILED);
    create(plan("two").reserving(1051));

    assertThat(journal.retry(1, BOB, AuditLog.Note.of("bob", "operation.retry", 1), T0))
        .contains(new Creation.VmidTaken(new Vmid(1051), Optional.of(2L)));
    assertThat(journal.operation(1).orElseThrow().state()).isEqualTo(OperationState.FAILED);
  }

  // --- orders, questions, hold ---

  @Test
  void order_isHeardByTheOwner_andOnlyWhileItCanBe() {
    create(plan("one"));
    assertThat(journal.order(1, Order.PAUSE, BOB, Optional.empty(), T0)).isEmpty();
    move(1, OperationState.PLANNED, OperationState.QUEUED);

    Optional<Event> ordered = journal.order(1, Order.CANCEL, BOB, Optional.of("wrong cluster"), T0);

    assertThat(ordered.orElseThrow().what())
        .isEqualTo(new StepEvent.Ordered("cancel", BOB, Optional.of("wrong cluster")));
    assertThat(journal.orders(1).order()).isEqualTo(Order.CANCEL);
    assertThat(journal.orders(1).by()).contains(BOB);
    assertThat(journal.signalled()).containsExactly(1L);
    journal.heard(List.of(1L));
    assertThat(journal.signalled()).isEmpty();
  }

  @Test
  void answer_theFirstCounts_andOnlyAChoice() {
    Claim claim = running(plan("one"));
    journal.ask(claim, step("a", StepState.ASKING), question(1, "a"), List.of());

    assertThat(journal.answer(1, "a", Answer.SKIP, BOB, T0)).isEmpty();
    assertThat(journal.answer(1, "b", Answer.RETRY, BOB, T0)).isEmpty();
    assertThat(journal.answer(1, "a", Answer.RETRY, BOB, T0).orElseThrow().answer())
        .contains(new Question.Given(Answer.RETRY, BOB, T0));
    assertThat(journal.answer(1, "a", Answer.STOP, ALICE, T0).orElseThrow().answer())
        .contains(new Question.Given(Answer.RETRY, BOB, T0));
    assertThat(journal.signalled()).containsExactly(1L);

    journal.write(claim, List.of(step("a", StepState.RUNNING)), List.of(), T0);
    assertThat(journal.questions(1)).isEmpty();
  }

  @Test
  void hold_isSeenByEverybody_andAudited() {
    running(plan("one"));
    AuditLog.Note on = new AuditLog.Note("bob", "hold.on", Optional.empty(), Map.of());
    Journal.Hold first = journal.holdOn(BOB, "storage is on fire", on, T0);
    Journal.Hold second = journal.holdOn(ALICE, "me too", on, T0.plusSeconds(9));

    assertThat(second).isEqualTo(first).isEqualTo(new Journal.Hold(BOB, T0, "storage is on fire"));
    assertThat(journal.orders(1).hold()).contains(first);
    assertThat(journal.signalled()).containsExactly(1L);
    assertThat(journal.holdOff(ALICE, on, T0)).contains(first);
    assertThat(journal.hold()).isEmpty();
    assertThat(journal.holdOff(ALICE, on, T0)).isEmpty();
    assertThat(audit.newest(9)).hasSize(2);
  }

  // --- VMIDs ---

  @Test
  void reservation_isUnique_untilTheOperationEnds() {
    create(plan("one").reserving(1051, 1052));

    assertThat(journal.create(plan("two").reserving(1053, 1052).draft(), T0))
        .isEqualTo(new Creation.VmidTaken(new Vmid(1052), Optional.of(1L)));
    assertThat(journal.unavailableVmids(T0)).containsExactly(new Vmid(1051), new Vmid(1052));
    assertThat(journal.operations(Filter.all(9))).hasSize(1);

    move(1, OperationState.PLANNED, OperationState.DENIED);
    assertThat(journal.create(plan("three").reserving(1052).draft(), T0))
        .isInstanceOf(Creation.Created.class);
  }

  @Test
  void freedVmid_restsForThirtySeconds() {
    running(plan("one"));
    journal.move(
        1,
        Set.of(OperationState.RUNNING),
        Transition.to(OperationState.SUCCEEDED, T0).resting(List.of(new Vmid(1051))));

    assertThat(journal.unavailableVmids(T0.plusSeconds(29))).containsExactly(new Vmid(1051));
    assertThat(journal.create(plan("two").reserving(1051).draft(), T0.plusSeconds(29)))
        .isEqualTo(new Creation.VmidTaken(new Vmid(1051), Optional.empty()));
    assertThat(journal.create(plan("two").reserving(1051).draft(), T0.plusSeconds(30)))
        .isInstanceOf(Creation.Created.class);
  }

  @Test
  void createdGuests_areRemembered_withTheirIdentity() {
    Claim claim = running(plan("one"));
    Journal.CreatedGuest bare =
        new Journal.CreatedGuest(new Vmid(1051), "ts01", Optional.empty(), 1, T0);
    Journal.CreatedGuest full =
        new Journal.CreatedGuest(new Vmid(1051), "ts01", Optional.of("4c4c"), 1, T0);
    journal.created(claim, bare);
    journal.created(claim, full);

    assertThat(journal.createdGuests()).containsExactly(full);
  }

  // --- locks ---

  @Test
  void acquire_takesAllOrQueues_andServesInOrderOfNumbers() {
    Claim one = pickUp(create(plan("one")).id());
    Claim two = pickUp(create(plan("two")).id());
    Claim three = pickUp(create(plan("three")).id());
    List<dev.pvebot.runbooks.plan.Plan.LockKey> a = plan("").locking("vm/1").plan().locks();
    List<dev.pvebot.runbooks.plan.Plan.LockKey> ab =
        plan("").locking("vm/1", "vm/2").plan().locks();
    List<dev.pvebot.runbooks.plan.Plan.LockKey> b = plan("").locking("vm/2").plan().locks();

    assertThat(locks.acquire(one, a, T0)).isTrue();
    assertThat(locks.acquire(two, ab, T0)).isFalse();
    assertThat(locks.acquire(three, b, T0)).as("may not overtake operation 2").isFalse();
    assertThat(locks.acquire(two, ab, T0)).isFalse();
    assertThat(locks.inTheWay(2)).extracting(Locks.Entry::operation).containsExactly(1L);
    assertThat(locks.inTheWay(3)).extracting(Locks.Entry::operation).containsExactly(2L);
    assertThat(locks.inTheWay(2).getFirst().heldSince()).contains(T0);
    assertThat(locks.inTheWay(2).getFirst().title()).isEqualTo("one");

    assertThat(move(1, OperationState.PLANNED, OperationState.CANCELLED).granted())
        .containsExactly(2L);
    assertThat(locks.acquire(two, ab, T0)).isTrue();
    assertThat(move(2, OperationState.PLANNED, OperationState.CANCELLED).granted())
        .containsExactly(3L);
    move(3, OperationState.PLANNED, OperationState.CANCELLED);
    assertThat(locks.all()).isEmpty();
  }

  @Test
  void acquire_sharedLocksGoTogether_anExclusiveOneAlone() {
    List<dev.pvebot.runbooks.plan.Plan.LockKey> shared =
        plan("").sharing("cluster/birch").plan().locks();
    List<dev.pvebot.runbooks.plan.Plan.LockKey> alone =
        plan("").locking("cluster/birch").plan().locks();
    Claim one = pickUp(create(plan("one")).id());
    Claim two = pickUp(create(plan("two")).id());
    Claim three = pickUp(create(plan("three")).id());
    Claim four = pickUp(create(plan("four")).id());

    assertThat(locks.acquire(one, shared, T0)).isTrue();
    assertThat(locks.acquire(two, shared, T0)).isTrue();
    assertThat(locks.acquire(three, alone, T0)).isFalse();
    assertThat(locks.acquire(four, shared, T0)).as("would starve operation 3").isFalse();
    move(1, OperationState.PLANNED, OperationState.CANCELLED);
    assertThat(move(2, OperationState.PLANNED, OperationState.CANCELLED).granted())
        .containsExactly(3L);
    assertThat(locks.acquire(one, List.of(), T0)).isTrue();
  }

  @Test
  void steal_isRefusedWhileItRuns_andAuditedWhenPaused() {
    Claim claim = running(plan("one").locking("vm/1"));
    assertThat(locks.steal(1, BOB, "urgent", T0)).isInstanceOf(Locks.Theft.Refused.class);
    move(1, OperationState.RUNNING, OperationState.PAUSED);
    Claim waiting = pickUp(create(plan("two")).id());
    locks.acquire(waiting, plan("").locking("vm/1").plan().locks(), T0);

    Locks.Theft theft = locks.steal(1, BOB, "urgent", T0);

    assertThat(theft).isInstanceOf(Locks.Theft.Done.class);
    assertThat(((Locks.Theft.Done) theft).granted()).containsExactly(2L);
    assertThat(audit.newest(1).getFirst().note())
        .isEqualTo(
            AuditLog.Note.of("bob", "lock.steal", 1)
                .with("reason", "urgent")
                .with("locks", "vm/1"));
    assertThat(locks.acquire(claim, plan("").locking("vm/1").plan().locks(), T0)).isFalse();
  }

  // --- approvals ---

  private void awaiting(Approvals.Kind... kinds) {
    create(plan("one"));
    assertThat(approvals.ask(1, Set.of(kinds), 3, T0.plusSeconds(900), T0)).isTrue();
  }

  @Test
  void give_theLastMissingConsent_queuesTheOperation() {
    awaiting(Approvals.Kind.TYPED_NAME, Approvals.Kind.SECOND_PERSON);
    assertThat(approvals.ask(1, Set.of(Approvals.Kind.CONFIRM), 3, T0, T0)).isFalse();

    Decision typed = approvals.give(1, Approvals.Kind.TYPED_NAME, ALICE, Optional.empty(), T0);
    assertThat(((Decision.Counted) typed).complete()).isFalse();
    assertThat(journal.operation(1).orElseThrow().state())
        .isEqualTo(OperationState.AWAITING_APPROVAL);

    Decision second =
        approvals.give(1, Approvals.Kind.SECOND_PERSON, BOB, Optional.of("looked at it"), T0);
    assertThat(((Decision.Counted) second).complete()).isTrue();
    assertThat(journal.operation(1).orElseThrow().state()).isEqualTo(OperationState.QUEUED);
    assertThat(approvals.of(1))
        .extracting(Approvals.Approval::by)
        .containsExactly(Optional.of(ALICE), Optional.of(BOB));
    assertThat(approvals.pending()).isEmpty();
    assertThat(approvals.give(1, Approvals.Kind.CONFIRM, BOB, Optional.empty(), T0))
        .isEqualTo(new Decision.NotAsked());
  }

  @Test
  void give_afterTheTimeIsOver_expiresTheOperation() {
    awaiting(Approvals.Kind.CONFIRM);

    assertThat(
            approvals.give(1, Approvals.Kind.CONFIRM, ALICE, Optional.empty(), T0.plusSeconds(900)))
        .isInstanceOf(Decision.Expired.class);
    assertThat(journal.operation(1).orElseThrow().state()).isEqualTo(OperationState.EXPIRED);
    assertThat(approvals.give(1, Approvals.Kind.CONFIRM, ALICE, Optional.empty(), T0))
        .isInstanceOf(Decision.Expired.class);
  }

  @Test
  void expire_endsWhatIsOverdue_once() {
    awaiting(Approvals.Kind.CONFIRM);

    assertThat(approvals.expire(T0.plusSeconds(899))).isEmpty();
    assertThat(approvals.expire(T0.plusSeconds(900))).containsExactly(1L);
    assertThat(approvals.expire(T0.plusSeconds(901))).isEmpty();
    assertThat(journal.operation(1).orElseThrow().stateReason())
        .contains("nobody consented in time");
  }

  @Test
  void miss_threeWrongNames_denyTheOperation() {
    awaiting(Approvals.Kind.TYPED_NAME, Approvals.Kind.SECOND_PERSON);

    assertThat(((Decision.Missed) approvals.miss(1, ALICE, T0)).approval().triesLeft())
        .isEqualTo(2);
    approvals.miss(1, ALICE, T0);
    assertThat(((Decision.Counted) approvals.miss(1, ALICE, T0)).approval().state())
        .isEqualTo(Approvals.State.DENIED);
    assertThat(journal.operation(1).orElseThrow().state()).isEqualTo(OperationState.DENIED);
    assertThat(approvals.of(1))
        .extracting(Approvals.Approval::state)
        .containsExactly(Approvals.State.DENIED, Approvals.State.VOID);
    assertThat(approvals.give(1, Approvals.Kind.SECOND_PERSON, BOB, Optional.empty(), T0))
        .isInstanceOf(Decision.TooLate.class);
  }

  @Test
  void deny_endsTheOperation_andSaysWho() {
    awaiting(Approvals.Kind.CONFIRM);

    approvals.deny(1, BOB, Optional.of("not on a Friday"), T0);

    assertThat(journal.operation(1).orElseThrow().stateReason())
        .contains("denied by bob: not on a Friday");
    assertThat(approvals.deny(1, ALICE, Optional.empty(), T0)).isInstanceOf(Decision.TooLate.class);
  }

  @Test
  void give_fiftyAtOnceFromTwoProcesses_oneWins() throws Exception {
    awaiting(Approvals.Kind.CONFIRM);
    Approvals other = again().approvals();
    CountDownLatch go = new CountDownLatch(1);
    List<Decision> decisions = new ArrayList<>();
    try (ExecutorService people = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Decision>> pressed = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        Approvals door = i % 2 == 0 ? approvals : other;
        Person who = new Person("p" + i);
        pressed.add(
            people.submit(() -> {
              go.await();
              return door.give(1, Approvals.Kind.CONFIRM, who, Optional.empty(), T0);
            }));
      }
      go.countDown();
      for (Future<Decision> press : pressed) {
        decisions.add(press.get());
      }
    }

    assertThat(decisions).filteredOn(Decision.Counted.class::isInstance).hasSize(1);
    Optional<Person> winner = approvals.of(1).getFirst().by();
    assertThat(decisions)
        .filteredOn(Decision.TooLate.class::isInstance)
        .hasSize(49)
        .allSatisfy(
            late -> assertThat(((Decision.TooLate) late).approval().by()).isEqualTo(winner));
    assertThat(journal.events(1, 0))
        .filteredOn(event ->
            event.what() instanceof StepEvent.StateChanged changed
                && changed.to() == OperationState.QUEUED)
        .hasSize(1);
  }

  @Test
  void create_fiftyAtOnceWithTheSameVmid_oneGetsIt() throws Exception {
    Journal other = again().journal();
    List<Creation> creations = new ArrayList<>();
    try (ExecutorService people = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Creation>> all = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        Journal door = i % 2 == 0 ? journal : other;
        all.add(people.submit(() -> door.create(plan("x").reserving(1051).draft(), T0)));
      }
      for (Future<Creation> each : all) {
        creations.add(each.get());
      }
    }

    assertThat(creations).filteredOn(Creation.Created.class::isInstance).hasSize(1);
  }

  // --- audit ---

  @Test
  void audit_isAChain_whoseHeadProvesWhatWasBefore() {
    String empty = audit.head();
    audit.append(AuditLog.Note.of("alice", "operation.start", 1).with("digest", "7c1e90"), T0);
    String head = audit.head();
    audit.append(
        new AuditLog.Note("bob", "hold.on", Optional.empty(), Map.of("reason", "é \"quoted\"")),
        T0.plusNanos(1_234_567));

    assertThat(empty).isEqualTo("0".repeat(64));
    assertThat(audit.verify(Optional.of(head)))
        .isEqualTo(new AuditLog.Verdict.Intact(2, audit.head()));
    assertThat(audit.verify(Optional.of(head.substring(0, 12))))
        .isInstanceOf(AuditLog.Verdict.Intact.class);
    assertThat(audit.verify(Optional.of("f".repeat(64))))
        .isInstanceOf(AuditLog.Verdict.Broken.class);
    List<AuditLog.Entry> exported = new ArrayList<>();
    audit.export(exported::add);
    assertThat(exported).extracting(AuditLog.Entry::seq).containsExactly(1L, 2L);
    assertThat(exported.getLast().previous()).isEqualTo(head);
    assertThat(AuditChain.line(exported.getFirst()))
        .isEqualTo(
            "{\"at\":\"2026-11-24T16:20:00Z\",\"facts\":{\"digest\":\"7c1e90\"},\"hash\":\"%s\","
                    .formatted(head)
                + "\"operation\":1,\"previous\":\"%s\",\"seq\":1,".formatted(empty)
                + "\"what\":\"operation.start\",\"who\":\"alice\"}");
  }

  @Test
  void audit_appendedFromTwoProcessesAtOnce_isStillOneChain() throws Exception {
    AuditLog other = again().audit();
    try (ExecutorService people = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 40; i++) {
        AuditLog door = i % 2 == 0 ? audit : other;
        people.submit(() -> door.append(AuditLog.Note.of("alice", "x", 1), T0));
      }
    }

    assertThat(audit.verify(Optional.empty()))
        .isEqualTo(new AuditLog.Verdict.Intact(40, audit.head()));
  }

  // --- threads ---

  @Test
  void threads_rememberHeadsAndWhatWasTold() {
    create(plan("one"));
    Posted first = new Posted(INFRA, "m1");
    Posted slack =
        new Posted(
            new dev.pvebot.commands.chat.Conversation("slack", "C1", Optional.of("9")), "m2");
    threads.head(1, new Posted(INFRA, "m0"));
    threads.head(1, first);
    threads.head(1, slack);

    assertThat(threads.head(1, "console")).contains(first);
    assertThat(threads.head(1, "discord")).isEmpty();
    assertThat(threads.heads(1)).containsExactly(first, slack);
    assertThat(threads.operationAt(slack)).contains(1L);
    assertThat(threads.operationAt(new Posted(INFRA, "m0"))).isEmpty();

    assertThat(threads.told(1, INFRA)).isEqualTo(new ThreadLog.Told(0, Optional.empty()));
    assertThat(threads.posting(1, INFRA, 1)).isTrue();
    threads.posted(1, INFRA, 1);
    assertThat(threads.posting(1, INFRA, 1)).isFalse();
    assertThat(threads.posting(1, INFRA, 2)).isTrue();
    assertThat(threads.told(1, INFRA)).isEqualTo(new ThreadLog.Told(1, Optional.of(2L)));
    assertThat(threads.posting(1, INFRA, 2)).as("it is in doubt").isFalse();
    threads.posted(1, INFRA, 2);
    assertThat(threads.told(1, INFRA)).isEqualTo(new ThreadLog.Told(2, Optional.empty()));
  }

  @Test
  void message_deliveredTwice_isOneMessage() {
    assertThat(threads.firstTime("slack", "E1", T0)).isTrue();
    assertThat(threads.firstTime("slack", "E1", T0)).isFalse();
    assertThat(threads.firstTime("discord", "E1", T0)).isTrue();
    threads.forgetMessages(T0.plusSeconds(1));
    assertThat(threads.firstTime("slack", "E1", T0)).isTrue();
  }

  @Test
  void everythingIsSeenThroughTheOtherDoor() throws Exception {
    awaiting(Approvals.Kind.CONFIRM);
    Door other = again();

    assertThat(other.journal().operation(1)).isEqualTo(journal.operation(1));
    assertThat(other.approvals().pending()).isEqualTo(approvals.pending());
    assertThat(other.journal().events(1, 0)).isEqualTo(journal.events(1, 0));
  }
}
