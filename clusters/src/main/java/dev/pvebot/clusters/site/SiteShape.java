package dev.pvebot.clusters.site;

import dev.pvebot.clusters.IpAddress;
import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.secret.SecretRef;
import dev.pvebot.clusters.yaml.Fields;
import dev.pvebot.clusters.yaml.Nearest;
import dev.pvebot.clusters.yaml.Shape;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The shape of `cluster-config.yaml`.
final class SiteShape {
  private static final Shape<Integer> PORT = Shape.integer(1, 65535);
  private static final int PVE_PORT = 8006;
  private static final int SSH_PORT = 22;
  private static final URI IMAGE_FACTORY = URI.create("https://factory.talos.dev");

  private final ValueShapes values;

  SiteShape(ValueShapes values) {
    this.values = values;
  }

  /// A site without profiles.
  Shape<Site> shape() {
    return Shape.mapping(this::site);
  }

  private record Cluster(String name, List<Site.ApiNode> nodes) {}

  private record Ranges(VmidRange templates, VmidRange vms) {}

  private Optional<Site> site(Fields fields) {
    Optional<Cluster> cluster = fields.required("cluster", Shape.mapping(this::cluster));
    Optional<Site.Defaults> defaults = fields.required("defaults", Shape.mapping(this::defaults));
    Optional<Ranges> ranges = fields.required("vmid_ranges", Shape.mapping(this::ranges));
    Optional<Site.Credentials> credentials =
        fields.required("credentials", Shape.mapping(this::credentials));
    Optional<Site.Tags> tags = fields.optional("tags", Shape.mapping(this::tags));
    Optional<Site.CloudInit> cloudInit =
        fields.optional("cloudinit", Shape.mapping(this::cloudInit));
    Optional<Site.Talos> talos = fields.optional("talos", Shape.mapping(this::talos));
    Optional<Site.Ansible> ansible = fields.optional("ansible", Shape.mapping(this::ansible));
    Optional<Site.Network> network = fields.optional("network", Shape.mapping(SiteShape::network));
    Optional<Site.Tls> tls =
        fields.optional("tls", Shape.mapping(tlsFields -> tls(tlsFields, cluster)));
    Optional<Site.Limits> limits = fields.optional("limits", Shape.mapping(this::limits));
    return fields.build(() ->
        new Site(
            cluster.orElseThrow().name(),
            cluster.orElseThrow().nodes(),
            tls.orElseGet(Site.Tls.SystemTrust::new),
            defaults.orElseThrow(),
            ranges.orElseThrow().templates(),
            ranges.orElseThrow().vms(),
            credentials.orElseThrow(),
            tags.orElseGet(() ->
                new Site.Tags(
                    Set.of("template"), Set.of("talos", "kubernetes"), Set.of("cloudinit"))),
            cloudInit,
            talos.orElseGet(
                () -> new Site.Talos(List.of(), IMAGE_FACTORY, Optional.empty(), Optional.empty())),
            ansible,
            network.orElseGet(
                () -> new Site.Network(Optional.empty(), Optional.empty(), List.of())),
            limits.orElse(Site.Limits.DEFAULT),
            List.of()));
  }

  private Optional<Cluster> cluster(Fields fields) {
    Optional<String> name = fields.required("name", ValueShapes.DOMAIN);
    Optional<List<Site.ApiNode>> nodes =
        fields.required("nodes", Shape.listOf(Shape.mapping(this::node)));
    nodes.ifPresent(found -> checkNodes(fields, found));
    return fields.build(() -> new Cluster(name.orElseThrow(), nodes.orElseThrow()));
  }

  private static void checkNodes(Fields fields, List<Site.ApiNode> nodes) {
    if (nodes.isEmpty()) {
      fields.problem(
          "nodes",
          "an empty list",
          "at least one node",
          "Name every node of the Proxmox VE cluster.");
    }
    Map<String, NodeName> seen = new LinkedHashMap<>();
    for (int i = 0; i < nodes.size(); i++) {
      Site.ApiNode node = nodes.get(i);
      if (seen.putIfAbsent(node.name().value(), node.name()) != null) {
        fields.problem(
            "nodes[%d].name".formatted(i),
            "'%s' a second time".formatted(node.name()),
            "each node once",
            "");
      }
      NodeName other = seen.putIfAbsent(node.api().toString(), node.name());
      if (other != null && !other.equals(node.name())) {
        fields.problem(
            "nodes[%d].host".formatted(i),
            "the address of %s".formatted(other),
            "an address of its own",
            "");
      }
    }
  }

  private Optional<Site.ApiNode> node(Fields fields) {
    Optional<NodeName> name = fields.required("name", ValueShapes.NODE);
    Optional<String> host = fields.required("host", ValueShapes.HOST);
    Optional<Integer> port = fields.optional("port", PORT);
    return fields.build(
        () -> new Site.ApiNode(name.orElseThrow(), host.orElseThrow(), port.orElse(PVE_PORT)));
  }

  private Optional<Site.Defaults> defaults(Fields fields) {
    Optional<String> storage = fields.required("storage", ValueShapes.STORAGE);
    Optional<String> bridge = fields.required("network_bridge", ValueShapes.BRIDGE);
    Optional<String> bios =
        fields.optional("bios", ValueShapes.matching("ovmf or seabios", "ovmf|seabios"));
    Optional<String> machine =
        fields.optional("machine", ValueShapes.matching("q35 or i440fx", "q35|i440fx|pc"));
    Optional<String> cpu =
        fields.optional(
            "cpu",
            ValueShapes.matching("a CPU type, for example host", "[A-Za-z0-9][A-Za-z0-9._-]*"));
    Optional<String> scsi =
        fields.optional(
            "scsi_controller",
            ValueShapes.matching(
                "a SCSI controller, for example virtio-scsi-single", "[a-z0-9][a-z0-9-]*"));
    Optional<Boolean> keys = fields.optional("efidisk_pre_enrolled_keys", Shape.flag());
    Optional<Boolean> agent = fields.optional("guest_agent", Shape.flag());
    return fields.build(() ->
        new Site.Defaults(
            storage.orElseThrow(),
            bridge.orElseThrow(),
            bios.orElse("ovmf"),
            machine.orElse("q35"),
            cpu.orElse("host"),
            scsi.orElse("virtio-scsi-single"),
            keys.orElse(false),
            agent.orElse(true)));
  }

  private Optional<Ranges> ranges(Fields fields) {
    Optional<VmidRange> templates = fields.required("templates", ValueShapes.VMID_RANGE);
    Optional<VmidRange> vms = fields.required("vms", ValueShapes.VMID_RANGE);
    if (templates.isPresent() && vms.isPresent() && templates.get().overlaps(vms.get())) {
      fields.problem(
          "vms",
          vms.get().toString(),
          "a range apart from templates (%s)".formatted(templates.get()),
          "A template must never be taken for a VM.");
    }
    return fields.build(() -> new Ranges(templates.orElseThrow(), vms.orElseThrow()));
  }

  private Optional<Site.Credentials> credentials(Fields fields) {
    Optional<SecretRef> entry = fields.optional("pass_path", ValueShapes.PASS_ENTRY);
    Optional<SecretRef> reference = fields.optional("api_token", ValueShapes.SECRET);
    Optional<String> user =
        fields.optional("ssh_user", ValueShapes.matching("a user's name", "[a-z_][a-z0-9_.-]*"));
    Optional<Integer> port = fields.optional("ssh_port", PORT);
    Optional<SecretRef> key = fields.optional("ssh_key", ValueShapes.SECRET);
    if (fields.has("pass_path") == fields.has("api_token")) {
      fields.problem(
          "pass_path",
          fields.has("pass_path") ? "pass_path and api_token" : "neither pass_path nor api_token",
          "one of them",
          "Both name the API token: pass_path an entry of pass, api_token any reference (pass:,"
              + " env:, file:).");
    }
    return fields.build(() ->
        new Site.Credentials(
            entry.or(() -> reference).orElseThrow(),
            user.orElse("root"),
            port.orElse(SSH_PORT),
            key));
  }

  private Optional<Site.Tags> tags(Fields fields) {
    Optional<Set<String>> templates = fields.optional("templates", ValueShapes.TAGS);
    Optional<Set<String>> talos = fields.optional("talos", ValueShapes.TAGS);
    Optional<Set<String>> cloudInit = fields.optional("cloudinit", ValueShapes.TAGS);
    return fields.build(() ->
        new Site.Tags(
            templates.orElse(Set.of("template")),
            talos.orElse(Set.of("talos", "kubernetes")),
            cloudInit.orElse(Set.of("cloudinit"))));
  }

  private Optional<Site.CloudInit> cloudInit(Fields fields) {
    Optional<String> user =
        fields.required(
            "default_user", ValueShapes.matching("a user's name", "[a-z_][a-z0-9_.-]*"));
    Optional<Path> keys = fields.required("ssh_keys_source", values.path());
    Optional<String> snippets =
        fields.optional(
            "vendor_snippet_path",
            ValueShapes.matching("a folder on the nodes", "/[A-Za-z0-9/_.-]*"));
    return fields.build(() ->
        new Site.CloudInit(
            user.orElseThrow(), keys.orElseThrow(), snippets.orElse("/var/lib/vz/snippets/")));
  }

  private Optional<Site.Talos> talos(Fields fields) {
    Optional<List<String>> extensions =
        fields.optional("default_extensions", Shape.listOf(ValueShapes.EXTENSION));
    Optional<URI> factory = fields.optional("factory_base_url", ValueShapes.WEB_ADDRESS);
    Optional<String> kubernetes =
        fields.optional("default_kubernetes_version", ValueShapes.VERSION);
    Optional<String> card = fields.optional("interface_name", ProfileShape.INTERFACE);
    return fields.build(() ->
        new Site.Talos(
            extensions.orElse(List.of()), factory.orElse(IMAGE_FACTORY), kubernetes, card));
  }

  private Optional<Site.Ansible> ansible(Fields fields) {
    Optional<Path> path = fields.required("fleet_infra_path", values.path());
    Optional<Path> inventory =
        fields.required("inventory", Shape.parsed("a path inside fleet_infra_path", Path::of));
    inventory
        .filter(found -> found.isAbsolute() || found.normalize().startsWith(".."))
        .ifPresent(found ->
            fields.problem(
                "inventory", "'%s'".formatted(found), "a path inside fleet_infra_path", ""));
    return fields.build(() -> new Site.Ansible(path.orElseThrow(), inventory.orElseThrow()));
  }

  private static Optional<Site.Network> network(Fields fields) {
    Optional<IpAddress> gateway = fields.optional("gateway", ValueShapes.IP);
    Optional<Integer> prefixLength = fields.optional("prefix_length", ProfileShape.PREFIX_LENGTH);
    Optional<List<IpAddress>> resolvers =
        fields.optional("resolvers", Shape.listOf(ValueShapes.IP));
    return fields.build(() -> new Site.Network(gateway, prefixLength, resolvers.orElse(List.of())));
  }

  private Optional<Site.Tls> tls(Fields fields, Optional<Cluster> cluster) {
    for (String key : List.of("verify", "insecure", "skip_verify")) {
      fields.refuse(
          key,
          "ca or fingerprints",
          "Verification is never off: a self-signed certificate is accepted by its fingerprint.");
    }
    Optional<Path> ca = fields.optional("ca", values.path());
    Optional<Map<String, String>> pins =
        fields.optional("fingerprints", Shape.mapOf(ValueShapes.FINGERPRINT));
    if (fields.has("ca") == fields.has("fingerprints")) {
      fields.problem(
          "ca",
          fields.has("ca") ? "ca and fingerprints" : "neither ca nor fingerprints",
          "one of them",
          "Leave tls out altogether to trust what the machine's own trust store accepts.");
    }
    pins.ifPresent(found -> cluster.ifPresent(known -> checkPins(fields, found, known.nodes())));
    return fields.build(() ->
        ca.<Site.Tls>map(Site.Tls.Authority::new)
            .orElseGet(() -> {
              Map<NodeName, String> byNode = new LinkedHashMap<>();
              pins.orElseThrow().forEach((node, pin) -> byNode.put(new NodeName(node), pin));
              return new Site.Tls.Pinned(byNode);
            }));
  }

  private static void checkPins(Fields fields, Map<String, String> pins, List<Site.ApiNode> nodes) {
    List<String> names = nodes.stream().map(node -> node.name().value()).toList();
    pins.keySet().stream()
        .filter(pinned -> !names.contains(pinned))
        .forEach(pinned ->
            fields.problem(
                "fingerprints." + pinned,
                "a node that cluster.nodes does not name",
                "one of " + String.join(", ", names),
                Nearest.to(pinned, names).map("Did you mean '%s'?"::formatted).orElse("")));
    names.stream()
        .filter(name -> !pins.containsKey(name))
        .forEach(name ->
            fields.problem(
                "fingerprints",
                "no fingerprint of %s".formatted(name),
                "one for every node",
                "On the node: pvenode cert info"));
  }

  private Optional<Site.Limits> limits(Fields fields) {
    Optional<Integer> clones = fields.optional("clones", Shape.integer(1, 100));
    Optional<Integer> migrations = fields.optional("migrations", Shape.integer(1, 100));
    Optional<Integer> destroys = fields.optional("destroys", Shape.integer(1, 1000));
    return fields.build(() ->
        new Site.Limits(
            clones.orElse(Site.Limits.DEFAULT.clones()),
            migrations.orElse(Site.Limits.DEFAULT.migrations()),
            destroys.orElse(Site.Limits.DEFAULT.destroys())));
  }
}
