package dev.pvebot.integrations.pve.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.fleet.GuestDetail;
import dev.pvebot.integrations.lab.config.LabConfig;
import dev.pvebot.integrations.lab.config.NodeSpec;
import dev.pvebot.integrations.lab.config.PveVersion;
import dev.pvebot.integrations.lab.faults.Fault;
import dev.pvebot.integrations.lab.faults.Matcher;
import dev.pvebot.integrations.pve.Pve;
import dev.pvebot.integrations.pve.PveLab;
import dev.pvebot.integrations.pve.api.PveFailure;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Execution(ExecutionMode.CONCURRENT)
class FleetOnTheLabTest {
  @ParameterizedTest
  @EnumSource(PveVersion.class)
  void wholeFleet_isRead_onEachRelease(PveVersion version) throws Exception {
    try (PveLab lab = PveLab.of(LabConfig.isolated().withVersion(version))) {
      Fleet fleet = lab.client().fleet().fresh();
      assertThat(fleet.version()).startsWith(version == PveVersion.V8_4 ? "8.4" : "9.1");
      assertThat(fleet.completeView()).isTrue();
      assertThat(fleet.quorate()).isTrue();
      assertThat(fleet.nodes())
          .extracting(node -> node.name().value())
          .containsExactly("pve01", "pve02", "pve03");
      assertThat(fleet.nodes()).allMatch(node -> node.online() && node.memoryBytes() > 1L << 30);
      Fleet.Guest web = fleet.guest(new Vmid(1031)).orElseThrow();
      assertThat(web.name()).isEqualTo("web01");
      assertThat(web.isRunning()).isTrue();
      assertThat(web.tags()).containsExactly("web");
      assertThat(web.memoryBytes()).isEqualTo(4096L << 20);
      assertThat(fleet.guest(new Vmid(1032)).orElseThrow().haState()).isPresent();
      assertThat(fleet.guest(new Vmid(1091)).orElseThrow().kind()).isEqualTo(Fleet.Kind.CONTAINER);
      assertThat(fleet.templates())
          .extracting(template -> template.vmid().value())
          .containsExactly(101, 102);
      Fleet.Storage lvm = fleet.storage("local-lvm", new NodeName("pve02")).orElseThrow();
      assertThat(lvm.shared()).isFalse();
      assertThat(lvm.content()).isEqualTo(Set.of("images", "rootdir"));
    }
  }

  @Test
  void anotherSite_withOneNode_isReadAsWell() throws Exception {
    try (PveLab lab =
        PveLab.of(
            LabConfig.isolated()
                .withClusterName("mill.example")
                .withNodes(NodeSpec.of("anvil", 21)))) {
      assertThat(lab.client().fleet().fresh().nodes())
          .extracting(node -> node.name().value())
          .containsExactly("anvil");
    }
  }

  @Test
  void tokenWithoutRights_seesNothing_andIsKnownNotToSeeEverything() throws Exception {
    try (PveLab lab = PveLab.fast()) {
      Fleet fleet = lab.client("powerless").fleet().fresh();
      assertThat(fleet.completeView()).isFalse();
      assertThat(fleet.guests()).isEmpty();
      assertThat(new VmidAbsence(lab.client("powerless").caller()).of(new Vmid(4711)))
          .isInstanceOf(VmidAbsence.Verdict.CannotTell.class);
    }
  }

  @Test
  void expiredToken_isSaid_withWhatToDo() throws Exception {
    try (PveLab lab = PveLab.fast()) {
      Pve pve = lab.client("expired");
      assertThatThrownBy(() -> pve.fleet().fresh())
          .isInstanceOfSatisfying(
              PveFailure.class,
              failure -> {
                assertThat(failure.kind()).isEqualTo(PveFailure.Kind.UNAUTHENTICATED);
                assertThat(failure.hint().orElseThrow().why()).contains("expired");
              });
    }
  }

  @Test
  void nodeDown_isOffline_andTheRestIsReadThroughTheOthers() throws Exception {
    try (PveLab lab = PveLab.fast()) {
      Pve pve = lab.client();
      lab.lab().nodeDown("pve01");
      Fleet fleet = pve.fleet().fresh();
      assertThat(fleet.node(new NodeName("pve01")).orElseThrow().online()).isFalse();
      assertThat(fleet.onlineNodes()).hasSize(2);
    }
  }

  @Test
  void filteredList_isNoProofOfAbsence() throws Exception {
    try (PveLab lab = PveLab.fast()) {
      Pve pve = lab.client();
      lab.lab()
          .faults()
          .arm(Matcher.always("GET", "/cluster/resources"), new Fault.WithoutRights());
      assertThat(pve.guests().state(new Vmid(1031))).isEmpty();
      assertThat(new VmidAbsence(pve.caller()).of(new Vmid(1031)))
          .isInstanceOf(VmidAbsence.Verdict.Present.class);
      assertThat(new VmidAbsence(pve.caller()).of(new Vmid(4711)))
          .isInstanceOf(VmidAbsence.Verdict.Absent.class);
    }
  }

  @Test
  void detail_hasIdentityDisksAndSnapshots() throws Exception {
    try (PveLab lab = PveLab.fast()) {
      GuestDetail web = lab.client().guests().detail(new Vmid(1031)).orElseThrow();
      assertThat(web.identity().uuid()).contains(lab.lab().guest(1031).orElseThrow().uuid());
      assertThat(web.identity().mac().orElseThrow()).matches("BC:24:11(:[0-9A-F]{2}){3}");
      assertThat(web.disks())
          .extracting(GuestDetail.Disk::key)
          .containsExactly("efidisk0", "scsi0");
      assertThat(web.disks().getLast().sizeBytes()).isEqualTo(20L << 30);
      assertThat(web.snapshots()).containsExactly("before-upgrade");
      assertThat(web.digest()).matches("[0-9a-f]{40}");
      assertThat(web.protectedByPve()).isFalse();
    }
  }

  @Test
  void address_isTheFixedOne_elseTheAgents() throws Exception {
    try (PveLab lab = PveLab.fast()) {
      assertThat(lab.client().addresses().of(new Vmid(1031)))
          .contains(lab.lab().config().address(131));
      assertThat(lab.client().addresses().of(new Vmid(4711))).isEmpty();
    }
  }
}
