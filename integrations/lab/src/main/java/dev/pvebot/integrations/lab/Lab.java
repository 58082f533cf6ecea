package dev.pvebot.integrations.lab;

import dev.pvebot.integrations.lab.config.LabConfig;
import dev.pvebot.integrations.lab.config.NodeSpec;
import dev.pvebot.integrations.lab.factory.ImageFactory;
import dev.pvebot.integrations.lab.faults.Faults;
import dev.pvebot.integrations.lab.ledger.Ledger;
import dev.pvebot.integrations.lab.pve.PveCluster;
import dev.pvebot.integrations.lab.talos.TalosWorld;
import dev.pvebot.integrations.lab.time.LabClock;
import dev.pvebot.integrations.lab.tls.LabAuthority;
import dev.pvebot.integrations.lab.wire.HttpListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A running simulated datacenter. Close it to free its ports.
///
/// ```java
/// try (Lab lab = Lab.start(LabConfig.isolated())) {
///   URI api = lab.endpoints().get("pve01");     // https://127.x.y.11:8006
///   String token = lab.token("operator");       // pvebot@pve!operator=…
/// }
/// ```
public final class Lab implements AutoCloseable {
  private static final int FACTORY_HOST = 2;
  private static final int FACTORY_PORT = 8443;

  private final LabConfig config;
  private final LabClock clock;
  private final Ledger ledger;
  private final Faults faults = new Faults();
  private final TalosWorld talos;
  private final PveCluster cluster;
  private final LabAuthority authority;
  private final Map<String, LabAuthority.Identity> identities = new LinkedHashMap<>();
  private final Map<String, HttpListener> listeners = new LinkedHashMap<>();
  private final Map<String, URI> endpoints = new LinkedHashMap<>();
  private final HttpListener.Threads threads = new HttpListener.Threads();
  private final HttpListener admin;
  private final HttpListener factory;

  private Lab(LabConfig config) throws IOException {
    this.config = config;
    Instant start = config.startsAt().orElseGet(Instant::now);
    this.clock =
        config.stepped() ? LabClock.stepped(start) : LabClock.running(config.speed(), start);
    if (config.directory().isPresent()) {
      Files.createDirectories(config.directory().get());
    }
    this.ledger = new Ledger(config.directory().map(dir -> dir.resolve("ledger.jsonl")));
    ImageFactory images = new ImageFactory(clock, ledger, faults);
    this.talos = new TalosWorld(config, clock, ledger, faults, images, threads);
    this.cluster = new PveCluster(config, clock, ledger, faults, talos);
    this.authority = new LabAuthority(config.clusterName());
    try {
      cluster.populate();
      for (NodeSpec node : config.nodes()) {
        String address = config.address(node.host());
        LabAuthority.Identity identity =
            authority.issue(
                node.name() + "." + config.clusterName(),
                List.of(node.name() + "." + config.clusterName(), node.name(), "localhost"),
                List.of(address, "127.0.0.1"));
        identities.put(node.name(), identity);
        cluster.fingerprint(node.name(), identity.fingerprint());
        listen(node, config.port());
      }
      String factoryAddress = config.address(FACTORY_HOST);
      this.factory =
          new HttpListener(
              threads,
              new InetSocketAddress(InetAddress.getByName(factoryAddress), FACTORY_PORT),
              Optional.of(
                  authority
                      .issue("factory", List.of("factory", "localhost"), List.of(factoryAddress))
                      .context()),
              images::answer);
      this.admin =
          new HttpListener(
              threads,
              new InetSocketAddress(InetAddress.getByName("127.0.0.1"), config.adminPort()),
              Optional.empty(),
              new AdminApi(this)::answer);
    } catch (IOException | RuntimeException e) {
      listeners.values().forEach(HttpListener::close);
      cluster.switchOff();
      talos.close();
      clock.close();
      ledger.close();
      threads.close();
      throw e;
    }
  }

  /// Starts a lab; its API answers when this returns.
  ///
  /// @throws UncheckedIOException if a port is taken; the message names it
  public static Lab start(LabConfig config) {
    try {
      return new Lab(config);
    } catch (IOException e) {
      throw new UncheckedIOException(String.valueOf(e.getMessage()), e);
    }
  }

  private void listen(NodeSpec node, int port) throws IOException {
    LabAuthority.Identity identity = identities.get(node.name());
    HttpListener listener =
        new HttpListener(
            threads,
            new InetSocketAddress(address(node), port),
            Optional.ofNullable(identity).map(LabAuthority.Identity::context),
            request -> cluster.answer(node.name(), request).withHeaders(pveHeaders()));
    listeners.put(node.name(), listener);
    endpoints.put(
        node.name(),
        URI.create(
            "https://%s:%d".formatted(config.address(node.host()), listener.address().getPort())));
  }

  /// What pveproxy puts on every reply (pve-http-server, `PVE/APIServer/AnyEvent.pm`).
  private Map<String, String> pveHeaders() {
    return Map.of(
        "Date",
        DateTimeFormatter.RFC_1123_DATE_TIME.format(clock.now().atOffset(ZoneOffset.UTC)),
        "Server",
        "pve-api-daemon/3.0");
  }

  private InetAddress address(NodeSpec node) throws UnknownHostException {
    return InetAddress.getByName(config.address(node.host()));
  }

  public LabConfig config() {
    return config;
  }

  /// Where each node's API is, without `/api2/json`.
  public Map<String, URI> endpoints() {
    return Map.copyOf(endpoints);
  }

  /// The first node's API.
  public URI endpoint() {
    return endpoint(config.nodes().getFirst().name());
  }

  public URI endpoint(String node) {
    URI uri = endpoints.get(node);
    if (uri == null) {
      throw new IllegalArgumentException(
          "The lab has no node '%s'; it has %s.".formatted(node, endpoints.keySet()));
    }
    return uri;
  }

  /// Where the admin API is.
  public URI adminEndpoint() {
    return URI.create("http://127.0.0.1:" + admin.address().getPort());
  }

  /// The certificate of the lab's authority.
  public String caPem() {
    return authority.pem();
  }

  /// Each node's certificate, as SHA-256 with colons.
  public Map<String, String> fingerprints() {
    Map<String, String> all = new LinkedHashMap<>();
    identities.forEach((node, identity) -> all.put(node, identity.fingerprint()));
    return all;
  }

  /// Tokens by short name: `operator` (all rights), `readonly`, `powerless`, `expired`; each as
  /// `user@realm!id=secret`.
  public Map<String, String> tokens() {
    return cluster.tokens();
  }

  public String token(String shortName) {
    String token = tokens().get(shortName);
    if (token == null) {
      throw new IllegalArgumentException(
          "The lab has no token '%s'; it has %s.".formatted(shortName, tokens().keySet()));
    }
    return token;
  }

  public String rootPassword() {
    return cluster.rootPassword();
  }

  public Ledger ledger() {
    return ledger;
  }

  public Faults faults() {
    return faults;
  }

  public LabClock clock() {
    return clock;
  }

  /// The cluster's state, for assertions.
  public PveCluster cluster() {
    return cluster;
  }

  /// The Talos machines and their clusters, for assertions.
  public TalosWorld talos() {
    return talos;
  }

  /// Where the image factory is; its certificate is the lab authority's.
  public URI factoryEndpoint() {
    return URI.create(
        "https://%s:%d".formatted(config.address(FACTORY_HOST), factory.address().getPort()));
  }

  public Optional<PveCluster.GuestState> guest(int vmid) {
    return cluster.guest(vmid);
  }

  /// Answers that broke PVE's schema: defects of the lab.
  public List<String> defects() {
    return cluster.defects();
  }

  /// Cuts a node's power: its API is gone, its guests and tasks die.
  public void nodeDown(String node) {
    HttpListener listener = listeners.get(node);
    if (listener != null) {
      listener.close();
    }
    cluster.nodeDown(node);
  }

  /// Brings a node back on its old address.
  public void nodeUp(String node) {
    NodeSpec spec =
        config.nodes().stream()
            .filter(n -> n.name().equals(node))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("The lab has no node '" + node + "'."));
    try {
      listen(spec, endpoint(node).getPort());
    } catch (IOException e) {
      throw new UncheckedIOException(String.valueOf(e.getMessage()), e);
    }
    cluster.nodeUp(node);
  }

  /// Writes a site that speaks to this lab into `directory`; see [LabSite].
  public void writeSite(Path directory) {
    new LabSite(this).write(directory);
  }

  @Override
  public void close() {
    listeners.values().forEach(HttpListener::close);
    admin.close();
    factory.close();
    clock.close();
    cluster.switchOff();
    talos.close();
    threads.close();
    ledger.close();
  }
}
