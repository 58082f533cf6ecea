package dev.pvebot.integrations.lab.talos;

import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import dev.pvebot.integrations.lab.talos.proto.common.Data;
import dev.pvebot.integrations.lab.talos.proto.machine.*;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/// machine.MachineService: reads the machine's figures and hands everything else to the class of
/// its subject.
final class MachineApi extends MachineServiceGrpc.MachineServiceImplBase {
  private final TalosWorld world;
  private final Applying applying;
  private final EtcdCalls etcd;
  private final LogCalls logs;
  private final AccessCalls access;

  MachineApi(TalosWorld world) {
    this.world = world;
    this.applying = new Applying(world);
    this.etcd = new EtcdCalls(world);
    this.logs = new LogCalls(world);
    this.access = new AccessCalls();
  }

  // --- configuration and life ---------------------------------------------------------------

  @Override
  public void applyConfiguration(
      ApplyConfigurationRequest request, StreamObserver<ApplyConfigurationResponse> to) {
    Answers.one(world, to, m -> applying.apply(m, request));
  }

  private static void refuseIfBusy(TalosMachine machine) {
    if (machine.orders().isBusy()) {
      throw Answers.error(Status.UNKNOWN, "sequence not started: locked");
    }
  }

  @Override
  public void reboot(RebootRequest request, StreamObserver<RebootResponse> to) {
    Answers.one(
        world,
        to,
        m -> {
          refuseIfBusy(m);
          String actor = UUID.randomUUID().toString();
          m.orders().reboot(actor, request.getMode() == RebootRequest.Mode.FORCE);
          return RebootResponse.newBuilder()
              .addMessages(Reboot.newBuilder().setActorId(actor))
              .build();
        });
  }

  @Override
  public void shutdown(ShutdownRequest request, StreamObserver<ShutdownResponse> to) {
    Answers.one(
        world,
        to,
        m -> {
          refuseIfBusy(m);
          String actor = UUID.randomUUID().toString();
          m.orders().shutdown(actor);
          return ShutdownResponse.newBuilder()
              .addMessages(Shutdown.newBuilder().setActorId(actor))
              .build();
        });
  }

  @Override
  public void reset(ResetRequest request, StreamObserver<ResetResponse> to) {
    Answers.one(
        world,
        to,
        m -> {
          refuseIfBusy(m);
          String actor = UUID.randomUUID().toString();
          m.orders().reset(actor, request.getGraceful(), request.getReboot(), wipe(m, request));
          return ResetResponse.newBuilder()
              .addMessages(Reset.newBuilder().setActorId(actor))
              .build();
        });
  }

  private static Runnable wipe(TalosMachine machine, ResetRequest request) {
    for (ResetPartitionSpec spec : request.getSystemPartitionsToWipeList()) {
      if (!spec.getLabel().matches("EPHEMERAL|STATE|META")) {
        throw Answers.error(
            Status.UNKNOWN,
            "failed to get volume status with label \"%s\"".formatted(spec.getLabel()));
      }
    }
    return () -> {
      boolean everything = request.getSystemPartitionsToWipeCount() == 0;
      for (ResetPartitionSpec spec : request.getSystemPartitionsToWipeList()) {
        switch (spec.getLabel()) {
          case "EPHEMERAL" -> machine.disk.wipeEphemeral();
          case "STATE" -> machine.disk.wipeState();
          default -> machine.disk.meta.clear();
        }
      }
      if (everything) {
        machine.disk.wipeEphemeral();
        machine.disk.wipeState();
        machine.disk.meta.clear();
        machine.disk.installed = machine.image().isInstalledAsIs();
      }
    };
  }

  @Override
  public void upgrade(UpgradeRequest request, StreamObserver<UpgradeResponse> to) {
    Answers.one(
        world,
        to,
        m -> {
          refuseIfBusy(m);
          if (!m.disk.installed) {
            throw Answers.error(Status.FAILED_PRECONDITION, "Talos is not installed");
          }
          TalosImage image = Images.installer(world, request.getImage());
          if (m.isControlPlane() && !request.getForce() && !request.getPreserve()) {
            etcd.refuseUpgrade(m);
          }
          String actor = UUID.randomUUID().toString();
          if (request.getStage()) {
            m.orders().stageUpgrade(actor, image);
          } else {
            m.orders().upgrade(actor, image);
          }
          return UpgradeResponse.newBuilder()
              .addMessages(
                  Upgrade.newBuilder().setAck("Upgrade request received").setActorId(actor))
              .build();
        });
  }

  @Override
  public void rollback(RollbackRequest request, StreamObserver<RollbackResponse> to) {
    Answers.one(
        world,
        to,
        m -> {
          refuseIfBusy(m);
          if (m.disk.previous.isEmpty()) {
            throw Answers.error(
                Status.UNKNOWN, "cannot rollback to \"B\": the boot entry does not exist");
          }
          m.orders().rollback(UUID.randomUUID().toString());
          return RollbackResponse.newBuilder().addMessages(Rollback.getDefaultInstance()).build();
        });
  }

  @Override
  public void bootstrap(BootstrapRequest request, StreamObserver<BootstrapResponse> to) {
    Answers.one(world, to, m -> etcd.bootstrap(m, request));
  }

  // --- services -----------------------------------------------------------------------------

  @Override
  public void serviceList(Empty request, StreamObserver<ServiceListResponse> to) {
    Answers.one(
        world,
        to,
        m ->
            ServiceListResponse.newBuilder()
                .addMessages(ServiceList.newBuilder().addAllServices(m.services().list()))
                .build());
  }

  private static void known(TalosMachine machine, String service) {
    if (!machine.services().has(service)) {
      throw Answers.error(Status.UNKNOWN, "service \"%s\" not defined".formatted(service));
    }
    if (!service.matches("kubelet|cri|udevd|dashboard|ext-.*")) {
      throw Answers.error(
          Status.UNKNOWN,
          "service \"%s\" doesn't support this operation via API".formatted(service));
    }
  }

  private void restarting(TalosMachine machine, String service) {
    machine.services().set(service, Services.State.STOPPING, false, "Sending SIGTERM");
    machine
        .services()
        .set(service, Services.State.FINISHED, false, "Service finished successfully");
    machine.after(
        Duration.ofSeconds(3),
        () -> {
          machine.services().running(service);
          machine.cluster().ifPresent(TalosCluster::settle);
        });
  }

  @Override
  public void serviceRestart(
      ServiceRestartRequest request, StreamObserver<ServiceRestartResponse> to) {
    Answers.one(
        world,
        to,
        m -> {
          known(m, request.getId());
          restarting(m, request.getId());
          return ServiceRestartResponse.newBuilder()
              .addMessages(
                  ServiceRestart.newBuilder()
                      .setResp("Service \"%s\" restarted".formatted(request.getId())))
              .build();
        });
  }

  @Override
  public void serviceStart(ServiceStartRequest request, StreamObserver<ServiceStartResponse> to) {
    Answers.one(
        world,
        to,
        m -> {
          known(m, request.getId());
          m.services().running(request.getId());
          m.cluster().ifPresent(TalosCluster::settle);
          return ServiceStartResponse.newBuilder()
              .addMessages(
                  ServiceStart.newBuilder()
                      .setResp("Service \"%s\" started".formatted(request.getId())))
              .build();
        });
  }

  @Override
  public void serviceStop(ServiceStopRequest request, StreamObserver<ServiceStopResponse> to) {
    Answers.one(
        world,
        to,
        m -> {
          known(m, request.getId());
          m.services()
              .set(
                  request.getId(), Services.State.FINISHED, false, "Service finished successfully");
          m.cluster().ifPresent(TalosCluster::settle);
          return ServiceStopResponse.newBuilder()
              .addMessages(
                  ServiceStop.newBuilder()
                      .setResp("Service \"%s\" stopped".formatted(request.getId())))
              .build();
        });
  }

  // --- figures ------------------------------------------------------------------------------

  @Override
  public void version(Empty request, StreamObserver<VersionResponse> to) {
    Answers.one(world, to, Figures::version);
  }

  @Override
  public void hostname(Empty request, StreamObserver<HostnameResponse> to) {
    Answers.one(world, to, Figures::hostname);
  }

  @Override
  public void memory(Empty request, StreamObserver<MemoryResponse> to) {
    Answers.one(world, to, Figures::memory);
  }

  @Override
  public void loadAvg(Empty request, StreamObserver<LoadAvgResponse> to) {
    Answers.one(world, to, Figures::loadAvg);
  }

  @Override
  public void systemStat(Empty request, StreamObserver<SystemStatResponse> to) {
    Answers.one(world, to, Figures::systemStat);
  }

  @Override
  public void diskStats(Empty request, StreamObserver<DiskStatsResponse> to) {
    Answers.one(world, to, Figures::diskStats);
  }

  @Override
  public void mounts(Empty request, StreamObserver<MountsResponse> to) {
    Answers.one(world, to, Figures::mounts);
  }

  @Override
  public void read(ReadRequest request, StreamObserver<Data> to) {
    TalosMachine machine = Gate.target();
    Optional<String> content =
        world.compute(() ->
            switch (request.getPath()) {
              case "/proc/sys/kernel/random/boot_id" -> Optional.of(machine.boot() + "\n");
              case "/proc/cmdline" ->
                  Optional.of(
                      "talos.platform=%s console=tty1 console=ttyS0%s\n"
                          .formatted(
                              machine.image().platform(),
                              machine.image().platform().equals("nocloud")
                                  ? " net.ifnames=0"
                                  : ""));
              default -> Optional.empty();
            });
    if (content.isEmpty()) {
      to.onError(
          Answers.error(
              Status.UNKNOWN, "stat %s: no such file or directory".formatted(request.getPath())));
      return;
    }
    to.onNext(Data.newBuilder().setBytes(ByteString.copyFromUtf8(content.get())).build());
    to.onCompleted();
  }

  // --- the other subjects -------------------------------------------------------------------

  @Override
  public void events(EventsRequest request, StreamObserver<Event> to) {
    TalosMachine machine = Gate.target();
    Answers.stream(
        world,
        to,
        () -> {
          Answers.send(to, Event.getDefaultInstance());
          return machine.events().listen(request, event -> Answers.send(to, event));
        });
  }

  @Override
  public void logs(LogsRequest request, StreamObserver<Data> to) {
    logs.logs(Gate.target(), request, to);
  }

  @Override
  public void dmesg(DmesgRequest request, StreamObserver<Data> to) {
    logs.dmesg(Gate.target(), request, to);
  }

  @Override
  public void logsContainers(Empty request, StreamObserver<LogsContainersResponse> to) {
    Answers.one(
        world,
        to,
        m ->
            LogsContainersResponse.newBuilder()
                .addMessages(LogsContainer.newBuilder().addAllIds(m.logs().names()))
                .build());
  }

  @Override
  public void kubeconfig(Empty request, StreamObserver<Data> to) {
    Answers.one(world, to, m -> access.kubeconfig(Answers.controlPlane(m, "kubeconfig")));
  }

  @Override
  public void generateClientConfiguration(
      GenerateClientConfigurationRequest request,
      StreamObserver<GenerateClientConfigurationResponse> to) {
    Answers.one(
        world, to, m -> access.client(Answers.controlPlane(m, "client configuration"), request));
  }

  @Override
  public void imageList(ImageListRequest request, StreamObserver<ImageListResponse> to) {
    TalosMachine machine = Gate.target();
    world.compute(() -> Images.of(machine)).stream()
        .map(name ->
            ImageListResponse.newBuilder()
                .setName(name)
                .setDigest(Images.digest(name))
                .setSize(Images.SIZE)
                .build())
        .forEach(to::onNext);
    to.onCompleted();
  }

  @Override
  public void imagePull(ImagePullRequest request, StreamObserver<ImagePullResponse> to) {
    Images.pull(
        world,
        Gate.target(),
        request.getReference(),
        to,
        () -> {
          to.onNext(
              ImagePullResponse.newBuilder().addMessages(ImagePull.getDefaultInstance()).build());
          to.onCompleted();
        });
  }

  // --- etcd ---------------------------------------------------------------------------------

  @Override
  public void etcdMemberList(
      EtcdMemberListRequest request, StreamObserver<EtcdMemberListResponse> to) {
    Answers.one(world, to, m -> etcd.members(m, request));
  }

  @Override
  public void etcdStatus(Empty request, StreamObserver<EtcdStatusResponse> to) {
    Answers.one(world, to, etcd::status);
  }

  @Override
  public void etcdAlarmList(Empty request, StreamObserver<EtcdAlarmListResponse> to) {
    Answers.one(world, to, etcd::alarms);
  }

  @Override
  public void etcdAlarmDisarm(Empty request, StreamObserver<EtcdAlarmDisarmResponse> to) {
    Answers.one(world, to, etcd::disarm);
  }

  @Override
  public void etcdDefragment(Empty request, StreamObserver<EtcdDefragmentResponse> to) {
    Answers.one(world, to, etcd::defragment);
  }

  @Override
  public void etcdForfeitLeadership(
      EtcdForfeitLeadershipRequest request, StreamObserver<EtcdForfeitLeadershipResponse> to) {
    Answers.one(world, to, etcd::forfeit);
  }

  @Override
  public void etcdLeaveCluster(
      EtcdLeaveClusterRequest request, StreamObserver<EtcdLeaveClusterResponse> to) {
    Answers.one(world, to, etcd::leave);
  }

  @Override
  public void etcdRemoveMemberByID(
      EtcdRemoveMemberByIDRequest request, StreamObserver<EtcdRemoveMemberByIDResponse> to) {
    Answers.one(world, to, m -> etcd.remove(m, request.getMemberId()));
  }

  @Override
  public void etcdSnapshot(EtcdSnapshotRequest request, StreamObserver<Data> to) {
    etcd.snapshot(Gate.target(), to);
  }

  @Override
  public StreamObserver<Data> etcdRecover(StreamObserver<EtcdRecoverResponse> to) {
    return etcd.recover(Gate.target(), to);
  }
}
