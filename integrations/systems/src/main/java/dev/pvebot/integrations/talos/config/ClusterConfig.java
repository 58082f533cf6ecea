package dev.pvebot.integrations.talos.config;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pvebot.clusters.IpAddress;
import dev.pvebot.clusters.MacAddress;
import dev.pvebot.clusters.secret.Secret;
import dev.pvebot.clusters.site.ClusterProfile;
import dev.pvebot.integrations.talos.pki.Authority;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/// What all nodes of a cluster have in common; makes the machine configuration of each.
///
/// One form serves Talos 1.9 to 1.14: the `v1alpha1` document of contract 1.13 at most, which 1.14
/// still takes. Where a minor has moved something, [TalosVersion#since] decides. Field by field it
/// follows pkg/machinery/config/generate (init.go, worker.go, network.go).
///
/// @param endpoint host or address at which Kubernetes answers, port 6443
/// @param sans further names and addresses that the certificates of both APIs are good for
/// @param installer the image that installs and upgrades, with its tag
public record ClusterConfig(
    String name,
    TalosVersion talos,
    TalosVersion kubernetes,
    String endpoint,
    List<String> sans,
    List<String> podCidrs,
    List<String> serviceCidrs,
    String installer,
    List<String> resolvers,
    Optional<IpAddress> gateway,
    Optional<IpAddress> vip) {
  /// Where Kubernetes' API listens.
  public static final int API_PORT = 6443;

  private static final int KUBE_PRISM_PORT = 7445;
  private static final String INSTALL_DISK = "/dev/sda";

  public ClusterConfig {
    sans = List.copyOf(sans);
    podCidrs = List.copyOf(podCidrs);
    serviceCidrs = List.copyOf(serviceCidrs);
    resolvers = List.copyOf(resolvers);
  }

  /// One machine.
  ///
  /// @param address with prefix length, `10.0.0.51/24`; empty for DHCP
  /// @param mac by which its network card is found: names of cards change with the image
  public record Node(
      String name, ClusterProfile.Role role, Optional<String> address, Optional<MacAddress> mac) {}

  /// Of a profile.
  ///
  /// @param installer the installer image for the profile's schematic and version, with its tag
  /// @throws IllegalArgumentException when the profile is not Talos', or says something that this
  ///   version of Talos cannot be told
  public static ClusterConfig of(ClusterProfile profile, String installer) {
    ClusterProfile.Talos talos =
        profile
            .talos()
            .orElseThrow(
                () -> new IllegalArgumentException(profile.name() + " is no Talos cluster"));
    ClusterProfile.Network network = profile.network();
    TreeSet<String> sans = new TreeSet<>();
    network.apiEndpoint().ifPresent(sans::add);
    talos.vip().ifPresent(vip -> sans.add(vip.ip().toString()));
    return new ClusterConfig(
        profile.name().toString(),
        TalosVersion.parse(talos.version()),
        TalosVersion.parse(talos.kubernetesVersion()),
        network
            .apiEndpoint()
            .or(() -> talos.vip().map(vip -> vip.ip().toString()))
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "%s has no network.api_endpoint".formatted(profile.name()))),
        List.copyOf(sans),
        network.podCidr().map(cidr -> List.of(cidr.toString())).orElse(List.of("10.244.0.0/16")),
        network.serviceCidr().map(cidr -> List.of(cidr.toString())).orElse(List.of("10.96.0.0/12")),
        installer,
        network.resolvers().stream().map(IpAddress::toString).toList(),
        network.gateway(),
        talos.vip().map(ClusterProfile.Vip::ip));
  }

  /// The machine configuration of a node: all documents.
  ///
  /// @throws IllegalArgumentException for a machine of neither role, and for a static address
  ///   without a MAC address to find its card by
  public Secret machine(SecretsBundle secrets, Node node) {
    boolean controlPlane =
        switch (node.role()) {
          case CONTROLPLANE -> true;
          case WORKER -> false;
          case MACHINE ->
              throw new IllegalArgumentException(
                  node.name() + " is neither control plane nor worker");
        };
    ObjectNode root = Yaml.MAPPER.createObjectNode();
    root.put("version", "v1alpha1").put("debug", false).put("persist", true);
    machinePart(root.putObject("machine"), secrets, node, controlPlane);
    clusterPart(root.putObject("cluster"), secrets, controlPlane);
    return new Secret(Yaml.write(root) + hostnameDocument(node));
  }

  private void machinePart(
      ObjectNode machine, SecretsBundle secrets, Node node, boolean controlPlane) {
    machine.put("type", controlPlane ? "controlplane" : "worker");
    machine.put("token", secrets.machineToken().reveal());
    authority(machine.putObject("ca"), secrets.os(), controlPlane);
    texts(machine.putArray("certSANs"), sans);
    ObjectNode kubelet = machine.putObject("kubelet");
    kubelet.put("image", "ghcr.io/siderolabs/kubelet:v" + kubernetes);
    kubelet.put("defaultRuntimeSeccompProfileEnabled", true);
    kubelet.put("disableManifestsDirectory", true);
    network(machine.putObject("network"), node, controlPlane);
    ObjectNode install = machine.putObject("install");
    install.put("disk", INSTALL_DISK).put("image", installer).put("wipe", false);
    if (talos.since(12)) {
      install.put("grubUseUKICmdline", true);
    }
    ObjectNode features = machine.putObject("features");
    if (!talos.since(12)) {
      features.put("rbac", true).put("stableHostname", true).put("apidCheckExtKeyUsage", true);
    }
    features.put("diskQuotaSupport", true);
    features.putObject("kubePrism").put("enabled", true).put("port", KUBE_PRISM_PORT);
    features.putObject("hostDNS").put("enabled", true).put("forwardKubeDNSToHost", true);
    if (controlPlane) {
      machine
          .putObject("nodeLabels")
          .put("node.kubernetes.io/exclude-from-external-load-balancers", "");
    }
  }

  private void network(ObjectNode network, Node node, boolean controlPlane) {
    if (!talos.since(12)) {
      network.put("hostname", node.name());
    }
    texts(network.putArray("nameservers"), resolvers);
    boolean shares = controlPlane && vip.isPresent();
    if (node.address().isEmpty() && !shares) {
      return; // DHCP on every card, as Talos does by itself
    }
    MacAddress mac =
        node.mac()
            .orElseThrow(() ->
                new IllegalArgumentException(
                    ("%s has a static address or a VIP and no MAC address to find its card by;"
                            + " give it a mac in the profile")
                        .formatted(node.name())));
    ObjectNode card = network.putArray("interfaces").addObject();
    card.putObject("deviceSelector")
        .put("hardwareAddr", mac.toString().toLowerCase(java.util.Locale.ROOT));
    if (node.address().isPresent()) {
      card.put("dhcp", false);
      card.putArray("addresses").add(node.address().get());
      gateway.ifPresent(via -> {
        ObjectNode route = card.putArray("routes").addObject();
        route.put("network", via.toString().contains(":") ? "::/0" : "0.0.0.0/0");
        route.put("gateway", via.toString());
      });
    } else {
      card.put("dhcp", true);
    }
    if (shares) {
      card.putObject("vip").put("ip", vip.orElseThrow().toString());
    }
  }

  private void clusterPart(ObjectNode cluster, SecretsBundle secrets, boolean controlPlane) {
    cluster.put("id", secrets.clusterId()).put("secret", secrets.clusterSecret().reveal());
    cluster.putObject("controlPlane").put("endpoint", endpointUrl());
    cluster.put("clusterName", name);
    ObjectNode network = cluster.putObject("network");
    network.put("dnsDomain", "cluster.local");
    texts(network.putArray("podSubnets"), podCidrs);
    texts(network.putArray("serviceSubnets"), serviceCidrs);
    cluster.put("token", secrets.bootstrapToken().reveal());
    authority(cluster.putObject("ca"), secrets.kubernetes(), controlPlane);
    ObjectNode discovery = cluster.putObject("discovery");
    discovery.put("enabled", true);
    ObjectNode registries = discovery.putObject("registries");
    registries.putObject("kubernetes").put("disabled", true);
    registries.putObject("service");
    if (!controlPlane) {
      return;
    }
    cluster.put("secretboxEncryptionSecret", secrets.secretboxKey().reveal());
    authority(cluster.putObject("aggregatorCA"), secrets.aggregator(), true);
    cluster
        .putObject("serviceAccount")
        .put("key", Yaml.base64(secrets.serviceAccountKey().reveal()));
    authority(cluster.putObject("etcd").putObject("ca"), secrets.etcd(), true);
    ObjectNode api = cluster.putObject("apiServer");
    api.put("image", component("kube-apiserver"));
    texts(api.putArray("certSANs"), sans);
    cluster.putObject("controllerManager").put("image", component("kube-controller-manager"));
    cluster.putObject("scheduler").put("image", component("kube-scheduler"));
    cluster.putObject("proxy").put("image", component("kube-proxy"));
  }

  /// `https://HOST:6443`.
  public String endpointUrl() {
    String host = endpoint.contains(":") ? "[" + endpoint + "]" : endpoint;
    return "https://%s:%d".formatted(host, API_PORT);
  }

  private String component(String image) {
    return "registry.k8s.io/%s:v%s".formatted(image, kubernetes);
  }

  /// Since 1.12 the host name is a document of its own.
  private String hostnameDocument(Node node) {
    if (!talos.since(12)) {
      return "";
    }
    ObjectNode document = Yaml.MAPPER.createObjectNode();
    document.put("apiVersion", "v1alpha1").put("kind", "HostnameConfig");
    document.put("auto", "off").put("hostname", node.name());
    return "---\n" + Yaml.write(document);
  }

  private static void authority(ObjectNode to, Authority authority, boolean withKey) {
    to.put("crt", Yaml.base64(authority.certificate()));
    to.put("key", withKey ? Yaml.base64(authority.key().reveal()) : "");
  }

  private static void texts(ArrayNode to, List<String> texts) {
    texts.forEach(to::add);
  }
}
