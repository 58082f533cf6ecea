package dev.pvebot.integrations.lab.talos;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import dev.pvebot.integrations.lab.Caller;
import dev.pvebot.integrations.lab.Lab;
import dev.pvebot.integrations.lab.config.LabConfig;
import dev.pvebot.integrations.lab.talos.proto.machine.ApplyConfigurationRequest;
import dev.pvebot.integrations.lab.talos.proto.machine.ApplyConfigurationResponse;
import dev.pvebot.integrations.lab.talos.proto.machine.BootstrapRequest;
import dev.pvebot.integrations.lab.talos.proto.machine.EtcdMember;
import dev.pvebot.integrations.lab.talos.proto.machine.EtcdMemberListRequest;
import dev.pvebot.integrations.lab.talos.proto.machine.MachineServiceGrpc;
import dev.pvebot.integrations.lab.talos.proto.machine.ServiceInfo;
import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A lab with a stepped clock, secrets for one cluster, and a client that speaks to its machines.
final class TalosSite implements AutoCloseable {
  static final String QEMU_AGENT =
      "ce4c980550dd2ab1b17bbf2b08801c7eb59418eafe8f279833297925d67c7515";
  static final Duration WHILE = Duration.ofMinutes(3);

  final Lab lab;
  final Caller pve;
  final Authority os = Authority.throwAway("talos");
  final Authority kubernetes = Authority.throwAway("kubernetes");
  private final List<ManagedChannel> channels = new ArrayList<>();
  private final Map<Integer, String> addresses = new LinkedHashMap<>();

  TalosSite(LabConfig config) {
    lab = Lab.start(config.withSteppedClock().withoutSampleGuests());
    pve = Caller.of(lab);
  }

  static TalosSite of(String version) {
    return new TalosSite(
        LabConfig.isolated().withTalosImage("nocloud/" + version + "/" + QEMU_AGENT));
  }

  static TalosSite isolated() {
    return of("v1.12.4");
  }

  void pass(Duration time) {
    lab.clock().advance(time);
  }

  /// A started machine in maintenance mode, at its DHCP address.
  String machine(int vmid) {
    String clone =
        pve.run(
            lab,
            Duration.ofMinutes(2),
            pve.post(
                "/nodes/pve01/qemu/101/clone",
                "newid",
                String.valueOf(vmid),
                "name",
                "vm" + vmid,
                "full",
                "1"));
    if (!clone.equals("OK")) {
      throw new AssertionError(clone);
    }
    return start(vmid);
  }

  String start(int vmid) {
    pve.run(
        lab, Duration.ofSeconds(30), pve.post("/nodes/pve01/qemu/%d/status/start".formatted(vmid)));
    return lab.guest(vmid).flatMap(guest -> guest.address()).orElseThrow();
  }

  String stop(int vmid) {
    return pve.run(
        lab, Duration.ofSeconds(30), pve.post("/nodes/pve01/qemu/%d/status/stop".formatted(vmid)));
  }

  String address(int vmid) {
    return addresses.getOrDefault(vmid, "");
  }

  String mac(int vmid) {
    return lab.guest(vmid)
        .map(guest -> guest.config().getOrDefault("net0", ""))
        .orElseThrow()
        .replaceFirst("(?i).*?(([0-9a-f]{2}:){5}[0-9a-f]{2}).*", "$1")
        .toLowerCase(java.util.Locale.ROOT);
  }

  // --- configuration ------------------------------------------------------------------------

  /// A configuration that selects the card by its MAC.
  String config(int vmid, String type) {
    return config(vmid, type, "deviceSelector: {hardwareAddr: \"%s\"}".formatted(mac(vmid)));
  }

  String config(int vmid, String type, String link) {
    boolean plane = type.equals("controlplane");
    return """
    version: v1alpha1
    machine:
      type: %1$s
      token: abcdef.0123456789abcdef
      ca: {crt: %2$s, key: "%3$s"}
      kubelet: {image: "ghcr.io/siderolabs/kubelet:v1.35.0"}
      install: {disk: /dev/sda, image: "factory.talos.dev/nocloud-installer/%4$s:v1.12.4"}
      network:
        hostname: node%5$d
        interfaces:
          - %6$s
            addresses: [%7$s/24]
            vip: {ip: %8$s}
    cluster:
      id: lab-test
      clusterName: test
      controlPlane: {endpoint: "https://%8$s:6443"}
      ca: {crt: %9$s, key: "%10$s"}
      apiServer: {image: "registry.k8s.io/kube-apiserver:v1.35.0"}
      controllerManager: {image: "registry.k8s.io/kube-controller-manager:v1.35.0"}
      scheduler: {image: "registry.k8s.io/kube-scheduler:v1.35.0"}
      proxy: {image: "registry.k8s.io/kube-proxy:v1.35.0"}
    """
        .formatted(
            type,
            base64(os.pem()),
            plane ? base64(key(os)) : "",
            QEMU_AGENT,
            vmid,
            link,
            planned(vmid),
            vip(),
            base64(kubernetes.pem()),
            plane ? base64(key(kubernetes)) : "");
  }

  String planned(int vmid) {
    return lab.config().address(vmid % 1000);
  }

  String vip() {
    return lab.config().address(50);
  }

  private static String key(Authority authority) {
    return new Authority.Issued(authority.certificate(), authority.key()).keyPem();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  ApplyConfigurationResponse apply(
      MachineServiceGrpc.MachineServiceBlockingStub to,
      String config,
      ApplyConfigurationRequest.Mode mode) {
    return to.applyConfiguration(
        ApplyConfigurationRequest.newBuilder()
            .setData(ByteString.copyFromUtf8(config))
            .setMode(mode)
            .build());
  }

  /// A machine that has its configuration and waits for etcd.
  void configured(int vmid, String type) {
    String dhcp = machine(vmid);
    apply(insecure(dhcp), config(vmid, type), ApplyConfigurationRequest.Mode.AUTO);
    addresses.put(vmid, planned(vmid));
    pass(Duration.ofSeconds(30));
  }

  /// Three control planes, 1051 to 1053, bootstrapped and Ready.
  TalosSite cluster() {
    for (int vmid = 1051; vmid <= 1053; vmid++) {
      configured(vmid, "controlplane");
    }
    bootstrap(1051);
    pass(WHILE);
    return this;
  }

  void bootstrap(int vmid) {
    var unused = admin(vmid).bootstrap(BootstrapRequest.getDefaultInstance());
  }

  // --- clients ------------------------------------------------------------------------------

  MachineServiceGrpc.MachineServiceBlockingStub insecure(String address) {
    return MachineServiceGrpc.newBlockingStub(channel(address, Optional.empty()));
  }

  MachineServiceGrpc.MachineServiceBlockingStub admin(int vmid) {
    return as(vmid, "os:admin");
  }

  MachineServiceGrpc.MachineServiceBlockingStub as(int vmid, String role) {
    return MachineServiceGrpc.newBlockingStub(secure(address(vmid), role, os));
  }

  ManagedChannel secure(String address, String role, Authority authority) {
    return channel(
        address,
        Optional.of(
            authority.issue("O=" + role, List.of(), Authority.Use.CLIENT, Duration.ofHours(1))));
  }

  ManagedChannel channel(String address, Optional<Authority.Issued> client) {
    try {
      SslContextBuilder tls =
          GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK);
      if (client.isPresent()) {
        tls.trustManager(os.certificate())
            .keyManager(client.get().key(), client.get().certificate());
      } else {
        tls.trustManager(InsecureTrustManagerFactory.INSTANCE);
      }
      ManagedChannel channel =
          NettyChannelBuilder.forAddress(address, Apid.PORT).sslContext(tls.build()).build();
      channels.add(channel);
      return channel;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // --- looking ------------------------------------------------------------------------------

  List<EtcdMember> members(int vmid) {
    return admin(vmid)
        .etcdMemberList(EtcdMemberListRequest.getDefaultInstance())
        .getMessages(0)
        .getMembersList();
  }

  ServiceInfo service(int vmid, String id) {
    return admin(vmid)
        .serviceList(Empty.getDefaultInstance())
        .getMessages(0)
        .getServicesList()
        .stream()
        .filter(service -> service.getId().equals(id))
        .findFirst()
        .orElseThrow();
  }

  TalosWorld.MachineState state(int vmid) {
    return lab.talos().machine(vmid).orElseThrow();
  }

  TalosCluster test() {
    return lab.talos().cluster("test").orElseThrow();
  }

  @Override
  public void close() {
    for (ManagedChannel channel : channels) {
      channel.shutdownNow();
    }
    for (ManagedChannel channel : channels) {
      try {
        channel.awaitTermination(1, TimeUnit.SECONDS);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
    lab.close();
  }
}
