package dev.pvebot.clusters.site;

import dev.pvebot.clusters.Cidr;
import dev.pvebot.clusters.ClusterName;
import dev.pvebot.clusters.Environment;
import dev.pvebot.clusters.IpAddress;
import dev.pvebot.clusters.MacAddress;
import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.site.ClusterProfile.Group;
import dev.pvebot.clusters.site.ClusterProfile.Role;
import dev.pvebot.clusters.site.ClusterProfile.Strategy;
import dev.pvebot.clusters.site.ClusterProfile.Type;
import dev.pvebot.clusters.site.ClusterProfile.Vip;
import dev.pvebot.clusters.site.ClusterProfile.WantedMachine;
import dev.pvebot.clusters.yaml.Fields;
import dev.pvebot.clusters.yaml.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// The shape of a cluster profile.
final class ProfileShape {
  static final Shape<String> INTERFACE =
      ValueShapes.matching("a network card's name, for example eth0", "[A-Za-z0-9_.-]{1,15}");

  /// /31 and /32 leave no room for a gateway, shorter than /8 is no network of machines.
  static final Shape<Integer> PREFIX_LENGTH = Shape.integer(8, 126);

  private static final int MOST_MACHINES = 100;
  // PVE's own limits are far away; these catch a unit mixed up
  private static final Shape<Integer> CORES = Shape.integer(1, 512);
  private static final Shape<Integer> MEMORY = Shape.integer(64, 8 * 1024 * 1024);

  private final ValueShapes values;

  ProfileShape(ValueShapes values) {
    this.values = values;
  }

  Shape<RawProfile> shape() {
    return Shape.mapping(this::profile);
  }

  private Optional<RawProfile> profile(Fields fields) {
    Optional<ClusterName> name = fields.required("name", ValueShapes.CLUSTER);
    Optional<Type> type = fields.required("type", Shape.oneOf(Type.class));
    Optional<Environment> environment =
        fields.optional("environment", Shape.oneOf(Environment.class));
    Optional<List<ClusterName>> aliases =
        fields.optional("aliases", Shape.listOf(ValueShapes.CLUSTER));
    boolean talos = type.equals(Optional.of(Type.TALOS));
    if (type.equals(Optional.of(Type.GENERIC))) {
      fields.refuse(
          "talos",
          "a profile of type talos",
          "A generic profile ends when its machines answer on SSH.");
    }
    Optional<RawProfile.Talos> settings =
        talos
            ? fields.required("talos", Shape.mapping(this::talos))
            : fields.optional("talos", Shape.mapping(this::talos));
    Optional<RawProfile.Network> network =
        talos
            ? fields.required("network", Shape.mapping(inner -> network(inner, Type.TALOS)))
            : fields.optional("network", Shape.mapping(inner -> network(inner, Type.GENERIC)));
    Optional<List<Group>> groups =
        fields.required("nodes", Shape.mapping(inner -> groups(inner, type)));
    Optional<Vmid> template = fields.required("template", ValueShapes.VMID);
    Optional<String> storage = fields.optional("storage", ValueShapes.STORAGE);
    Optional<Set<String>> tags = fields.required("tags", ValueShapes.TAGS);
    if (tags.filter(Set::isEmpty).isPresent()) {
      fields.problem(
          "tags",
          "an empty list",
          "at least one tag that no other profile has",
          "A VM belongs to the cluster when it has all of these tags: no tags would mean every"
              + " VM.");
    }
    Optional<ClusterProfile.Flux> flux = fields.optional("flux", Shape.mapping(this::flux));
    Optional<Integer> sshPort = fields.optional("ssh_port", Shape.integer(1, 65535));
    return fields.build(() ->
        new RawProfile(
            name.orElseThrow(),
            type.orElseThrow(),
            environment,
            new TreeSet<>(aliases.orElse(List.of())),
            settings,
            network.orElse(RawProfile.Network.UNSAID),
            groups.orElseThrow(),
            template.orElseThrow(),
            storage,
            tags.orElseThrow(),
            flux,
            sshPort));
  }

  private Optional<RawProfile.Talos> talos(Fields fields) {
    Optional<String> version = fields.required("version", ValueShapes.VERSION);
    Optional<String> kubernetes = fields.optional("kubernetes_version", ValueShapes.VERSION);
    Optional<Path> folder = fields.required("config_dir", values.path());
    Shape<Path> inside =
        Shape.parsed(
            "a path, relative to config_dir",
            text -> values.resolve(folder.orElse(values.folder()), text));
    Optional<Path> secrets = fields.optional("secrets_file", inside);
    Optional<Path> patches = fields.optional("patches_dir", inside);
    Optional<Factory> factory = fields.optional("factory", Shape.mapping(ProfileShape::factory));
    Optional<Vip> vip = fields.optional("vip", Shape.mapping(ProfileShape::vip));
    return fields.build(() ->
        new RawProfile.Talos(
            version.orElseThrow(),
            kubernetes,
            folder.orElseThrow(),
            secrets.orElseGet(() -> folder.orElseThrow().resolve("secrets.yaml")),
            patches.orElseGet(() -> folder.orElseThrow().resolve("patches")),
            factory.flatMap(Factory::schematicId),
            factory.flatMap(Factory::extensions),
            vip));
  }

  private record Factory(Optional<String> schematicId, Optional<List<String>> extensions) {}

  private static Optional<Factory> factory(Fields fields) {
    Optional<String> schematic =
        fields.optional(
            "schematic_id",
            ValueShapes.matching("64 lower-case hexadecimal digits", "[0-9a-f]{64}"));
    Optional<List<String>> extensions =
        fields.optional("extensions", Shape.listOf(ValueShapes.EXTENSION));
    return fields.build(() -> new Factory(schematic, extensions));
  }

  private static Optional<Vip> vip(Fields fields) {
    Optional<IpAddress> ip = fields.required("ip", ValueShapes.IP);
    Optional<String> card = fields.optional("interface", INTERFACE);
    return fields.build(() -> new Vip(ip.orElseThrow(), card));
  }

  private static Optional<RawProfile.Network> network(Fields fields, Type type) {
    Optional<String> endpoint =
        type == Type.TALOS
            ? fields.required("api_endpoint", ValueShapes.HOST)
            : fields.optional("api_endpoint", ValueShapes.HOST);
    Optional<Cidr> pods = fields.optional("pod_cidr", ValueShapes.CIDR);
    Optional<Cidr> services = fields.optional("service_cidr", ValueShapes.CIDR);
    Optional<IpAddress> gateway = fields.optional("gateway", ValueShapes.IP);
    Optional<Integer> prefixLength = fields.optional("prefix_length", PREFIX_LENGTH);
    Optional<List<IpAddress>> resolvers =
        fields.optional("resolvers", Shape.listOf(ValueShapes.IP));
    Optional<String> bridge = fields.optional("bridge", ValueShapes.BRIDGE);
    Optional<Integer> vlan = fields.optional("vlan", Shape.integer(1, 4094));
    return fields.build(() ->
        new RawProfile.Network(
            endpoint, pods, services, gateway, prefixLength, resolvers, bridge, vlan));
  }

  private Optional<ClusterProfile.Flux> flux(Fields fields) {
    Optional<String> repo =
        fields.required("repo", ValueShapes.matching("a git URL or git@host:path", "\\S+[:/]\\S+"));
    Optional<String> path =
        fields.required(
            "path",
            ValueShapes.matching("a path inside the repository", "(?!.*\\.\\.)[A-Za-z0-9_./-]+"));
    Optional<String> branch =
        fields.optional("branch", ValueShapes.matching("a branch", "[A-Za-z0-9_./-]+"));
    return fields.build(() ->
        new ClusterProfile.Flux(
            repo.orElseThrow(),
            Path.of("/", path.orElseThrow()).normalize().toString().substring(1),
            branch.orElse("main")));
  }

  private Optional<List<Group>> groups(Fields fields, Optional<Type> type) {
    boolean talos = type.equals(Optional.of(Type.TALOS));
    // in a generic profile the three keys only name groups: none of its machines has a role
    Role control = talos ? Role.CONTROLPLANE : Role.MACHINE;
    Role worker = talos ? Role.WORKER : Role.MACHINE;
    if (talos) {
      fields.refuse(
          "machines",
          "controlplane and workers",
          "Only a generic profile has machines without a role.");
    }
    List<Optional<Group>> groups =
        List.of(
            talos
                ? fields.required("controlplane", group("controlplane", control))
                : fields.optional("controlplane", group("controlplane", control)),
            fields.optional("workers", group("workers", worker)),
            fields.optional("machines", group("machines", Role.MACHINE)));
    List<Group> wanted =
        groups.stream()
            .flatMap(Optional::stream)
            .filter(group -> !group.machines().isEmpty())
            .toList();
    boolean leader = !talos || wanted.stream().anyMatch(group -> group.role() == Role.CONTROLPLANE);
    return fields
        .build(() -> wanted)
        .filter(_ -> {
          if (wanted.isEmpty() || !leader) {
            fields.problem(
                talos ? "controlplane" : "machines",
                "no machine",
                talos ? "a count of at least 1" : "a group with a count of at least 1",
                "");
          }
          return !wanted.isEmpty() && leader;
        });
  }

  private static Shape<Group> group(String key, Role role) {
    return Shape.mapping(fields -> group(fields, key, role));
  }

  private static Optional<Group> group(Fields fields, String key, Role role) {
    Optional<Integer> count = fields.required("count", Shape.integer(0, MOST_MACHINES));
    boolean any = count.orElse(1) > 0;
    Optional<Integer> cores =
        any ? fields.required("cores", CORES) : fields.optional("cores", CORES);
    Optional<Integer> memory =
        any ? fields.required("memory", MEMORY) : fields.optional("memory", MEMORY);
    Optional<Long> disk =
        any ? fields.required("disk", ValueShapes.DISK) : fields.optional("disk", ValueShapes.DISK);
    Optional<String> prefix = fields.optional("name_prefix", ValueShapes.NAME_PREFIX);
    Optional<Start> start = fields.optional("start_vmid", Start.SHAPE);
    Optional<Strategy> placement = fields.optional("placement", Shape.oneOf(Strategy.class));
    Optional<List<WantedMachine>> assignments =
        fields.optional("assignments", Shape.listOf(Shape.mapping(ProfileShape::assignment)));
    int assigned = assignments.map(List::size).orElse(0);
    if (count.isPresent() && assignments.isPresent() && assigned > 0 && assigned != count.get()) {
      fields.problem(
          "assignments",
          "%d assignments".formatted(assigned),
          "as many as count says (%d)".formatted(count.get()),
          "Change one of the two, or leave assignments out to have the machines placed.");
    }
    if (any
        && assigned == 0
        && prefix.isEmpty()
        && !fields.has("name_prefix")
        && !fields.has("assignments")) {
      fields.problem(
          "name_prefix",
          "nothing",
          "a value",
          "Without assignments the machines' names are made from it.");
    }
    return fields.build(() ->
        new Group(
            role,
            key,
            cores.orElse(1),
            memory.orElse(1024),
            disk.orElse(1L << 30),
            placement.orElse(Strategy.SPREAD),
            machines(
                count.orElseThrow(),
                prefix.orElse(key),
                start.flatMap(Start::vmid),
                assignments.orElse(List.of()))));
  }

  private static Optional<WantedMachine> assignment(Fields fields) {
    Optional<String> name = fields.required("name", ValueShapes.HOST_NAME);
    Optional<NodeName> node = fields.optional("node", ValueShapes.NODE);
    Optional<Vmid> vmid = fields.optional("vmid", ValueShapes.VMID);
    Optional<IpAddress> ip = fields.optional("ip", ValueShapes.IP);
    Optional<MacAddress> mac = fields.optional("mac", ValueShapes.MAC);
    return fields.build(() -> new WantedMachine(name.orElseThrow(), node, vmid, ip, mac));
  }

  private static List<WantedMachine> machines(
      int count, String prefix, Optional<Vmid> start, List<WantedMachine> assignments) {
    List<WantedMachine> machines = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int offset = i;
      Optional<Vmid> counted = start.map(first -> new Vmid(first.value() + offset));
      WantedMachine said =
          i < assignments.size()
              ? assignments.get(i)
              : new WantedMachine(
                  "%s%02d".formatted(prefix, i + 1),
                  Optional.empty(),
                  Optional.empty(),
                  Optional.empty(),
                  Optional.empty());
      machines.add(
          new WantedMachine(
              said.name(), said.node(), said.vmid().or(() -> counted), said.ip(), said.mac()));
    }
    return machines;
  }

  /// Where a group's VMIDs begin: at a number, or wherever there is room (`auto`, or unsaid).
  private record Start(Optional<Vmid> vmid) {
    static final Shape<Start> SHAPE =
        Shape.parsed(
            "a VMID from %d to %d, or auto".formatted(Vmid.MIN, Vmid.MAX),
            text ->
                new Start(text.equals("auto") ? Optional.empty() : Optional.of(Vmid.parse(text))));
  }
}
