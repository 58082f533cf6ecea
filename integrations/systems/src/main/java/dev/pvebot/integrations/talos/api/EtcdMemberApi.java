package dev.pvebot.integrations.talos.api;

import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import dev.pvebot.integrations.talos.wire.common.Data;
import dev.pvebot.integrations.talos.wire.machine.BootstrapRequest;
import dev.pvebot.integrations.talos.wire.machine.EtcdForfeitLeadershipRequest;
import dev.pvebot.integrations.talos.wire.machine.EtcdLeaveClusterRequest;
import dev.pvebot.integrations.talos.wire.machine.EtcdMemberListRequest;
import dev.pvebot.integrations.talos.wire.machine.EtcdRecoverResponse;
import dev.pvebot.integrations.talos.wire.machine.EtcdRemoveMemberByIDRequest;
import dev.pvebot.integrations.talos.wire.machine.EtcdSnapshotRequest;
import dev.pvebot.integrations.talos.wire.machine.MachineServiceGrpc;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// etcd on one control plane node. A worker answers all of this with `UNIMPLEMENTED`.
public final class EtcdMemberApi {
  private static final int CHUNK = 32 * 1024;

  private final Line line;
  private final Timing timing;

  EtcdMemberApi(Line line, Timing timing) {
    this.line = line;
    this.timing = timing;
  }

  /// The members of the cluster.
  ///
  /// @param local what this node believes, without asking for a quorum
  public List<Replies.EtcdMember> members(boolean local) throws InterruptedException {
    var response =
        line.call(
            "EtcdMemberList",
            false,
            channel ->
                stub(timing.read())
                    .etcdMemberList(
                        EtcdMemberListRequest.newBuilder().setQueryLocal(local).build()));
    return response.getMessagesList().stream()
        .flatMap(entry -> entry.getMembersList().stream())
        .map(member ->
            new Replies.EtcdMember(
                Replies.etcdId(member.getId()),
                member.getHostname(),
                member.getPeerUrlsList(),
                member.getIsLearner()))
        .toList();
  }

  /// Of the member on this node.
  public Replies.EtcdStatus status() throws InterruptedException {
    var status =
        line.call(
                "EtcdStatus",
                false,
                channel -> stub(timing.read()).etcdStatus(Empty.getDefaultInstance()))
            .getMessages(0)
            .getMemberStatus();
    return new Replies.EtcdStatus(
        Replies.etcdId(status.getMemberId()),
        Replies.etcdId(status.getLeader()),
        status.getDbSize(),
        status.getIsLearner(),
        status.getErrorsList());
  }

  public List<Replies.EtcdAlarm> alarms() throws InterruptedException {
    return line
        .call(
            "EtcdAlarmList",
            false,
            channel -> stub(timing.read()).etcdAlarmList(Empty.getDefaultInstance()))
        .getMessagesList()
        .stream()
        .flatMap(entry -> entry.getMemberAlarmsList().stream())
        .map(alarm ->
            new Replies.EtcdAlarm(Replies.etcdId(alarm.getMemberId()), alarm.getAlarm().name()))
        .toList();
  }

  /// Writes a snapshot: the database and, at its end, its SHA-256.
  ///
  /// @return its size in bytes
  public long snapshot(OutputStream to) throws InterruptedException, IOException {
    return line.copy(
        "EtcdSnapshot",
        channel -> stub(timing.transfer()).etcdSnapshot(EtcdSnapshotRequest.getDefaultInstance()),
        to);
  }

  /// Begins a cluster on this node. Once in a cluster's life: a second one on another empty node
  /// would split it, and Talos does not notice that.
  ///
  /// @param recovery from a snapshot that [#recover] sent before; empty for a new cluster
  public void bootstrap(Optional<Recovery> recovery) throws InterruptedException {
    BootstrapRequest.Builder request = BootstrapRequest.newBuilder();
    recovery.ifPresent(how ->
        request.setRecoverEtcd(true).setRecoverSkipHashCheck(how == Recovery.OF_A_COPIED_DATABASE));
    line.call("Bootstrap", true, channel -> stub(timing.write()).bootstrap(request.build()));
  }

  /// What the snapshot was.
  public enum Recovery {
    OF_A_SNAPSHOT,
    /// Copied from a dead member's disk: it has no hash at its end.
    OF_A_COPIED_DATABASE
  }

  /// Sends a snapshot to a node whose etcd waits for it; [#bootstrap] then starts from it.
  public void recover(InputStream snapshot) throws InterruptedException, IOException {
    CompletableFuture<EtcdRecoverResponse> answer = new CompletableFuture<>();
    StreamObserver<Data> request =
        MachineServiceGrpc.newStub(line.channel())
            .withDeadlineAfter(Line.millis(timing.transfer()), TimeUnit.MILLISECONDS)
            .etcdRecover(
                new StreamObserver<>() {
                  @Override
                  public void onNext(EtcdRecoverResponse value) {
                    answer.complete(value);
                  }

                  @Override
                  public void onError(Throwable failure) {
                    answer.completeExceptionally(failure);
                  }

                  @Override
                  public void onCompleted() {
                    answer.completeExceptionally(
                        Status.DATA_LOSS.withDescription("no answer").asRuntimeException());
                  }
                });
    byte[] chunk = new byte[CHUNK];
    for (int read = snapshot.read(chunk);
        read >= 0 && !answer.isDone();
        read = snapshot.read(chunk)) {
      request.onNext(Data.newBuilder().setBytes(ByteString.copyFrom(chunk, 0, read)).build());
    }
    request.onCompleted();
    try {
      answer.get(timing.transfer().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException failed) {
      Throwable cause = failed.getCause();
      throw TalosFailure.of(line.node(), "EtcdRecover", cause == null ? failed : cause, true);
    } catch (TimeoutException late) {
      throw TalosFailure.of(
          line.node(), "EtcdRecover", Status.DEADLINE_EXCEEDED.asRuntimeException(), true);
    }
  }

  /// Gives the leadership away; nothing happens on a node that does not have it.
  public void forfeitLeadership() throws InterruptedException {
    line.call(
        "EtcdForfeitLeadership",
        true,
        channel ->
            stub(timing.write())
                .etcdForfeitLeadership(EtcdForfeitLeadershipRequest.getDefaultInstance()));
  }

  /// Takes this node's member out of the cluster and deletes its data.
  public void leave() throws InterruptedException {
    line.call(
        "EtcdLeaveCluster",
        true,
        channel ->
            stub(timing.write()).etcdLeaveCluster(EtcdLeaveClusterRequest.getDefaultInstance()));
  }

  /// Takes a dead member out.
  ///
  /// @param id 16 hexadecimal digits
  public void remove(String id) throws InterruptedException {
    line.call(
        "EtcdRemoveMemberByID",
        true,
        channel ->
            stub(timing.write())
                .etcdRemoveMemberByID(
                    EtcdRemoveMemberByIDRequest.newBuilder()
                        .setMemberId(Long.parseUnsignedLong(id, 16))
                        .build()));
  }

  private MachineServiceGrpc.MachineServiceBlockingStub stub(Duration patience) {
    return MachineServiceGrpc.newBlockingStub(line.channel())
        .withDeadlineAfter(Line.millis(patience), TimeUnit.MILLISECONDS);
  }
}
