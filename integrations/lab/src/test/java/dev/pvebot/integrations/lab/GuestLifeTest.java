package dev.pvebot.integrations.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pvebot.integrations.lab.config.LabConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The life of a VM on a stepped clock: clone, configure, resize, start, migrate, stop, destroy,
/// with PVE's texts where it refuses.
class GuestLifeTest {
  private static final Duration LONG = Duration.ofMinutes(10);

  private Lab lab;
  private Caller pve;

  @BeforeEach
  void start() {
    lab = Lab.start(LabConfig.isolated().withSteppedClock());
    pve = Caller.of(lab);
  }

  @AfterEach
  void stop() {
    lab.close();
    assertThat(lab.defects()).isEmpty();
  }

  private static String vm(String node, int vmid, String more) {
    return "/nodes/%s/qemu/%d%s".formatted(node, vmid, more);
  }

  private String run(Caller.Answer started) {
    return pve.run(lab, LONG, started);
  }

  private void cloneTo(int vmid, String... more) {
    String[] form = new String[more.length + 4];
    System.arraycopy(new String[] {"newid", "" + vmid, "full", "1"}, 0, form, 0, 4);
    System.arraycopy(more, 0, form, 4, more.length);
    assertThat(run(pve.post(vm("pve01", 101, "/clone"), form))).isEqualTo("OK");
  }

  // --- clone --------------------------------------------------------------------------------

  @Test
  void clone_showsOnlyALock_untilItIsDone_thenACopyWithItsOwnIdentity() {
    Caller.Answer started =
        pve.post(
            vm("pve01", 101, "/clone"),
            "newid",
            "1051",
            "full",
            "1",
            "name",
            "ts01",
            "description",
            "mark 42");
    assertThat(started.text())
        .matches("UPID:pve01:[0-9A-F]{8}:[0-9A-F]{8}:[0-9A-F]{8}:qmclone:101:pvebot@pve!operator:");
    assertThat(pve.get(vm("pve01", 1051, "/config")).map()).containsOnlyKeys("lock", "digest");
    assertThat(pve.put(vm("pve01", 1051, "/config"), "cores", "4").message())
        .isEqualTo("VM is locked (clone)");
    lab.clock().advance(LONG);
    Map<String, Object> copy = pve.get(vm("pve01", 1051, "/config")).map();
    Map<String, Object> template = pve.get(vm("pve01", 101, "/config")).map();
    assertThat(copy.get("name")).isEqualTo("ts01");
    assertThat(copy.get("description")).isEqualTo("mark 42");
    assertThat(copy.get("tags")).isEqualTo(template.get("tags"));
    assertThat(copy.get("smbios1")).isNotEqualTo(template.get("smbios1"));
    assertThat(copy.get("net0")).isNotEqualTo(template.get("net0"));
    assertThat(copy.containsKey("template")).isFalse();
    assertThat((String) copy.get("scsi0")).startsWith("local-lvm:vm-1051-disk-");
    assertThat(lab.ledger().effects("cloned", 1051)).hasSize(1);
  }

  @Test
  void clone_isRefused_withPvesWords() {
    assertThat(pve.post(vm("pve01", 4711, "/clone"), "newid", "300").message())
        .isEqualTo("unable to find configuration file for VM 4711 on node 'pve01'");
    assertThat(pve.post(vm("pve01", 101, "/clone"), "newid", "1031").message())
        .isEqualTo("unable to create VM 1031: config file already exists");
    assertThat(
            pve.post(vm("pve01", 101, "/clone"), "newid", "300", "full", "1", "target", "pve02")
                .message())
        .isEqualTo("can't clone VM to node 'pve02' (VM uses local storage)");
    assertThat(pve.post(vm("pve01", 101, "/clone"), "newid", "300", "target", "pve09").message())
        .isEqualTo("no such cluster node 'pve09'");
    assertThat(pve.post(vm("pve01", 101, "/clone"), "newid", "300", "storage", "nfs").message())
        .isEqualTo("parameter 'storage' not allowed for linked clones");
    assertThat(pve.post(vm("pve03", 1033, "/clone"), "newid", "300", "full", "0").message())
        .isEqualTo(
            "Linked clone feature is not supported for 'local-lvm:vm-1033-disk-1' (efidisk0)");
  }

  @Test
  void cloneToAnIdOfAnotherNode_failsInTheTask() {
    assertThat(run(pve.post(vm("pve01", 101, "/clone"), "newid", "1033", "full", "1")))
        .isEqualTo(
            "close (rename) atomic file '/etc/pve/nodes/pve01/qemu-server/1033.conf' failed: File"
                + " exists");
    assertThat(lab.guest(1033)).get().extracting(g -> g.node()).isEqualTo("pve03");
  }

  @Test
  void aStoppedCloneTask_freesWhatItMade() {
    String upid = pve.post(vm("pve01", 101, "/clone"), "newid", "300", "full", "1").text();
    pve.delete("/nodes/pve01/tasks/" + upid);
    assertThat(pve.exit(upid)).isEqualTo("clone failed: interrupted by signal");
    assertThat(lab.guest(300)).isEmpty();
    assertThat(lab.cluster().volumes("pve01", "local-lvm")).noneMatch(v -> v.contains("-300-"));
  }

  @Test
  void aTemplateWithLinkedClones_cannotBeDestroyed() {
    assertThat(run(pve.post(vm("pve01", 101, "/clone"), "newid", "300"))).isEqualTo("OK");
    assertThat(run(pve.delete(vm("pve01", 101, ""))))
        .startsWith("base volume 'local-lvm:base-101-disk-")
        .endsWith("' is still in use by linked cloned");
  }

  // --- create -------------------------------------------------------------------------------

  @Test
  void create_allocatesDisks_andFillsInWhatPveFillsIn() {
    assertThat(
            run(
                pve.post(
                    "/nodes/pve02/qemu",
                    "vmid",
                    "700",
                    "name",
                    "fresh",
                    "memory",
                    "2048",
                    "scsi0",
                    "local-lvm:32,ssd=1,discard=on",
                    "net0",
                    "virtio,bridge=vmbr0,tag=10",
                    "ide2",
                    "local-lvm:cloudinit",
                    "tags",
                    "B;a,b")))
        .isEqualTo("OK");
    Map<String, Object> config = pve.get(vm("pve02", 700, "/config")).map();
    assertThat(config.get("scsi0")).isEqualTo("local-lvm:vm-700-disk-0,discard=on,size=32G,ssd=1");
    assertThat(config.get("ide2")).isEqualTo("local-lvm:vm-700-cloudinit,media=cdrom");
    assertThat((String) config.get("net0"))
        .matches("virtio=BC:24:11(:[0-9A-F]{2}){3},bridge=vmbr0,tag=10");
    assertThat(config.get("tags")).isEqualTo("a;b");
    assertThat(config.get("boot")).isEqualTo("order=scsi0;net0");
    assertThat(config.get("memory")).isEqualTo("2048");
    assertThat((String) config.get("smbios1")).startsWith("uuid=");
  }

  @Test
  void create_ofAnIdUsedAnywhere_isRefused() {
    assertThat(pve.post("/nodes/pve01/qemu", "vmid", "1033").message())
        .isEqualTo("unable to create VM 1033 - VM 1033 already exists on node 'pve03'");
    assertThat(pve.post("/nodes/pve01/qemu", "vmid", "1091").message())
        .isEqualTo("unable to create VM 1091 - CT 1091 already exists on node 'pve03'");
  }

  @Test
  void nextId_isTheFirstFree_andReservesNothing() {
    assertThat(pve.get("/cluster/nextid").data()).isEqualTo("100");
    assertThat(pve.get("/cluster/nextid").data()).isEqualTo("100");
    assertThat(pve.get("/cluster/nextid?vmid=1031").errors().get("vmid"))
        .isEqualTo("VM 1031 already exists");
  }

  @Test
  void aDownloadedImage_becomesATemplate() {
    assertThat(
            run(
                pve.post(
                    "/nodes/pve01/storage/local/download-url",
                    "url",
                    "https://images.example/talos.qcow2",
                    "filename",
                    "talos.qcow2",
                    "content",
                    "import")))
        .isEqualTo("OK");
    assertThat(
            run(
                pve.post(
                    "/nodes/pve01/qemu",
                    "vmid",
                    "110",
                    "name",
                    "talos-new",
                    "scsi0",
                    "local-lvm:0,import-from=local:import/talos.qcow2")))
        .isEqualTo("OK");
    assertThat(run(pve.post(vm("pve01", 110, "/template")))).isEqualTo("OK");
    assertThat((String) pve.get(vm("pve01", 110, "/config")).map().get("scsi0"))
        .startsWith("local-lvm:base-110-disk-0");
    assertThat(pve.post(vm("pve01", 110, "/template")).message())
        .isEqualTo("you can't convert a template to a template");
    assertThat(run(pve.post(vm("pve01", 110, "/status/start"))))
        .isEqualTo("you can't start a vm if it's a template");
  }

  // --- configuration ------------------------------------------------------------------------

  @Test
  void config_ofARunningVm_waitsForARestart_whereItMust() {
    pve.put(vm("pve01", 1031, "/config"), "cores", "8", "description", "now");
    assertThat(pve.get(vm("pve01", 1031, "/config?current=1")).map().get("cores")).isEqualTo(2L);
    assertThat(pve.get(vm("pve01", 1031, "/config")).map().get("cores")).isEqualTo(8L);
    assertThat(pve.get(vm("pve01", 1031, "/pending")).list())
        .anySatisfy(row -> {
          assertThat(row.get("key")).isEqualTo("cores");
          assertThat(row.get("pending")).isEqualTo(8L);
        });
    assertThat(run(pve.post(vm("pve01", 1031, "/status/reboot")))).isEqualTo("OK");
    assertThat(pve.get(vm("pve01", 1031, "/config?current=1")).map().get("cores")).isEqualTo(8L);
  }

  @Test
  void config_withAnOldDigest_isRefused() {
    String digest = Caller.text(pve.get(vm("pve03", 1033, "/config")).map(), "digest");
    assertThat(pve.put(vm("pve03", 1033, "/config"), "tags", "ci;new", "digest", digest).status())
        .isEqualTo(200);
    assertThat(pve.put(vm("pve03", 1033, "/config"), "tags", "ci", "digest", digest).message())
        .isEqualTo("checksum mismatch (file change by other user?)");
  }

  @Test
  void config_withoutOptions_orWithContradictions_isRefused() {
    assertThat(pve.put(vm("pve03", 1033, "/config")).message()).isEqualTo("no options specified");
    assertThat(
            pve.put(vm("pve03", 1033, "/config"), "delete", "tags", "tags", "a")
                .errors()
                .get("delete"))
        .isEqualTo("you can't use '-tags' and -delete tags' at the same time");
    assertThat(pve.put(vm("pve03", 1033, "/config"), "delete", "bogus").errors().get("delete"))
        .isEqualTo("unknown option 'bogus'");
  }

  @Test
  void aDetachedDisk_staysAsUnused_untilThatIsDeletedToo() {
    pve.put(vm("pve03", 1033, "/config"), "delete", "scsi0");
    Map<String, Object> config = pve.get(vm("pve03", 1033, "/config")).map();
    String volume = (String) config.get("unused0");
    assertThat(volume).startsWith("local-lvm:vm-1033-disk-");
    pve.put(vm("pve03", 1033, "/config"), "delete", "unused0");
    assertThat(lab.cluster().volumes("pve03", "local-lvm")).doesNotContain(volume);
  }

  // --- disks --------------------------------------------------------------------------------

  @Test
  void resize_isATask_thatNeverShrinks() {
    assertThat(run(pve.put(vm("pve03", 1033, "/resize"), "disk", "scsi0", "size", "+5G")))
        .isEqualTo("OK");
    assertThat((String) pve.get(vm("pve03", 1033, "/config")).map().get("scsi0"))
        .contains("size=25G");
    assertThat(run(pve.put(vm("pve03", 1033, "/resize"), "disk", "scsi0", "size", "25G")))
        .isEqualTo("OK");
    assertThat(lab.ledger().effects("resized", 1033)).hasSize(1);
    assertThat(run(pve.put(vm("pve03", 1033, "/resize"), "disk", "scsi0", "size", "10G")))
        .isEqualTo("shrinking disks is not supported");
    assertThat(run(pve.put(vm("pve03", 1033, "/resize"), "disk", "scsi9", "size", "10G")))
        .isEqualTo("disk 'scsi9' does not exist");
    assertThat(run(pve.put(vm("pve01", 1033, "/resize"), "disk", "scsi0", "size", "+1G")))
        .isEqualTo("Configuration file 'nodes/pve01/qemu-server/1033.conf' does not exist");
  }

  @Test
  void moveDisk_leavesTheSourceUnused() {
    assertThat(run(pve.post(vm("pve03", 1033, "/move_disk"), "disk", "scsi0", "storage", "nfs")))
        .isEqualTo("OK");
    Map<String, Object> config = pve.get(vm("pve03", 1033, "/config")).map();
    assertThat((String) config.get("scsi0")).startsWith("nfs:1033/vm-1033-disk-0.qcow2,");
    assertThat((String) config.get("unused0")).startsWith("local-lvm:vm-1033-disk-");
  }

  // --- power --------------------------------------------------------------------------------

  @Test
  void start_stop_andTheirRefusals() {
    assertThat(run(pve.post(vm("pve03", 1033, "/status/start")))).isEqualTo("OK");
    assertThat(run(pve.post(vm("pve03", 1033, "/status/start"))))
        .isEqualTo("VM 1033 already running");
    assertThat(run(pve.post(vm("pve03", 1033, "/status/shutdown")))).isEqualTo("OK");
    assertThat(run(pve.post(vm("pve03", 1033, "/status/stop")))).isEqualTo("OK");
    assertThat(run(pve.post(vm("pve03", 4711, "/status/stop"))))
        .isEqualTo("unable to find configuration file for VM 4711 on node 'pve03'");
    assertThat(pve.post(vm("pve03", 1033, "/status/reset")).message())
        .isEqualTo("VM 1033 not running");
    assertThat(pve.post(vm("pve03", 1033, "/status/reboot")).message())
        .isEqualTo("VM 1033 not running");
    assertThat(lab.ledger().effects().stream().filter(e -> e.vmid() == 1033).map(e -> e.what()))
        .containsExactly("started", "booted", "shut-down");
  }

  @Test
  void shutdown_ofAVmThatHasNotBooted_timesOut_unlessForced() {
    assertThat(pve.run(lab, Duration.ofSeconds(4), pve.post(vm("pve03", 1033, "/status/start"))))
        .isEqualTo("OK");
    lab.clock().advance(Duration.ofSeconds(5));
    assertThat(
            pve.run(
                lab,
                Duration.ofSeconds(12),
                pve.post(vm("pve03", 1033, "/status/shutdown"), "timeout", "5")))
        .isEqualTo("VM quit/powerdown failed - got timeout");
    assertThat(lab.guest(1033).orElseThrow().running()).isTrue();
  }

  @Test
  void stop_whileAShutdownWaits_failsForTheLock_unlessItOverrules() {
    pve.run(lab, Duration.ofSeconds(4), pve.post(vm("pve03", 1033, "/status/start")));
    String shutdown = pve.post(vm("pve03", 1033, "/status/shutdown")).text();
    String stop = pve.post(vm("pve03", 1033, "/status/stop")).text();
    lab.clock().advance(Duration.ofSeconds(11));
    assertThat(pve.exit(stop))
        .isEqualTo("can't lock file '/var/lock/qemu-server/lock-1033.conf' - got timeout");
    assertThat(pve.exit(shutdown)).isEqualTo("running");
    assertThat(run(pve.post(vm("pve03", 1033, "/status/stop"), "overrule-shutdown", "1")))
        .isEqualTo("OK");
    assertThat(pve.exit(shutdown)).isEqualTo("received interrupt");
  }

  @Test
  void reboot_endsBeforeTheVmIsBack() {
    String upid = pve.post(vm("pve01", 1031, "/status/reboot")).text();
    lab.clock().advance(lab.config().durations().shutdown());
    assertThat(pve.exit(upid)).isEqualTo("OK");
    assertThat(lab.guest(1031).orElseThrow().running()).isFalse();
    lab.clock().advance(Duration.ofSeconds(10));
    assertThat(lab.guest(1031).orElseThrow().running()).isTrue();
    assertThat(lab.cluster().tasks().getFirst().user()).isEqualTo("root@pam");
  }

  @Test
  void anHaManagedVm_isStoppedByTheLrm_afterTheTaskHasEnded() {
    String upid = pve.post(vm("pve02", 1032, "/status/stop")).text();
    assertThat(upid).contains(":hastop:1032:");
    assertThat(pve.exit(upid)).isEqualTo("OK");
    assertThat(lab.guest(1032).orElseThrow().running()).isTrue();
    lab.clock().advance(Duration.ofMinutes(1));
    assertThat(lab.guest(1032).orElseThrow().running()).isFalse();
    assertThat(pve.delete(vm("pve02", 1032, "")).message())
        .isEqualTo("unable to remove VM 1032 - used in HA resources and purge parameter not set.");
  }

  // --- migration ----------------------------------------------------------------------------

  @Test
  void migrate_movesTheConfiguration_andTheLocalDisks() {
    assertThat(run(pve.post(vm("pve03", 1033, "/migrate"), "target", "pve02"))).isEqualTo("OK");
    assertThat(pve.get(vm("pve02", 1033, "/config")).status()).isEqualTo(200);
    assertThat(pve.get(vm("pve03", 1033, "/config")).message())
        .isEqualTo("Configuration file 'nodes/pve03/qemu-server/1033.conf' does not exist");
    assertThat(lab.cluster().volumes("pve03", "local-lvm")).noneMatch(v -> v.contains("1033"));
    assertThat(lab.cluster().volumes("pve02", "local-lvm")).anyMatch(v -> v.contains("1033"));
  }

  @Test
  void migrate_ofARunningVm_isRefused_withPvesWords() {
    assertThat(pve.post(vm("pve01", 1031, "/migrate"), "target", "pve01").errors().get("target"))
        .isEqualTo("target is local node.");
    assertThat(pve.post(vm("pve01", 1031, "/migrate"), "target", "pve02").message())
        .isEqualTo("can't migrate running VM without --online");
    Caller.Answer started =
        pve.post(vm("pve01", 1031, "/migrate"), "target", "pve02", "online", "1");
    assertThat(run(started)).isEqualTo("migration aborted");
    assertThat(lab.guest(1031).orElseThrow().node()).isEqualTo("pve01");
    assertThat(lab.guest(1031).orElseThrow().lock()).isEmpty();
    assertThat(
            run(
                pve.post(
                    vm("pve01", 1031, "/migrate"),
                    "target",
                    "pve02",
                    "online",
                    "1",
                    "with-local-disks",
                    "1")))
        .isEqualTo("OK");
    assertThat(lab.guest(1031).orElseThrow().running()).isTrue();
  }

  @Test
  void migrate_toADeadNode_isAborted() {
    lab.nodeDown("pve02");
    assertThat(run(pve.post(vm("pve03", 1033, "/migrate"), "target", "pve02")))
        .isEqualTo("migration aborted");
    assertThat(lab.guest(1033).orElseThrow().node()).isEqualTo("pve03");
  }

  @Test
  void moreMigrationsThanSlots_waitTheirTurn() {
    for (int vmid : List.of(301, 302, 303)) {
      cloneTo(vmid);
    }
    List<String> upids =
        List.of(301, 302, 303).stream()
            .map(vmid -> pve.post(vm("pve01", vmid, "/migrate"), "target", "pve02").text())
            .toList();
    lab.clock().advance(Duration.ofSeconds(30));
    assertThat(upids).extracting(pve::exit).containsExactly("OK", "OK", "running");
    lab.clock().advance(Duration.ofSeconds(30));
    assertThat(pve.exit(upids.getLast())).isEqualTo("OK");
  }

  // --- snapshots, backups, destroy ----------------------------------------------------------

  @Test
  void snapshots_areTaken_listed_rolledBack_deleted() {
    String path = vm("pve03", 1033, "/snapshot");
    assertThat(run(pve.post(path, "snapname", "pre-os", "description", "d"))).isEqualTo("OK");
    assertThat(run(pve.post(path, "snapname", "pre-os")))
        .isEqualTo("snapshot name 'pre-os' already used");
    assertThat(pve.post(path, "snapname", "current").message())
        .isEqualTo("unable to use snapshot name 'current' (reserved name)");
    assertThat(pve.post(path, "snapname", "1x").errors().get("snapname"))
        .isEqualTo("invalid format - invalid configuration ID '1x'\n");
    pve.put(vm("pve03", 1033, "/config"), "cores", "7");
    assertThat(run(pve.post(path + "/pre-os/rollback"))).isEqualTo("OK");
    assertThat(pve.get(vm("pve03", 1033, "/config")).map().get("cores")).isEqualTo(2L);
    assertThat(pve.get(path).list())
        .extracting(row -> row.get("name"))
        .containsExactly("pre-os", "current");
    assertThat(run(pve.delete(path + "/pre-os"))).isEqualTo("OK");
    assertThat(run(pve.delete(path + "/pre-os"))).isEqualTo("snapshot 'pre-os' does not exist");
  }

  @Test
  void aBackup_canBeRestoredAsAnotherVm() {
    assertThat(run(pve.post("/nodes/pve01/vzdump", "vmid", "1031", "storage", "pbs")))
        .isEqualTo("OK");
    String archive =
        Caller.text(
            pve.get("/nodes/pve01/storage/pbs/content?content=backup&vmid=1031").list().getLast(),
            "volid");
    assertThat(archive).startsWith("pbs:backup/vm/1031/20");
    assertThat(run(pve.post("/nodes/pve01/qemu", "vmid", "900", "archive", archive, "unique", "1")))
        .isEqualTo("OK");
    assertThat(lab.guest(900).orElseThrow().name()).isEqualTo("web01");
    assertThat(lab.guest(900).orElseThrow().uuid())
        .isNotEqualTo(lab.guest(1031).orElseThrow().uuid());
    assertThat(pve.post("/nodes/pve02/vzdump", "vmid", "1031", "storage", "pbs").data())
        .isEqualTo("OK");
  }

  @Test
  void aBackupOfALockedVm_failsAsAJob_withTheReasonInTheLog() {
    lab.cluster().lockGuest(1033, "clone");
    Caller.Answer started = pve.post("/nodes/pve03/vzdump", "vmid", "1033", "storage", "pbs");
    assertThat(run(started)).isEqualTo("job errors");
    assertThat(pve.get("/nodes/pve03/tasks/" + started.text() + "/log").list())
        .extracting(row -> row.get("t"))
        .contains("ERROR: Backup of VM 1033 failed - VM is locked (clone)");
  }

  @Test
  void destroy_isRefused_whereItShould_andLeavesNothingWhereItMay() {
    assertThat(pve.delete(vm("pve01", 1031, "")).message())
        .isEqualTo("VM 1031 is running - destroy failed");
    pve.put(vm("pve03", 1033, "/config"), "protection", "1");
    assertThat(pve.delete(vm("pve03", 1033, "")).message())
        .isEqualTo("can't remove VM 1033 - protection mode enabled");
    pve.put(vm("pve03", 1033, "/config"), "protection", "0");
    assertThat(run(pve.delete(vm("pve03", 1033, "?purge=1&destroy-unreferenced-disks=1"))))
        .isEqualTo("OK");
    assertThat(lab.guest(1033)).isEmpty();
    assertThat(lab.cluster().volumes("pve03", "local-lvm")).noneMatch(v -> v.contains("1033"));
    assertThat(lab.ledger().effects("deleted", 1033)).hasSize(1);
  }

  // --- tasks --------------------------------------------------------------------------------

  @Test
  void tasks_areListed_readAndOwned() {
    String upid = pve.post(vm("pve03", 1033, "/status/start")).text();
    assertThat(pve.get("/nodes/pve03/tasks?source=active").list())
        .singleElement()
        .satisfies(row -> assertThat(row.get("status")).isEqualTo("RUNNING"));
    lab.clock().advance(LONG);
    assertThat(pve.get("/nodes/pve03/tasks?source=active").list()).isEmpty();
    assertThat(pve.get("/nodes/pve03/tasks?vmid=1033").list())
        .singleElement()
        .satisfies(row -> assertThat(row.get("tokenid")).isEqualTo("operator"));
    assertThat(pve.get("/nodes/pve03/tasks/" + upid + "/log").list().getLast().get("t"))
        .isEqualTo("TASK OK");
    assertThat(pve.get("/nodes/pve03/tasks/nonsense/status").errors().get("upid"))
        .isEqualTo("unable to parse worker upid");
    String unknown = upid.replace(":qmstart:", ":qmstop:");
    assertThat(pve.get("/nodes/pve03/tasks/" + unknown + "/status").errors().get("upid"))
        .isEqualTo("no such task");
    assertThat(Caller.of(lab, "powerless").get("/nodes/pve03/tasks/" + upid + "/status").status())
        .isEqualTo(403);
    assertThat(Caller.of(lab, "powerless").get("/nodes/pve03/tasks").list()).isEmpty();
  }

  @Test
  void containers_areSeen_startedAndStopped() {
    assertThat(run(pve.post("/nodes/pve01/lxc/1092/status/start"))).isEqualTo("OK");
    assertThat(pve.get("/nodes/pve01/lxc/1092/status/current").map().get("status"))
        .isEqualTo("running");
    assertThat(run(pve.post("/nodes/pve01/lxc/1092/status/stop"))).isEqualTo("OK");
  }
}
