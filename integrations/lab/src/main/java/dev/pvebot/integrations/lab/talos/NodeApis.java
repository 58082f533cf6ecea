package dev.pvebot.integrations.lab.talos;

import com.google.protobuf.Empty;
import dev.pvebot.integrations.lab.talos.proto.storage.Disk;
import dev.pvebot.integrations.lab.talos.proto.storage.Disks;
import dev.pvebot.integrations.lab.talos.proto.storage.DisksResponse;
import dev.pvebot.integrations.lab.talos.proto.storage.StorageServiceGrpc;
import dev.pvebot.integrations.lab.talos.proto.time.Time;
import dev.pvebot.integrations.lab.talos.proto.time.TimeResponse;
import dev.pvebot.integrations.lab.talos.proto.time.TimeServiceGrpc;
import io.grpc.stub.StreamObserver;

/// The small services of one method.
final class NodeApis {
  private NodeApis() {}

  /// storage.StorageService
  static final class Storage extends StorageServiceGrpc.StorageServiceImplBase {
    private final TalosWorld world;

    Storage(TalosWorld world) {
      this.world = world;
    }

    @Override
    public void disks(Empty request, StreamObserver<DisksResponse> to) {
      Answers.one(
          world,
          to,
          m ->
              DisksResponse.newBuilder()
                  .addMessages(
                      Disks.newBuilder()
                          .addDisks(
                              Disk.newBuilder()
                                  .setSize(m.hardware().diskBytes())
                                  .setModel("QEMU HARDDISK")
                                  .setDeviceName("/dev/sda")
                                  .setType(Disk.DiskType.SSD)
                                  .setSystemDisk(m.disk.installed)
                                  .setSubsystem("/sys/class/block")))
                  .build());
    }
  }

  /// time.TimeService
  static final class Clock extends TimeServiceGrpc.TimeServiceImplBase {
    private final TalosWorld world;

    Clock(TalosWorld world) {
      this.world = world;
    }

    @Override
    public void time(Empty request, StreamObserver<TimeResponse> to) {
      Answers.one(
          world,
          to,
          m ->
              TimeResponse.newBuilder()
                  .addMessages(
                      Time.newBuilder()
                          .setServer("time.cloudflare.com")
                          .setLocaltime(Services.timestamp(m.now()))
                          .setRemotetime(Services.timestamp(m.now())))
                  .build());
    }
  }
}
