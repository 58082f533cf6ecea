package dev.pvebot.integrations.lab.talos;

import dev.pvebot.integrations.lab.faults.CrashPoint;
import dev.pvebot.integrations.lab.faults.Fault;
import dev.pvebot.integrations.lab.faults.Faults;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/// What every call of a machine API passes: faults, crash points and the ledger; who calls and
/// whether they may; and to which node it goes (`node`, `nodes` in the metadata).
final class Gate implements ServerInterceptor {
  private static final Context.Key<TalosMachine> TARGET = Context.key("lab-target");
  private static final Context.Key<Set<String>> ROLES = Context.key("lab-roles");
  private static final Metadata.Key<String> NODE =
      Metadata.Key.of("node", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> NODES =
      Metadata.Key.of("nodes", Metadata.ASCII_STRING_MARSHALLER);
  private static final Set<String> MANY =
      Set.of(
          "machine.MachineService",
          "cluster.ClusterService",
          "storage.StorageService",
          "time.TimeService");

  private final TalosWorld world;
  private final TalosMachine machine;
  private final boolean maintenance;
  private final Leaving leaving;

  Gate(TalosWorld world, TalosMachine machine, boolean maintenance, Leaving leaving) {
    this.world = world;
    this.machine = machine;
    this.maintenance = maintenance;
    this.leaving = leaving;
  }

  /// The machine that the current call is for.
  static TalosMachine target() {
    return TARGET.get();
  }

  /// The roles of the current caller.
  static Set<String> roles() {
    return ROLES.get();
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    String method = call.getMethodDescriptor().getFullMethodName();
    Set<String> roles = maintenance ? Set.of(Rules.READER) : rolesOf(call);
    Passage passage =
        new Passage(world, machine, "/" + method, Rules.reads(method), String.join(",", roles));
    Optional<Faults.Met> crash =
        world.faults().crashAt(passage.node(), passage.verb(), passage.path());
    if (crash.filter(c -> c.point().moment() == CrashPoint.Moment.BEFORE_READ).isPresent()) {
      passage.dropped("crash before the call is read");
      crash.get().strike().run();
      return refuse(call, Status.UNAVAILABLE.withDescription("error reading from server: EOF"));
    }
    Optional<Fault> fault = world.faults().atCall(passage.node(), passage.verb(), passage.path());
    WatchedCall<Q, A> watched = new WatchedCall<>(call, passage, crash, fault, leaving);
    Optional<Status> early = fault.flatMap(Gate::unacted);
    if (early.isPresent()) {
      return refuse(watched, early.get());
    }
    if (fault.filter(Gate::drops).isPresent()) {
      passage.dropped(fault.get().toString());
      return new ServerCall.Listener<>() {};
    }
    Optional<Status> refusal = refusal(roles, method);
    if (refusal.isPresent()) {
      return refuse(watched, refusal.get());
    }
    return watched.watch(route(watched, headers, next, roles, method));
  }

  private static <Q, A> ServerCall.Listener<Q> refuse(ServerCall<Q, A> call, Status status) {
    call.close(status, new Metadata());
    return new ServerCall.Listener<>() {};
  }

  private static boolean drops(Fault fault) {
    return fault instanceof Fault.Silence silence && !silence.acts();
  }

  /// What a fault answers instead of the machine, if it does.
  private static Optional<Status> unacted(Fault fault) {
    return switch (fault) {
      case Fault.Status s -> Optional.of(WatchedCall.status(s.status(), s.reason()));
      case Fault.Reset r when !r.acts() -> Optional.of(WatchedCall.reset());
      case Fault.Html _ ->
          Optional.of(
              Status.UNKNOWN.withDescription(
                  "unexpected HTTP status code received from server: 200 (OK); transport: received"
                      + " unexpected content-type \"text/html\""));
      case Fault.Expired _ ->
          Optional.of(
              Status.UNAVAILABLE.withDescription(
                  "connection error: desc = \"error reading server preface: remote error: tls:"
                      + " expired certificate\""));
      case Fault.WithoutRights _ ->
          Optional.of(Status.PERMISSION_DENIED.withDescription("not authorized"));
      case Fault.StatusAfterActing _,
          Fault.Reset _,
          Fault.Silence _,
          Fault.Slow _,
          Fault.HalfJson _ ->
          Optional.empty();
    };
  }

  private Optional<Status> refusal(Set<String> roles, String method) {
    if (maintenance && !machine.image().isSince(13)) {
      return Rules.oldMaintenanceHas(method)
          ? Optional.empty()
          : Optional.of(Status.UNIMPLEMENTED.withDescription(Rules.oldMaintenanceRefusal(method)));
    }
    return Rules.allows(roles, method)
        ? Optional.empty()
        : Optional.of(Status.PERMISSION_DENIED.withDescription("not authorized"));
  }

  private static Set<String> rolesOf(ServerCall<?, ?> call) {
    SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
    try {
      if (session != null && session.getPeerCertificates()[0] instanceof X509Certificate leaf) {
        return Arrays.stream(leaf.getSubjectX500Principal().getName().split("[,+]", -1))
            .filter(part -> part.startsWith("O="))
            .map(part -> part.substring(2))
            .collect(Collectors.toSet());
      }
    } catch (SSLPeerUnverifiedException _) {
      return Set.of();
    }
    return Set.of();
  }

  // --- routing ------------------------------------------------------------------------------

  private <Q, A> ServerCall.Listener<Q> route(
      ServerCall<Q, A> call,
      Metadata headers,
      ServerCallHandler<Q, A> next,
      Set<String> roles,
      String method) {
    List<String> one = values(headers, NODE);
    List<String> many = values(headers, NODES);
    Context context = Context.current().withValue(ROLES, roles);
    if (maintenance || (one.isEmpty() && many.isEmpty())) {
      return Contexts.interceptCall(context.withValue(TARGET, machine), call, headers, next);
    }
    if (one.size() > 1) {
      return refuse(
          call, Status.INVALID_ARGUMENT.withDescription("node metadata must be single-valued"));
    }
    if (one.size() == 1) {
      Optional<Status> refusal = forwarding(one.getFirst());
      if (refusal.isPresent()) {
        return refuse(call, refusal.get());
      }
      Optional<TalosMachine> target = at(one.getFirst());
      return target.isEmpty()
          ? refuse(call, unreachable(one.getFirst()))
          : Contexts.interceptCall(context.withValue(TARGET, target.get()), call, headers, next);
    }
    String service = method.substring(0, method.indexOf('/'));
    if (!MANY.contains(service)) {
      return refuse(
          call,
          Status.INVALID_ARGUMENT.withDescription(
              "one-2-many proxying is not supported for method /" + method));
    }
    FanOut<Q, A> fan = new FanOut<>(call, many.size());
    for (String address : many) {
      Optional<Status> refusal = forwarding(address);
      Optional<TalosMachine> target = at(address);
      if (refusal.isPresent() || target.isEmpty()) {
        fan.failed(address, refusal.orElseGet(() -> unreachable(address)));
      } else {
        Context its = context.withValue(TARGET, target.get());
        fan.add(Contexts.interceptCall(its, fan.leg(address), headers, next));
      }
    }
    return fan;
  }

  private static List<String> values(Metadata headers, Metadata.Key<String> key) {
    Iterable<String> values = headers.getAll(key);
    return values == null
        ? List.of()
        : StreamSupport.stream(values.spliterator(), false)
            .flatMap(value -> Arrays.stream(value.split(",", -1)))
            .map(String::strip)
            .filter(value -> !value.isEmpty())
            .toList();
  }

  private Optional<Status> forwarding(String address) {
    if (address.contains(":")) {
      return Optional.of(Status.INTERNAL.withDescription("invalid target \"" + address + "\""));
    }
    boolean itself = at(address).filter(machine::equals).isPresent();
    boolean worker = !world.compute(machine::isControlPlane);
    return worker && !itself
        ? Optional.of(Status.PERMISSION_DENIED.withDescription("no request forwarding"))
        : Optional.empty();
  }

  private Optional<TalosMachine> at(String address) {
    return world.compute(() ->
        world.all().stream()
            .filter(TalosMachine::isUp)
            .filter(m -> m.cluster().equals(machine.cluster()))
            .filter(m ->
                m.address().filter(address::equals).isPresent()
                    || m.hostname().equals(address)
                    || (m.vip().filter(address::equals).isPresent()
                        && m.cluster()
                            .flatMap(TalosCluster::vipHolder)
                            .filter(m::equals)
                            .isPresent()))
            .findFirst());
  }

  private static Status unreachable(String address) {
    return Status.UNAVAILABLE.withDescription(
        "connection error: desc = \"transport: Error while dialing: dial tcp %s:50000: connect: no"
                .formatted(address)
            + " route to host\"");
  }
}
