package dev.pvebot.integrations.talos.api;

import dev.pvebot.integrations.talos.wire.common.ContainerdInstance;
import dev.pvebot.integrations.talos.wire.common.ContainerdNamespace;
import dev.pvebot.integrations.talos.wire.machine.ImageListRequest;
import dev.pvebot.integrations.talos.wire.machine.ImagePullRequest;
import dev.pvebot.integrations.talos.wire.machine.ImageServiceGrpc;
import dev.pvebot.integrations.talos.wire.machine.ImageServicePullRequest;
import dev.pvebot.integrations.talos.wire.machine.MachineServiceGrpc;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The images on a node. Where a node has the newer service (Talos 1.13) it is used, else the
/// older.
public final class Images {
  /// Whose images.
  public enum Store {
    /// Talos' own: installer, kubelet, etcd.
    SYSTEM(ContainerdNamespace.NS_SYSTEM),
    /// Those of Kubernetes.
    PODS(ContainerdNamespace.NS_CRI);

    private final ContainerdNamespace namespace;

    Store(ContainerdNamespace namespace) {
      this.namespace = namespace;
    }
  }

  private final Line line;
  private final Timing timing;

  Images(Line line, Timing timing) {
    this.line = line;
    this.timing = timing;
  }

  public List<Replies.Image> list(Store store) throws InterruptedException {
    List<Replies.Image> found = new ArrayList<>();
    line.follow(
        "ImageList",
        false,
        channel ->
            MachineServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(Line.millis(timing.write()), TimeUnit.MILLISECONDS)
                .imageList(ImageListRequest.newBuilder().setNamespace(store.namespace).build()),
        image -> found.add(new Replies.Image(image.getName(), image.getDigest(), image.getSize())));
    return List.copyOf(found);
  }

  /// Fetches an image, if it is not there yet. Pulling twice does no harm.
  public void pull(Store store, String image) throws InterruptedException {
    try {
      line.follow(
          "ImageService.Pull",
          true,
          channel ->
              ImageServiceGrpc.newBlockingStub(channel)
                  .withDeadlineAfter(Line.millis(timing.transfer()), TimeUnit.MILLISECONDS)
                  .pull(
                      ImageServicePullRequest.newBuilder()
                          .setContainerd(
                              ContainerdInstance.newBuilder(Power.system())
                                  .setNamespace(store.namespace))
                          .setImageRef(image)
                          .build()),
          progress -> true);
    } catch (TalosFailure failure) {
      if (failure.code() != Status.Code.UNIMPLEMENTED) {
        throw failure;
      }
      line.call(
          "ImagePull",
          true,
          channel ->
              MachineServiceGrpc.newBlockingStub(channel)
                  .withDeadlineAfter(Line.millis(timing.transfer()), TimeUnit.MILLISECONDS)
                  .imagePull(
                      ImagePullRequest.newBuilder()
                          .setNamespace(store.namespace)
                          .setReference(image)
                          .build()));
    }
  }
}
