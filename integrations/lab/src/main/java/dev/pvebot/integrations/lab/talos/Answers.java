package dev.pvebot.integrations.lab.talos;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.function.Function;
import java.util.function.Supplier;

/// How handlers answer: they act inside the world's monitor and reply outside of it.
final class Answers {
  private Answers() {}

  static StatusRuntimeException error(Status status, String text) {
    return status.withDescription(text).asRuntimeException();
  }

  /// One reply.
  static <A> void one(TalosWorld world, StreamObserver<A> to, Function<TalosMachine, A> act) {
    TalosMachine machine = Gate.target();
    A answer;
    try {
      answer = world.compute(() -> act.apply(machine));
    } catch (StatusRuntimeException e) {
      to.onError(e);
      return;
    }
    to.onNext(answer);
    to.onCompleted();
  }

  /// A stream that stays open: `begin` sends what is there and returns what ends it.
  static <A> void stream(TalosWorld world, StreamObserver<A> to, Supplier<Runnable> begin) {
    ServerCallStreamObserver<A> call = (ServerCallStreamObserver<A>) to;
    Runnable[] end = {() -> {}};
    call.setOnCancelHandler(() -> world.locked(() -> end[0].run()));
    try {
      world.locked(() -> end[0] = begin.get());
    } catch (StatusRuntimeException e) {
      to.onError(e);
    }
  }

  /// Sends if somebody still listens.
  static <A> void send(StreamObserver<A> to, A message) {
    if (!((ServerCallStreamObserver<A>) to).isCancelled()) {
      to.onNext(message);
    }
  }

  /// The machine as a control plane.
  ///
  /// @throws StatusRuntimeException as Talos refuses on other machines
  static TalosMachine controlPlane(TalosMachine machine, String what) {
    if (machine.config().isEmpty()) {
      throw error(
          Status.UNIMPLEMENTED, "machine type is not set, cannot use %s API".formatted(what));
    }
    if (!machine.isControlPlane()) {
      throw error(Status.UNIMPLEMENTED, what + " is only available on control plane nodes");
    }
    return machine;
  }
}
