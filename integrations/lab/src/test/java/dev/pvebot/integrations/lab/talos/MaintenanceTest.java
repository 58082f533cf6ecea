package dev.pvebot.integrations.lab.talos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Empty;
import dev.pvebot.integrations.lab.talos.proto.cosi.GetRequest;
import dev.pvebot.integrations.lab.talos.proto.cosi.ListRequest;
import dev.pvebot.integrations.lab.talos.proto.cosi.StateGrpc;
import dev.pvebot.integrations.lab.talos.proto.machine.ApplyConfigurationRequest.Mode;
import dev.pvebot.integrations.lab.talos.proto.machine.RebootRequest;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The first minutes of a machine: maintenance mode, and the door that closes behind it.
final class MaintenanceTest {
  private static String stage(TalosSite site, String address) {
    return StateGrpc.newBlockingStub(site.channel(address, Optional.empty()))
        .get(
            GetRequest.newBuilder()
                .setNamespace("runtime")
                .setType("MachineStatuses.runtime.talos.dev")
                .setId("machine")
                .build())
        .getResource()
        .getSpec()
        .getYamlSpec();
  }

  @Test
  void upTo112_itAnswersResources_andNotVersion() {
    try (TalosSite site = TalosSite.of("v1.12.4")) {
      String address = site.machine(1051);

      assertThat(stage(site, address)).contains("stage: maintenance");
      assertThatThrownBy(() -> site.insecure(address).version(Empty.getDefaultInstance()))
          .hasMessage("UNIMPLEMENTED: API is not implemented in maintenance mode");
      assertThatThrownBy(() -> site.insecure(address).serviceList(Empty.getDefaultInstance()))
          .hasMessageContaining("UNIMPLEMENTED");
    }
  }

  @Test
  void since113_everybodyIsAReader() {
    try (TalosSite site = TalosSite.of("v1.13.9")) {
      String address = site.machine(1051);

      assertThat(
              site.insecure(address)
                  .version(Empty.getDefaultInstance())
                  .getMessages(0)
                  .getVersion()
                  .getTag())
          .isEqualTo("v1.13.9");
      assertThatThrownBy(() -> site.insecure(address).reboot(RebootRequest.getDefaultInstance()))
          .hasMessage("PERMISSION_DENIED: not authorized");
    }
  }

  @Test
  void itsCardHasTheMacOfTheVm_andTheNameOfThePlatform() {
    try (TalosSite site = TalosSite.isolated()) {
      String address = site.machine(1051);

      var links =
          StateGrpc.newBlockingStub(site.channel(address, Optional.empty()))
              .list(
                  ListRequest.newBuilder()
                      .setNamespace("network")
                      .setType("LinkStatuses.net.talos.dev")
                      .build());

      assertThat(links)
          .toIterable()
          .anySatisfy(link -> {
            assertThat(link.getResource().getMetadata().getId()).isEqualTo("eth0");
            assertThat(link.getResource().getSpec().getYamlSpec()).contains(site.mac(1051));
          });
    }
  }

  @Test
  void aBrokenConfigurationIsRefused_andNothingHappens() {
    try (TalosSite site = TalosSite.isolated()) {
      String address = site.machine(1051);

      assertThatThrownBy(() -> site.apply(site.insecure(address), "machine: [", Mode.AUTO))
          .hasMessageContaining("INVALID_ARGUMENT");
      assertThatThrownBy(
              () -> site.apply(site.insecure(address), site.config(1051, "worker"), Mode.STAGED))
          .hasMessageContaining("is not supported in maintenance mode");
      site.pass(TalosSite.WHILE);

      assertThat(stage(site, address)).contains("stage: maintenance");
    }
  }

  @Test
  void aConfiguredMachine_listensOnItsStaticAddress_andOnlyToItsOwnAuthority() {
    try (TalosSite site = TalosSite.isolated()) {
      site.configured(1051, "controlplane");

      assertThat(site.state(1051).address()).contains(site.planned(1051));
      assertThat(site.admin(1051).hostname(Empty.getDefaultInstance()).getMessages(0).getHostname())
          .isEqualTo("node1051");
      assertThatThrownBy(
              () -> site.insecure(site.address(1051)).version(Empty.getDefaultInstance()))
          .hasMessageContaining("UNAVAILABLE");
      Authority stranger = Authority.throwAway("talos");
      var channel = site.secure(site.address(1051), "os:admin", stranger);
      assertThatThrownBy(() ->
              dev.pvebot.integrations.lab.talos.proto.machine.MachineServiceGrpc.newBlockingStub(
                      channel)
                  .version(Empty.getDefaultInstance()))
          .hasMessageContaining("UNAVAILABLE");
    }
  }

  @Test
  void aReader_mayLook_andNotReboot() {
    try (TalosSite site = TalosSite.isolated()) {
      site.configured(1051, "controlplane");

      assertThat(site.as(1051, "os:reader").version(Empty.getDefaultInstance()).getMessagesCount())
          .isEqualTo(1);
      assertThatThrownBy(
              () -> site.as(1051, "os:reader").reboot(RebootRequest.getDefaultInstance()))
          .hasMessage("PERMISSION_DENIED: not authorized");
      assertThat(site.state(1051).boots()).isEqualTo(1);
    }
  }

  @Test
  void aMetalImage_isInstalledFirst_andBootsAgain() {
    try (TalosSite site =
        new TalosSite(
            dev.pvebot.integrations.lab.config.LabConfig.isolated()
                .withTalosImage("metal/v1.12.4/" + TalosSite.QEMU_AGENT))) {
      String dhcp = site.machine(1051);
      site.apply(site.insecure(dhcp), site.config(1051, "controlplane"), Mode.AUTO);
      site.pass(site.lab.config().durations().talosInstall());

      assertThat(site.state(1051).stage()).isEqualTo("installing");
      site.pass(Duration.ofMinutes(1));

      assertThat(site.state(1051).boots()).isEqualTo(2);
      assertThat(site.state(1051).address()).contains(site.planned(1051));
    }
  }
}
