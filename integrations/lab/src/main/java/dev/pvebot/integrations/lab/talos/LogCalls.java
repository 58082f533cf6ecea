package dev.pvebot.integrations.lab.talos;

import com.google.protobuf.ByteString;
import dev.pvebot.integrations.lab.talos.proto.common.Data;
import dev.pvebot.integrations.lab.talos.proto.machine.DmesgRequest;
import dev.pvebot.integrations.lab.talos.proto.machine.LogsRequest;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.List;

/// Streams of log lines.
final class LogCalls {
  private final TalosWorld world;

  LogCalls(TalosWorld world) {
    this.world = world;
  }

  void logs(TalosMachine machine, LogsRequest request, StreamObserver<Data> to) {
    int tail = request.getTailLines() == 0 ? -1 : request.getTailLines();
    send(machine, request.getId(), tail, request.getFollow(), to);
  }

  void dmesg(TalosMachine machine, DmesgRequest request, StreamObserver<Data> to) {
    send(machine, LogBook.KERNEL, request.getTail() ? 0 : -1, request.getFollow(), to);
  }

  private void send(
      TalosMachine machine, String log, int tail, boolean follow, StreamObserver<Data> to) {
    if (follow) {
      Answers.stream(
          world,
          to,
          () -> {
            lines(machine, log, tail).forEach(line -> Answers.send(to, data(line)));
            return machine.logs().follow(log, line -> Answers.send(to, data(line)));
          });
      return;
    }
    List<String> lines;
    try {
      lines = world.compute(() -> lines(machine, log, tail));
    } catch (io.grpc.StatusRuntimeException e) {
      to.onError(e);
      return;
    }
    lines.forEach(line -> to.onNext(data(line)));
    to.onCompleted();
  }

  private static List<String> lines(TalosMachine machine, String log, int tail) {
    return machine
        .logs()
        .lines(log, tail)
        .orElseThrow(
            () -> Answers.error(Status.NOT_FOUND, "log \"%s\" was not registered".formatted(log)));
  }

  private static Data data(String line) {
    return Data.newBuilder().setBytes(ByteString.copyFromUtf8(line + "\n")).build();
  }
}
