package dev.pvebot.integrations.lab.talos;

import dev.pvebot.integrations.lab.talos.proto.machine.ImageServiceGrpc;
import dev.pvebot.integrations.lab.talos.proto.machine.ImageServiceListRequest;
import dev.pvebot.integrations.lab.talos.proto.machine.ImageServiceListResponse;
import dev.pvebot.integrations.lab.talos.proto.machine.ImageServicePullLayerProgress;
import dev.pvebot.integrations.lab.talos.proto.machine.ImageServicePullProgress;
import dev.pvebot.integrations.lab.talos.proto.machine.ImageServicePullRequest;
import dev.pvebot.integrations.lab.talos.proto.machine.ImageServicePullResponse;
import io.grpc.stub.StreamObserver;

/// machine.ImageService, since Talos 1.13.
final class ImageApi extends ImageServiceGrpc.ImageServiceImplBase {
  private final TalosWorld world;

  ImageApi(TalosWorld world) {
    this.world = world;
  }

  @Override
  public void list(ImageServiceListRequest request, StreamObserver<ImageServiceListResponse> to) {
    TalosMachine machine = Gate.target();
    world.compute(() -> Images.of(machine)).stream()
        .map(name ->
            ImageServiceListResponse.newBuilder()
                .setName(name)
                .setDigest(Images.digest(name))
                .setSize(Images.SIZE)
                .build())
        .forEach(to::onNext);
    to.onCompleted();
  }

  @Override
  public void pull(ImageServicePullRequest request, StreamObserver<ImageServicePullResponse> to) {
    String reference = request.getImageRef();
    Images.pull(
        world,
        Gate.target(),
        reference,
        to,
        () -> {
          Answers.send(
              to,
              ImageServicePullResponse.newBuilder()
                  .setPullProgress(
                      ImageServicePullProgress.newBuilder()
                          .setLayerId(Images.digest(reference))
                          .setProgress(
                              ImageServicePullLayerProgress.newBuilder()
                                  .setStatus(ImageServicePullLayerProgress.Status.EXTRACT_COMPLETE)
                                  .setOffset(Images.SIZE)
                                  .setTotal(Images.SIZE)))
                  .build());
          Answers.send(to, ImageServicePullResponse.newBuilder().setName(reference).build());
          to.onCompleted();
        });
  }
}
