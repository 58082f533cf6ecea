package dev.pvebot.integrations.lab.talos;

import com.google.protobuf.ByteString;
import dev.pvebot.integrations.lab.talos.proto.common.Data;
import dev.pvebot.integrations.lab.talos.proto.machine.*;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.util.Optional;

/// What the machine API does to etcd (v1alpha1_server.go, internal/pkg/etcd). All that needs the
/// cluster's consent fails without a quorum.
final class EtcdCalls {
  private static final int CHUNK = 64 << 10;
  private static final long DB_SIZE = 20_971_520;

  private final TalosWorld world;

  EtcdCalls(TalosWorld world) {
    this.world = world;
  }

  private static EtcdCluster cluster(TalosMachine machine, String what) {
    Answers.controlPlane(machine, what);
    Optional<TalosDisk.EtcdData> data = machine.disk.etcd;
    if (data.isEmpty() || !machine.services().isRunning("etcd")) {
      throw Answers.error(
          Status.UNAVAILABLE,
          "connection error: desc = \"transport: Error while dialing: dial tcp 127.0.0.1:2379:"
              + " connect: connection refused\"");
    }
    return data.get().cluster();
  }

  private static EtcdCluster agreeing(TalosMachine machine, String what) {
    EtcdCluster etcd = cluster(machine, what);
    if (!etcd.hasQuorum()) {
      throw Answers.error(Status.DEADLINE_EXCEEDED, "context deadline exceeded");
    }
    return etcd;
  }

  private static long own(TalosMachine machine) {
    return machine.disk.etcd.orElseThrow().member();
  }

  // --- beginning ----------------------------------------------------------------------------

  BootstrapResponse bootstrap(TalosMachine machine, BootstrapRequest request) {
    if (machine.config().isEmpty()) {
      throw Answers.error(Status.FAILED_PRECONDITION, "bootstrap is not available yet");
    }
    Answers.controlPlane(machine, "bootstrap");
    if (machine.disk.etcd.isPresent()) {
      throw Answers.error(Status.ALREADY_EXISTS, "etcd data directory is not empty");
    }
    if (!machine.services().isIn("etcd", Services.State.PREPARING)) {
      throw Answers.error(Status.FAILED_PRECONDITION, "bootstrap is not available yet");
    }
    Optional<EtcdSnapshot> snapshot = Optional.empty();
    if (request.getRecoverEtcd()) {
      if (machine.disk.recovery.isEmpty()) {
        throw Answers.error(
            Status.FAILED_PRECONDITION,
            "error loading snapshot: stat /var/lib/etcd.snapshot: no such file or directory");
      }
      try {
        snapshot =
            Optional.of(
                EtcdSnapshot.parse(
                    machine.disk.recovery.get(), !request.getRecoverSkipHashCheck()));
      } catch (EtcdSnapshot.Corrupt e) {
        throw Answers.error(
            Status.UNKNOWN, "error recovering from the snapshot: " + e.getMessage());
      }
      machine.disk.recovery = Optional.empty();
    }
    machine.cluster().orElseThrow().bootstrap(machine, snapshot);
    return BootstrapResponse.newBuilder().addMessages(Bootstrap.getDefaultInstance()).build();
  }

  StreamObserver<Data> recover(TalosMachine machine, StreamObserver<EtcdRecoverResponse> to) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    return new StreamObserver<>() {
      @Override
      public void onNext(Data chunk) {
        content.writeBytes(chunk.getBytes().toByteArray());
      }

      @Override
      public void onError(Throwable gone) {
        content.reset();
      }

      @Override
      public void onCompleted() {
        try {
          world.locked(() -> store(machine, content.toByteArray()));
        } catch (StatusRuntimeException e) {
          to.onError(e);
          return;
        }
        to.onNext(
            EtcdRecoverResponse.newBuilder().addMessages(EtcdRecover.getDefaultInstance()).build());
        to.onCompleted();
      }
    };
  }

  private static void store(TalosMachine machine, byte[] snapshot) {
    Answers.controlPlane(machine, "etcd recover");
    if (!machine.services().isIn("etcd", Services.State.PREPARING)) {
      throw Answers.error(Status.FAILED_PRECONDITION, "etcd service is not ready for recovery yet");
    }
    machine.disk.recovery = Optional.of(snapshot);
  }

  // --- members ------------------------------------------------------------------------------

  EtcdMemberListResponse members(TalosMachine machine, EtcdMemberListRequest request) {
    EtcdCluster etcd =
        request.getQueryLocal()
            ? cluster(machine, "member list")
            : agreeing(machine, "member list");
    EtcdMembers.Builder list = EtcdMembers.newBuilder();
    for (EtcdCluster.Member member : etcd.all()) {
      String address = member.address;
      list.addLegacyMembers(member.name);
      list.addMembers(
          EtcdMember.newBuilder()
              .setId(member.id)
              .setHostname(member.name)
              .addPeerUrls("https://" + address + ":2380")
              .addClientUrls("https://" + address + ":2379")
              .setIsLearner(member.learner));
    }
    return EtcdMemberListResponse.newBuilder().addMessages(list).build();
  }

  EtcdStatusResponse status(TalosMachine machine) {
    EtcdCluster etcd = cluster(machine, "etcd status");
    EtcdMemberStatus.Builder status =
        EtcdMemberStatus.newBuilder()
            .setProtocolVersion("3.6.5")
            .setStorageVersion("3.6.0")
            .setDbSize(DB_SIZE)
            .setDbSizeInUse(DB_SIZE / 2 + etcd.keys.size() * 512L)
            .setLeader(etcd.leader())
            .setRaftIndex(etcd.revision() * 3)
            .setRaftTerm(etcd.term())
            .setRaftAppliedIndex(etcd.revision() * 3)
            .setMemberId(own(machine));
    if (!etcd.hasQuorum()) {
      status.addErrors("etcdserver: no leader");
    }
    return EtcdStatusResponse.newBuilder()
        .addMessages(EtcdStatus.newBuilder().setMemberStatus(status))
        .build();
  }

  EtcdAlarmListResponse alarms(TalosMachine machine) {
    EtcdAlarm.Builder alarm = EtcdAlarm.newBuilder();
    for (EtcdCluster.Member member : agreeing(machine, "etcd alarm list").all()) {
      if (member.outOfSpace) {
        alarm.addMemberAlarms(
            EtcdMemberAlarm.newBuilder()
                .setMemberId(member.id)
                .setAlarm(EtcdMemberAlarm.AlarmType.NOSPACE));
      }
    }
    return EtcdAlarmListResponse.newBuilder().addMessages(alarm).build();
  }

  EtcdAlarmDisarmResponse disarm(TalosMachine machine) {
    agreeing(machine, "etcd alarm disarm").all().forEach(member -> member.outOfSpace = false);
    return EtcdAlarmDisarmResponse.newBuilder()
        .addMessages(EtcdAlarmDisarm.getDefaultInstance())
        .build();
  }

  EtcdDefragmentResponse defragment(TalosMachine machine) {
    cluster(machine, "etcd defragment");
    return EtcdDefragmentResponse.newBuilder()
        .addMessages(EtcdDefragment.getDefaultInstance())
        .build();
  }

  EtcdForfeitLeadershipResponse forfeit(TalosMachine machine) {
    EtcdCluster etcd = agreeing(machine, "etcd forfeit leadership");
    if (etcd.all().size() == 1) {
      throw Answers.error(Status.UNKNOWN, "cannot forfeit leadership, only one member");
    }
    String next = etcd.leader() == own(machine) ? etcd.forfeit().map(m -> m.name).orElse("") : "";
    machine.effect("etcd-leadership-forfeited", next);
    return EtcdForfeitLeadershipResponse.newBuilder()
        .addMessages(EtcdForfeitLeadership.newBuilder().setMember(next))
        .build();
  }

  EtcdLeaveClusterResponse leave(TalosMachine machine) {
    agreeing(machine, "etcd leave");
    machine.orders().leaveEtcd();
    return EtcdLeaveClusterResponse.newBuilder()
        .addMessages(EtcdLeaveCluster.getDefaultInstance())
        .build();
  }

  EtcdRemoveMemberByIDResponse remove(TalosMachine machine, long id) {
    EtcdCluster etcd = agreeing(machine, "etcd remove member");
    EtcdCluster.Member member =
        etcd.member(id)
            .orElseThrow(() -> Answers.error(Status.NOT_FOUND, "etcdserver: member not found"));
    etcd.remove(id);
    machine.effect("etcd-member-removed", member.name);
    machine.cluster().ifPresent(TalosCluster::settle);
    return EtcdRemoveMemberByIDResponse.newBuilder()
        .addMessages(EtcdRemoveMemberByID.getDefaultInstance())
        .build();
  }

  /// The legacy upgrade's guard.
  void refuseUpgrade(TalosMachine machine) {
    EtcdCluster etcd;
    try {
      etcd = agreeing(machine, "upgrade");
    } catch (StatusRuntimeException e) {
      throw Answers.error(
          Status.UNKNOWN, "failed to acquire upgrade mutex: " + e.getStatus().getDescription());
    }
    if (etcd.all().size() == 2) {
      throw Answers.error(
          Status.UNKNOWN,
          "error validating etcd for upgrade: etcd member count(2) is insufficient to maintain"
              + " quorum if upgrade commences");
    }
    for (EtcdCluster.Member member : etcd.all()) {
      if (!member.running) {
        throw Answers.error(
            Status.UNKNOWN,
            "error validating etcd for upgrade: etcd member %016x is not healthy; all members must be"
                    .formatted(member.id)
                + " healthy to perform an upgrade: context deadline exceeded");
      }
    }
  }

  // --- snapshot -----------------------------------------------------------------------------

  void snapshot(TalosMachine machine, StreamObserver<Data> to) {
    byte[] file;
    try {
      file =
          world.compute(() -> {
            EtcdCluster etcd = agreeing(machine, "etcd snapshot");
            machine.effect("etcd-snapshot", "revision " + etcd.revision());
            return new EtcdSnapshot(etcd.revision(), etcd.keys).file();
          });
    } catch (StatusRuntimeException e) {
      to.onError(e);
      return;
    }
    for (int from = 0; from < file.length; from += CHUNK) {
      int length = Math.min(CHUNK, file.length - from);
      to.onNext(Data.newBuilder().setBytes(ByteString.copyFrom(file, from, length)).build());
    }
    to.onCompleted();
  }
}
