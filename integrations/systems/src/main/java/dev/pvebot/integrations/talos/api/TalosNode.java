package dev.pvebot.integrations.talos.api;

import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import dev.pvebot.clusters.secret.Secret;
import dev.pvebot.integrations.talos.pki.Pem;
import dev.pvebot.integrations.talos.wire.common.ContainerDriver;
import dev.pvebot.integrations.talos.wire.common.Data;
import dev.pvebot.integrations.talos.wire.machine.ApplyConfigurationRequest;
import dev.pvebot.integrations.talos.wire.machine.DmesgRequest;
import dev.pvebot.integrations.talos.wire.machine.Event;
import dev.pvebot.integrations.talos.wire.machine.EventsRequest;
import dev.pvebot.integrations.talos.wire.machine.GenerateClientConfigurationRequest;
import dev.pvebot.integrations.talos.wire.machine.LogsRequest;
import dev.pvebot.integrations.talos.wire.machine.MachineServiceGrpc;
import dev.pvebot.integrations.talos.wire.machine.ReadRequest;
import io.grpc.Channel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;

/// One Talos node. Thread-safe. Every call has a deadline and fails with a [TalosFailure] that
/// names the node and the RPC.
public final class TalosNode implements AutoCloseable {
  private final Line line;
  private final Timing timing;
  private final Optional<Tls.Pin> pin;

  private TalosNode(Line line, Timing timing, Optional<Tls.Pin> pin) {
    this.line = line;
    this.timing = timing;
    this.pin = pin;
  }

  /// A configured node. Nothing is sent yet.
  ///
  /// @throws IllegalArgumentException when the certificate or key cannot be used
  public static TalosNode connect(NodeAddress node, ClientIdentity identity, Timing timing) {
    return new TalosNode(new Line(node, Tls.mutual(identity)), timing, Optional.empty());
  }

  /// A node without configuration: it knows nobody and proves nothing. After it got a configuration
  /// this client is of no use any more; close it and [#connect].
  ///
  /// @param fingerprint of the key that it showed before; empty at the first meeting
  public static TalosNode maintenance(
      NodeAddress node, Optional<String> fingerprint, Timing timing) {
    Tls.Pin pin = new Tls.Pin(fingerprint);
    return new TalosNode(new Line(node, Tls.pinned(pin)), timing, Optional.of(pin));
  }

  public NodeAddress address() {
    return line.node();
  }

  /// In maintenance mode, once the node has been heard: SHA-256 of its key.
  public Optional<String> fingerprint() {
    return pin.flatMap(Tls.Pin::fingerprint);
  }

  public Resources resources() {
    return new Resources(line, timing.read());
  }

  public EtcdMemberApi etcd() {
    return new EtcdMemberApi(line, timing);
  }

  /// Restarts, upgrades and resets.
  public Power power() {
    return new Power(line, timing);
  }

  public Images images() {
    return new Images(line, timing);
  }

  public Replies.Version version() throws InterruptedException {
    var version =
        line.call(
                "Version",
                false,
                channel -> stub(channel, timing.read()).version(Empty.getDefaultInstance()))
            .getMessages(0);
    return new Replies.Version(
        version.getVersion().getTag().replaceFirst("^v", ""),
        version.getPlatform().getName(),
        version.getVersion().getArch());
  }

  public String hostname() throws InterruptedException {
    return line.call(
            "Hostname",
            false,
            channel -> stub(channel, timing.read()).hostname(Empty.getDefaultInstance()))
        .getMessages(0)
        .getHostname();
  }

  public List<Replies.Service> services() throws InterruptedException {
    return line
        .call(
            "ServiceList",
            false,
            channel -> stub(channel, timing.read()).serviceList(Empty.getDefaultInstance()))
        .getMessagesList()
        .stream()
        .flatMap(entry -> entry.getServicesList().stream())
        .map(service ->
            new Replies.Service(
                service.getId(),
                service.getState(),
                service.getHealth().getUnknown()
                    ? Optional.empty()
                    : Optional.of(service.getHealth().getHealthy()),
                service.getHealth().getLastMessage()))
        .toList();
  }

  public Replies.Memory memory() throws InterruptedException {
    var info =
        line.call(
                "Memory",
                false,
                channel -> stub(channel, timing.read()).memory(Empty.getDefaultInstance()))
            .getMessages(0)
            .getMeminfo();
    return new Replies.Memory(info.getMemtotal(), info.getMemavailable());
  }

  public Replies.Load load() throws InterruptedException {
    var load =
        line.call(
                "LoadAvg",
                false,
                channel -> stub(channel, timing.read()).loadAvg(Empty.getDefaultInstance()))
            .getMessages(0);
    return new Replies.Load(load.getLoad1(), load.getLoad5(), load.getLoad15());
  }

  public List<Replies.Mount> mounts() throws InterruptedException {
    return line
        .call(
            "Mounts",
            false,
            channel -> stub(channel, timing.read()).mounts(Empty.getDefaultInstance()))
        .getMessagesList()
        .stream()
        .flatMap(entry -> entry.getStatsList().stream())
        .map(mount ->
            new Replies.Mount(
                mount.getFilesystem(), mount.getMountedOn(), mount.getSize(), mount.getAvailable()))
        .toList();
  }

  /// How a configuration is to be taken over.
  public enum Mode {
    /// Without a restart if that is possible, else with one (up to Talos 1.13; later without).
    AUTO,
    REBOOT,
    NO_REBOOT,
    STAGED,
    /// Undone after a minute unless another configuration comes.
    TRY
  }

  /// Gives the node its machine configuration.
  ///
  /// @param configuration all YAML documents
  public Replies.Applied apply(Secret configuration, Mode mode) throws InterruptedException {
    return apply(configuration, mode, true);
  }

  /// Says what giving it this configuration would do; changes nothing.
  public Replies.Applied tryOut(Secret configuration, Mode mode) throws InterruptedException {
    return apply(configuration, mode, false);
  }

  private Replies.Applied apply(Secret configuration, Mode mode, boolean really)
      throws InterruptedException {
    var applied =
        line.call(
                "ApplyConfiguration",
                really,
                channel ->
                    stub(channel, timing.write())
                        .applyConfiguration(
                            ApplyConfigurationRequest.newBuilder()
                                .setData(ByteString.copyFromUtf8(configuration.reveal()))
                                .setMode(ApplyConfigurationRequest.Mode.valueOf(mode.name()))
                                .setDryRun(!really)
                                .build()))
            .getMessages(0);
    return new Replies.Applied(
        applied.getMode() == ApplyConfigurationRequest.Mode.REBOOT,
        applied.getMode().name(),
        applied.getModeDetails(),
        applied.getWarningsList());
  }

  /// The cluster's admin kubeconfig. Control plane nodes only.
  public Secret kubeconfig() throws InterruptedException, IOException {
    ByteArrayOutputStream archive = new ByteArrayOutputStream();
    line.copy(
        "Kubeconfig",
        channel -> stub(channel, timing.write()).kubeconfig(Empty.getDefaultInstance()),
        archive);
    return KubeconfigArchive.read(archive.toByteArray());
  }

  /// A file of the node, for example `/proc/sys/kernel/random/boot_id`; wants os:admin.
  public String read(String path) throws InterruptedException, IOException {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    line.copy(
        "Read",
        channel ->
            stub(channel, timing.write()).read(ReadRequest.newBuilder().setPath(path).build()),
        content);
    return content.toString(StandardCharsets.UTF_8);
  }

  /// The last lines that a service wrote, and what it writes from then on if followed.
  ///
  /// @param taker gets pieces of text, not lines; says whether it wants more
  public void logs(String service, int tailLines, boolean follow, Predicate<String> taker)
      throws InterruptedException {
    text(
        "Logs",
        channel ->
            forStream(channel, follow)
                .logs(
                    LogsRequest.newBuilder()
                        .setNamespace("system")
                        .setId(service)
                        .setDriver(ContainerDriver.CONTAINERD)
                        .setTailLines(tailLines)
                        .setFollow(follow)
                        .build()),
        taker);
  }

  /// The kernel's messages.
  public void dmesg(boolean follow, Predicate<String> taker) throws InterruptedException {
    text(
        "Dmesg",
        channel ->
            forStream(channel, follow).dmesg(DmesgRequest.newBuilder().setFollow(follow).build()),
        taker);
  }

  private void text(String rpc, Function<Channel, Iterator<Data>> call, Predicate<String> taker)
      throws InterruptedException {
    line.follow(rpc, false, call, data -> taker.test(data.getBytes().toStringUtf8()));
  }

  /// What happens on the node, until the taker has had enough or the node restarts.
  ///
  /// @param last how many earlier ones come first; -1 for all it remembers
  public void events(int last, Predicate<NodeEvent> taker) throws InterruptedException {
    line.follow(
        "Events",
        false,
        (Channel channel) ->
            MachineServiceGrpc.newBlockingStub(channel)
                .events(EventsRequest.newBuilder().setTailEvents(last).build()),
        (Event event) -> NodeEvent.read(event).map(taker::test).orElse(true));
  }

  /// A client certificate with the same authority, signed by the node. Control planes only.
  ///
  /// @param roles for example `os:admin`
  public Replies.Renewed renew(List<String> roles, Duration life) throws InterruptedException {
    var made =
        line.call(
                "GenerateClientConfiguration",
                false, // the node keeps nothing of it
                channel ->
                    stub(channel, timing.write())
                        .generateClientConfiguration(
                            GenerateClientConfigurationRequest.newBuilder()
                                .addAllRoles(roles)
                                .setCrtTtl(
                                    com.google.protobuf.Duration.newBuilder()
                                        .setSeconds(life.toSeconds()))
                                .build()))
            .getMessages(0);
    String certificate = made.getCrt().toStringUtf8();
    try {
      return new Replies.Renewed(
          new ClientIdentity(
              made.getCa().toStringUtf8(), certificate, new Secret(made.getKey().toStringUtf8())),
          Pem.certificate(certificate).getNotAfter().toInstant());
    } catch (GeneralSecurityException unreadable) {
      throw TalosFailure.of(
          line.node(),
          "GenerateClientConfiguration",
          io.grpc.Status.DATA_LOSS
              .withDescription("the node sent no readable certificate")
              .asRuntimeException(),
          false);
    }
  }

  private static MachineServiceGrpc.MachineServiceBlockingStub stub(
      Channel channel, Duration patience) {
    return MachineServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(Line.millis(patience), TimeUnit.MILLISECONDS);
  }

  /// A stream that is followed has no deadline; keepalive ends it when the node is gone.
  private MachineServiceGrpc.MachineServiceBlockingStub forStream(Channel channel, boolean follow) {
    return follow ? MachineServiceGrpc.newBlockingStub(channel) : stub(channel, timing.transfer());
  }

  @Override
  public void close() {
    line.close();
  }
}
