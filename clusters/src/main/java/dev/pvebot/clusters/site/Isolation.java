package dev.pvebot.clusters.site;

import dev.pvebot.clusters.Cidr;
import dev.pvebot.clusters.IpAddress;
import dev.pvebot.clusters.site.ClusterProfile.Flux;
import dev.pvebot.clusters.site.ClusterProfile.Group;
import dev.pvebot.clusters.site.ClusterProfile.Role;
import dev.pvebot.clusters.site.ClusterProfile.Talos;
import dev.pvebot.clusters.site.ClusterProfile.WantedMachine;
import dev.pvebot.clusters.yaml.Problems;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The rules that keep the profiles of one site out of each other's way.
///
/// 1. One owner: a name (of a cluster, of a machine or node), a VMID, an address, a MAC address
///    belongs to one thing.
/// 2. One tag: each profile has a tag that no other profile, no role and no kind of guest has.
///    Hence no VM of one cluster can have all tags of another.
/// 3. Flux: on one branch of one repository no path is equal to, or inside, that of another
///    profile.
/// 4. Networks: on one layer-2 segment (bridge and VLAN) the pod and service networks of all
///    profiles are apart from each other and from the machines' networks; on different segments
///    they may repeat. Machines' networks are equal or apart.
///
/// A fault is shown in the file that comes later by name, and names the place in the other.
final class Isolation {
  private final Sourced<Site> site;
  private final List<Sourced<ClusterProfile>> profiles;
  private final Problems problems;

  private Isolation(Sourced<Site> site, List<Sourced<ClusterProfile>> profiles, Problems problems) {
    this.site = site;
    this.profiles = profiles;
    this.problems = problems;
  }

  static void check(Sourced<Site> site, List<Sourced<ClusterProfile>> profiles, Problems problems) {
    Isolation isolation = new Isolation(site, profiles, problems);
    isolation.owners();
    isolation.tags();
    for (int i = 0; i < profiles.size(); i++) {
      for (int j = i + 1; j < profiles.size(); j++) {
        isolation.flux(profiles.get(i), profiles.get(j));
        isolation.networks(profiles.get(i), profiles.get(j));
      }
    }
  }

  private enum Kind {
    CLUSTER("the name"),
    MACHINE("the name"),
    VMID("VMID"),
    ADDRESS("address"),
    MAC("MAC address");

    private final String words;

    Kind(String words) {
      this.words = words;
    }
  }

  private record Thing(Kind kind, String value) {}

  /// @param who whose it is, in words
  private record Claim(Thing thing, String who, Sourced<?> source, String key) {}

  private void owners() {
    Map<Thing, Claim> owners = new HashMap<>();
    // a range that overlaps is one fault, not one for each number
    Map<List<Object>, List<Claim>> taken = new LinkedHashMap<>();
    for (Claim claim : claims()) {
      @Nullable Claim owner = owners.putIfAbsent(claim.thing(), claim);
      if (owner != null) {
        taken
            .computeIfAbsent(
                List.of(
                    claim.thing().kind(),
                    claim.source().at(claim.key()),
                    owner.source().at(owner.key())),
                _ -> new ArrayList<>())
            .add(claim);
      }
    }
    taken
        .values()
        .forEach(claims ->
            refuse(claims, Objects.requireNonNull(owners.get(claims.getFirst().thing()))));
  }

  private void refuse(List<Claim> claims, Claim owner) {
    Claim first = claims.getFirst();
    first
        .source()
        .problem(
            problems,
            first.key(),
            "%s %s, which %s has"
                .formatted(
                    first.thing().kind().words,
                    claims.stream()
                        .map(claim -> claim.thing().value())
                        .collect(Collectors.joining(", ")),
                    owner.who()),
            "one that nobody else has",
            "See %s.".formatted(owner.source().at(owner.key())));
  }

  private List<Claim> claims() {
    List<Claim> claims = new ArrayList<>();
    List<Site.ApiNode> nodes = site.value().nodes();
    for (int i = 0; i < nodes.size(); i++) {
      String who = "node " + nodes.get(i).name();
      String key = "cluster.nodes[%d]".formatted(i);
      String name = nodes.get(i).name().value().toLowerCase(Locale.ROOT);
      claims.add(new Claim(new Thing(Kind.MACHINE, name), who, site, key + ".name"));
      if (IpAddress.isWellFormed(nodes.get(i).host())) {
        claims.add(
            new Claim(new Thing(Kind.ADDRESS, nodes.get(i).host()), who, site, key + ".host"));
      }
    }
    profiles.forEach(source -> claims.addAll(claims(source)));
    return claims;
  }

  private static List<Claim> claims(Sourced<ClusterProfile> source) {
    ClusterProfile profile = source.value();
    String who = profile.name().value();
    List<Claim> claims = new ArrayList<>();
    claims.add(new Claim(new Thing(Kind.CLUSTER, who), who, source, "name"));
    profile
        .aliases()
        .forEach(alias ->
            claims.add(new Claim(new Thing(Kind.CLUSTER, alias.value()), who, source, "aliases")));
    List<IpAddress> own = new ArrayList<>();
    profile
        .talos()
        .flatMap(Talos::vip)
        .ifPresent(vip -> {
          own.add(vip.ip());
          claims.add(
              new Claim(new Thing(Kind.ADDRESS, vip.ip().toString()), who, source, "talos.vip.ip"));
        });
    for (Group group : profile.groups()) {
      for (int i = 0; i < group.machines().size(); i++) {
        WantedMachine machine = group.machines().get(i);
        String groupKey = "nodes." + group.key();
        String key = "%s.assignments[%d]".formatted(groupKey, i);
        String owner = "%s of %s".formatted(machine.name(), who);
        String nameKey = source.text().has(key) ? key + ".name" : groupKey + ".name_prefix";
        String vmidKey =
            source.text().has(key + ".vmid") ? key + ".vmid" : groupKey + ".start_vmid";
        claims.add(new Claim(new Thing(Kind.MACHINE, machine.name()), owner, source, nameKey));
        machine
            .vmid()
            .ifPresent(vmid ->
                claims.add(
                    new Claim(new Thing(Kind.VMID, vmid.toString()), owner, source, vmidKey)));
        machine
            .ip()
            .ifPresent(ip -> {
              own.add(ip);
              claims.add(
                  new Claim(new Thing(Kind.ADDRESS, ip.toString()), owner, source, key + ".ip"));
            });
        machine
            .mac()
            .ifPresent(mac ->
                claims.add(
                    new Claim(new Thing(Kind.MAC, mac.value()), owner, source, key + ".mac")));
      }
    }
    profile
        .network()
        .apiEndpoint()
        .filter(IpAddress::isWellFormed)
        .filter(endpoint -> !own.contains(IpAddress.parse(endpoint)))
        .ifPresent(endpoint ->
            claims.add(
                new Claim(new Thing(Kind.ADDRESS, endpoint), who, source, "network.api_endpoint")));
    return claims;
  }

  private void tags() {
    Set<String> roles =
        Arrays.stream(Role.values())
            .flatMap(role -> role.tag().stream())
            .collect(Collectors.toSet());
    for (Sourced<ClusterProfile> source : profiles) {
      Set<String> tags = source.value().tags();
      boolean single =
          tags.stream()
              .anyMatch(tag ->
                  !roles.contains(tag)
                      && !site.value().tags().contains(tag)
                      && others(source).noneMatch(other -> other.value().tags().contains(tag)));
      if (!single) {
        String shared =
            others(source)
                .filter(other -> other.value().allTags().containsAll(tags))
                .map(other ->
                    "%s has all of them (%s).".formatted(other.value().name(), other.at("tags")))
                .collect(Collectors.joining(" "));
        source.problem(
            problems,
            "tags",
            String.join(", ", tags),
            "among them a tag that no other profile has and that the site uses for no other"
                + " purpose",
            (shared
                    + " A VM belongs to the cluster when it has all of its tags; add one, for"
                    + " example the profile's name.")
                .strip());
      }
    }
  }

  // Identity on purpose: two files that say the same are still two profiles.
  @SuppressWarnings("ReferenceEquality")
  private Stream<Sourced<ClusterProfile>> others(Sourced<ClusterProfile> source) {
    return profiles.stream().filter(other -> other != source);
  }

  private void flux(Sourced<ClusterProfile> first, Sourced<ClusterProfile> second) {
    Optional<Flux> one = first.value().flux();
    Optional<Flux> two = second.value().flux();
    if (one.isEmpty() || two.isEmpty()) {
      return;
    }
    boolean sameBranch =
        repository(one.get()).equals(repository(two.get()))
            && one.get().branch().equals(two.get().branch());
    String a = one.get().path() + "/";
    String b = two.get().path() + "/";
    if (sameBranch && (a.startsWith(b) || b.startsWith(a) || a.equals("/") || b.equals("/"))) {
      second.problem(
          problems,
          "flux.path",
          "'%s'".formatted(two.get().path()),
          "a path apart from '%s' of %s".formatted(one.get().path(), first.value().name()),
          "One cluster would deploy what is meant for the other. See %s."
              .formatted(first.at("flux.path")));
    }
  }

  /// The repository in one way of writing: `git@host:a/b.git`, `ssh://git@host/a/b` and
  /// `https://host/a/b/` are the same.
  private static String repository(Flux flux) {
    return flux.repo()
        .toLowerCase(Locale.ROOT)
        .replaceFirst("^[a-z+]+://", "")
        .replaceFirst("^[^@/]*@", "")
        .replace(':', '/')
        .replaceFirst("/+$", "")
        .replaceFirst("\\.git$", "");
  }

  private record Net(String key, String words, Cidr cidr) {}

  private void networks(Sourced<ClusterProfile> first, Sourced<ClusterProfile> second) {
    Optional<Cidr> one = first.value().nodeNetwork();
    Optional<Cidr> two = second.value().nodeNetwork();
    if (one.isPresent() && two.isPresent() && !one.equals(two) && one.get().overlaps(two.get())) {
      second.problem(
          problems,
          "network.prefix_length",
          "the machines' network %s".formatted(two.get()),
          "%s, which %s is in, or a network apart from it"
              .formatted(one.get(), first.value().name()),
          "Machines that disagree about their network do not reach each other. See %s."
              .formatted(first.at("network.prefix_length")));
    }
    if (!segment(first.value()).equals(segment(second.value()))) {
      return;
    }
    for (Net mine : clusterNetworks(second.value())) {
      for (Net theirs : clusterNetworks(first.value())) {
        apart(second, mine, first, theirs);
      }
      machineNetworks(first).forEach(theirs -> apart(second, mine, first, theirs));
    }
    for (Net theirs : clusterNetworks(first.value())) {
      machineNetworks(second).forEach(mine -> apart(second, mine, first, theirs));
    }
  }

  private void apart(
      Sourced<ClusterProfile> second, Net mine, Sourced<ClusterProfile> first, Net theirs) {
    if (mine.cidr().overlaps(theirs.cidr())) {
      second.problem(
          problems,
          mine.key(),
          "%s %s".formatted(mine.words(), mine.cidr()),
          "a network apart from %s %s of %s, on the same bridge and VLAN"
              .formatted(theirs.words(), theirs.cidr(), first.value().name()),
          "See %s.".formatted(first.at(theirs.key())));
    }
  }

  private static List<Object> segment(ClusterProfile profile) {
    return List.of(profile.network().bridge(), profile.network().vlan());
  }

  private static List<Net> clusterNetworks(ClusterProfile profile) {
    List<Net> networks = new ArrayList<>();
    profile
        .network()
        .podCidr()
        .ifPresent(cidr -> networks.add(new Net("network.pod_cidr", "the pods' network", cidr)));
    profile
        .network()
        .serviceCidr()
        .ifPresent(
            cidr -> networks.add(new Net("network.service_cidr", "the services' network", cidr)));
    return networks;
  }

  /// The machines' network, or, where its prefix length is not known, each machine by itself.
  private static List<Net> machineNetworks(Sourced<ClusterProfile> source) {
    Optional<Cidr> network = source.value().nodeNetwork();
    if (network.isPresent()) {
      return List.of(new Net("network.prefix_length", "the machines' network", network.get()));
    }
    List<Net> single = new ArrayList<>();
    ProfileCheck.machinesByKey(source)
        .forEach((key, machine) ->
            machine
                .ip()
                .ifPresent(ip ->
                    single.add(new Net(key + ".ip", "the machine", Cidr.around(ip, ip.bits())))));
    return single;
  }
}
