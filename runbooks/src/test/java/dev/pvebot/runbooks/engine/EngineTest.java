package dev.pvebot.runbooks.engine;

import static dev.pvebot.runbooks.engine.Bench.cloneVm;
import static dev.pvebot.runbooks.engine.Bench.count;
import static dev.pvebot.runbooks.engine.Bench.destroy;
import static dev.pvebot.runbooks.engine.Bench.group;
import static dev.pvebot.runbooks.engine.Bench.on;
import static dev.pvebot.runbooks.engine.Bench.onlyIf;
import static dev.pvebot.runbooks.engine.Bench.registered;
import static dev.pvebot.runbooks.engine.Bench.startVm;
import static dev.pvebot.runbooks.engine.Bench.until;
import static dev.pvebot.runbooks.engine.Bench.with;
import static dev.pvebot.runbooks.engine.journal.Plans.ALICE;
import static dev.pvebot.runbooks.engine.journal.Plans.BOB;
import static dev.pvebot.runbooks.engine.journal.Plans.plan;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pvebot.clusters.Vmid;
import dev.pvebot.runbooks.engine.Engine.Reply;
import dev.pvebot.runbooks.engine.FakeWorld.Fault;
import dev.pvebot.runbooks.engine.journal.AuditLog;
import dev.pvebot.runbooks.engine.journal.Journal;
import dev.pvebot.runbooks.engine.journal.Locks;
import dev.pvebot.runbooks.engine.journal.Plans;
import dev.pvebot.runbooks.operation.Answer;
import dev.pvebot.runbooks.operation.Event;
import dev.pvebot.runbooks.operation.Operation;
import dev.pvebot.runbooks.operation.OperationState;
import dev.pvebot.runbooks.operation.StepEvent;
import dev.pvebot.runbooks.operation.StepRecord;
import dev.pvebot.runbooks.operation.StepState;
import dev.pvebot.runbooks.plan.PlanStep;
import dev.pvebot.runbooks.plan.PlanStep.OnFailure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class EngineTest {
  private final Bench bench = new Bench();

  @AfterEach
  void close() {
    bench.close();
  }

  private StepState step(long operation, String key) {
    return bench.store.steps(operation).stream()
        .filter(step -> step.key().equals(key))
        .map(StepRecord::state)
        .findFirst()
        .orElse(StepState.PENDING);
  }

  private static Plans doing(PlanStep... steps) {
    return plan("test").doing(steps);
  }

  private void answer(long operation, String key, Answer answer) {
    assertThat(bench.engine().answer(operation, key, answer, BOB))
        .isInstanceOf(Reply.Accepted.class);
  }

  // --- the plain way ---

  @Test
  void run_doesTheStepsInOrder_andTellsThem() {
    Operation end = bench.run(doing(cloneVm(1051), startVm(1051)).reserving(1051));

    assertThat(end.state()).isEqualTo(OperationState.SUCCEEDED);
    assertThat(bench.world.ledger()).containsExactly("clone 1051", "start 1051");
    assertThat(bench.told.stream().filter(Event::isJournaled).toList())
        .isEqualTo(bench.store.events(end.id(), 0));
    assertThat(bench.events(end.id(), StepEvent.class))
        .extracting(event -> event.getClass().getSimpleName())
        .containsExactly(
            "StateChanged", "StateChanged", "Started", "Done", "Started", "Done", "StateChanged");
    assertThat(bench.store.createdGuests())
        .extracting(Journal.CreatedGuest::vmid, Journal.CreatedGuest::uuid)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(new Vmid(1051), Optional.of("uuid-1051")));
  }

  @Test
  void parallel_isAChainForEachMachine_noBarrier() {
    Operation end =
        bench.run(
            doing(
                group(
                    "machines",
                    2,
                    group("a", 1, cloneVm(1051), startVm(1051)),
                    group("b", 1, cloneVm(1052), startVm(1052)),
                    group("c", 1, cloneVm(1053), startVm(1053)))));

    assertThat(end.state()).isEqualTo(OperationState.SUCCEEDED);
    assertThat(bench.world.ledger()).hasSize(6).doesNotHaveDuplicates();
    List<String> ledger = bench.world.ledger();
    assertThat(Math.min(ledger.indexOf("start 1051"), ledger.indexOf("start 1052")))
        .as("of two chains one starts its machine before the third is cloned")
        .isLessThan(ledger.indexOf("clone 1053"));
  }

  @Test
  void whatIsSoAlready_isNotDoneAgain() {
    bench.world.put(1051, "pvebot: operation 1, VM 1051");

    Operation end = bench.run(doing(cloneVm(1051)));

    assertThat(end.state()).isEqualTo(OperationState.SUCCEEDED);
    assertThat(bench.world.ledger()).isEmpty();
    assertThat(bench.events(end.id(), StepEvent.Done.class).getFirst().note())
        .contains("was so already");
  }

  @Test
  void somebodyElsesVm_asksAPerson() {
    bench.world.put(1051, "made by hand");
    long id = bench.submit(doing(cloneVm(1051), count("after")));

    Operation asks = bench.in(id, OperationState.PAUSED);
    assertThat(asks.stateReason().orElseThrow()).contains("somebody else");
    answer(id, "clone[1051]", Answer.SKIP);

    assertThat(bench.end(id).state()).isEqualTo(OperationState.SUCCEEDED_WITH_WARNINGS);
    assertThat(bench.world.ledger()).isEmpty();
    assertThat(step(id, "after")).isEqualTo(StepState.DONE);
  }

  // --- failures ---

  @Test
  void busy_isTriedAgain_untilItWorks() {
    bench.world.fault(
        "clone", Fault.BUSY, Fault.BUSY, Fault.TASK_LOCK_TIMEOUT, Fault.BUSY, Fault.BUSY);

    Operation end = bench.run(doing(cloneVm(1051)));

    assertThat(end.state()).isEqualTo(OperationState.SUCCEEDED);
    assertThat(bench.world.ledger()).containsExactly("clone 1051");
    assertThat(bench.events(end.id(), StepEvent.Retrying.class)).hasSize(5);
    assertThat(bench.store.steps(end.id()).getFirst().attempts()).isEqualTo(6);
  }

  @Test
  void busy_withoutEnd_failsAfterItsPatience() {
    Fault[] many = new Fault[200];
    java.util.Arrays.fill(many, Fault.BUSY);
    bench.world.fault("clone", many);

    Operation end = bench.run(doing(cloneVm(1051), count("after")));

    assertThat(end.state()).isEqualTo(OperationState.FAILED);
    assertThat(end.stateReason().orElseThrow()).contains("busy").contains("tried");
    assertThat(bench.world.ledger()).isEmpty();
    assertThat(step(end.id(), "after")).isEqualTo(StepState.CANCELLED);
  }

  @Test
  void busy_onADestructiveStep_asksInsteadOfTryingAgain() {
    bench.world.put(2001, "old");
    bench.world.fault("destroy", Fault.BUSY);
    long id = bench.submit(doing(destroy(2001)));

    bench.in(id, OperationState.PAUSED);
    assertThat(bench.world.ledger()).isEmpty();
    answer(id, "destroy[2001]", Answer.RETRY);

    assertThat(bench.end(id).state()).isEqualTo(OperationState.SUCCEEDED);
    assertThat(bench.world.ledger()).containsExactly("destroy 2001");
  }

  @Test
  void lostAnswer_isLookedUp_notRepeated() {
    bench.world.put(2001, "old");
    bench.world.fault("clone", Fault.ANSWER_LOST);
    bench.world.fault("destroy", Fault.ANSWER_LOST);

    Operation end = bench.run(doing(cloneVm(1051), destroy(2001)));

    assertThat(end.state()).isEqualTo(OperationState.SUCCEEDED);
    assertThat(bench.world.ledger()).containsExactly("clone 1051", "destroy 2001");
  }

  @Test
  void lostCall_isMadeAgain_whenTheWorldShowsNothing() {
    bench.world.fault("clone", Fault.CALL_LOST);

    Operation end = bench.run(doing(cloneVm(1051)));

    assertThat(end.state()).isEqualTo(OperationState.SUCCEEDED);
    assertThat(bench.world.ledger()).containsExactly("clone 1051");
  }

  @Test
  void lostCall_ofADestructiveStep_asks() {
    bench.world.put(2001, "old");
    bench.world.fault("destroy", Fault.CALL_LOST);
    long id = bench.submit(doing(destroy(2001)));

    Operation asks = bench.in(id, OperationState.PAUSED);
    assertThat(asks.stateReason().orElseThrow()).contains("no answer");
    answer(id, "destroy[2001]", Answer.STOP);

    Operation end = bench.end(id);
    assertThat(end.state()).isEqualTo(OperationState.FAILED);
    assertThat(end.stateReason().orElseThrow()).contains("stopped by bob");
    assertThat(bench.world.ledger()).isEmpty();
    assertThat(bench.store.all()).isEmpty();
  }

  @Test
  void refused_failsWithWhatToDo_andRetryTakesItUpAgain() {
    bench.world.fault("start", Fault.REFUSED);
    long id = bench.submit(doing(cloneVm(1051), startVm(1051)).reserving(1051).locking("vm/1051"));

    Operation failed = bench.end(id);
    assertThat(failed.state()).isEqualTo(OperationState.FAILED);
    assertThat(failed.stateReason().orElseThrow()).contains("start 1051: refused");
    assertThat(bench.events(id, StepEvent.Failed.class).getFirst().now())
        .contains("ask for rights");
    assertThat(bench.store.all()).isEmpty();

    assertThat(bench.engine().retry(id, BOB)).isInstanceOf(Reply.Accepted.class);
    assertThat(bench.end(id).state()).isEqualTo(OperationState.SUCCEEDED);
    assertThat(bench.world.ledger()).containsExactly("clone 1051", "start 1051");
    assertThat(bench.engine().retry(id, BOB)).isInstanceOf(Reply.Refused.class);
  }

  @Test
  void failedTask_showsItsLog() {
    bench.world.fault("clone", Fault.TASK_FAILS);

    Operation end = bench.run(doing(cloneVm(1051)));

    assertThat(end.state()).isEqualTo(OperationState.FAILED);
    assertThat(end.stateReason().orElseThrow()).contains("disk full");
    assertThat(bench.events(end.id(), StepEvent.Failed.class).getFirst().logTail())
        .containsExactly("no space left");
  }

  @Test
  void taskThatSaysOkButDidNothing_fails() {
    bench.world.fault("clone", Fault.TASK_LIES);

    Operation end = bench.run(doing(cloneVm(1051)));

    assertThat(end.state()).isEqualTo(OperationState.FAILED);
    assertThat(end.stateReason().orElseThrow()).contains("said OK");
  }

  @Test
  void warningsOfATask_areShown() {
    bench.world.fault("clone", Fault.TASK_WARNS);

    Operation end = bench.run(doing(cloneVm(1051)));

    assertThat(end.state()).isEqualTo(OperationState.SUCCEEDED_WITH_WARNINGS);
    assertThat(step(end.id(), "clone[1051]")).isEqualTo(StepState.DONE_WITH_WARNINGS);
    assertThat(bench.events(end.id(), StepEvent.Done.class).getFirst().note().orElseThrow())
        .contains("WARNINGS: 1")
        .contains("a warning");
  }

  @Test
  void onFailureContinue_goesOn_andEndsWithWarnings() {
    bench.world.fault("clone", Fault.REFUSED);

    Operation end = bench.run(doing(on(cloneVm(1051), OnFailure.CONTINUE), cloneVm(1052)));

    assertThat(end.state()).isEqualTo(OperationState.SUCCEEDED_WITH_WARNINGS);
    assertThat(step(end.id(), "clone[1051]")).isEqualTo(StepState.FAILED);
    assertThat(bench.world.ledger()).containsExactly("clone 1052");
  }

  @Test
  void onFailureContinue_whenNothingCameTrue_isNoSuccess() {
    bench.world.fault("clone", Fault.REFUSED);

    Operation end = bench.run(doing(on(cloneVm(1051), OnFailure.CONTINUE)));

    assertThat(end.state()).isEqualTo(OperationState.FAILED);
    assertThat(end.stateReason().orElseThrow()).contains("1051");
    assertThat(bench.world.ledger()).isEmpty();
  }

  @Test
  void onFailureAsk_retriesWhenAPersonSaysSo() {
    bench.world.fault("clone", Fault.REFUSED);
    long id = bench.submit(doing(on(cloneVm(1051), OnFailure.ASK)));

    bench.in(id, OperationState.PAUSED);
    assertThat(bench.events(id, StepEvent.Asking.class).getFirst().choices())
        .containsExactly(Answer.RETRY, Answer.SKIP, Answer.STOP);
    answer(id, "clone[1051]", Answer.RETRY);

    assertThat(bench.end(id).state()).isEqualTo(OperationState.SUCCEEDED);
    assertThat(bench.engine().answer(id, "clone[1051]", Answer.RETRY, BOB))
        .isInstanceOf(Reply.Refused.class);
  }

  @Test
  void failureInOneChain_letsTheOthersEndTheirStep_andBeginNone() throws Exception {
    bench.world.fault("start", Fault.REFUSED);
    Gate fails = new Gate("before start 1051");
    Gate goesOn = new Gate("after clone 1052");
    long id =
        bench.submit(
            doing(
                group(
                    "machines",
                    2,
                    group("a", 1, startVm(1051)),
                    group("b", 1, cloneVm(1052), startVm(1052)))));
    goesOn.awaitReached();
    fails.open();
    org.awaitility.Awaitility.await()
        .until(() -> !bench.events(id, StepEvent.Failed.class).isEmpty());
    goesOn.open();

    assertThat(bench.end(id).state()).isEqualTo(OperationState.FAILED);
    assertThat(bench.world.ledger()).containsExactly("clone 1052");
    assertThat(step(id, "clone[1052]")).isEqualTo(StepState.DONE);
    assertThat(step(id, "start[1051]")).isEqualTo(StepState.FAILED);
    assertThat(step(id, "start[1052]")).isEqualTo(StepState.CANCELLED);
  }

  // --- conditions, outputs ---

  @Test
  void onlyIf_thatIsFalse_skips() {
    Operation end = bench.run(doing(onlyIf(cloneVm(1051), "false"), onlyIf(cloneVm(1052), "true")));

    assertThat(end.state()).isEqualTo(OperationState.SUCCEEDED);
    assertThat(step(end.id(), "clone[1051]")).isEqualTo(StepState.SKIPPED);
    assertThat(bench.world.ledger()).containsExactly("clone 1052");
  }

  @Test
  void until_looksAgainUntilItHolds() {
    long before = bench.clock.millis();
    Operation end =
        bench.run(
            doing(
                registered(until(count("wait"), "output.value >= 4", Duration.ofMinutes(5)), "n")));

    assertThat(end.state()).isEqualTo(OperationState.SUCCEEDED);
    assertThat(bench.clock.millis() - before).isBetween(30_000L, 60_000L);
    assertThat(bench.store.steps(end.id()).getFirst().output().orElseThrow())
        .containsEntry("value", 4L);
  }

  @Test
  void until_thatNeverHolds_failsAtItsTimeout() {
    Operation end =
        bench.run(doing(until(count("wait"), "output.value >= 400", Duration.ofMinutes(2))));

    assertThat(end.state()).isEqualTo(OperationState.FAILED);
    assertThat(end.stateReason().orElseThrow()).contains("not so within 2:00 min");
  }

  @Test
  void deferredInput_takesWhatAnEarlierStepGave() {
    Map<String, Object> later =
        Map.of("vmid", Map.of("$deferred", Map.of("expression", "made[1051].vmid", "type", "int")));

    Operation end = bench.run(doing(registered(cloneVm(1051), "made"), with(startVm(1051), later)));

    assertThat(end.state()).isEqualTo(OperationState.SUCCEEDED);
    assertThat(bench.world.ledger()).containsExactly("clone 1051", "start 1051");
  }

  @Test
  void deferredInput_outsideOfItsBound_stopsAndAsks() {
    Map<String, Object> later =
        Map.of(
            "vmid",
            Map.of(
                "$deferred",
                Map.of("expression", "made[1051].vmid", "type", "int", "within", "value == 1052")));
    long id = bench.submit(doing(registered(cloneVm(1051), "made"), with(startVm(1051), later)));

    assertThat(bench.in(id, OperationState.PAUSED).stateReason().orElseThrow())
        .contains("1051")
        .contains("outside of what was approved");
    assertThat(bench.world.ledger()).containsExactly("clone 1051");
    answer(id, "start[1051]", Answer.STOP);
    bench.end(id);
  }

  @Test
  void expressionThatCannotBeEvaluated_failsTheStepBeforeItActs() {
    Operation end = bench.run(doing(onlyIf(cloneVm(1051), "nothing.there")));

    assertThat(end.state()).isEqualTo(OperationState.FAILED);
    assertThat(end.stateReason().orElseThrow()).contains("nothing.there");
    assertThat(bench.world.ledger()).isEmpty();
  }

  @Test
  void secretOutput_goesToTheSink_andTheJournalKeepsWhereItWent() {
    Operation end =
        bench.run(
            doing(
                with(
                    new PlanStep.Act(
                        "kubeconfig",
                        "kubeconfig",
                        "fake.kubeconfig",
                        Map.of(),
                        dev.pvebot.commands.Risk.READ,
                        Optional.empty(),
                        Optional.empty(),
                        Duration.ofMinutes(1),
                        0,
                        OnFailure.STOP,
                        Optional.of("k"),
                        Duration.ofSeconds(1)),
                    Map.of())));

    assertThat(end.state()).isEqualTo(OperationState.SUCCEEDED);
    assertThat(bench.secrets).containsEntry("kubeconfig/kubeconfig", "canary-6b1f");
    assertThat(bench.store.steps(end.id()).getFirst().output().orElseThrow())
        .containsEntry("context", "admin@birch")
        .containsEntry("kubeconfig", "pass:pvebot/1/kubeconfig.kubeconfig");
    assertThat(bench.store.steps(end.id()).toString() + bench.told).doesNotContain("canary");
  }

  // --- people ---

  @Test
  void manualStep_waitsForDone() {
    long id =
        bench.submit(
            doing(
                new PlanStep.Manual("cable", "Plug the cable", "port 7", Optional.empty()),
                cloneVm(1051)));

    assertThat(bench.in(id, OperationState.PAUSED).stateReason())
        .contains("Plug the cable: port 7");
    answer(id, "cable", Answer.DONE);

    assertThat(bench.end(id).state()).isEqualTo(OperationState.SUCCEEDED);
    assertThat(bench.events(id, StepEvent.Answered.class).getFirst().by()).isEqualTo(BOB);
  }

  @Test
  void question_survivesARestart() {
    long id =
        bench.submit(
            doing(new PlanStep.Manual("cable", "Plug the cable", "port 7", Optional.empty())));
    bench.in(id, OperationState.PAUSED);
    bench.engine().close();
    assertThat(bench.store.answer(id, "cable", Answer.DONE, BOB, bench.clock.instant()))
        .isPresent();
    bench.start();

    assertThat(bench.end(id).state()).isEqualTo(OperationState.SUCCEEDED);
    assertThat(bench.events(id, StepEvent.Asking.class)).hasSize(1);
  }

  @Test
  void pause_waitsAtTheNextSafePoint_andResumeGoesOn() throws Exception {
    Gate gate = new Gate("after clone 1051");
    long id = bench.submit(doing(cloneVm(1051), startVm(1051)).locking("vm/1051"));
    gate.awaitReached();
    bench.engine().pause(id, BOB, Optional.of("look at it"));
    gate.open();

    assertThat(bench.in(id, OperationState.PAUSED).stateReason())
        .contains("paused by bob: look at it");
    assertThat(step(id, "clone[1051]")).isEqualTo(StepState.DONE);
    assertThat(bench.world.ledger()).containsExactly("clone 1051");
    assertThat(bench.store.all()).as("locks stay").isNotEmpty();

    bench.engine().resume(id, BOB);
    assertThat(bench.end(id).state()).isEqualTo(OperationState.SUCCEEDED);
  }

  @Test
  void cancel_letsTheCurrentCallEnd_andJournalsIt() throws Exception {
    Gate gate = new Gate("after clone 1051");
    long id = bench.submit(doing(cloneVm(1051), startVm(1051)).locking("vm/1051"));
    gate.awaitReached();
    bench.engine().cancel(id, BOB, Optional.of("wrong cluster"));
    gate.open();

    Operation end = bench.end(id);
    assertThat(end.state()).isEqualTo(OperationState.CANCELLED);
    assertThat(end.stateReason()).contains("cancelled by bob: wrong cluster");
    assertThat(step(id, "clone[1051]")).isEqualTo(StepState.DONE);
    assertThat(step(id, "start[1051]")).isEqualTo(StepState.CANCELLED);
    assertThat(bench.store.all()).isEmpty();
    assertThat(bench.engine().cancel(id, BOB, Optional.empty())).isInstanceOf(Reply.Refused.class);
  }

  @Test
  void cancel_ofWhatHasNotBegun_endsAtOnce() {
    long id = bench.create(doing(cloneVm(1051)));

    bench.engine().cancel(id, ALICE, Optional.empty());

    assertThat(bench.operation(id).state()).isEqualTo(OperationState.CANCELLED);
    assertThat(bench.store.newest(1).getFirst().note().what()).isEqualTo("operation.cancel");
  }

  @Test
  void cancel_ofAPausedOne_endsIt() {
    long id = bench.submit(doing(new PlanStep.Manual("cable", "Plug", "port 7", Optional.empty())));
    bench.in(id, OperationState.PAUSED);

    bench.engine().cancel(id, BOB, Optional.empty());

    assertThat(bench.end(id).state()).isEqualTo(OperationState.CANCELLED);
    assertThat(bench.store.questions(id)).isEmpty();
  }

  @Test
  void hold_pausesEveryOperation_andLetsNoneBegin() throws Exception {
    Gate gate = new Gate("after clone 1051");
    long running = bench.submit(doing(cloneVm(1051), startVm(1051)));
    gate.awaitReached();
    bench.engine().hold(BOB, "storage is on fire");
    gate.open();
    long queued = bench.submit(doing(cloneVm(1052)));

    assertThat(bench.in(running, OperationState.PAUSED).stateReason().orElseThrow())
        .contains("on hold by bob")
        .contains("storage is on fire");
    assertThat(bench.operation(queued).state()).isEqualTo(OperationState.QUEUED);
    assertThat(bench.world.ledger()).containsExactly("clone 1051");

    bench.engine().release(ALICE);
    assertThat(bench.end(running).state()).isEqualTo(OperationState.SUCCEEDED);
    assertThat(bench.end(queued).state()).isEqualTo(OperationState.SUCCEEDED);
  }

  // --- locks, staleness ---

  @Test
  void secondOperationOnTheSameVm_queues_andSaysWhoHoldsIt() throws Exception {
    Gate gate = new Gate("after clone 1051");
    long first = bench.submit(doing(cloneVm(1051)).locking("vm/1051"));
    gate.awaitReached();
    long second = bench.submit(doing(cloneVm(1052)).locking("vm/1051", "vm/1052"));
    org.awaitility.Awaitility.await()
        .until(() -> !bench.events(second, StepEvent.Waiting.class).isEmpty());

    assertThat(bench.operation(second).state()).isEqualTo(OperationState.QUEUED);
    assertThat(bench.operation(second).stateReason().orElseThrow())
        .startsWith("vm/1051 is held by operation %d".formatted(first));
    gate.open();

    bench.end(first);
    assertThat(bench.end(second).state()).isEqualTo(OperationState.SUCCEEDED);
    assertThat(bench.store.all()).isEmpty();
  }

  @Test
  void stolenLock_hasToBeWonAgain_beforeTheRobbedOneGoesOn() {
    PlanStep manual = new PlanStep.Manual("cable", "Plug", "port 7", Optional.empty());
    long robbed = bench.submit(doing(manual, cloneVm(1051)).locking("vm/1051"));
    bench.in(robbed, OperationState.PAUSED);
    long thief = bench.submit(doing(manual).locking("vm/1051"));
    assertThat(bench.engine().steal(robbed, BOB, "urgent")).isInstanceOf(Locks.Theft.Done.class);
    bench.in(thief, OperationState.PAUSED);

    answer(robbed, "cable", Answer.DONE);
    org.awaitility.Awaitility.await()
        .until(() ->
            bench
                .operation(robbed)
                .stateReason()
                .filter(why -> why.startsWith("vm/1051 is held by operation " + thief))
                .isPresent());
    assertThat(bench.world.ledger()).isEmpty();
    answer(thief, "cable", Answer.DONE);

    assertThat(bench.end(thief).state()).isEqualTo(OperationState.SUCCEEDED);
    assertThat(bench.end(robbed).state()).isEqualTo(OperationState.SUCCEEDED);
    assertThat(bench.store.all()).isEmpty();
  }

  @Test
  void stalePlan_isNotRun() {
    bench.becomesStale("VM 1051 exists now");

    Operation end = bench.run(doing(cloneVm(1051)).reserving(1051).locking("vm/1051"));

    assertThat(end.state()).isEqualTo(OperationState.STALE);
    assertThat(end.stateReason()).contains("VM 1051 exists now");
    assertThat(bench.world.ledger()).isEmpty();
    assertThat(bench.store.all()).isEmpty();
    assertThat(bench.store.unavailableVmids(bench.clock.instant())).isEmpty();
  }

  @Test
  void startAndEnd_areInTheAudit() {
    Operation end = bench.run(doing(cloneVm(1051)));

    assertThat(bench.store.newest(2))
        .extracting(entry -> entry.note().what(), entry -> entry.note().who())
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("operation.end", "alice"),
            org.assertj.core.groups.Tuple.tuple("operation.start", "alice"));
    assertThat(bench.store.newest(1).getFirst().note())
        .isEqualTo(
            AuditLog.Note.of("alice", "operation.end", end.id())
                .with("state", "succeeded")
                .with("reason", ""));
  }

  // --- restarts ---

  @Test
  void restart_tellsHowLongItWasAway_andWhatItFound() throws Exception {
    Gate gate = new Gate("after clone 1051");
    long id = bench.submit(doing(cloneVm(1051), startVm(1051)));
    gate.awaitReached();
    bench.dieAfter(0);
    gate.open();
    bench.joinThreads();
    bench.clock.advance(Duration.ofSeconds(41));
    bench.restart();

    assertThat(bench.end(id).state()).isEqualTo(OperationState.SUCCEEDED);
    StepEvent.Resumed resumed = bench.events(id, StepEvent.Resumed.class).getFirst();
    assertThat(resumed.away().orElseThrow()).isGreaterThanOrEqualTo(Duration.ofSeconds(41));
    assertThat(resumed.underWay()).containsExactly("clone[1051]");
    assertThat(bench.events(id, StepEvent.Found.class))
        .extracting(StepEvent.Found::what)
        .containsExactly("had happened meanwhile");
    assertThat(bench.world.ledger()).containsExactly("clone 1051", "start 1051");
  }

  @Test
  void oldOwner_whoWakesUpLate_mayNotCall() throws Exception {
    Gate gate = new Gate("before write [clone[1051] RUNNING] 0");
    long id = bench.submit(doing(cloneVm(1051)));
    gate.awaitReached();
    bench.store.pickUp(id); // another process takes it over
    gate.open();
    bench.joinThreads();

    assertThat(bench.world.ledger()).isEmpty();
    assertThat(bench.operation(id).state()).isEqualTo(OperationState.RUNNING);
    bench.restart();
    assertThat(bench.end(id).state()).isEqualTo(OperationState.SUCCEEDED);
    assertThat(bench.world.ledger()).containsExactly("clone 1051");
  }

  @Test
  void callThatWasOnItsWayAtDeath_mayStillArrive_andIsNotMadeTwice() throws Exception {
    Gate gate = new Gate("before clone 1051");
    long id = bench.submit(doing(cloneVm(1051)));
    gate.awaitReached();
    bench.dieAfter(0);
    gate.open();
    bench.joinThreads();
    bench.world.arrivesIn(
        Duration.ofSeconds(2), 1051, "pvebot: operation %d, VM 1051".formatted(id));
    bench.restart();

    assertThat(bench.end(id).state()).isEqualTo(OperationState.SUCCEEDED);
    assertThat(bench.world.ledger()).isEmpty();
    assertThat(bench.world.vms()).containsKey(1051);
  }

  /// Holds whoever comes to a boundary until it is opened.
  private final class Gate {
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);

    Gate(String where) {
      bench.also(boundary -> {
        if (boundary.equals(where)) {
          reached.countDown();
          try {
            open.await();
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
        }
      });
    }

    void awaitReached() throws InterruptedException {
      assertThat(reached.await(20, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
    }

    void open() {
      open.countDown();
    }
  }
}
