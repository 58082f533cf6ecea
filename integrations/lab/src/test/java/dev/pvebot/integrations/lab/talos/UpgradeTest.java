package dev.pvebot.integrations.lab.talos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Empty;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pvebot.integrations.lab.faults.MachineFault;
import dev.pvebot.integrations.lab.talos.proto.machine.ApplyConfigurationRequest.Mode;
import dev.pvebot.integrations.lab.talos.proto.machine.Event;
import dev.pvebot.integrations.lab.talos.proto.machine.EventsRequest;
import dev.pvebot.integrations.lab.talos.proto.machine.LifecycleServiceGrpc;
import dev.pvebot.integrations.lab.talos.proto.machine.LifecycleServiceUpgradeRequest;
import dev.pvebot.integrations.lab.talos.proto.machine.LifecycleServiceUpgradeResponse;
import dev.pvebot.integrations.lab.talos.proto.machine.RebootRequest;
import dev.pvebot.integrations.lab.talos.proto.machine.RollbackRequest;
import dev.pvebot.integrations.lab.talos.proto.machine.SequenceEvent;
import dev.pvebot.integrations.lab.talos.proto.machine.UpgradeRequest;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/// Upgrades, reboots, and what goes wrong in them.
final class UpgradeTest {
  private static String installer(String version) {
    return "factory.talos.dev/nocloud-installer/%s:%s".formatted(TalosSite.QEMU_AGENT, version);
  }

  private static void upgrade(TalosSite site, int vmid, String version) {
    var unused =
        site.admin(vmid).upgrade(UpgradeRequest.newBuilder().setImage(installer(version)).build());
  }

  private static String running(TalosSite site, int vmid) {
    return site.admin(vmid)
        .version(Empty.getDefaultInstance())
        .getMessages(0)
        .getVersion()
        .getTag();
  }

  @Test
  void anUpgrade_drainsWritesAndBootsTheOtherSlot_andARollbackGoesBack() {
    try (TalosSite site = TalosSite.isolated().cluster()) {
      upgrade(site, 1053, "v1.12.5");
      assertThat(site.state(1053).stage()).isEqualTo("upgrading");
      site.pass(TalosSite.WHILE);

      assertThat(running(site, 1053)).isEqualTo("v1.12.5");
      assertThat(site.state(1053).ready()).isTrue();
      assertThat(site.members(1051)).hasSize(3);
      assertThat(site.test().kubernetes().isCordoned("node1053")).isFalse();

      var unused = site.admin(1053).rollback(RollbackRequest.getDefaultInstance());
      site.pass(TalosSite.WHILE);

      assertThat(running(site, 1053)).isEqualTo("v1.12.4");
    }
  }

  @Test
  void anUpgrade_isRefused_whenAnotherMemberIsDown() {
    try (TalosSite site = TalosSite.isolated().cluster()) {
      site.stop(1052);

      assertThatThrownBy(() -> upgrade(site, 1053, "v1.12.5"))
          .hasMessageContaining("error validating etcd for upgrade");
      assertThat(site.state(1053).boots()).isEqualTo(1);
    }
  }

  @Test
  void anInstallerThatNobodyBuilds_isRefused() {
    try (TalosSite site = TalosSite.isolated().cluster()) {
      assertThatThrownBy(() -> upgrade(site, 1053, "v1.12.99"))
          .hasMessageContaining("error validating installer image");
    }
  }

  @Test
  void aWrongImage_doesNotBoot_andTheMachineComesBackWithTheOldOne() {
    try (TalosSite site = TalosSite.isolated().cluster()) {
      site.lab.faults().armMachine(1053, new MachineFault.WrongImage());
      upgrade(site, 1053, "v1.12.5");
      site.pass(TalosSite.WHILE);

      assertThat(running(site, 1053)).isEqualTo("v1.12.4");
      assertThat(site.lab.ledger().effects("rolled-back", 1053)).hasSize(1);
      assertThat(site.state(1053).ready()).isTrue();
    }
  }

  @Test
  void aFullDisk_failsTheUpgrade_andTheOldReleaseBootsAgain() {
    try (TalosSite site = TalosSite.isolated().cluster()) {
      site.lab.faults().armMachine(1053, new MachineFault.DiskFull());
      upgrade(site, 1053, "v1.12.5");
      site.pass(TalosSite.WHILE);

      assertThat(running(site, 1053)).isEqualTo("v1.12.4");
      assertThat(site.lab.ledger().effects("install-failed", 1053)).hasSize(1);
      assertThat(site.state(1053).boots()).isEqualTo(2);
    }
  }

  @Test
  void aJumpOverTheWindow_isRefusedByTheInstaller() {
    try (TalosSite site = TalosSite.of("v1.9.6").cluster()) {
      upgrade(site, 1053, "v1.12.5");
      site.pass(TalosSite.WHILE);

      assertThat(running(site, 1053)).isEqualTo("v1.9.6");
    }
  }

  @Test
  void aSlowDisk_makesTheUpgradeLast() {
    try (TalosSite site = TalosSite.isolated().cluster()) {
      site.lab.faults().armMachine(1053, new MachineFault.SlowDisk(10));
      upgrade(site, 1053, "v1.12.5");
      site.pass(TalosSite.WHILE);

      assertThat(site.state(1053).stage()).isEqualTo("upgrading");
      site.pass(site.lab.config().durations().talosInstall().multipliedBy(10));
      assertThat(running(site, 1053)).isEqualTo("v1.12.5");
    }
  }

  @Test
  void aMachineThatNeverComesBack_comesBackByItsPowerButton() {
    try (TalosSite site = TalosSite.isolated().cluster()) {
      site.lab.faults().armMachine(1053, new MachineFault.NeverComesBack());
      var unused = site.admin(1053).reboot(RebootRequest.getDefaultInstance());
      site.pass(TalosSite.WHILE);

      assertThat(site.state(1053).address()).isEmpty();
      assertThat(site.test().kubernetes().isReady("node1053")).isFalse();
      site.stop(1053);
      site.start(1053);
      site.pass(TalosSite.WHILE);

      assertThat(site.state(1053).ready()).isTrue();
    }
  }

  @Test
  void aRenamedLink_losesTheAddressOfAName_andKeepsThatOfAMac() {
    try (TalosSite site = TalosSite.isolated()) {
      String byName = site.machine(1051);
      site.apply(
          site.insecure(byName), site.config(1051, "controlplane", "interface: eth0"), Mode.AUTO);
      site.configured(1052, "controlplane");
      site.pass(TalosSite.WHILE);
      assertThat(site.state(1051).address()).contains(site.planned(1051));
      site.lab.faults().armMachine(1051, new MachineFault.LinkRenamed("enp6s18"));
      site.lab.faults().armMachine(1052, new MachineFault.LinkRenamed("enp6s18"));
      for (int vmid : List.of(1051, 1052)) {
        site.stop(vmid);
        site.start(vmid);
      }
      site.pass(TalosSite.WHILE);

      assertThat(site.state(1051).address()).contains(byName);
      assertThat(site.state(1052).address()).contains(site.planned(1052));
    }
  }

  @Test
  void anExpiredCertificate_closesTheMachineApi() {
    try (TalosSite site = TalosSite.isolated()) {
      site.configured(1051, "controlplane");
      site.lab.faults().armMachine(1051, new MachineFault.CertificateExpired());
      var unused = site.admin(1051).reboot(RebootRequest.getDefaultInstance());
      site.pass(TalosSite.WHILE);

      assertThatThrownBy(() -> running(site, 1051))
          .hasStackTraceContaining("validity check failed");
    }
  }

  @Test
  void aDeadEtcd_isSeenAndTheOthersGoOn() {
    try (TalosSite site = TalosSite.isolated().cluster()) {
      site.lab.faults().armMachine(1053, new MachineFault.EtcdDead());
      site.stop(1052);
      site.start(1052);
      site.pass(TalosSite.WHILE);

      assertThat(site.service(1053, "etcd").getState()).isEqualTo("Failed");
      assertThat(site.members(1051)).hasSize(3);
    }
  }

  @Test
  void eventsOfAReboot_carryTheActor_andEndWithTheStream() {
    try (TalosSite site = TalosSite.isolated().cluster()) {
      List<Event> events = new CopyOnWriteArrayList<>();
      List<String> ends = new CopyOnWriteArrayList<>();
      dev.pvebot.integrations.lab.talos.proto.machine.MachineServiceGrpc.newStub(
              site.secure(site.address(1053), "os:admin", site.os))
          .events(
              EventsRequest.newBuilder().setTailEvents(0).build(),
              new StreamObserver<>() {
                @Override
                public void onNext(Event event) {
                  events.add(event);
                }

                @Override
                public void onError(Throwable end) {
                  ends.add(String.valueOf(end.getMessage()));
                }

                @Override
                public void onCompleted() {
                  ends.add("completed");
                }
              });
      Awaitility.await().until(() -> !events.isEmpty());
      String actor =
          site.admin(1053).reboot(RebootRequest.getDefaultInstance()).getMessages(0).getActorId();
      site.pass(TalosSite.WHILE);
      Awaitility.await().until(() -> !ends.isEmpty());

      assertThat(events.getFirst().hasData()).isFalse();
      assertThat(events)
          .filteredOn(e -> e.getActorId().equals(actor))
          .filteredOn(e -> e.getData().is(SequenceEvent.class))
          .anySatisfy(e -> {
            try {
              SequenceEvent sequence = e.getData().unpack(SequenceEvent.class);
              assertThat(sequence.getSequence()).isEqualTo("reboot");
            } catch (InvalidProtocolBufferException broken) {
              throw new AssertionError(broken);
            }
          });
      assertThat(ends.getFirst()).startsWith("UNAVAILABLE");
    }
  }

  @Test
  void theLifecycleService_writesOnly_andTheNextBootRunsIt() {
    try (TalosSite site = TalosSite.of("v1.13.0").cluster()) {
      List<LifecycleServiceUpgradeResponse> progress = new CopyOnWriteArrayList<>();
      List<String> ends = new CopyOnWriteArrayList<>();
      LifecycleServiceUpgradeRequest.Builder request = LifecycleServiceUpgradeRequest.newBuilder();
      request.getSourceBuilder().setImageName(installer("v1.13.9"));
      LifecycleServiceGrpc.newStub(site.secure(site.address(1053), "os:admin", site.os))
          .upgrade(
              request.build(),
              new StreamObserver<>() {
                @Override
                public void onNext(LifecycleServiceUpgradeResponse each) {
                  progress.add(each);
                }

                @Override
                public void onError(Throwable end) {
                  ends.add(String.valueOf(end.getMessage()));
                }

                @Override
                public void onCompleted() {
                  ends.add("completed");
                }
              });
      Awaitility.await().until(() -> !progress.isEmpty());
      site.pass(Duration.ofMinutes(1));
      Awaitility.await().until(() -> !ends.isEmpty());

      assertThat(ends).containsExactly("completed");
      assertThat(progress.getLast().getProgress().getExitCode()).isZero();
      assertThat(running(site, 1053)).isEqualTo("v1.13.0");
      var unused = site.admin(1053).reboot(RebootRequest.getDefaultInstance());
      site.pass(TalosSite.WHILE);

      assertThat(running(site, 1053)).isEqualTo("v1.13.9");
    }
  }
}
