package dev.pvebot.clusters.site;

import dev.pvebot.clusters.Cidr;
import dev.pvebot.clusters.ClusterName;
import dev.pvebot.clusters.Environment;
import dev.pvebot.clusters.IpAddress;
import dev.pvebot.clusters.MacAddress;
import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// One cluster as its profile wants it, with the site's defaults filled in.
///
/// @param environment production unless the profile says otherwise
/// @param aliases other names by which people call it
/// @param talos present exactly when `type` is `TALOS`
/// @param groups control planes before workers before machines; groups of no machines are left out
/// @param template the VM that is cloned
/// @param storage where the disks go
/// @param tags at least one, lower case. A VM belongs to the cluster only if it has all of them; at
///   least one is nobody else's
/// @param sshPort where the machines of a generic profile answer once they are up
public record ClusterProfile(
    ClusterName name,
    Type type,
    Environment environment,
    Set<ClusterName> aliases,
    Optional<Talos> talos,
    Network network,
    List<Group> groups,
    Vmid template,
    String storage,
    Set<String> tags,
    Optional<Flux> flux,
    int sshPort) {

  public ClusterProfile {
    aliases = Collections.unmodifiableSortedSet(new TreeSet<>(aliases));
    groups = List.copyOf(groups);
    tags = Collections.unmodifiableSortedSet(new TreeSet<>(tags));
    if (tags.isEmpty()) {
      throw new IllegalArgumentException("a profile without tags would match every VM");
    }
    if ((type == Type.TALOS) != talos.isPresent()) {
      throw new IllegalArgumentException("talos settings belong to profiles of type talos");
    }
  }

  public enum Type {
    TALOS,
    GENERIC
  }

  /// What a machine is for.
  public enum Role {
    CONTROLPLANE("controlplane"),
    WORKER("worker"),
    MACHINE("");

    private final String tag;

    Role(String tag) {
      this.tag = tag;
    }

    /// The tag by which a VM shows its role; empty for a plain machine.
    public Optional<String> tag() {
      return tag.isEmpty() ? Optional.empty() : Optional.of(tag);
    }
  }

  /// How machines without a fixed node are shared out.
  public enum Strategy {
    SPREAD,
    PACK
  }

  /// Machines of one role and one size.
  ///
  /// @param key the key in the file: `controlplane`, `workers` or `machines`
  /// @param memoryMiB MiB, as Proxmox VE counts a VM's memory
  /// @param diskBytes size of the boot disk
  public record Group(
      Role role,
      String key,
      int cores,
      int memoryMiB,
      long diskBytes,
      Strategy placement,
      List<WantedMachine> machines) {
    public Group {
      machines = List.copyOf(machines);
    }
  }

  /// One wanted machine. What is empty is chosen by the placement.
  ///
  /// @param ip its static address, if it has one
  public record WantedMachine(
      String name,
      Optional<NodeName> node,
      Optional<Vmid> vmid,
      Optional<IpAddress> ip,
      Optional<MacAddress> mac) {}

  /// @param version of Talos, without `v`
  /// @param kubernetesVersion without `v`
  /// @param configDir where generated configuration is kept
  /// @param extensions full names, `siderolabs/qemu-guest-agent`
  public record Talos(
      String version,
      String kubernetesVersion,
      Path configDir,
      Path secretsFile,
      Path patchesDir,
      Optional<String> schematicId,
      List<String> extensions,
      Optional<Vip> vip) {
    public Talos {
      extensions = List.copyOf(extensions);
    }
  }

  /// The address that the control planes share.
  ///
  /// @param interfaceName a hint only: the name of a card depends on the image, its MAC address
  ///   does not
  public record Vip(IpAddress ip, Optional<String> interfaceName) {}

  /// @param apiEndpoint address or host name of the Kubernetes API; always there for Talos
  /// @param podCidr always there for Talos
  /// @param serviceCidr always there for Talos
  /// @param prefixLength of the machines' network; empty when nobody named it
  /// @param vlan 1 to 4094, if the machines' network is tagged
  public record Network(
      Optional<String> apiEndpoint,
      Optional<Cidr> podCidr,
      Optional<Cidr> serviceCidr,
      Optional<IpAddress> gateway,
      Optional<Integer> prefixLength,
      List<IpAddress> resolvers,
      String bridge,
      Optional<Integer> vlan) {
    public Network {
      resolvers = List.copyOf(resolvers);
    }
  }

  /// @param repo as git understands it: a URL or `git@host:path`
  /// @param path inside the repository, without slashes at its ends
  public record Flux(String repo, String path, String branch) {}

  /// All wanted machines, group after group.
  public List<WantedMachine> machines() {
    return groups.stream().flatMap(group -> group.machines().stream()).toList();
  }

  /// The VMIDs that the profile names; no other profile has one of them.
  public Set<Vmid> vmids() {
    Set<Vmid> vmids = new TreeSet<>();
    machines().forEach(machine -> machine.vmid().ifPresent(vmids::add));
    return Collections.unmodifiableSet(vmids);
  }

  /// The network that the machines' static addresses are in, if the prefix length is known and
  /// there is an address.
  public Optional<Cidr> nodeNetwork() {
    return network
        .prefixLength()
        .flatMap(length ->
            addresses().stream()
                .findFirst()
                .filter(address -> length <= address.bits())
                .map(address -> Cidr.around(address, length)));
  }

  /// Every tag that a VM of this cluster may have: the profile's and those of its roles.
  Set<String> allTags() {
    Set<String> all = new TreeSet<>(tags);
    groups.forEach(group -> group.role().tag().ifPresent(all::add));
    return all;
  }

  /// Gateway, VIP and static addresses, in this order.
  private List<IpAddress> addresses() {
    List<IpAddress> all = new ArrayList<>();
    network.gateway().ifPresent(all::add);
    talos.flatMap(Talos::vip).map(Vip::ip).ifPresent(all::add);
    machines().forEach(machine -> machine.ip().ifPresent(all::add));
    return all;
  }
}
