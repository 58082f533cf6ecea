package dev.pvebot.integrations.lab.talos;

import dev.pvebot.integrations.lab.talos.proto.machine.LifecycleServiceGrpc;
import dev.pvebot.integrations.lab.talos.proto.machine.LifecycleServiceInstallProgress;
import dev.pvebot.integrations.lab.talos.proto.machine.LifecycleServiceInstallRequest;
import dev.pvebot.integrations.lab.talos.proto.machine.LifecycleServiceInstallResponse;
import dev.pvebot.integrations.lab.talos.proto.machine.LifecycleServiceUpgradeRequest;
import dev.pvebot.integrations.lab.talos.proto.machine.LifecycleServiceUpgradeResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.function.Consumer;

/// machine.LifecycleService, since Talos 1.13: it writes a release to the disk and does nothing
/// else. No etcd guard, no drain, no reboot: those are the client's.
final class LifecycleApi extends LifecycleServiceGrpc.LifecycleServiceImplBase {
  private final TalosWorld world;

  LifecycleApi(TalosWorld world) {
    this.world = world;
  }

  @Override
  public void upgrade(
      LifecycleServiceUpgradeRequest request, StreamObserver<LifecycleServiceUpgradeResponse> to) {
    TalosMachine machine = Gate.target();
    run(
        to,
        progress ->
            Answers.send(
                to, LifecycleServiceUpgradeResponse.newBuilder().setProgress(progress).build()),
        machine,
        request.getSource().getImageName(),
        () -> {
          if (!machine.disk.installed) {
            throw Answers.error(Status.FAILED_PRECONDITION, "machine is not installed");
          }
        });
  }

  @Override
  public void install(
      LifecycleServiceInstallRequest request, StreamObserver<LifecycleServiceInstallResponse> to) {
    TalosMachine machine = Gate.target();
    run(
        to,
        progress ->
            Answers.send(
                to, LifecycleServiceInstallResponse.newBuilder().setProgress(progress).build()),
        machine,
        request.getSource().getImageName(),
        () -> {
          if (machine.disk.installed) {
            throw Answers.error(Status.ALREADY_EXISTS, "machine is already installed");
          }
          if (request.getDestination().getDisk().isEmpty()) {
            throw Answers.error(Status.INVALID_ARGUMENT, "destination disk is required");
          }
        });
  }

  private void run(
      StreamObserver<?> to,
      Consumer<LifecycleServiceInstallProgress> send,
      TalosMachine machine,
      String reference,
      Runnable check) {
    try {
      world.locked(() -> {
        check.run();
        if (reference.isEmpty()) {
          throw Answers.error(Status.INVALID_ARGUMENT, "installer image name is required");
        }
        TalosImage image = Images.installer(world, reference);
        machine
            .orders()
            .begin(
                machine.orders().installTime(),
                () -> {
                  send.accept(message("pulled and unpacked " + reference));
                  finish(to, send, machine, image);
                });
        send.accept(message("running installer " + reference));
      });
    } catch (StatusRuntimeException e) {
      to.onError(e);
    }
  }

  private static void finish(
      StreamObserver<?> to,
      Consumer<LifecycleServiceInstallProgress> send,
      TalosMachine machine,
      TalosImage image) {
    int exit = 0;
    try {
      machine.orders().write(image);
      send.accept(message("installation of " + image.version() + " complete"));
    } catch (Sequence.Failed e) {
      exit = 1;
      send.accept(message("installer failed: " + machine.lastKernelLine()));
    }
    send.accept(LifecycleServiceInstallProgress.newBuilder().setExitCode(exit).build());
    to.onCompleted();
  }

  private static LifecycleServiceInstallProgress message(String text) {
    return LifecycleServiceInstallProgress.newBuilder().setMessage(text).build();
  }
}
