package dev.pvebot.integrations.pve.action;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.integrations.lab.config.LabConfig;
import dev.pvebot.integrations.lab.config.PveVersion;
import dev.pvebot.integrations.lab.faults.Fault;
import dev.pvebot.integrations.lab.faults.Matcher;
import dev.pvebot.integrations.lab.faults.TaskFault;
import dev.pvebot.integrations.pve.Pve;
import dev.pvebot.integrations.pve.PveLab;
import dev.pvebot.integrations.pve.api.PveCall;
import dev.pvebot.runbooks.action.Action;
import dev.pvebot.runbooks.action.ActionFailure;
import dev.pvebot.runbooks.action.Effect;
import dev.pvebot.runbooks.action.Observation;
import dev.pvebot.runbooks.action.Preview;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What single actions promise beyond the contract that all of them keep.
@Execution(ExecutionMode.CONCURRENT)
class ActionsOnTheLabTest {
  private static final Vmid WEB = new Vmid(1031);
  private static final Vmid MANAGED = new Vmid(1032);
  private static final Vmid BUILD = new Vmid(1033);
  private static final Vmid DATABASE = new Vmid(1040);
  private static final Vmid NEW = new Vmid(1051);

  private final PveLab lab = PveLab.fast();
  private final Pve pve = lab.client();

  @AfterEach
  void noDefectsOfTheLab() {
    assertThat(lab.lab().defects()).isEmpty();
    lab.close();
  }

  private <I extends Record> Preview<I> preview(String action, I inputs)
      throws InterruptedException {
    Action<I, Record> found = PveLab.action(pve, action);
    return found.preview(inputs, PveLab.planning(pve));
  }

  private String effect(String action, Record inputs) throws InterruptedException {
    Effect effect = preview(action, inputs).effects().getFirst();
    return effect.kind().sign() + " " + effect.text();
  }

  private ActionFailure refusal(String action, Record inputs) {
    return catchThrowableOfType(ActionFailure.class, () -> preview(action, inputs));
  }

  private <O extends Record> O run(String action, Record inputs) throws InterruptedException {
    return new Drive<Record, O>(pve, action, inputs).finish();
  }

  private static CloneVm.Inputs clone(Vmid vmid, String name) {
    return new CloneVm.Inputs(
        new Vmid(101), vmid, name, Optional.empty(), Optional.empty(), Optional.empty());
  }

  // --- words

  @Test
  void effects_readAsPeopleWouldSayThem() throws Exception {
    assertThat(effect("pve.vm.clone", clone(NEW, "ts01")))
        .isEqualTo("+ VM 1051 ts01 on pve01, 2 cores, 2 GiB, 10 GiB disk, clone of 101 (full)");
    assertThat(effect("pve.vm.configure", ActionContractTest.cores(BUILD, 4)))
        .isEqualTo("~ VM 1033 build01: 4 cores (was 2)");
    assertThat(effect("pve.vm.configure", ActionContractTest.cores(WEB, 4)))
        .isEqualTo("~ VM 1031 web01: 4 cores (was 2) (takes effect at its next start)");
    assertThat(effect("pve.vm.configure", ActionContractTest.cores(BUILD, 2)))
        .isEqualTo("= VM 1033 build01 is configured so already");
    assertThat(effect("pve.vm.resize", new ResizeDisk.Inputs(WEB, Optional.empty(), "+5G")))
        .isEqualTo("~ disk scsi0 of VM 1031 web01: 20 GiB -> 25 GiB");
    assertThat(
            effect(
                "pve.vm.migrate",
                new MigrateVm.Inputs(BUILD, new NodeName("pve01"), Optional.empty())))
        .isEqualTo(
            "~ VM 1033 build01 on pve03 moves to pve01, its local disks are copied (2 disks, 20 GiB"
                + " on local-lvm)");
    assertThat(
            effect(
                "pve.vm.migrate",
                new MigrateVm.Inputs(MANAGED, new NodeName("pve03"), Optional.empty())))
        .isEqualTo("~ VM 1032 web02 on pve02 moves to pve03, running, by the HA manager");
    assertThat(effect("pve.vm.start", new StartVm.Inputs(WEB)))
        .isEqualTo("= VM 1031 web01 on pve01 runs already");
    assertThat(effect("pve.vm.stop", new StopVm.Inputs(WEB)))
        .isEqualTo("~ VM 1031 web01 on pve01 stops hard: its power is cut");
    assertThat(effect("pve.vm.delete", new DeleteVm.Inputs(BUILD, Optional.empty())))
        .isEqualTo("- VM 1033 build01 on pve03, 2 disks, 20 GiB on local-lvm");
    assertThat(
            effect(
                "pve.vm.tag",
                new VmTags.Inputs(
                    WEB,
                    Optional.of(List.of("Blue")),
                    Optional.of(List.of("web")),
                    Optional.empty())))
        .isEqualTo("~ VM 1031 web01: tags blue (+blue -web)");
    assertThat(
            effect(
                "pve.snapshot.rollback",
                new RollbackSnapshot.Inputs(WEB, "before-upgrade", Optional.of(true))))
        .isEqualTo(
            "- what VM 1031 web01 on pve01 wrote since snapshot before-upgrade; it is stopped for"
                + " it and started afterwards");
    assertThat(
            effect(
                "pve.backup.create",
                new CreateBackup.Inputs(
                    WEB, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty())))
        .isEqualTo("+ backup of VM 1031 web01 on pve01 to pbs");
  }

  @Test
  void refusals_sayWhatAndWhatNow() {
    assertThat(refusal("pve.vm.clone", clone(WEB, "x")).what())
        .isEqualTo("VMID 1031 is taken: VM 1031 web01 on pve01");
    assertThat(refusal("pve.vm.clone", clone(NEW, "not a name")).now().orElseThrow())
        .contains("web-01");
    assertThat(refusal("pve.vm.delete", new DeleteVm.Inputs(WEB, Optional.empty())).what())
        .isEqualTo("VM 1031 web01 on pve01 runs; only a stopped VM is destroyed");
    assertThat(refusal("pve.vm.delete", new DeleteVm.Inputs(DATABASE, Optional.empty())).what())
        .contains("is protected (tag protected)");
    assertThat(refusal("pve.vm.resize", new ResizeDisk.Inputs(WEB, Optional.empty(), "10G")).what())
        .contains("scsi0 of VM 1031 web01 is 20 GiB; shrinking it to 10 GiB");
    assertThat(refusal("pve.vm.start", new StartVm.Inputs(new Vmid(101))).now())
        .contains("clone it, and take the clone");
    assertThat(refusal("pve.vm.start", new StartVm.Inputs(new Vmid(1091))).what())
        .contains("is a container");
    assertThat(refusal("pve.vm.start", new StartVm.Inputs(new Vmid(4711))).what())
        .isEqualTo("VM 4711 does not exist");
    assertThat(refusal("pve.snapshot.delete", new DeleteSnapshot.Inputs(WEB, "nope")).now())
        .contains("it has before-upgrade");
    assertThat(
            refusal(
                    "pve.vm.migrate",
                    new MigrateVm.Inputs(WEB, new NodeName("pve09"), Optional.empty()))
                .what())
        .isEqualTo("there is no node pve09");
  }

  @Test
  void lockedVm_saysWhichLock_whatItMeans_andWhatToDo() {
    lab.lab().cluster().lockGuest(1033, "backup");
    ActionFailure refused = refusal("pve.vm.start", new StartVm.Inputs(BUILD));
    assertThat(refused.what()).isEqualTo("VM 1033 build01 on pve03 is locked (backup)");
    assertThat(refused.why()).contains("a backup of it is running");
    assertThat(refused.now().orElseThrow())
        .contains("wait for the backup to end")
        .contains("qm unlock");
  }

  @Test
  void lockThatComesLater_isWaitedFor_beforeTheCall() throws Exception {
    Drive<Record, Record> drive = new Drive<>(pve, "pve.vm.start", new StartVm.Inputs(BUILD));
    drive.prepare();
    lab.lab().cluster().lockGuest(1033, "backup");
    Action<Record, Record> start = PveLab.action(pve, "pve.vm.start");
    assertThatThrownBy(() ->
            start.run(
                new StartVm.Inputs(BUILD),
                new dev.pvebot.runbooks.action.Intent(
                    42, "s", java.time.Instant.now(), java.util.Map.of(), Optional.empty()),
                drive.context()))
        .isInstanceOfSatisfying(
            ActionFailure.class,
            failure -> assertThat(failure.kind()).isEqualTo(ActionFailure.Kind.RETRYABLE));
    assertThat(drive.calls).hasValue(0);
    lab.lab().cluster().unlockGuest(1033);
    drive.finish();
    assertThat(lab.lab().ledger().effects("started", 1033)).hasSize(1);
  }

  // --- clone

  @Test
  void clonesSideBySide_areNotTakenForOneAnother() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<CloneVm.Output>> clones =
          java.util.stream.IntStream.range(0, 2)
              .mapToObj(i ->
                  threads.submit(() ->
                      this.<CloneVm.Output>run(
                          "pve.vm.clone", clone(new Vmid(1051 + i), "ts0" + i))))
              .toList();
      for (int i = 0; i < 2; i++) {
        CloneVm.Output output = clones.get(i).get();
        assertThat(output.vmid()).isEqualTo(new Vmid(1051 + i));
        assertThat(output.uuid()).contains(lab.lab().guest(1051 + i).orElseThrow().uuid());
        assertThat(lab.lab().ledger().effects("cloned", 1051 + i)).hasSize(1);
      }
    }
  }

  @Test
  void vmOfSomebodyElse_underTheVmid_isForeign() throws Exception {
    Drive<CloneVm.Inputs, CloneVm.Output> drive =
        new Drive<>(pve, "pve.vm.clone", clone(NEW, "ts01"));
    drive.prepare();
    pve.tasks()
        .await(
            pve.caller()
                .start(
                    PveCall.post("cloning by hand", "nodes", "pve01", "qemu", 102, "clone")
                        .with("newid", NEW)
                        .with("full", true))
                .orElseThrow(),
            java.time.Duration.ofSeconds(20),
            _ -> {});
    assertThat(drive.observe()).isInstanceOf(Observation.Foreign.class);
  }

  @Test
  void copyOfOurMark_onAnotherVm_doesNotCount() throws Exception {
    this.<CloneVm.Output>run("pve.vm.clone", clone(NEW, "ts01"));
    Drive<CloneVm.Inputs, CloneVm.Output> drive =
        new Drive<>(
            pve,
            "pve.vm.clone",
            new CloneVm.Inputs(
                NEW, new Vmid(1052), "ts02", Optional.empty(), Optional.empty(), Optional.empty()));
    drive.prepare();
    pve.tasks()
        .await(
            pve.caller()
                .start(
                    PveCall.post("cloning by hand", "nodes", "pve01", "qemu", NEW, "clone")
                        .with("newid", 1052)
                        .with("full", true))
                .orElseThrow(),
            java.time.Duration.ofSeconds(20),
            _ -> {});
    assertThat(lab.lab().guest(1052).orElseThrow().config().get("description"))
        .contains("operation 42, VM 1051");
    assertThat(drive.observe()).isInstanceOf(Observation.Foreign.class);
  }

  // --- configure

  @Test
  void description_keepsOurMark_andTheNetworkCardKeepsItsRest() throws Exception {
    this.<CloneVm.Output>run("pve.vm.clone", clone(NEW, "ts01"));
    ConfigureVm.Inputs inputs =
        new ConfigureVm.Inputs(
            NEW,
            Optional.of(4),
            Optional.of(8192),
            Optional.of(List.of("Staging", "talos")),
            Optional.of("bc:24:11:00:00:51"),
            Optional.of("vmbr1"),
            Optional.of("127.10.0.51/24"),
            Optional.of("127.10.0.1"),
            Optional.of(List.of("127.10.0.2", "127.10.0.3")),
            Optional.of("ts01-new"),
            Optional.of("first of three"),
            Optional.of(true),
            Optional.of(false));
    ConfigureVm.Output output = run("pve.vm.configure", inputs);
    assertThat(output.digest()).hasSize(40);
    assertThat(lab.lab().guest(1051).orElseThrow().config())
        .containsEntry("cores", "4")
        .containsEntry("memory", "8192")
        .containsEntry("tags", "staging;talos")
        .containsEntry("name", "ts01-new")
        .containsEntry("ipconfig0", "ip=127.10.0.51/24,gw=127.10.0.1")
        .containsEntry("description", "first of three\npvebot: operation 42, VM 1051")
        .containsEntry("onboot", "1");
    assertThat(lab.lab().guest(1051).orElseThrow().config().get("net0"))
        .contains("virtio=BC:24:11:00:00:51")
        .contains("bridge=vmbr1");
    assertThat(effect("pve.vm.configure", inputs)).startsWith("= ");
  }

  // --- resize

  @Test
  void relativeSize_growsTheDiskOnce_howeverOftenItIsRun() throws Exception {
    Preview<ResizeDisk.Inputs> preview =
        preview("pve.vm.resize", new ResizeDisk.Inputs(WEB, Optional.empty(), "+5G"));
    assertThat(preview.pinned()).isEqualTo(new ResizeDisk.Inputs(WEB, Optional.of("scsi0"), "25G"));
    this.<ResizeDisk.Output>run("pve.vm.resize", preview.pinned());
    ResizeDisk.Output again = run("pve.vm.resize", preview.pinned());
    assertThat(again.sizeBytes()).isEqualTo(25L << 30);
    assertThat(lab.lab().ledger().effects("resized", 1031)).hasSize(1);
  }

  // --- migrate

  @Test
  void haManagedVm_isThere_onlyWhenTheManagerHasMovedIt() throws Exception {
    MigrateVm.Output output =
        run(
            "pve.vm.migrate",
            new MigrateVm.Inputs(MANAGED, new NodeName("pve03"), Optional.empty()));
    assertThat(output.node()).isEqualTo(new NodeName("pve03"));
    assertThat(lab.lab().guest(1032).orElseThrow().node()).isEqualTo("pve03");
    assertThat(lab.lab().ledger().effects("migrated", 1032)).hasSize(1);
  }

  @Test
  void runningVmWithLocalDisks_movesWithThem() throws Exception {
    this.<MigrateVm.Output>run(
        "pve.vm.migrate", new MigrateVm.Inputs(WEB, new NodeName("pve02"), Optional.empty()));
    assertThat(lab.lab().guest(1031).orElseThrow().node()).isEqualTo("pve02");
    assertThat(lab.lab().guest(1031).orElseThrow().running()).isTrue();
  }

  @Test
  void vmThatMoved_isFoundWhereItIs() throws Exception {
    Drive<Record, Record> drive = new Drive<>(pve, "pve.vm.start", new StartVm.Inputs(BUILD));
    drive.prepare();
    this.<MigrateVm.Output>run(
        "pve.vm.migrate", new MigrateVm.Inputs(BUILD, new NodeName("pve02"), Optional.empty()));
    drive.finish();
    assertThat(lab.lab().guest(1033).orElseThrow().running()).isTrue();
  }

  // --- power

  @Test
  void haManagedVm_isStoppedAndStarted_byTheManager() throws Exception {
    this.<ShutdownVm.Output>run(
        "pve.vm.shutdown", new ShutdownVm.Inputs(MANAGED, Optional.of(30), Optional.empty()));
    assertThat(lab.lab().guest(1032).orElseThrow().running()).isFalse();
    this.<StartVm.Output>run("pve.vm.start", new StartVm.Inputs(MANAGED));
    assertThat(lab.lab().guest(1032).orElseThrow().running()).isTrue();
  }

  @Test
  void reboot_isDone_onlyWhenAnotherQemuRuns() throws Exception {
    long before = pve.guests().state(WEB).orElseThrow().pid().orElseThrow();
    this.<RebootVm.Output>run("pve.vm.reboot", new RebootVm.Inputs(WEB, Optional.empty()));
    assertThat(pve.guests().state(WEB).orElseThrow().pid().orElseThrow()).isNotEqualTo(before);
    assertThat(pve.guests().state(WEB).orElseThrow().running()).isTrue();
  }

  // --- delete

  @Test
  void anotherVmUnderThePlannedVmid_isNotDestroyed() throws Exception {
    DeleteVm.Inputs planned =
        preview("pve.vm.delete", new DeleteVm.Inputs(BUILD, Optional.empty())).pinned();
    DeleteVm.Inputs other =
        new DeleteVm.Inputs(planned.vm(), Optional.of("00000000-0000-4000-8000-000000000000"));
    Action<DeleteVm.Inputs, Record> delete = PveLab.action(pve, "pve.vm.delete");
    assertThatThrownBy(() ->
            delete.prepare(other, new Drive<Record, Record>(pve, "pve.vm.delete", other).context()))
        .isInstanceOf(ActionFailure.class)
        .hasMessageContaining("is not the VM that the plan was made for");
    assertThat(lab.lab().guest(1033)).isPresent();
  }

  @Test
  void ghost_thatItsTaskLeavesBehind_isNotTakenForGone() throws Exception {
    lab.lab().faults().armTask("qmdestroy", "1033", 1, new TaskFault.Ghost());
    Drive<DeleteVm.Inputs, DeleteVm.Output> drive =
        new Drive<>(pve, "pve.vm.delete", new DeleteVm.Inputs(BUILD, Optional.empty()));
    drive.prepare();
    drive.callAndDie();
    org.awaitility.Awaitility.await()
        .until(() ->
            lab.lab().cluster().tasks().stream()
                .anyMatch(
                    task -> task.type().equals("qmdestroy") && task.exitStatus().isPresent()));
    assertThat(drive.observe()).isInstanceOf(Observation.Running.class);
    assertThat(lab.lab().guest(1033)).isPresent();
  }

  @Test
  void filteredLists_areNotTakenForAbsence() throws Exception {
    Drive<DeleteVm.Inputs, DeleteVm.Output> drive =
        new Drive<>(pve, "pve.vm.delete", new DeleteVm.Inputs(BUILD, Optional.empty()));
    drive.prepare();
    lab.lab()
        .faults()
        .arm(
            Matcher.always("GET", "/cluster/resources|/nodes/[^/]+/qemu$"),
            new Fault.WithoutRights());
    assertThat(drive.observe()).isNotInstanceOf(Observation.Done.class);
    lab.lab().faults().arm(Matcher.always("GET", "/access/permissions"), new Fault.WithoutRights());
    assertThat(drive.observe()).isNotInstanceOf(Observation.Done.class);
  }

  @Test
  void gone_isDone_whenTheVmidIsFreeEverywhere() throws Exception {
    Drive<VmGone.Inputs, VmGone.Output> gone =
        new Drive<>(pve, "pve.vm.gone", new VmGone.Inputs(BUILD));
    gone.prepare();
    assertThat(gone.observe()).isInstanceOf(Observation.NotDone.class);
    this.<DeleteVm.Output>run("pve.vm.delete", new DeleteVm.Inputs(BUILD, Optional.empty()));
    assertThat(gone.observe()).isInstanceOf(Observation.Done.class);
  }

  // --- tags, snapshots, backups

  @Test
  void tags_arePinnedAsTheFullNewList_andShowInTheFleetThatFollows() throws Exception {
    Preview<VmTags.Inputs> preview =
        preview(
            "pve.vm.tag",
            new VmTags.Inputs(
                DATABASE, Optional.empty(), Optional.of(List.of("protected")), Optional.empty()));
    assertThat(preview.pinned().tags()).contains(List.of("db"));
    assertThat(preview.after().guest(DATABASE).orElseThrow().tags()).containsExactly("db");
    VmTags.Output output = run("pve.vm.tag", preview.pinned());
    assertThat(output.tags()).containsExactly("db");
  }

  @Test
  void snapshotOfSomebodyElse_withTheSameName_isForeign() throws Exception {
    Drive<Record, Record> drive =
        new Drive<>(
            pve,
            "pve.snapshot.create",
            new CreateSnapshot.Inputs(WEB, "pre-os", Optional.empty(), Optional.empty()));
    drive.prepare();
    pve.tasks()
        .await(
            pve.caller()
                .start(
                    PveCall.post("by hand", "nodes", "pve01", "qemu", WEB, "snapshot")
                        .with("snapname", "pre-os"))
                .orElseThrow(),
            java.time.Duration.ofSeconds(20),
            _ -> {});
    assertThat(drive.observe()).isInstanceOf(Observation.Foreign.class);
  }

  @Test
  void backup_isFoundByItsMark_withItsNotesAsTheyWereWritten() throws Exception {
    CreateBackup.Output output =
        run(
            "pve.backup.create",
            new CreateBackup.Inputs(
                WEB,
                Optional.of("pbs"),
                Optional.empty(),
                Optional.of("before {{the}} move"),
                Optional.empty()));
    assertThat(output.volid()).startsWith("pbs:backup/vm/1031/");
    assertThat(output.sizeBytes()).isPositive();
  }

  // --- access

  @Test
  void missingPrivilege_namesItself_itsPath_andTheAct() throws Exception {
    Pve weak = lab.client("readonly");
    Action<Record, Record> start = PveLab.action(weak, "pve.vm.start");
    Drive<Record, Record> drive = new Drive<>(weak, "pve.vm.start", new StartVm.Inputs(BUILD));
    drive.prepare();
    ActionFailure failure =
        catchThrowableOfType(
            ActionFailure.class,
            () ->
                start.run(
                    new StartVm.Inputs(BUILD),
                    new dev.pvebot.runbooks.action.Intent(
                        42, "s", java.time.Instant.now(), java.util.Map.of(), Optional.empty()),
                    drive.context()));
    assertThat(failure.kind()).isEqualTo(ActionFailure.Kind.REFUSED);
    assertThat(failure.what())
        .startsWith("starting VM 1033 on pve03: Permission check failed (/vms/1033, VM.PowerMgmt)");
    assertThat(failure.why()).contains("the token lacks VM.PowerMgmt on /vms/1033");
  }

  @Test
  void nodeOfTheVm_down_canBeTriedLater_andIsNamed() throws Exception {
    Drive<Record, Record> drive = new Drive<>(pve, "pve.vm.start", new StartVm.Inputs(BUILD));
    lab.lab().nodeDown("pve03");
    ActionFailure failure = catchThrowableOfType(ActionFailure.class, drive::prepare);
    assertThat(failure.kind()).isEqualTo(ActionFailure.Kind.RETRYABLE);
    assertThat(failure.what()).contains("pve03");
  }

  @ParameterizedTest
  @EnumSource(PveVersion.class)
  void wholeLifeOfAVm_worksOnEachRelease(PveVersion version) throws Exception {
    try (PveLab own = PveLab.of(LabConfig.isolated().withSpeed(150).withVersion(version))) {
      Pve client = own.client();
      new Drive<Record, Record>(client, "pve.vm.clone", clone(NEW, "w1")).finish();
      new Drive<Record, Record>(client, "pve.vm.configure", ActionContractTest.cores(NEW, 1))
          .finish();
      new Drive<Record, Record>(
              client, "pve.vm.resize", new ResizeDisk.Inputs(NEW, Optional.of("scsi0"), "12G"))
          .finish();
      new Drive<Record, Record>(
              client,
              "pve.vm.migrate",
              new MigrateVm.Inputs(NEW, new NodeName("pve02"), Optional.empty()))
          .finish();
      new Drive<Record, Record>(client, "pve.vm.start", new StartVm.Inputs(NEW)).finish();
      new Drive<Record, Record>(client, "pve.vm.stop", new StopVm.Inputs(NEW)).finish();
      new Drive<Record, Record>(client, "pve.vm.delete", new DeleteVm.Inputs(NEW, Optional.empty()))
          .finish();
      Fleet after = client.fleet().fresh();
      assertThat(after.guest(NEW)).isEmpty();
      assertThat(own.lab().defects()).isEmpty();
    }
  }

  // --- what is kept, and what is left over

  private String newestBackup(Vmid vmid) throws InterruptedException {
    return pve.keepsakes().backups(vmid, pve.fleet().fresh()).getFirst().volid();
  }

  private RestoreBackup.Inputs restore(Vmid to) throws InterruptedException {
    return new RestoreBackup.Inputs(
        to, WEB, newestBackup(WEB), Optional.empty(), Optional.empty(), Optional.empty());
  }

  @Test
  void restoreToAnotherVmid_isAMachineOfItsOwn_withOurMark() throws Exception {
    run("pve.backup.restore", restore(NEW));
    var original = lab.lab().guest(WEB.value()).orElseThrow();
    var copy = lab.lab().guest(NEW.value()).orElseThrow();
    assertThat(copy.uuid()).isNotEmpty().isNotEqualTo(original.uuid());
    assertThat(copy.config().get("net0")).isNotEqualTo(original.config().get("net0"));
    assertThat(copy.config().get("description")).contains("pvebot: operation 42, VM 1051");
    assertThat(copy.running()).isFalse();
    assertThat(original.running()).isTrue();
  }

  @Test
  void restoreOfALostVm_isTheMachineThatItWas() throws Exception {
    String uuid = lab.lab().guest(WEB.value()).orElseThrow().uuid();
    run("pve.vm.stop", new StopVm.Inputs(WEB));
    run("pve.vm.delete", new DeleteVm.Inputs(WEB, Optional.empty()));
    run("pve.backup.restore", restore(WEB));
    assertThat(lab.lab().guest(WEB.value()).orElseThrow().uuid()).isEqualTo(uuid);
  }

  @Test
  void lock_isNotProvenStale_whileATaskOfTheVmRuns_orANodeIsAway() throws Exception {
    lab.lab().faults().armTask("qmstart", "1033", 1, new TaskFault.Hang());
    Drive<Record, Record> start = new Drive<>(pve, "pve.vm.start", new StartVm.Inputs(BUILD));
    start.prepare();
    start.callAndDie();
    lab.lab().cluster().lockGuest(BUILD.value(), "backup");
    assertThat(refusal("pve.vm.quiet", new VmQuiet.Inputs(BUILD)).what())
        .contains("VM 1033 build01 on pve03 is not to be unlocked")
        .contains("task qmstart of 1033 runs on pve03");
    assertThat(preview("pve.vm.quiet", new VmQuiet.Inputs(WEB)).effects()).isEmpty();
    lab.lab().nodeDown("pve02");
    assertThat(refusal("pve.vm.quiet", new VmQuiet.Inputs(WEB)).what())
        .contains("node pve02 is away");
  }

  @Test
  void taskThatMayWorkForAnother_keepsALockFromBeingProvenStale() throws Exception {
    lab.lab().faults().armTask("qmclone", "101", 1, new TaskFault.Hang());
    Drive<Record, Record> clone = new Drive<>(pve, "pve.vm.clone", clone(NEW, "ts01"));
    clone.prepare();
    clone.callAndDie();
    assertThat(refusal("pve.vm.quiet", new VmQuiet.Inputs(BUILD)).what())
        .contains("task qmclone of 101 runs");
  }

  @Test
  void diskInUse_andBackupThatPveProtects_areRefused() throws Exception {
    assertThat(
            refusal("pve.disk.delete", new DeleteDisk.Inputs(BUILD, "scsi0", Optional.empty()))
                .what())
        .contains("only an unused disk is deleted");
    CreateBackup.Output made =
        run(
            "pve.backup.create",
            new CreateBackup.Inputs(
                WEB, Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(true)));
    assertThat(
            refusal(
                    "pve.backup.delete",
                    new DeleteBackup.Inputs(WEB, made.volid(), new NodeName("pve01")))
                .what())
        .contains("is protected");
  }
}
