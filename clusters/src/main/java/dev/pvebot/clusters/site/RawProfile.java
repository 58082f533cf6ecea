package dev.pvebot.clusters.site;

import dev.pvebot.clusters.Cidr;
import dev.pvebot.clusters.ClusterName;
import dev.pvebot.clusters.Environment;
import dev.pvebot.clusters.IpAddress;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.site.ClusterProfile.Group;
import dev.pvebot.clusters.site.ClusterProfile.Type;
import dev.pvebot.clusters.site.ClusterProfile.Vip;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A profile as its file says it, every value of the right shape, the site's defaults not yet
/// filled in.
record RawProfile(
    ClusterName name,
    Type type,
    Optional<Environment> environment,
    Set<ClusterName> aliases,
    Optional<Talos> talos,
    Network network,
    List<Group> groups,
    Vmid template,
    Optional<String> storage,
    Set<String> tags,
    Optional<ClusterProfile.Flux> flux,
    Optional<Integer> sshPort) {

  /// What Talos itself uses when its configuration names no networks.
  private static final Cidr TALOS_PODS = Cidr.parse("10.244.0.0/16");

  private static final Cidr TALOS_SERVICES = Cidr.parse("10.96.0.0/12");
  private static final int SSH_PORT = 22;

  record Talos(
      String version,
      Optional<String> kubernetesVersion,
      Path configDir,
      Path secretsFile,
      Path patchesDir,
      Optional<String> schematicId,
      Optional<List<String>> extensions,
      Optional<Vip> vip) {}

  record Network(
      Optional<String> apiEndpoint,
      Optional<Cidr> podCidr,
      Optional<Cidr> serviceCidr,
      Optional<IpAddress> gateway,
      Optional<Integer> prefixLength,
      Optional<List<IpAddress>> resolvers,
      Optional<String> bridge,
      Optional<Integer> vlan) {
    static final Network UNSAID =
        new Network(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
  }

  /// The profile with the site's defaults; empty when it needs a Kubernetes version and neither
  /// file names one.
  Optional<ClusterProfile> in(Site site) {
    Optional<ClusterProfile.Talos> settings = talos.flatMap(said -> filledIn(said, site.talos()));
    if (talos.isPresent() && settings.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new ClusterProfile(
            name,
            type,
            environment.orElse(Environment.PRODUCTION),
            aliases,
            settings,
            filledIn(site),
            groups,
            template,
            storage.orElse(site.defaults().storage()),
            tags,
            flux,
            sshPort.orElse(SSH_PORT)));
  }

  private static Optional<ClusterProfile.Talos> filledIn(Talos said, Site.Talos site) {
    return said.kubernetesVersion()
        .or(site::defaultKubernetesVersion)
        .map(kubernetes ->
            new ClusterProfile.Talos(
                said.version(),
                kubernetes,
                said.configDir(),
                said.secretsFile(),
                said.patchesDir(),
                said.schematicId(),
                said.extensions().orElse(site.defaultExtensions()),
                said.vip()
                    .map(vip -> new Vip(vip.ip(), vip.interfaceName().or(site::interfaceName)))));
  }

  private ClusterProfile.Network filledIn(Site site) {
    boolean kubernetes = type == Type.TALOS;
    return new ClusterProfile.Network(
        network.apiEndpoint(),
        network.podCidr().or(() -> kubernetes ? Optional.of(TALOS_PODS) : Optional.empty()),
        network.serviceCidr().or(() -> kubernetes ? Optional.of(TALOS_SERVICES) : Optional.empty()),
        network.gateway().or(() -> site.network().gateway()),
        network.prefixLength().or(() -> site.network().prefixLength()),
        network.resolvers().orElse(site.network().resolvers()),
        network.bridge().orElse(site.defaults().networkBridge()),
        network.vlan());
  }
}
