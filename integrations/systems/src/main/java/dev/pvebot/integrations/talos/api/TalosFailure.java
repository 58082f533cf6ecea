package dev.pvebot.integrations.talos.api;

import dev.pvebot.runbooks.action.ActionFailure;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import java.net.ConnectException;
import java.nio.channels.UnresolvedAddressException;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/// A call of the machine API that did not give what was wanted. Names the node and the RPC.
public final class TalosFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  /// Texts with which Talos says "not now" (v1alpha1_server.go): nothing happened, later it may.
  private static final List<String> NOT_YET =
      List.of(
          "not available yet",
          "time is not in sync yet",
          "already in progress",
          "not ready for recovery yet",
          "locked",
          "failed to acquire upgrade mutex");

  private final NodeAddress node;
  private final String rpc;
  private final Status.Code code;
  private final String said;
  private final ActionFailure.Kind kind;

  private TalosFailure(
      NodeAddress node, String rpc, Status status, ActionFailure.Kind kind, Throwable cause) {
    super("%s of %s: %s".formatted(rpc, node, words(status)), cause);
    this.node = node;
    this.rpc = rpc;
    this.code = status.getCode();
    this.said = words(status);
    this.kind = kind;
  }

  /// @param mutating whether the call may have changed something if it arrived
  static TalosFailure of(NodeAddress node, String rpc, Throwable failure, boolean mutating) {
    Status status =
        switch (failure) {
          case StatusRuntimeException runtime -> runtime.getStatus();
          case StatusException checked -> checked.getStatus();
          default -> Status.fromThrowable(failure);
        };
    return new TalosFailure(node, rpc, status, kind(status, mutating), failure);
  }

  private static ActionFailure.Kind kind(Status status, boolean mutating) {
    ActionFailure.Kind open = mutating ? ActionFailure.Kind.OPEN : ActionFailure.Kind.RETRYABLE;
    return switch (status.getCode()) {
      case UNAVAILABLE -> neverArrived(status.getCause()) ? ActionFailure.Kind.RETRYABLE : open;
      case DEADLINE_EXCEEDED, CANCELLED, INTERNAL, DATA_LOSS -> open;
      // Go's plain errors come as UNKNOWN, and so do this side's own exceptions, which have a cause
      case UNKNOWN ->
          status.getCause() != null
              ? open
              : saysNotYet(status) ? ActionFailure.Kind.RETRYABLE : ActionFailure.Kind.REFUSED;
      case FAILED_PRECONDITION ->
          saysNotYet(status) ? ActionFailure.Kind.RETRYABLE : ActionFailure.Kind.REFUSED;
      case ABORTED, RESOURCE_EXHAUSTED -> ActionFailure.Kind.RETRYABLE;
      case OK,
          INVALID_ARGUMENT,
          NOT_FOUND,
          ALREADY_EXISTS,
          PERMISSION_DENIED,
          UNAUTHENTICATED,
          OUT_OF_RANGE,
          UNIMPLEMENTED ->
          ActionFailure.Kind.REFUSED;
    };
  }

  /// Whether the connection itself did not come about: then nothing was sent.
  private static boolean neverArrived(@Nullable Throwable cause) {
    for (Throwable at = cause; at != null; at = at.getCause()) {
      if (at instanceof ConnectException
          || at instanceof UnresolvedAddressException
          || at instanceof java.net.UnknownHostException
          || at instanceof SSLHandshakeException) {
        return true;
      }
    }
    return false;
  }

  private static boolean saysNotYet(Status status) {
    String text = Optional.ofNullable(status.getDescription()).orElse("");
    return NOT_YET.stream().anyMatch(text::contains);
  }

  private static String words(Status status) {
    String text = Optional.ofNullable(status.getDescription()).orElse("");
    Throwable root = status.getCause();
    while (root != null && root.getCause() != null) {
      root = root.getCause();
    }
    String why = root == null || root.getMessage() == null ? "" : root.getMessage();
    // netty's own words say nothing; what lies at the bottom does
    boolean bare = text.isEmpty() || text.startsWith("io exception");
    String all = bare && !why.isEmpty() ? why : text;
    return all.isEmpty() ? status.getCode().name() : "%s (%s)".formatted(all, status.getCode());
  }

  public NodeAddress node() {
    return node;
  }

  /// The RPC's name, for example `Bootstrap`.
  public String rpc() {
    return rpc;
  }

  public Status.Code code() {
    return code;
  }

  public ActionFailure.Kind kind() {
    return kind;
  }

  /// What the engine is told.
  ///
  /// @param act for example `bootstrapping etcd`
  public ActionFailure during(String act) {
    return new ActionFailure(
        kind,
        "%s on %s: %s".formatted(act, node, said),
        Optional.empty(),
        switch (code) {
          case PERMISSION_DENIED ->
              Optional.of(
                  "use a client certificate with the role os:admin (`talos secrets` renews it)");
          case UNIMPLEMENTED ->
              Optional.of(
                  "see that the node has its configuration and is of the role that this asks");
          case UNAVAILABLE, DEADLINE_EXCEEDED ->
              Optional.of(
                  "see that the machine runs and that port %d answers".formatted(node.port()));
          default -> Optional.empty();
        });
  }
}
