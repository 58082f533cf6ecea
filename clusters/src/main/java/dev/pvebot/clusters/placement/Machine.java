package dev.pvebot.clusters.placement;

import dev.pvebot.clusters.IpAddress;
import dev.pvebot.clusters.MacAddress;
import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.site.ClusterProfile.Role;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// A machine that is to be made, nothing left open.
///
/// @param memoryMiB MiB
/// @param diskBytes size of the boot disk, at least that of the template's
/// @param ip static address; empty when the machine asks DHCP
/// @param prefixLength of the machine's network; empty when there is no static address or nobody
///   named it
/// @param gateway empty when there is no static address or nobody named it
/// @param mac empty when Proxmox VE may choose
/// @param tags the profile's and that of the role
public record Machine(
    Vmid vmid,
    String name,
    NodeName node,
    Role role,
    int cores,
    int memoryMiB,
    long diskBytes,
    String storage,
    String bridge,
    Optional<Integer> vlan,
    Optional<IpAddress> ip,
    Optional<Integer> prefixLength,
    Optional<IpAddress> gateway,
    List<IpAddress> resolvers,
    Optional<MacAddress> mac,
    Set<String> tags) {

  public Machine {
    resolvers = List.copyOf(resolvers);
    tags = Collections.unmodifiableSortedSet(new TreeSet<>(tags));
  }
}
