package dev.pvebot.integrations.pve.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pvebot.clusters.Upid;
import dev.pvebot.integrations.lab.config.LabConfig;
import dev.pvebot.integrations.lab.faults.Fault;
import dev.pvebot.integrations.lab.faults.Matcher;
import dev.pvebot.integrations.lab.faults.TaskFault;
import dev.pvebot.integrations.pve.Pve;
import dev.pvebot.integrations.pve.PveLab;
import dev.pvebot.integrations.pve.api.PveCall;
import dev.pvebot.runbooks.action.Tasks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class TaskPollerTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private static Upid start(Pve pve, String node, int vmid) throws InterruptedException {
    return pve.caller()
        .start(PveCall.post("starting", "nodes", node, "qemu", vmid, "status", "start"))
        .orElseThrow();
  }

  @Test
  void goodTask_endsOk_withoutItsLogBeingRead() throws Exception {
    try (PveLab lab = PveLab.fast()) {
      Pve pve = lab.client();
      Tasks.End end = pve.tasks().await(start(pve, "pve03", 1033), LONG, _ -> {});
      assertThat(end).isEqualTo(new Tasks.End(Tasks.Outcome.OK, "OK", false, List.of()));
    }
  }

  @Test
  void failedTask_givesItsReason_andTheEndOfItsLog() throws Exception {
    try (PveLab lab = PveLab.fast()) {
      Pve pve = lab.client();
      lab.lab()
          .faults()
          .armTask(
              "qmstart", "1033", 1, new TaskFault.Fail("start failed: QEMU exited with code 1"));
      Tasks.End end = pve.tasks().await(start(pve, "pve03", 1033), LONG, _ -> {});
      assertThat(end.outcome()).isEqualTo(Tasks.Outcome.FAILED);
      assertThat(end.status()).isEqualTo("start failed: QEMU exited with code 1");
      assertThat(end.retryable()).isFalse();
      assertThat(end.logTail())
          .last()
          .asString()
          .isEqualTo("TASK ERROR: start failed: QEMU exited with code 1");
    }
  }

  @Test
  void lockTimeout_isRetryable_andWarningsAreSuccess() throws Exception {
    try (PveLab lab = PveLab.fast()) {
      Pve pve = lab.client();
      lab.lab()
          .faults()
          .armTask(
              "qmstart",
              "1033",
              1,
              new TaskFault.Fail(
                  "can't lock file '/var/lock/pve-manager/pve-storage-local-lvm' - got timeout"));
      Tasks.End locked = pve.tasks().await(start(pve, "pve03", 1033), LONG, _ -> {});
      assertThat(locked.outcome()).isEqualTo(Tasks.Outcome.FAILED);
      assertThat(locked.retryable()).isTrue();
      lab.lab().faults().armTask("qmstart", "1033", 1, new TaskFault.Warn(2));
      Tasks.End warned = pve.tasks().await(start(pve, "pve03", 1033), LONG, _ -> {});
      assertThat(warned.outcome()).isEqualTo(Tasks.Outcome.WARNINGS);
      assertThat(warned.logTail()).isNotEmpty();
    }
  }

  @Test
  void failedMigration_saysWhy_fromItsLog() {
    Tasks.End end =
        ExitStatus.end(
            "migration aborted",
            List.of(
                "2026-01-31 10:00:01 ERROR: migration aborted (duration 00:00:02): storage"
                    + " 'local-zfs' is not available on node 'pve03'",
                "TASK ERROR: migration aborted"));
    assertThat(end.status())
        .isEqualTo("migration aborted: storage 'local-zfs' is not available on node 'pve03'");
  }

  @Test
  void killedTask_isExplained() {
    assertThat(ExitStatus.end("unexpected status", List.of()).status())
        .contains("its node went down");
    assertThat(
            ExitStatus.end(
                    "unexpected status",
                    List.of("ERROR: can't acquire lock '/var/run/vzdump.lock' - got timeout"))
                .status())
        .isEqualTo("can't acquire lock '/var/run/vzdump.lock' - got timeout");
  }

  @Test
  void hungTask_isGivenUpAfterTheTimeout_andGoesOn() throws Exception {
    try (PveLab lab = PveLab.fast()) {
      Pve pve = lab.client();
      lab.lab().faults().armTask("qmstart", "1033", 1, new TaskFault.Hang());
      Upid task = start(pve, "pve03", 1033);
      assertThatThrownBy(() -> pve.tasks().await(task, Duration.ofMillis(300), _ -> {}))
          .isInstanceOf(TimeoutException.class)
          .hasMessageContaining("it goes on");
    }
  }

  @Test
  void nodeAway_isWaitedFor_andSaid() throws Exception {
    try (PveLab lab = PveLab.of(LabConfig.isolated().withSpeed(20))) {
      Pve pve = lab.client();
      ConcurrentLinkedQueue<String> remarks = new ConcurrentLinkedQueue<>();
      lab.lab()
          .faults()
          .arm(
              Matcher.always("GET", "/nodes/pve03/tasks").times(6),
              new Fault.Status(595, "No route to host"));
      Upid task = start(pve, "pve03", 1033);
      Tasks.End end = pve.tasks().await(task, LONG, remarks::add);
      assertThat(end.outcome()).isEqualTo(Tasks.Outcome.OK);
      assertThat(remarks)
          .contains(
              "node pve03 is away (595 No route to host), still waiting", "node pve03 is back");
    }
  }

  @Test
  void nodeThatWentDown_endsTheTask_whenItIsBack() throws Exception {
    try (PveLab lab = PveLab.of(LabConfig.isolated().withSpeed(20));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Pve pve = lab.client();
      lab.lab().faults().armTask("qmstart", "1033", 1, new TaskFault.Hang());
      Upid task = start(pve, "pve03", 1033);
      ConcurrentLinkedQueue<String> remarks = new ConcurrentLinkedQueue<>();
      Future<Tasks.End> end = threads.submit(() -> pve.tasks().await(task, LONG, remarks::add));
      lab.lab().nodeDown("pve03");
      await()
          .until(() -> remarks.stream().anyMatch(remark -> remark.contains("node pve03 is away")));
      lab.lab().nodeUp("pve03");
      assertThat(end.get().status()).startsWith("unexpected status");
    }
  }

  @Test
  void progress_isReadFromTheLastLineThatTellsIt() {
    assertThat(NodeTasks.percent(List.of("transferred 512.0 MiB of 10.0 GiB (5.00%)", "flushing")))
        .contains("5 %");
    assertThat(
            NodeTasks.percent(List.of("INFO:  45% (4.5 GiB of 10.0 GiB) in 12s, read: 300 MiB/s")))
        .contains("45 %");
    assertThat(NodeTasks.percent(List.of("creating a clone of VM 101 with ID 1051"))).isEmpty();
  }

  /// The promise of the design: two requests a second to each node, however many wait.
  @Test
  void aThousandWaiters_costTwoRequestsInAnInterval() throws Exception {
    Duration interval = Duration.ofMillis(500);
    try (PveLab lab = PveLab.fast();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Pve pve = lab.client();
      lab.lab().faults().armTask("qmstart", "1033", 1, new TaskFault.Hang());
      Upid hung = start(pve, "pve03", 1033);
      lab.lab().ledger().clear();
      try (TaskPoller poller = new TaskPoller(new NodeTasks(pve.caller()), interval)) {
        List<Future<Optional<Tasks.End>>> waiting = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
          waiting.add(threads.submit(() -> orTimeout(poller, hung)));
        }
        for (Future<Optional<Tasks.End>> future : waiting) {
          assertThat(future.get()).isEmpty();
        }
      }
      assertThat(lab.lab().ledger().busiest("pve03", interval)).isBetween(1, 2);
      assertThat(lab.lab().ledger().calls()).hasSizeLessThanOrEqualTo(14);
    }
  }

  /// A burst that ends at once is seen by one look at what has ended, and stays within the limit.
  @Test
  void aBurstOfEnds_staysWithinTheLimit() throws Exception {
    Duration interval = Duration.ofMillis(200);
    try (PveLab lab = PveLab.fast();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Pve pve = lab.client();
      List<Upid> tasks = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        // a stopped VM is stopped again: a task of its own each time
        tasks.add(
            pve.caller()
                .start(PveCall.post("stopping", "nodes", "pve03", "qemu", 1033, "status", "stop"))
                .orElseThrow());
      }
      lab.lab().ledger().clear();
      try (TaskPoller poller = new TaskPoller(new NodeTasks(pve.caller()), interval)) {
        List<Future<Tasks.End>> ends = new ArrayList<>();
        tasks.forEach(task -> ends.add(threads.submit(() -> poller.await(task, LONG, _ -> {}))));
        for (Future<Tasks.End> end : ends) {
          assertThat(end.get().outcome()).isEqualTo(Tasks.Outcome.OK);
        }
      }
      assertThat(lab.lab().ledger().busiest("pve03", interval)).isLessThanOrEqualTo(2);
      assertThat(lab.lab().ledger().calls()).hasSizeLessThan(20);
    }
  }

  /// A list that takes about as long as the interval is due again as soon as it is there; what else
  /// there is to ask has its turn nevertheless.
  @Test
  void aNodeWhoseListIsSlow_isAskedWhatBecameOfATask() throws Exception {
    Duration interval = Duration.ofMillis(50);
    try (PveLab lab = PveLab.fast()) {
      Pve pve = lab.client();
      lab.lab()
          .faults()
          .arm(Matcher.always("GET", "/nodes/pve03/tasks$"), new Fault.Slow(interval));
      lab.lab().faults().armTask("qmstart", "1033", 1, new TaskFault.Fail("QEMU is not there"));
      Upid task = start(pve, "pve03", 1033);
      try (TaskPoller poller = new TaskPoller(new NodeTasks(pve.caller()), interval)) {
        assertThat(poller.await(task, LONG, _ -> {}).status()).isEqualTo("QEMU is not there");
      }
    }
  }

  private static Optional<Tasks.End> orTimeout(TaskPoller poller, Upid task)
      throws InterruptedException {
    try {
      return Optional.of(poller.await(task, Duration.ofSeconds(3), _ -> {}));
    } catch (TimeoutException _) {
      return Optional.empty();
    }
  }
}
