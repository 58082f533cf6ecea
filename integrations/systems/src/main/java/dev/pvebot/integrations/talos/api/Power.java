package dev.pvebot.integrations.talos.api;

import dev.pvebot.integrations.talos.wire.common.ContainerDriver;
import dev.pvebot.integrations.talos.wire.common.ContainerdInstance;
import dev.pvebot.integrations.talos.wire.common.ContainerdNamespace;
import dev.pvebot.integrations.talos.wire.machine.InstallArtifactsSource;
import dev.pvebot.integrations.talos.wire.machine.LifecycleServiceGrpc;
import dev.pvebot.integrations.talos.wire.machine.LifecycleServiceUpgradeRequest;
import dev.pvebot.integrations.talos.wire.machine.MachineServiceGrpc;
import dev.pvebot.integrations.talos.wire.machine.RebootRequest;
import dev.pvebot.integrations.talos.wire.machine.ResetPartitionSpec;
import dev.pvebot.integrations.talos.wire.machine.ResetRequest;
import dev.pvebot.integrations.talos.wire.machine.RollbackRequest;
import dev.pvebot.integrations.talos.wire.machine.ServiceRestartRequest;
import dev.pvebot.integrations.talos.wire.machine.ShutdownRequest;
import dev.pvebot.integrations.talos.wire.machine.UpgradeRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Orders that restart, replace or erase a node's system. Each answers as soon as the node has
/// taken the order; what comes of it shows in its events and its boot id. The answer is the id by
/// which the events of the order are known.
public final class Power {
  private final Line line;
  private final Timing timing;

  Power(Line line, Timing timing) {
    this.line = line;
    this.timing = timing;
  }

  public String reboot() throws InterruptedException {
    return line.call("Reboot", true, channel -> stub().reboot(RebootRequest.getDefaultInstance()))
        .getMessages(0)
        .getActorId();
  }

  public String shutdown() throws InterruptedException {
    return line.call(
            "Shutdown", true, channel -> stub().shutdown(ShutdownRequest.getDefaultInstance()))
        .getMessages(0)
        .getActorId();
  }

  /// Erases.
  ///
  /// @param graceful cordons, drains and leaves etcd first
  /// @param partitions labels, for example `EPHEMERAL`; none for the whole disk
  public String reset(boolean graceful, boolean reboot, List<String> partitions)
      throws InterruptedException {
    ResetRequest.Builder request =
        ResetRequest.newBuilder().setGraceful(graceful).setReboot(reboot);
    partitions.forEach(label ->
        request.addSystemPartitionsToWipe(
            ResetPartitionSpec.newBuilder().setLabel(label).setWipe(true)));
    return line.call("Reset", true, channel -> stub().reset(request.build()))
        .getMessages(0)
        .getActorId();
  }

  /// The whole upgrade in one order: the node checks etcd, drains itself, writes the new system and
  /// restarts into it. Every Talos up to 1.17 knows it.
  public String upgrade(String image) throws InterruptedException {
    return line.call(
            "Upgrade",
            true,
            channel -> stub().upgrade(UpgradeRequest.newBuilder().setImage(image).build()))
        .getMessages(0)
        .getActorId();
  }

  /// Since Talos 1.13: writes the new system beside the old one and does nothing else. Nobody
  /// checks etcd, drains or restarts.
  ///
  /// @param remarks gets what the installer says
  /// @return the installer's exit code
  public OptionalInt install(String image, Consumer<String> remarks) throws InterruptedException {
    int[] exit = {Integer.MIN_VALUE};
    line.follow(
        "LifecycleService.Upgrade",
        true,
        channel ->
            LifecycleServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(Line.millis(timing.transfer()), TimeUnit.MILLISECONDS)
                .upgrade(
                    LifecycleServiceUpgradeRequest.newBuilder()
                        .setContainerd(system())
                        .setSource(InstallArtifactsSource.newBuilder().setImageName(image))
                        .build()),
        response -> {
          switch (response.getProgress().getResponseCase()) {
            case MESSAGE -> remarks.accept(response.getProgress().getMessage());
            case EXIT_CODE -> exit[0] = response.getProgress().getExitCode();
            case RESPONSE_NOT_SET -> remarks.accept("");
          }
          return true;
        });
    return exit[0] == Integer.MIN_VALUE ? OptionalInt.empty() : OptionalInt.of(exit[0]);
  }

  /// Restarts into the system that was there before the last upgrade.
  public void rollback() throws InterruptedException {
    line.call("Rollback", true, channel -> stub().rollback(RollbackRequest.getDefaultInstance()));
  }

  /// @return what the node says about it
  public Optional<String> restartService(String service) throws InterruptedException {
    String said =
        line.call(
                "ServiceRestart",
                true,
                channel ->
                    stub()
                        .serviceRestart(ServiceRestartRequest.newBuilder().setId(service).build()))
            .getMessages(0)
            .getResp();
    return said.isEmpty() ? Optional.empty() : Optional.of(said);
  }

  static ContainerdInstance system() {
    return ContainerdInstance.newBuilder()
        .setDriver(ContainerDriver.CONTAINERD)
        .setNamespace(ContainerdNamespace.NS_SYSTEM)
        .build();
  }

  private MachineServiceGrpc.MachineServiceBlockingStub stub() {
    Duration patience = timing.write();
    return MachineServiceGrpc.newBlockingStub(line.channel())
        .withDeadlineAfter(Line.millis(patience), TimeUnit.MILLISECONDS);
  }
}
