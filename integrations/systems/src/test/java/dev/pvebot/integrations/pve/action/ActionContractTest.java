package dev.pvebot.integrations.pve.action;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.integrations.lab.faults.CrashPoint;
import dev.pvebot.integrations.lab.faults.Fault;
import dev.pvebot.integrations.lab.faults.Faults;
import dev.pvebot.integrations.lab.faults.Matcher;
import dev.pvebot.integrations.lab.faults.TaskFault;
import dev.pvebot.integrations.pve.Pve;
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
  private static final Vmid PROXY = new Vmid(1091);
  private static final Vmid DNS = new Vmid(1092);

  /// Stands for what the lab names: the newest backup of the VM.
  private static final String BACKUP = "(its newest backup)";

  /// Stands for a task that hangs.
  private static final String TASK = "(a task that hangs)";

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
              1031),
          new Subject(
              "pve.ct.start",
              new StartVm.Inputs(DNS),
              "POST",
              "/lxc/1092/status/start$",
              "started",
              1092),
          new Subject(
              "pve.ct.shutdown",
              new ShutdownVm.Inputs(PROXY, Optional.empty(), Optional.empty()),
              "POST",
              "/lxc/1091/status/shutdown$",
              "shut-down",
              1091),
          new Subject(
              "pve.ct.stop",
              new StopVm.Inputs(PROXY),
              "POST",
              "/lxc/1091/status/stop$",
              "stopped",
              1091),
          new Subject(
              "pve.ct.reboot",
              new RebootVm.Inputs(PROXY, Optional.empty()),
              "POST",
              "/lxc/1091/status/reboot$",
              "rebooting",
              1091),
          new Subject(
              "pve.ct.snapshot",
              new CreateSnapshot.Inputs(PROXY, "pre-os", Optional.empty(), Optional.empty()),
              "POST",
              "/lxc/1091/snapshot$",
              "snapshotted",
              1091),
          new Subject(
              "pve.ct.migrate",
              new MigrateVm.Inputs(PROXY, new NodeName("pve02"), Optional.empty()),
              "POST",
              "/lxc/1091/migrate$",
              "migrated",
              1091),
          new Subject(
              "pve.vm.eject",
              new EjectDisc.Inputs(BUILD, List.of("ide2")),
              "PUT",
              "/1033/config$",
              "config",
              1033),
          new Subject(
              "pve.disk.move",
              new MoveDisk.Inputs(BUILD, Optional.empty(), "nfs"),
              "POST",
              "/1033/move_disk$",
              "disk-moved",
              1033),
          new Subject(
              "pve.disk.delete",
              new DeleteDisk.Inputs(BUILD, "unused0", Optional.empty()),
              "PUT",
              "/1033/config$",
              "config",
              1033),
          new Subject(
              "pve.vm.template",
              new ConvertToTemplate.Inputs(BUILD),
              "POST",
              "/1033/template$",
              "template",
              1033),
          new Subject(
              "pve.vm.create",
              new CreateVm.Inputs(
                  new Vmid(150),
                  "debian-template",
                  new NodeName("pve01"),
                  "local-lvm",
                  2,
                  2048,
                  "vmbr0",
                  List.of("template"),
                  Optional.of(10),
                  Optional.empty(),
                  Optional.empty(),
                  Optional.of(true)),
              "POST",
              "/pve01/qemu$",
              "created",
              150),
          new Subject(
              "pve.backup.restore",
              new RestoreBackup.Inputs(
                  new Vmid(1099),
                  WEB,
                  BACKUP,
                  Optional.empty(),
                  Optional.empty(),
                  Optional.of("web01-restored")),
              "POST",
              "/pve01/qemu$",
              "restored",
              1099),
          new Subject(
              "pve.backup.overwrite",
              new OverwriteVm.Inputs(WEB, BACKUP, Optional.empty(), Optional.empty()),
              "POST",
              "/pve01/qemu$",
              "restored",
              1031),
          new Subject(
              "pve.backup.delete",
              new DeleteBackup.Inputs(WEB, BACKUP, new NodeName("pve01")),
              "DELETE",
              "/content/",
              "volume-deleted",
              1031),
          new Subject(
              "pve.iso.delete",
              new DeleteIso.Inputs(
                  "ubuntu-24.04.3-live-server-amd64.iso", Optional.empty(), Optional.empty()),
              "DELETE",
              "/content/",
              "volume-deleted",
              0),
          new Subject(
              "pve.image.download",
              new DownloadImage.Inputs(
                  "https://example.org/debian-13-generic-amd64.qcow2",
                  "import",
                  Optional.empty(),
                  Optional.empty(),
                  Optional.empty(),
                  Optional.empty()),
              "POST",
              "/download-url$",
              "volume-stored",
              0),
          new Subject(
              "pve.task.stop", new StopTask.Inputs(TASK), "DELETE", "/tasks/", "task-stopped", 0));

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

  /// The lab as the subject needs it, and what drives it there. What the inputs cannot know before
  /// the lab runs is filled in.
  private static Drive<Record, Record> onStage(PveLab lab, Subject subject) throws Exception {
    Pve pve = lab.client();
    Record inputs =
        switch (subject.inputs()) {
          case EjectDisc.Inputs eject -> {
            lab.lab().cluster().configure(1033, "ide2", "local:iso/rescue.iso,media=cdrom");
            yield eject;
          }
          case DeleteDisk.Inputs delete -> {
            lab.lab().cluster().configure(1033, "unused0", "local-lvm:vm-1033-disk-9");
            yield delete;
          }
          case RestoreBackup.Inputs restore ->
              new RestoreBackup.Inputs(
                  restore.vm(),
                  restore.source(),
                  newestBackup(pve),
                  restore.storage(),
                  restore.node(),
                  restore.name());
          case OverwriteVm.Inputs overwrite -> {
            new Drive<>(pve, "pve.vm.stop", new StopVm.Inputs(overwrite.vm())).finish();
            yield new OverwriteVm.Inputs(
                overwrite.vm(), newestBackup(pve), overwrite.storage(), overwrite.uuid());
          }
          case DeleteBackup.Inputs delete ->
              new DeleteBackup.Inputs(delete.vm(), newestBackup(pve), delete.node());
          case StopTask.Inputs _ -> {
            lab.lab().faults().armTask("qmstart", "1033", 1, new TaskFault.Hang());
            Drive<Record, Record> start =
                new Drive<>(pve, "pve.vm.start", new StartVm.Inputs(BUILD));
            start.prepare();
            start.callAndDie();
            yield new StopTask.Inputs(lab.lab().cluster().tasks().getFirst().upid());
          }
          case Record same -> same;
        };
    return new Drive<>(pve, subject.action(), inputs);
  }

  private static String newestBackup(Pve pve) throws InterruptedException {
    return pve.keepsakes().backups(WEB, pve.fleet().fresh()).getFirst().volid();
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
      Drive<Record, Record> drive = onStage(lab, subject);
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
      Drive<Record, Record> drive = onStage(lab, subject);
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
      Drive<Record, Record> drive = onStage(lab, subject);
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
      Drive<Record, Record> drive = onStage(lab, subject);
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
