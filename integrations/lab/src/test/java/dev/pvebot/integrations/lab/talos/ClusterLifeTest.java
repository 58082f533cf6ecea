package dev.pvebot.integrations.lab.talos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import dev.pvebot.integrations.lab.faults.CrashPoint;
import dev.pvebot.integrations.lab.faults.Faults;
import dev.pvebot.integrations.lab.faults.Matcher;
import dev.pvebot.integrations.lab.talos.proto.common.Data;
import dev.pvebot.integrations.lab.talos.proto.machine.BootstrapRequest;
import dev.pvebot.integrations.lab.talos.proto.machine.EtcdMember;
import dev.pvebot.integrations.lab.talos.proto.machine.EtcdMemberListRequest;
import dev.pvebot.integrations.lab.talos.proto.machine.EtcdRecoverResponse;
import dev.pvebot.integrations.lab.talos.proto.machine.EtcdSnapshotRequest;
import dev.pvebot.integrations.lab.talos.proto.machine.MachineServiceGrpc;
import dev.pvebot.integrations.lab.talos.proto.machine.ResetPartitionSpec;
import dev.pvebot.integrations.lab.talos.proto.machine.ResetRequest;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// etcd and Kubernetes over three control planes.
final class ClusterLifeTest {
  @Test
  void bootstrap_bringsThreeMembers_theVipAndReadyNodes() {
    try (TalosSite site = TalosSite.isolated().cluster()) {
      assertThat(site.members(1051))
          .extracting(EtcdMember::getHostname)
          .containsExactlyInAnyOrder("node1051", "node1052", "node1053");
      assertThat(site.test().kubernetes().nodes())
          .containsOnlyKeys("node1051", "node1052", "node1053")
          .doesNotContainValue(false);
      assertThat(site.state(1052).ready()).isTrue();
      assertThat(site.lab.ledger().effects())
          .extracting(effect -> effect.what())
          .contains("vip-taken");
    }
  }

  @Test
  void bootstrap_twice_isRefused_andNothingIsBootstrappedAgain() {
    try (TalosSite site = TalosSite.isolated().cluster()) {
      assertThatThrownBy(() -> site.bootstrap(1051))
          .hasMessage("ALREADY_EXISTS: etcd data directory is not empty");
      assertThat(site.lab.ledger().effects("etcd-bootstrapped", 1051)).hasSize(1);
    }
  }

  @Test
  void bootstrap_onTwoEmptyMachines_splitsTheCluster_andTheLedgerSaysSo() {
    try (TalosSite site = TalosSite.isolated()) {
      site.configured(1051, "controlplane");
      site.configured(1052, "controlplane");

      site.bootstrap(1051);
      site.bootstrap(1052);

      assertThat(site.test().etcdClusters()).isEqualTo(2);
      assertThat(site.lab.ledger().effects("etcd-split", 1052)).hasSize(1);
    }
  }

  @Test
  void withoutQuorum_nothingIsAgreedOn_andKubernetesIsAway() {
    try (TalosSite site = TalosSite.isolated().cluster()) {
      site.stop(1052);
      assertThat(site.members(1051)).hasSize(3);
      site.stop(1053);

      assertThatThrownBy(() -> site.members(1051)).hasMessageContaining("DEADLINE_EXCEEDED");
      assertThat(
              site.admin(1051)
                  .etcdMemberList(EtcdMemberListRequest.newBuilder().setQueryLocal(true).build())
                  .getMessages(0)
                  .getMembersList())
          .hasSize(3);
      assertThat(site.service(1051, "etcd").getHealth().getHealthy()).isFalse();
      site.start(1052);
      site.pass(TalosSite.WHILE);

      assertThat(site.members(1051)).hasSize(3);
    }
  }

  @Test
  void aLostMachine_isNotReady_andTheVipMoves() {
    try (TalosSite site = TalosSite.isolated().cluster()) {
      site.stop(1051);
      site.pass(TalosSite.WHILE);

      assertThat(site.test().kubernetes().nodes())
          .containsEntry("node1051", false)
          .containsEntry("node1052", true);
      assertThat(site.lab.ledger().effects().stream().filter(e -> e.what().equals("vip-taken")))
          .hasSize(2);
    }
  }

  private static byte[] snapshot(TalosSite site, int vmid) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    site.admin(vmid)
        .etcdSnapshot(EtcdSnapshotRequest.getDefaultInstance())
        .forEachRemaining(chunk -> bytes.writeBytes(chunk.getBytes().toByteArray()));
    return bytes.toByteArray();
  }

  private static void recover(TalosSite site, int vmid, byte[] snapshot) throws Exception {
    CompletableFuture<EtcdRecoverResponse> done = new CompletableFuture<>();
    StreamObserver<Data> upload =
        MachineServiceGrpc.newStub(site.secure(site.address(vmid), "os:admin", site.os))
            .etcdRecover(
                new StreamObserver<>() {
                  @Override
                  public void onNext(EtcdRecoverResponse reply) {
                    done.complete(reply);
                  }

                  @Override
                  public void onError(Throwable failure) {
                    done.completeExceptionally(failure);
                  }

                  @Override
                  public void onCompleted() {
                    done.complete(EtcdRecoverResponse.getDefaultInstance());
                  }
                });
    upload.onNext(Data.newBuilder().setBytes(ByteString.copyFrom(snapshot)).build());
    upload.onCompleted();
    done.get(20, TimeUnit.SECONDS);
  }

  private static void wipe(TalosSite site, int vmid) {
    var unused =
        site.admin(vmid)
            .reset(
                ResetRequest.newBuilder()
                    .setReboot(true)
                    .addSystemPartitionsToWipe(
                        ResetPartitionSpec.newBuilder().setLabel("EPHEMERAL").setWipe(true))
                    .build());
  }

  @Test
  void recovery_bringsBackWhatTheSnapshotHeld() throws Exception {
    try (TalosSite site = TalosSite.isolated().cluster()) {
      site.test()
          .kubernetes()
          .create("ConfigMap", "{\"metadata\":{\"name\":\"kept\",\"namespace\":\"default\"}}");
      site.pass(TalosSite.WHILE);
      site.stop(1053);
      site.start(1053);
      site.pass(TalosSite.WHILE);
      byte[] snapshot = snapshot(site, 1051);
      assertThat(snapshot.length % 512).isEqualTo(32);
      for (int vmid = 1051; vmid <= 1053; vmid++) {
        wipe(site, vmid);
      }
      site.pass(TalosSite.WHILE);
      assertThat(site.service(1052, "etcd").getState()).isEqualTo("Preparing");

      recover(site, 1052, snapshot);
      var unused =
          site.admin(1052).bootstrap(BootstrapRequest.newBuilder().setRecoverEtcd(true).build());
      site.pass(TalosSite.WHILE);

      assertThat(site.members(1052)).hasSize(3);
      assertThat(site.test().kubernetes().keys()).containsKey("/registry/configmaps/default/kept");
    }
  }

  @Test
  void recovery_fromAChangedSnapshot_isRefused() throws Exception {
    try (TalosSite site = TalosSite.isolated().cluster()) {
      byte[] snapshot = snapshot(site, 1051);
      snapshot[20_000] ^= 1;
      for (int vmid = 1051; vmid <= 1053; vmid++) {
        wipe(site, vmid);
      }
      site.pass(TalosSite.WHILE);
      recover(site, 1051, snapshot);

      assertThatThrownBy(() ->
              site.admin(1051)
                  .bootstrap(BootstrapRequest.newBuilder().setRecoverEtcd(true).build()))
          .hasMessageContaining("error recovering from the snapshot");
      assertThat(site.service(1051, "etcd").getState()).isEqualTo("Preparing");
    }
  }

  @Test
  void aGracefulReset_leavesEtcd_andComesBackInMaintenance() {
    try (TalosSite site = TalosSite.isolated().cluster()) {
      var unused =
          site.admin(1053)
              .reset(ResetRequest.newBuilder().setGraceful(true).setReboot(true).build());
      site.pass(TalosSite.WHILE);

      assertThat(site.members(1051)).hasSize(2);
      assertThat(site.state(1053).stage()).isEqualTo("maintenance");
    }
  }

  @Test
  void aCrashAfterTheBootstrapActed_isInTheLedger_andTheBootstrapHasHappenedOnce() {
    try (TalosSite site = TalosSite.isolated()) {
      site.configured(1051, "controlplane");
      List<String> struck = new ArrayList<>();
      CrashPoint crash =
          site.lab
              .faults()
              .armCrash(
                  Matcher.once("POST", "MachineService/Bootstrap$"),
                  CrashPoint.Moment.AFTER_ACT,
                  new Faults.Victim.Callback(() -> struck.add("dead")));

      assertThatThrownBy(() -> site.bootstrap(1051)).hasMessageContaining("UNAVAILABLE");

      assertThat(crash.fired()).contains("POST /machine.MachineService/Bootstrap");
      assertThat(struck).containsExactly("dead");
      assertThat(site.lab.ledger().effects("etcd-bootstrapped", 1051)).hasSize(1);
      assertThat(site.lab.ledger().mutations())
          .anySatisfy(call -> {
            assertThat(call.path()).isEqualTo("/machine.MachineService/Bootstrap");
            assertThat(call.user()).isEqualTo("os:admin");
            assertThat(call.node()).isEqualTo("vm1051");
          });
    }
  }

  @Test
  void aCallBeforeItIsRead_hasNoEffect() {
    try (TalosSite site = TalosSite.isolated()) {
      site.configured(1051, "controlplane");
      site.lab
          .faults()
          .armCrash(
              Matcher.once("POST", "MachineService/Bootstrap$"),
              CrashPoint.Moment.BEFORE_READ,
              new Faults.Victim.Callback(() -> {}));

      assertThatThrownBy(() -> site.bootstrap(1051)).hasMessageContaining("UNAVAILABLE");

      assertThat(site.lab.ledger().effects("etcd-bootstrapped", 1051)).isEmpty();
    }
  }

  @Test
  void secretsOfAConfiguration_areNotInTheLedger() {
    try (TalosSite site = TalosSite.isolated()) {
      site.configured(1051, "controlplane");

      assertThat(site.lab.ledger().jsonLines(0)).doesNotContain("abcdef.0123456789abcdef");
      var unused = site.admin(1051).version(Empty.getDefaultInstance());
    }
  }
}
