package dev.pvebot.integrations.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pvebot.integrations.lab.config.LabConfig;
import dev.pvebot.integrations.lab.faults.Fault;
import dev.pvebot.integrations.lab.faults.Matcher;
import dev.pvebot.integrations.lab.faults.TaskFault;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultsTest {
  private static final String CLONE = "/nodes/pve01/qemu/101/clone";

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
  }

  private Caller.Answer cloneTo(int vmid) {
    return pve.post(CLONE, "newid", String.valueOf(vmid), "full", "1");
  }

  private long clonesOf(int vmid) {
    return lab.cluster().tasks().stream().filter(t -> t.type().equals("qmclone")).count()
        + lab.ledger().effects("cloned", vmid).size();
  }

  @Test
  void aStatus_meetsTheNthCallOnly_andDoesNotAct() {
    lab.faults()
        .arm(Matcher.once("POST", "/clone$").from(2), new Fault.Status(503, "Service Unavailable"));
    assertThat(cloneTo(301).status()).isEqualTo(200);
    Caller.Answer second = cloneTo(302);
    assertThat(second.status()).isEqualTo(503);
    assertThat(second.reason()).isEqualTo("Service Unavailable");
    assertThat(lab.guest(302)).isEmpty();
    assertThat(cloneTo(302).status()).isEqualTo(200);
  }

  @Test
  void a596_afterActing_leavesTheOutcomeOpen() {
    lab.faults()
        .arm(
            Matcher.once("POST", "/clone$"),
            new Fault.StatusAfterActing(596, "Connection timed out"));
    Caller.Answer answer = cloneTo(301);
    assertThat(answer.status()).isEqualTo(596);
    assertThat(answer.body()).hasToString("NULL");
    assertThat(clonesOf(301)).isEqualTo(1);
  }

  @Test
  void resets_cutTheConnection_withOrWithoutActing() {
    lab.faults().arm(Matcher.once("POST", "/clone$"), new Fault.Reset(false));
    assertThatThrownBy(() -> cloneTo(301)).isInstanceOf(UncheckedIOException.class);
    assertThat(clonesOf(301)).isZero();
    lab.faults().arm(Matcher.once("POST", "/clone$"), new Fault.Reset(true));
    assertThatThrownBy(() -> cloneTo(301)).isInstanceOf(UncheckedIOException.class);
    assertThat(clonesOf(301)).isEqualTo(1);
  }

  @Test
  void halfJson_breaksEitherTheLengthOrTheContent() {
    lab.faults().arm(Matcher.once("GET", "/version$"), new Fault.HalfJson(true));
    assertThatThrownBy(() -> pve.get("/version")).isInstanceOf(RuntimeException.class);
    lab.faults().arm(Matcher.once("GET", "/version$"), new Fault.HalfJson(false));
    assertThatThrownBy(() -> pve.get("/version"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not JSON");
    assertThat(pve.get("/version").status()).isEqualTo(200);
  }

  @Test
  void html_isAnsweredInsteadOfJson() {
    lab.faults().arm(Matcher.once("GET", "/version$"), new Fault.Html());
    assertThat((String) pve.get("/version").body()).startsWith("<!DOCTYPE html>");
  }

  @Test
  void anExpiredToken_andOneWithoutRights_comeAndGo() {
    String id = lab.faults().arm(Matcher.always("", ""), new Fault.Expired());
    assertThat(pve.get("/version").status()).isEqualTo(401);
    lab.faults().disarm(id);
    lab.faults().arm(Matcher.once("GET", "/cluster/resources"), new Fault.WithoutRights());
    assertThat(pve.get("/cluster/resources?type=vm").list()).isEmpty();
    assertThat(pve.get("/cluster/resources?type=vm").list()).isNotEmpty();
    lab.faults().arm(Matcher.once("POST", "/clone$"), new Fault.WithoutRights());
    assertThat(cloneTo(301).reason()).isEqualTo("Permission check failed (/vms/101, VM.Clone)");
  }

  @Test
  void aHangingTask_runsForEver_andIsEndedByStoppingIt() {
    lab.faults().armTask("qmclone", "101", 1, new TaskFault.Hang());
    String upid = cloneTo(301).text();
    lab.clock().advance(Duration.ofHours(5));
    assertThat(pve.exit(upid)).isEqualTo("running");
    assertThat(lab.guest(301).orElseThrow().lock()).contains("clone");
    pve.delete("/nodes/pve01/tasks/" + upid);
    assertThat(pve.exit(upid)).isEqualTo("clone failed: interrupted by signal");
  }

  @Test
  void aFailingTask_undoesWhatItBegan() {
    lab.faults().armTask("qmclone", "", 1, new TaskFault.Fail("clone failed: no space left"));
    assertThat(pve.run(lab, Duration.ofHours(1), cloneTo(301)))
        .isEqualTo("clone failed: no space left");
    assertThat(lab.guest(301)).isEmpty();
  }

  @Test
  void aTaskWithWarnings_hasWorked() {
    lab.faults().armTask("qmclone", "", 1, new TaskFault.Warn(2));
    assertThat(pve.run(lab, Duration.ofHours(1), cloneTo(301))).isEqualTo("WARNINGS: 2");
    assertThat(lab.guest(301)).isPresent();
  }

  @Test
  void aLockedStorage_givesUpAfterTenSeconds() {
    lab.faults().armTask("qmclone", "", 1, new TaskFault.StorageLocked());
    String upid = cloneTo(301).text();
    lab.clock().advance(Duration.ofSeconds(9));
    assertThat(pve.exit(upid)).isEqualTo("running");
    lab.clock().advance(Duration.ofSeconds(1));
    assertThat(pve.exit(upid))
        .isEqualTo("can't lock file '/var/lock/pve-manager/pve-storage-local-lvm' - got timeout");
  }

  @Test
  void moreClonesThanAStorageCarries_giveUpAfterTenSeconds() {
    List<String> upids = List.of(301, 302, 303).stream().map(v -> cloneTo(v).text()).toList();
    lab.clock().advance(Duration.ofSeconds(11));
    assertThat(upids)
        .extracting(pve::exit)
        .containsExactly(
            "running",
            "running",
            "can't lock file '/var/lock/pve-manager/pve-storage-local-lvm' - got timeout");
    lab.clock().advance(Duration.ofMinutes(1));
    assertThat(upids.subList(0, 2)).extracting(pve::exit).containsExactly("OK", "OK");
    assertThat(lab.guest(303)).isEmpty();
  }

  @Test
  void aGhost_isDestroyedByItsTask_andStillThere() {
    lab.faults().armTask("qmdestroy", "1033", 1, new TaskFault.Ghost());
    assertThat(pve.run(lab, Duration.ofHours(1), pve.delete("/nodes/pve03/qemu/1033")))
        .isEqualTo("OK");
    assertThat(lab.guest(1033)).isPresent();
    assertThat(lab.ledger().effects("deleted", 1033)).isEmpty();
  }

  @Test
  void aDeadNode_isRefused_forwardedAs595_andBelievedForFiveMinutes() {
    Caller second = pve.at(lab.endpoint("pve02"));
    String upid = pve.post("/nodes/pve01/qemu/1031/status/reset").text();
    lab.nodeDown("pve01");
    assertThatThrownBy(() -> pve.get("/version")).hasCauseInstanceOf(SocketException.class);
    Caller.Answer forwarded = second.get("/nodes/pve01/qemu");
    assertThat(forwarded.status()).isEqualTo(595);
    assertThat(forwarded.reason()).isEqualTo("No route to host");
    assertThat(status(second, 1031)).isEqualTo("running");
    lab.clock().advance(Duration.ofMinutes(6));
    assertThat(status(second, 1031)).isEqualTo("unknown");
    lab.nodeUp("pve01");
    assertThat(pve.exit(upid)).isEqualTo("unexpected status");
    lab.clock().advance(Duration.ofMinutes(1));
    assertThat(status(pve, 1031)).isEqualTo("running");
  }

  private static String status(Caller caller, int vmid) {
    return Caller.text(
        caller.get("/cluster/resources?type=vm").list().stream()
            .filter(row -> Caller.text(row, "vmid").equals(String.valueOf(vmid)))
            .findFirst()
            .orElseThrow(),
        "status");
  }

  @Test
  void resources_areAsOldAsTheBroadcast() {
    try (Lab slow =
        Lab.start(LabConfig.isolated().withSteppedClock().withBroadcast(Duration.ofSeconds(10)))) {
      Caller caller = Caller.of(slow);
      assertThat(status(caller, 1033)).isEqualTo("stopped");
      slow.clock().advance(Duration.ofSeconds(1));
      assertThat(
              caller.run(
                  slow, Duration.ofSeconds(4), caller.post("/nodes/pve03/qemu/1033/status/start")))
          .isEqualTo("OK");
      assertThat(status(caller, 1033)).isEqualTo("stopped");
      slow.clock().advance(Duration.ofSeconds(6));
      assertThat(status(caller, 1033)).isEqualTo("running");
    }
  }
}
