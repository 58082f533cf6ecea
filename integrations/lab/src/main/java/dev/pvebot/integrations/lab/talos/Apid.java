package dev.pvebot.integrations.lab.talos;

import dev.pvebot.integrations.lab.faults.MachineFault;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// apid: the machine API on one address, over the TLS that the machine's state asks for.
final class Apid implements AutoCloseable {
  static final int PORT = 50_000;
  private static final int LARGEST_MESSAGE = 32 << 20;
  private static final Duration LAST_WORDS = Duration.ofMillis(200);
  private static final Duration ENDING = Duration.ofSeconds(2);
  private static final Duration LEAF_LIFE = Duration.ofHours(24);

  private final Server server;
  private final Leaving leaving;

  private Apid(Server server, Leaving leaving) {
    this.server = server;
    this.leaving = leaving;
  }

  /// @throws IOException if the address is taken
  static Apid open(TalosWorld world, TalosMachine machine, String address) throws IOException {
    boolean maintenance = machine.config().isEmpty();
    Leaving leaving = new Leaving();
    Gate gate = new Gate(world, machine, maintenance, leaving);
    ApidThreads threads = world.apidThreads();
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(new InetSocketAddress(address, PORT))
            .bossEventLoopGroup(threads.loops)
            .workerEventLoopGroup(threads.loops)
            .channelType(NioServerSocketChannel.class)
            .executor(threads.work)
            .maxInboundMessageSize(LARGEST_MESSAGE)
            .permitKeepAliveTime(5, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .sslContext(tls(machine, address));
    for (ServerServiceDefinition service : services(world, machine)) {
      builder.addService(ServerInterceptors.intercept(service, gate));
    }
    return new Apid(builder.build().start(), leaving);
  }

  private static List<ServerServiceDefinition> services(TalosWorld world, TalosMachine machine) {
    List<ServerServiceDefinition> always =
        List.of(
            new MachineApi(world).bindService(),
            new StateApi(world).bindService(),
            new NodeApis.Storage(world).bindService(),
            new NodeApis.Clock(world).bindService(),
            new HealthApi(world).bindService());
    return machine.image().isSince(13)
        ? java.util.stream.Stream.concat(
                always.stream(),
                java.util.stream.Stream.of(
                    new LifecycleApi(world).bindService(), new ImageApi(world).bindService()))
            .toList()
        : always;
  }

  private static io.netty.handler.ssl.SslContext tls(TalosMachine machine, String address)
      throws IOException {
    Optional<MachineConfig> config = machine.config();
    Authority authority =
        config.isPresent() ? serverAuthority(machine, config.get()) : Authority.throwAway("talos");
    List<String> names =
        java.util.stream.Stream.concat(
                Papers.names(machine).stream(), java.util.stream.Stream.of(address))
            .distinct()
            .toList();
    boolean expired = machine.fault(MachineFault.CertificateExpired.class).isPresent();
    Authority.Issued own =
        authority.issue(
            "CN=" + machine.hostname(),
            names,
            Authority.Use.SERVER,
            expired ? Duration.ofHours(-1) : LEAF_LIFE);
    SslContextBuilder builder =
        GrpcSslContexts.configure(
            SslContextBuilder.forServer(own.key(), own.certificate()), SslProvider.JDK);
    if (config.isPresent()) {
      builder.clientAuth(ClientAuth.REQUIRE).trustManager(new ClientTrust(authority.certificate()));
    }
    return builder.build();
  }

  /// Control planes sign their own certificate; a worker asks trustd of a control plane, which is
  /// where the key is.
  private static Authority serverAuthority(TalosMachine machine, MachineConfig config)
      throws IOException {
    try {
      String certificate = config.caPem().orElseThrow();
      Optional<String> key =
          config
              .caKeyPem()
              .or(() ->
                  machine.cluster().stream()
                      .flatMap(c -> c.machines().stream())
                      .flatMap(m -> m.config().stream())
                      .flatMap(c -> c.caKeyPem().stream())
                      .findFirst());
      return Authority.parse(
          certificate,
          key.orElseThrow(() ->
              new GeneralSecurityException("trustd: no control plane answers this worker yet")));
    } catch (GeneralSecurityException e) {
      throw new IOException("The certificate of " + machine.hostname(), e);
    }
  }

  /// Stops, cuts what is connected, and returns when the port is free.
  @Override
  public void close() {
    try {
      leaving.await(LAST_WORDS);
      server.shutdownNow();
      server.awaitTermination(ENDING.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
