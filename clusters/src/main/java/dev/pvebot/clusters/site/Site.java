package dev.pvebot.clusters.site;

import dev.pvebot.clusters.ClusterName;
import dev.pvebot.clusters.IpAddress;
import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.secret.SecretRef;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// One Proxmox VE cluster (or a single node) with everything that its `cluster-config.yaml` says.
///
/// @param name the cluster's name, which is the DNS domain of its nodes too
/// @param nodes at least one, in the order of the file: the API is tried in this order
/// @param templateRange where templates get their VMIDs
/// @param vmRange where every other VM gets its VMID
/// @param cloudInit settings for cloud-init templates, if the site makes any
/// @param ansible where the site's playbooks are, if it has any
/// @param profiles every profile beside the file, by name
public record Site(
    String name,
    List<ApiNode> nodes,
    Tls tls,
    Defaults defaults,
    VmidRange templateRange,
    VmidRange vmRange,
    Credentials credentials,
    Tags tags,
    Optional<CloudInit> cloudInit,
    Talos talos,
    Optional<Ansible> ansible,
    Network network,
    Limits limits,
    List<ClusterProfile> profiles) {

  public Site {
    nodes = List.copyOf(nodes);
    profiles = List.copyOf(profiles);
  }

  /// The profile of this name or alias.
  public Optional<ClusterProfile> profile(ClusterName nameOrAlias) {
    return profiles.stream()
        .filter(profile ->
            profile.name().equals(nameOrAlias) || profile.aliases().contains(nameOrAlias))
        .findFirst();
  }

  public Optional<ApiNode> node(NodeName node) {
    return nodes.stream().filter(known -> known.name().equals(node)).findFirst();
  }

  Site withProfiles(List<ClusterProfile> found) {
    return new Site(
        name,
        nodes,
        tls,
        defaults,
        templateRange,
        vmRange,
        credentials,
        tags,
        cloudInit,
        talos,
        ansible,
        network,
        limits,
        found);
  }

  /// A node and where its API listens: `https://HOST:PORT/api2/json`.
  ///
  /// @param host host name or address
  public record ApiNode(NodeName name, String host, int port) {
    public URI api() {
      String authority = host.contains(":") ? "[" + host + "]" : host;
      return URI.create("https://%s:%d/api2/json".formatted(authority, port));
    }
  }

  /// How the nodes prove who they are. There is no way to leave that out.
  public sealed interface Tls {
    /// By a certificate that the machine's own trust store accepts.
    record SystemTrust() implements Tls {}

    /// By a certificate of one authority.
    ///
    /// @param certificate a PEM file
    record Authority(Path certificate) implements Tls {}

    /// By exactly the certificate that is known.
    ///
    /// @param fingerprints SHA-256 of each node's certificate, upper-case hexadecimal with colons;
    ///   one for every node
    record Pinned(Map<NodeName, String> fingerprints) implements Tls {
      public Pinned {
        fingerprints = java.util.Collections.unmodifiableMap(new TreeMap<>(fingerprints));
      }
    }
  }

  /// What a new VM gets unless its profile says otherwise; words of Proxmox VE's VM configuration.
  ///
  /// @param efidiskPreEnrolledKeys whether an EFI disk comes with Microsoft's keys, which turns
  ///   secure boot on
  /// @param guestAgent whether the QEMU guest agent's channel is there
  public record Defaults(
      String storage,
      String networkBridge,
      String bios,
      String machine,
      String cpu,
      String scsiController,
      boolean efidiskPreEnrolledKeys,
      boolean guestAgent) {}

  /// @param token an entry of two lines: the token's id (`user@realm!name`), its secret
  /// @param sshKey the private key for SSH; without it the agent's keys are used
  public record Credentials(
      SecretRef token, String sshUser, int sshPort, Optional<SecretRef> sshKey) {}

  /// Tags by which the site marks kinds of guests. None of them singles a cluster out.
  public record Tags(Set<String> templates, Set<String> talos, Set<String> cloudInit) {
    public Tags {
      templates = Set.copyOf(templates);
      talos = Set.copyOf(talos);
      cloudInit = Set.copyOf(cloudInit);
    }

    /// Whether a tag marks a kind of guest.
    public boolean contains(String tag) {
      return templates.contains(tag) || talos.contains(tag) || cloudInit.contains(tag);
    }
  }

  /// @param sshKeysSource a file of public keys, on the bot's machine
  /// @param vendorSnippetPath a folder on the nodes
  public record CloudInit(String defaultUser, Path sshKeysSource, String vendorSnippetPath) {}

  /// @param defaultExtensions full names, `siderolabs/qemu-guest-agent`
  /// @param defaultKubernetesVersion for profiles that name none
  /// @param interfaceName for profiles whose VIP names none
  public record Talos(
      List<String> defaultExtensions,
      URI factoryBaseUrl,
      Optional<String> defaultKubernetesVersion,
      Optional<String> interfaceName) {
    public Talos {
      defaultExtensions = List.copyOf(defaultExtensions);
    }
  }

  /// @param fleetInfraPath a folder on the bot's machine
  /// @param inventory relative to it
  public record Ansible(Path fleetInfraPath, Path inventory) {}

  /// What profiles say unless they say otherwise. Nothing is assumed: a prefix length or gateway
  /// that nobody named is unknown.
  public record Network(
      Optional<IpAddress> gateway, Optional<Integer> prefixLength, List<IpAddress> resolvers) {
    public Network {
      resolvers = List.copyOf(resolvers);
    }
  }

  /// How much may go on at once, and how much one operation may destroy.
  ///
  /// @param clones at once on each storage
  /// @param migrations at once from each node
  /// @param destroys VMs that one operation may destroy
  public record Limits(int clones, int migrations, int destroys) {
    public static final Limits DEFAULT = new Limits(2, 1, 10);
  }
}
