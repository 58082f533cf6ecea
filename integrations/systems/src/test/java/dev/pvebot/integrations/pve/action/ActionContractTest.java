package dev.pvebot.integrations.pve.action;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.integrations.lab.faults.CrashPoint;
import dev.pvebot.integrations.lab.faults.Fault;
import dev.pvebot.integrations.lab.faults.Faults;
import dev.pvebot.integrations.lab.faults.Matcher;
import dev.pvebot.integrations.pve.PveLab;
import dev.pvebot.runbooks.action.Observation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every action, through every death and every broken answer: its effect comes exactly once.
@Execution(ExecutionMode.CONCURRENT)
class ActionContractTest {
  private static final Vmid WEB = new Vmid(1031);
  private static final Vmid BUILD = new Vmid(1033);

  /// @param call the mutating call, found in its path
  /// @param effect as the lab's ledger calls it
  record Subject(
      String action, Record inputs, String method, String call, String effect, int vmid) {
    @Override
    public String toString() {
      return action;
    }
  }

  private static final List<Subject> SUBJECTS =
      List.of(
          new Subject(
              "pve.vm.clone",
              new CloneVm.Inputs(
                  new Vmid(101),
                  new Vmid(1051),
                  "ts01",
                  Optional.empty(),
                  Optional.empty(),
                  Optional.empty()),
              "POST",
              "/qemu/101/clone$",
              "cloned",
              1051),
          new Subject("pve.vm.configure", cores(BUILD, 4), "PUT", "/1033/config$", "config", 1033),
          new Subject(
              "pve.vm.resize",
              new ResizeDisk.Inputs(WEB, Optional.empty(), "+5G"),
              "PUT",
              "/1031/resize$",
              "resized",
              1031),
          new Subject(
              "pve.vm.migrate",
              new MigrateVm.Inputs(BUILD, new NodeName("pve01"), Optional.empty()),
              "POST",
              "/1033/migrate$",
              "migrated",
              1033),
          new Subject(
              "pve.vm.start", new StartVm.Inputs(BUILD), "POST", "/status/start$", "started", 1033),
          new Subject(
              "pve.vm.shutdown",
              new ShutdownVm.Inputs(WEB, Optional.empty(), Optional.empty()),
              "POST",
              "/status/shutdown$",
              "shut-down",
              1031),
          new Subject(
              "pve.vm.stop", new StopVm.Inputs(WEB), "POST", "/status/stop$", "stopped", 1031),
          new Subject(
              "pve.vm.reboot",
              new RebootVm.Inputs(WEB, Optional.empty()),
              "POST",
              "/status/reboot$",
              "rebooting",
              1031),
          new Subject(
              "pve.vm.delete",
              new DeleteVm.Inputs(BUILD, Optional.empty()),
              "DELETE",
              "/qemu/1033$",
              "deleted",
              1033),
          new Subject(
              "pve.vm.tag",
              new VmTags.Inputs(
                  WEB, Optional.of(List.of("Blue")), Optional.empty(), Optional.empty()),
              "PUT",
              "/1031/config$",
              "config",
              1031),
          new Subject(
              "pve.snapshot.create",
              new CreateSnapshot.Inputs(
                  WEB, "pre-os", Optional.of("before the move"), Optional.empty()),
              "POST",
              "/1031/snapshot$",
              "snapshotted",
              1031),
          new Subject(
              "pve.snapshot.rollback",
              new RollbackSnapshot.Inputs(WEB, "before-upgrade", Optional.of(true)),
              "POST",
              "/rollback$",
              "rolled-back",
              1031),
          new Subject(
              "pve.snapshot.delete",
              new DeleteSnapshot.Inputs(WEB, "before-upgrade"),
              "DELETE",
              "/snapshot/before-upgrade$",
              "snapshot-deleted",
              1031),
          new Subject(
              "pve.backup.create",
              new CreateBackup.Inputs(
                  WEB,
                  Optional.empty(),
                  Optional.empty(),
                  Optional.of("before \\n {{move}}; a=b, c"),
                  Optional.of(true)),
              "POST",
              "/vzdump$",
              "backed-up",
              1031));

  static ConfigureVm.Inputs cores(Vmid vm, int cores) {
    return new ConfigureVm.Inputs(
        vm,
        Optional.of(cores),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  static Stream<Subject> subjects() {
    return SUBJECTS.stream();
  }

  static Stream<Object[]> deaths() {
    List<Object[]> all = new ArrayList<>();
    for (Subject subject : SUBJECTS) {
      for (CrashPoint.Moment moment : CrashPoint.Moment.values()) {
        all.add(new Object[] {subject, moment});
      }
    }
    return all.stream();
  }

  static Stream<Object[]> brokenAnswers() {
    List<Fault> faults =
        List.of(
            new Fault.Html(),
            new Fault.HalfJson(true),
            new Fault.HalfJson(false),
            new Fault.Status(500, "Internal Server Error"),
            new Fault.Status(503, "Service Unavailable"),
            new Fault.Status(595, "Connection refused"),
            new Fault.StatusAfterActing(596, "Connection timed out"),
            new Fault.Reset(false),
            new Fault.Reset(true),
            new Fault.Silence(true));
    List<Object[]> all = new ArrayList<>();
    for (Subject subject : SUBJECTS) {
      faults.forEach(fault -> all.add(new Object[] {subject, fault}));
    }
    return all.stream();
  }

  private static void assertHappenedOnce(PveLab lab, Subject subject) {
    assertThat(lab.lab().ledger().effects(subject.effect(), subject.vmid()))
        .as("effects '%s' on %d", subject.effect(), subject.vmid())
        .hasSize(1);
    assertThat(lab.lab().defects()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void undisturbed_happensOnce_andIsSeenAsDone(Subject subject) throws Exception {
    try (PveLab lab = PveLab.fast()) {
      Drive<Record, Record> drive = new Drive<>(lab.client(), subject.action(), subject.inputs());
      drive.prepare();
      assertThat(drive.observe()).isInstanceOf(Observation.NotDone.class);
      drive.finish();
      assertHappenedOnce(lab, subject);
      assertThat(drive.calls).hasValue(1);
      assertThat(drive.observe()).isInstanceOf(Observation.Done.class);
    }
  }

  @ParameterizedTest
  @MethodSource("deaths")
  void deathAtTheCall_successorFinishes_withoutDoingItTwice(
      Subject subject, CrashPoint.Moment moment) throws Exception {
    try (PveLab lab = PveLab.fast()) {
      Drive<Record, Record> drive = new Drive<>(lab.client(), subject.action(), subject.inputs());
      drive.prepare();
      CrashPoint point =
          lab.lab()
              .faults()
              .armCrash(
                  Matcher.once(subject.method(), subject.call()),
                  moment,
                  new Faults.Victim.Callback(() -> {}));
      drive.callAndDie();
      assertThat(point.await(Duration.ofSeconds(10))).isPresent();
      drive.rebornWith(lab.client());
      drive.finish();
      assertHappenedOnce(lab, subject);
      assertThat(drive.calls).hasValue(moment == CrashPoint.Moment.BEFORE_READ ? 2 : 1);
    }
  }

  @ParameterizedTest
  @MethodSource("brokenAnswers")
  void brokenAnswer_isSettledByLooking_notByRepeating(Subject subject, Fault fault)
      throws Exception {
    try (PveLab lab = PveLab.fast()) {
      Drive<Record, Record> drive = new Drive<>(lab.client(), subject.action(), subject.inputs());
      drive.prepare();
      lab.lab().faults().arm(Matcher.once(subject.method(), subject.call()), fault);
      drive.finish();
      assertHappenedOnce(lab, subject);
    }
  }

  /// Every reading call before and after the act is broken once in its turn.
  @ParameterizedTest
  @MethodSource("subjects")
  void brokenReadings_areReadAgain(Subject subject) throws Exception {
    try (PveLab lab = PveLab.fast()) {
      Drive<Record, Record> drive = new Drive<>(lab.client(), subject.action(), subject.inputs());
      drive.prepare();
      lab.lab().faults().arm(Matcher.once("GET", "/cluster/resources").from(2), new Fault.Html());
      lab.lab()
          .faults()
          .arm(Matcher.once("GET", "/cluster/resources").from(3), new Fault.HalfJson(true));
      lab.lab().faults().arm(Matcher.once("GET", "/config"), new Fault.Reset(false));
      lab.lab()
          .faults()
          .arm(Matcher.once("GET", "/tasks"), new Fault.Status(596, "Connection timed out"));
      lab.lab().faults().arm(Matcher.once("GET", "/tasks").from(3), new Fault.Status(500, ""));
      drive.finish();
      assertHappenedOnce(lab, subject);
      assertThat(drive.calls).hasValue(1);
    }
  }
}
