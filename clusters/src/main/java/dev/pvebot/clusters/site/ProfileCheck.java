package dev.pvebot.clusters.site;

import dev.pvebot.clusters.Cidr;
import dev.pvebot.clusters.IpAddress;
import dev.pvebot.clusters.site.ClusterProfile.Group;
import dev.pvebot.clusters.site.ClusterProfile.WantedMachine;
import dev.pvebot.clusters.yaml.Nearest;
import dev.pvebot.clusters.yaml.Problems;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// What must hold for one profile by itself and against its site.
final class ProfileCheck {
  private final Site site;
  private final Sourced<ClusterProfile> source;
  private final ClusterProfile profile;
  private final Problems problems;

  private ProfileCheck(Site site, Sourced<ClusterProfile> source, Problems problems) {
    this.site = site;
    this.source = source;
    this.profile = source.value();
    this.problems = problems;
  }

  static void check(Site site, Sourced<ClusterProfile> source, Problems problems) {
    ProfileCheck check = new ProfileCheck(site, source, problems);
    check.vmids();
    check.nodes();
    Optional<Cidr> network = check.machinesNetwork();
    check.addresses(network);
    check.endpoint();
    check.networks(network);
  }

  /// The key of each machine, by which faults are shown.
  static Map<String, WantedMachine> machinesByKey(Sourced<ClusterProfile> source) {
    Map<String, WantedMachine> machines = new LinkedHashMap<>();
    for (Group group : source.value().groups()) {
      for (int i = 0; i < group.machines().size(); i++) {
        machines.put("nodes.%s.assignments[%d]".formatted(group.key(), i), group.machines().get(i));
      }
    }
    return machines;
  }

  private void vmids() {
    machinesByKey(source)
        .forEach((key, machine) ->
            machine
                .vmid()
                .filter(vmid -> !site.vmRange().contains(vmid))
                .ifPresent(vmid ->
                    source.problem(
                        problems,
                        key + ".vmid",
                        "VMID %s for %s".formatted(vmid, machine.name()),
                        "one of %s".formatted(site.vmRange()),
                        "The range is vmid_ranges.vms of cluster-config.yaml.")));
    if (!site.templateRange().contains(profile.template())) {
      source.problem(
          problems,
          "template",
          "VMID %s".formatted(profile.template()),
          "one of %s".formatted(site.templateRange()),
          "The range is vmid_ranges.templates of cluster-config.yaml.");
    }
  }

  private void nodes() {
    List<String> known = site.nodes().stream().map(node -> node.name().value()).toList();
    machinesByKey(source)
        .forEach((key, machine) ->
            machine
                .node()
                .filter(node -> site.node(node).isEmpty())
                .ifPresent(node ->
                    source.problem(
                        problems,
                        key + ".node",
                        "'%s'".formatted(node),
                        "one of " + String.join(", ", known),
                        Nearest.to(node.value(), known)
                            .map("Did you mean '%s'?"::formatted)
                            .orElse(""))));
  }

  private void addresses(Optional<Cidr> network) {
    addressesByKey()
        .forEach((key, address) -> {
          if (network.isPresent() && !network.get().contains(address)) {
            source.problem(
                problems,
                key,
                address.toString(),
                "an address in %s".formatted(network.get()),
                "That network follows from prefix_length and the gateway, or else the first"
                    + " address.");
          }
          if (profile.network().gateway().equals(Optional.of(address))) {
            source.problem(
                problems, key, "%s, the gateway".formatted(address), "an address of its own", "");
          }
        });
  }

  /// Empty too when the prefix length does not fit the kind of address, which is a problem.
  private Optional<Cidr> machinesNetwork() {
    int bits =
        Stream.concat(profile.network().gateway().stream(), addressesByKey().values().stream())
            .mapToInt(IpAddress::bits)
            .min()
            .orElse(Integer.MAX_VALUE);
    if (profile.network().prefixLength().filter(length -> length > bits - 2).isPresent()) {
      source.problem(
          problems,
          "network.prefix_length",
          "/%d".formatted(profile.network().prefixLength().get()),
          "at most /%d".formatted(bits - 2),
          "The machines' network needs room for them and a gateway.");
      return Optional.empty();
    }
    return profile.nodeNetwork();
  }

  private Map<String, IpAddress> addressesByKey() {
    Map<String, IpAddress> addresses = new LinkedHashMap<>();
    profile
        .talos()
        .flatMap(ClusterProfile.Talos::vip)
        .ifPresent(vip -> addresses.put("talos.vip.ip", vip.ip()));
    machinesByKey(source)
        .forEach((key, machine) -> machine.ip().ifPresent(ip -> addresses.put(key + ".ip", ip)));
    return addresses;
  }

  private void endpoint() {
    Optional<IpAddress> vip =
        profile.talos().flatMap(ClusterProfile.Talos::vip).map(ClusterProfile.Vip::ip);
    Optional<IpAddress> endpoint =
        profile.network().apiEndpoint().filter(IpAddress::isWellFormed).map(IpAddress::parse);
    if (vip.isPresent() && endpoint.isPresent() && !vip.equals(endpoint)) {
      source.problem(
          problems,
          "network.api_endpoint",
          endpoint.get().toString(),
          "the VIP %s".formatted(vip.get()),
          "With any other address the API is lost together with one machine.");
    }
  }

  private void networks(Optional<Cidr> machines) {
    Optional<Cidr> pods = profile.network().podCidr();
    Optional<Cidr> services = profile.network().serviceCidr();
    if (pods.isPresent() && services.isPresent()) {
      apart("network.service_cidr", services.get(), "pod_cidr", pods.get());
    }
    machines.ifPresent(network -> {
      pods.ifPresent(cidr -> apart("network.pod_cidr", cidr, "the machines' network", network));
      services.ifPresent(
          cidr -> apart("network.service_cidr", cidr, "the machines' network", network));
    });
    if (machines.isEmpty()) {
      addressesByKey()
          .forEach((key, address) -> {
            pods.filter(cidr -> cidr.contains(address))
                .ifPresent(cidr -> inside(key, address, "pod_cidr", cidr));
            services
                .filter(cidr -> cidr.contains(address))
                .ifPresent(cidr -> inside(key, address, "service_cidr", cidr));
          });
    }
  }

  private void apart(String key, Cidr cidr, String otherName, Cidr other) {
    if (cidr.overlaps(other)) {
      source.problem(
          problems,
          key,
          cidr.toString(),
          "a network apart from %s (%s)".formatted(otherName, other),
          "Packets for one would go to the other.");
    }
  }

  private void inside(String key, IpAddress address, String otherName, Cidr other) {
    source.problem(
        problems,
        key,
        address.toString(),
        "an address outside %s (%s)".formatted(otherName, other),
        "Packets for one would go to the other.");
  }
}
