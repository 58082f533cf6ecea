package dev.pvebot.integrations.lab.pve;

import dev.pvebot.integrations.lab.config.PveVersion;
import dev.pvebot.integrations.lab.wire.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the cluster says of itself: version, status, resources, free VMIDs, nodes, pools.
final class ClusterApi {
  private static final Duration BELIEVED = Duration.ofMinutes(5);
  private static final int FIRST_VMID = 100;
  private static final int LAST_VMID = 1_000_000;

  private final Datacenter datacenter;
  private Optional<Instant> broadcastAt = Optional.empty();
  private List<Map<String, Object>> broadcast = List.of();

  ClusterApi(Datacenter datacenter) {
    this.datacenter = datacenter;
  }

  void routes(Router router) {
    router
        .on("GET", "/version", _ -> version())
        .on("GET", "/nodes/{node}/version", _ -> version())
        .on("GET", "/cluster/status", this::status)
        .on("GET", "/cluster/resources", this::resources)
        .on("GET", "/cluster/nextid", this::nextId)
        .on("GET", "/nodes", this::nodes)
        .on("GET", "/nodes/{node}/status", this::nodeStatus)
        .on("GET", "/pools", this::pools)
        .on("GET", "/pools/{poolid}", this::pool);
  }

  private Map<String, Object> version() {
    PveVersion version = datacenter.config().version();
    return Json.object(
        "version", version.version(), "release", version.release(), "repoid", "5ac30304265fbd8e");
  }

  private Object status(Call call) {
    List<Object> rows = new ArrayList<>();
    boolean single = datacenter.nodes.size() == 1;
    long online = datacenter.nodes.values().stream().filter(n -> n.online).count();
    if (!single) {
      rows.add(
          Json.object(
              "type",
              "cluster",
              "id",
              "cluster",
              "name",
              datacenter.config().clusterName().replace('.', '-'),
              "nodes",
              datacenter.nodes.size(),
              "version",
              datacenter.nodes.size(),
              "quorate",
              online * 2 > datacenter.nodes.size() ? 1 : 0));
    }
    for (NodeHost node : datacenter.nodes.values()) {
      rows.add(
          Json.object(
              "type",
              "node",
              "id",
              "node/" + node.name(),
              "name",
              node.name(),
              "nodeid",
              single ? 0 : node.id,
              "ip",
              node.address,
              "local",
              node.name().equals(call.entryNode()) ? 1 : 0,
              "online",
              node.online ? 1 : 0,
              "level",
              ""));
    }
    return rows;
  }

  private Object resources(Call call) {
    String type = call.get("type").orElse("");
    List<Object> rows = new ArrayList<>();
    for (Map<String, Object> row : current()) {
      String kind = (String) row.getOrDefault("type", "");
      boolean wanted =
          type.isEmpty()
              || type.equals(kind)
              || type.equals("vm") && (kind.equals("qemu") || kind.equals("lxc"));
      if (wanted) {
        visible(call, kind, row).ifPresent(rows::add);
      }
    }
    return rows;
  }

  private Optional<Map<String, Object>> visible(Call call, String kind, Map<String, Object> row) {
    return switch (kind) {
      case "qemu", "lxc" ->
          call.may("/vms/" + row.get("vmid"), "VM.Audit") ? Optional.of(row) : Optional.empty();
      case "storage" ->
          call.may("/storage/" + row.get("storage"), "Datastore.Audit")
                  || call.may("/storage/" + row.get("storage"), "Datastore.AllocateSpace")
              ? Optional.of(row)
              : Optional.empty();
      case "pool" ->
          call.may("/pool/" + row.get("pool"), "Pool.Audit") ? Optional.of(row) : Optional.empty();
      case "node" -> {
        if (call.may("/nodes/" + row.get("node"), "Sys.Audit")) {
          yield Optional.of(row);
        }
        Map<String, Object> bare = Json.object();
        for (String key : List.of("id", "node", "type", "status", "level")) {
          Object value = row.get(key);
          if (value != null) {
            bare.put(key, value);
          }
        }
        yield Optional.of(bare);
      }
      default ->
          call.may("/sdn/zones/localnetwork", "SDN.Audit") ? Optional.of(row) : Optional.empty();
    };
  }

  /// The newest broadcast; made afresh at each call when the lab has no interval.
  private List<Map<String, Object>> current() {
    Duration interval = datacenter.config().broadcast();
    Instant now = datacenter.clock().now();
    boolean stale =
        interval.isZero() || broadcastAt.map(at -> !at.plus(interval).isAfter(now)).orElse(true);
    if (stale) {
      broadcast = collect();
      broadcastAt = Optional.of(now);
    }
    return broadcast;
  }

  private List<Map<String, Object>> collect() {
    List<Map<String, Object>> rows = new ArrayList<>();
    datacenter.guests.values().forEach(guest -> rows.add(guestRow(guest)));
    datacenter.nodes.values().forEach(node -> rows.add(nodeRow(node)));
    for (Storage storage : datacenter.storages.values()) {
      for (NodeHost node : datacenter.nodes.values()) {
        Map<String, Object> row =
            Json.object(
                "id",
                "storage/" + node.name() + "/" + storage.name,
                "type",
                "storage",
                "storage",
                storage.name,
                "node",
                node.name(),
                "plugintype",
                storage.type,
                "content",
                String.join(",", storage.content),
                "shared",
                storage.shared ? 1 : 0,
                "status",
                node.online ? "available" : "unknown");
        if (node.online) {
          row.put("disk", storage.used(node.name()));
          row.put("maxdisk", storage.totalBytes);
        }
        rows.add(row);
      }
    }
    datacenter
        .pools
        .keySet()
        .forEach(
            pool -> rows.add(Json.object("id", "/pool/" + pool, "type", "pool", "pool", pool)));
    boolean nine = datacenter.config().version() != PveVersion.V8_4;
    for (NodeHost node : datacenter.nodes.values()) {
      rows.add(
          nine
              ? Json.object(
                  "id",
                  "network/" + node.name() + "/zone/localnetwork",
                  "type",
                  "network",
                  "network",
                  "localnetwork",
                  "network-type",
                  "zone",
                  "node",
                  node.name(),
                  "status",
                  "ok")
              : Json.object(
                  "id",
                  "sdn/" + node.name() + "/localnetwork",
                  "type",
                  "sdn",
                  "sdn",
                  "localnetwork",
                  "node",
                  node.name(),
                  "status",
                  "ok"));
    }
    return rows;
  }

  private Map<String, Object> guestRow(Guest guest) {
    String type = guest.isContainer ? "lxc" : "qemu";
    Map<String, Object> row =
        Json.object("id", type + "/" + guest.vmid, "type", type, "node", guest.node);
    NodeHost node = datacenter.node(guest.node);
    if (!node.online && node.downSince.plus(BELIEVED).isBefore(datacenter.clock().now())) {
      row.put("vmid", guest.vmid);
      row.put("status", "unknown");
      return row;
    }
    row.putAll(GuestView.status(datacenter, guest));
    row.put("template", guest.isTemplate() ? 1 : 0);
    row.put("maxcpu", guest.cpus());
    if (!node.online && guest.ranWhenLost) {
      row.put("status", "running");
    }
    datacenter.pool(guest.vmid).ifPresent(pool -> row.put("pool", pool));
    if (datacenter.ha.containsKey(guest.vmid)) {
      row.put("hastate", guest.running ? "started" : "stopped");
    }
    return row;
  }

  private long usedMemory(NodeHost node) {
    double guests =
        datacenter.guests.values().stream()
            .filter(g -> g.node.equals(node.name()) && g.running)
            .mapToDouble(g -> g.memoryMiB() * (1 << 20) * 0.5)
            .sum();
    return Math.min(node.memoryBytes(), (long) guests + (2L << 30));
  }

  private Map<String, Object> nodeRow(NodeHost node) {
    Map<String, Object> row =
        Json.object(
            "id",
            "node/" + node.name(),
            "type",
            "node",
            "node",
            node.name(),
            "status",
            node.online ? "online" : "offline",
            "level",
            "",
            "maxcpu",
            node.spec.cpus(),
            "maxmem",
            node.memoryBytes(),
            "maxdisk",
            100L << 30);
    if (node.online) {
      row.put("cpu", 0.04);
      row.put("mem", usedMemory(node));
      row.put("disk", 12L << 30);
      row.put("uptime", uptime(node));
      row.put("cgroup-mode", 2);
    }
    return row;
  }

  private long uptime(NodeHost node) {
    return Duration.between(node.upSince, datacenter.clock().now()).toSeconds();
  }

  private Object nextId(Call call) {
    Optional<String> asked = call.get("vmid");
    if (asked.isPresent()) {
      if (datacenter.guests.containsKey(Integer.parseInt(asked.get()))) {
        throw ApiError.parameter("vmid", "VM " + asked.get() + " already exists");
      }
      return asked.get();
    }
    for (int vmid = FIRST_VMID; vmid < LAST_VMID; vmid++) {
      if (!datacenter.guests.containsKey(vmid)) {
        return String.valueOf(vmid);
      }
    }
    throw ApiError.died("unable to get any free VMID in range [100, 1000000]");
  }

  private Object nodes(Call call) {
    List<Object> rows = new ArrayList<>();
    for (NodeHost node : datacenter.nodes.values()) {
      Map<String, Object> row = visible(call, "node", nodeRow(node)).orElse(Map.of());
      row.put("ssl_fingerprint", node.fingerprint);
      rows.add(row);
    }
    return rows;
  }

  private Object nodeStatus(Call call) {
    NodeHost node = datacenter.node(call.node());
    long used = usedMemory(node);
    long total = node.memoryBytes();
    PveVersion version = datacenter.config().version();
    String kernel = version == PveVersion.V8_4 ? "6.8.12-10-pve" : "6.17.4-1-pve";
    return Json.object(
        "uptime",
        uptime(node),
        "idle",
        0,
        "cpu",
        0.04,
        "wait",
        0.001,
        "loadavg",
        List.of("0.62", "0.58", "0.55"),
        "cpuinfo",
        Json.object(
            "cpus",
            node.spec.cpus(),
            "cores",
            node.spec.cpus() / 2,
            "sockets",
            1,
            "model",
            "AMD EPYC 7302P 16-Core Processor",
            "mhz",
            "2994.375",
            "hvm",
            "1",
            "flags",
            "fpu svm",
            "user_hz",
            100),
        "memory",
        Json.object("total", total, "used", used, "free", total - used, "available", total - used),
        "swap",
        Json.object("total", 8L << 30, "used", 0, "free", 8L << 30),
        "rootfs",
        Json.object("total", 100L << 30, "used", 12L << 30, "avail", 88L << 30, "free", 88L << 30),
        "ksm",
        Json.object("shared", 0),
        "kversion",
        "Linux " + kernel + " #1 SMP PREEMPT_DYNAMIC",
        "current-kernel",
        Json.object(
            "sysname",
            "Linux",
            "release",
            kernel,
            "version",
            "#1 SMP PREEMPT_DYNAMIC",
            "machine",
            "x86_64"),
        "boot-info",
        Json.object("mode", "efi", "secureboot", 0),
        "pveversion",
        "pve-manager/" + version.version() + "/5ac30304265fbd8e");
  }

  private Object pools(Call call) {
    List<Object> rows = new ArrayList<>();
    Optional<String> one = call.get("poolid");
    datacenter.pools.forEach((pool, members) -> {
      if (call.may("/pool/" + pool, "Pool.Audit") && one.map(pool::equals).orElse(true)) {
        Map<String, Object> row = Json.object("poolid", pool, "comment", "");
        if (one.isPresent()) {
          row.put("members", members(pool));
        }
        rows.add(row);
      }
    });
    return rows;
  }

  private List<Object> members(String pool) {
    List<Object> rows = new ArrayList<>();
    for (String member : datacenter.pools.getOrDefault(pool, java.util.Set.of())) {
      Optional.ofNullable(datacenter.guests.get(Integer.parseInt(member)))
          .ifPresent(guest -> rows.add(guestRow(guest)));
    }
    return rows;
  }

  private Object pool(Call call) {
    String pool = call.need("poolid");
    if (!datacenter.pools.containsKey(pool)) {
      throw ApiError.died("pool '" + pool + "' does not exist");
    }
    return Json.object("comment", "", "members", members(pool));
  }
}
