package dev.pvebot.integrations.lab.talos;

import dev.pvebot.integrations.lab.faults.CrashPoint;
import dev.pvebot.integrations.lab.faults.Fault;
import dev.pvebot.integrations.lab.faults.Faults;
import io.grpc.ForwardingServerCall;
import io.grpc.ForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.Optional;

/// A call that is noted in the ledger when it ends, and that meets its fault or crash point when
/// the machine has acted and begins to answer.
final class WatchedCall<Q, A> extends ForwardingServerCall.SimpleForwardingServerCall<Q, A> {
  private final Passage passage;
  private final Optional<Faults.Met> crash;
  private final Optional<Fault> fault;
  private final Leaving leaving;
  private boolean cut;
  private boolean left;

  WatchedCall(
      ServerCall<Q, A> call,
      Passage passage,
      Optional<Faults.Met> crash,
      Optional<Fault> fault,
      Leaving leaving) {
    super(call);
    this.passage = passage;
    this.crash = crash;
    this.fault = fault;
    this.leaving = leaving;
  }

  static Status reset() {
    return Status.UNAVAILABLE.withDescription(
        "error reading from server: connection reset by peer");
  }

  /// The gRPC status of a fault that names an HTTP one.
  static Status status(int http, String reason) {
    Status status =
        switch (http) {
          case 401 -> Status.UNAUTHENTICATED;
          case 403 -> Status.PERMISSION_DENIED;
          case 404 -> Status.NOT_FOUND;
          case 429 -> Status.RESOURCE_EXHAUSTED;
          case 503, 595, 596 -> Status.UNAVAILABLE;
          case 504 -> Status.DEADLINE_EXCEEDED;
          default -> Status.UNKNOWN;
        };
    return status.withDescription(reason);
  }

  private boolean isAt(CrashPoint.Moment moment) {
    return crash.filter(c -> c.point().moment() == moment).isPresent();
  }

  /// Called when the machine has acted and the first word of the answer is due.
  private synchronized boolean cuts() {
    if (cut) {
      return true;
    }
    if (isAt(CrashPoint.Moment.AFTER_ACT)) {
      cut = true;
      passage.answered(Status.OK, Optional.of("crash before the reply"));
      crash.orElseThrow().strike().run();
      super.close(reset(), new Metadata());
      return true;
    }
    Optional<Status> instead =
        fault.flatMap(f ->
            switch (f) {
              case Fault.StatusAfterActing s -> Optional.of(status(s.status(), s.reason()));
              case Fault.Reset _ -> Optional.of(reset());
              case Fault.HalfJson _ ->
                  Optional.of(Status.INTERNAL.withDescription("unexpected EOF"));
              default -> Optional.empty();
            });
    if (instead.isPresent()) {
      cut = true;
      passage.answered(instead.get(), fault.map(Object::toString));
      super.close(instead.get(), new Metadata());
      return true;
    }
    if (fault.filter(f -> f instanceof Fault.Silence).isPresent()) {
      cut = true;
      passage.answered(Status.OK, fault.map(Object::toString));
      return true;
    }
    return false;
  }

  private void delay() {
    if (fault.orElse(new Fault.Html()) instanceof Fault.Slow slow) {
      try {
        Thread.sleep(slow.wall());
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void sendHeaders(Metadata headers) {
    if (!cuts()) {
      super.sendHeaders(headers);
    }
  }

  @Override
  public void sendMessage(A message) {
    if (!cuts()) {
      super.sendMessage(message);
    }
  }

  @Override
  public void close(Status status, Metadata trailers) {
    if (!cuts()) {
      delay();
      passage.answered(status, fault.map(Object::toString));
      leaving.begun();
      left = true;
      super.close(status, trailers);
    }
  }

  private void gone() {
    if (left) {
      left = false;
      leaving.ended();
    }
  }

  /// Watches what comes in and when the answer has left.
  ServerCall.Listener<Q> watch(ServerCall.Listener<Q> inner) {
    return new ForwardingServerCallListener.SimpleForwardingServerCallListener<>(inner) {
      @Override
      public void onMessage(Q message) {
        passage.request(message);
        super.onMessage(message);
      }

      @Override
      public void onComplete() {
        super.onComplete();
        gone();
        if (isAt(CrashPoint.Moment.AFTER_REPLY)) {
          crash.orElseThrow().strike().run();
        }
      }

      @Override
      public void onCancel() {
        gone();
        passage.answered(Status.CANCELLED, fault.map(Object::toString));
        super.onCancel();
      }
    };
  }
}
