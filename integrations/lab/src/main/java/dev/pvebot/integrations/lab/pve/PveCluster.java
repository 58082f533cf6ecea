package dev.pvebot.integrations.lab.pve;

import dev.pvebot.integrations.lab.config.LabConfig;
import dev.pvebot.integrations.lab.config.PveVersion;
import dev.pvebot.integrations.lab.faults.Faults;
import dev.pvebot.integrations.lab.guests.GuestSystem;
import dev.pvebot.integrations.lab.ledger.Ledger;
import dev.pvebot.integrations.lab.schema.Endpoint;
import dev.pvebot.integrations.lab.schema.PveSchema;
import dev.pvebot.integrations.lab.time.LabClock;
import dev.pvebot.integrations.lab.wire.Json;
import dev.pvebot.integrations.lab.wire.Reply;
import dev.pvebot.integrations.lab.wire.Request;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The simulated Proxmox VE cluster: it answers requests, and tells tests how it stands.
public final class PveCluster {
  /// A guest as tests see it.
  ///
  /// @param lock the name of the lock in its configuration, if one is held
  /// @param address what the system inside has taken, once it has booted
  public record GuestState(
      int vmid,
      boolean container,
      String node,
      String name,
      boolean running,
      boolean template,
      String uuid,
      Optional<String> lock,
      Optional<String> address,
      Map<String, String> config,
      Map<String, String> pending,
      List<String> snapshots) {
    public GuestState {
      config = Map.copyOf(config);
      pending = Map.copyOf(pending);
      snapshots = List.copyOf(snapshots);
    }

    public List<String> tags() {
      String tags = config.getOrDefault("tags", "");
      return tags.isEmpty() ? List.of() : List.of(tags.split(";", -1));
    }
  }

  /// A worker task as tests see it; `exitStatus` is empty while it runs.
  public record TaskState(
      String upid,
      String node,
      String type,
      String id,
      String user,
      Optional<String> exitStatus,
      List<String> log) {
    public TaskState {
      log = List.copyOf(log);
    }
  }

  private final Datacenter datacenter;
  private final Gateway gateway;
  private final Router router = new Router();

  /// @param talos makes what runs in a VM whose disk holds Talos
  public PveCluster(
      LabConfig config, LabClock clock, Ledger ledger, Faults faults, GuestSystem.Maker talos) {
    this.datacenter = new Datacenter(config, clock, ledger, faults, talos);
    PveSchema schema = PveSchema.of(config.version().release());
    Endpoint creation = schema.endpoint("POST", "/nodes/{node}/qemu");
    QemuPowerApi power = new QemuPowerApi(datacenter);
    QemuMigrateApi migration = new QemuMigrateApi(datacenter);
    new ClusterApi(datacenter).routes(router);
    new TaskApi(datacenter).routes(router);
    new AccessApi(datacenter).routes(router);
    new StorageApi(datacenter).routes(router);
    new RrdApi(datacenter).routes(router);
    new BackupApi(datacenter).routes(router);
    new QemuConfigApi(datacenter, creation).routes(router);
    new QemuCreateApi(datacenter, creation, power).routes(router);
    new QemuDiskApi(datacenter).routes(router);
    new SnapshotApi(datacenter, power, false).routes(router);
    new SnapshotApi(datacenter, power, true).routes(router);
    new AgentApi(datacenter).routes(router);
    new LxcApi(datacenter, migration).routes(router);
    new HaApi(datacenter, power, migration).routes(router);
    power.routes(router);
    migration.routes(router);
    this.gateway = new Gateway(datacenter, schema, router, ledger, faults);
  }

  /// Makes the sample guests, storages and rights; running guests open their ports.
  public void populate() {
    datacenter.locked(() -> Population.of(datacenter));
  }

  /// Starts more VMs on a node, for measuring: small ones, each with a disk on `local-lvm`.
  ///
  /// @param first the lowest VMID
  /// @throws IllegalArgumentException if a VMID is taken, or there is no such node
  public void addRunning(String node, int first, int count, int memoryMiB, int diskGiB) {
    datacenter.locked(
        () -> Population.addRunning(datacenter, node, first, count, memoryMiB, diskGiB));
  }

  /// Writes a line into a guest's configuration, as root's editor does.
  public void configure(int vmid, String key, String value) {
    datacenter.locked(() ->
        Optional.ofNullable(datacenter.guests.get(vmid)).ifPresent(g -> g.config.put(key, value)));
  }

  /// Answers a request that reached `node`.
  public Reply answer(String node, Request request) {
    return gateway.answer(node, request);
  }

  public void fingerprint(String node, String sha256) {
    datacenter.locked(() -> datacenter.node(node).fingerprint = sha256);
  }

  /// Answers of the lab that broke PVE's schema; a test should find none.
  public List<String> defects() {
    return gateway.defects();
  }

  /// The endpoints that the lab simulates, as `GET /version`.
  public Set<String> endpoints() {
    return router.endpoints();
  }

  public PveVersion version() {
    return datacenter.config().version();
  }

  /// The lab's tokens by their short names, each as `user@realm!id=secret`.
  public Map<String, String> tokens() {
    return datacenter.compute(() -> {
      Map<String, String> tokens = new LinkedHashMap<>();
      Optional.ofNullable(datacenter.access.users.get(Population.OPERATOR))
          .ifPresent(user ->
              user.tokens
                  .values()
                  .forEach(t -> tokens.put(t.id, user.id + "!" + t.id + "=" + t.secret)));
      return tokens;
    });
  }

  /// What root@pam logs in with.
  public String rootPassword() {
    return datacenter.compute(() -> datacenter.access.addUser(Access.ROOT).password);
  }

  public void nodeDown(String name) {
    datacenter.locked(() -> datacenter.nodeDown(name));
  }

  public void nodeUp(String name) {
    datacenter.locked(() -> datacenter.nodeUp(name));
  }

  public Optional<GuestState> guest(int vmid) {
    return datacenter.compute(
        () -> Optional.ofNullable(datacenter.guests.get(vmid)).map(PveCluster::state));
  }

  public List<GuestState> guests() {
    return datacenter.compute(
        () -> datacenter.guests.values().stream().map(PveCluster::state).toList());
  }

  private static GuestState state(Guest guest) {
    return new GuestState(
        guest.vmid,
        guest.isContainer,
        guest.node,
        guest.name(),
        guest.running,
        guest.isTemplate(),
        guest.uuid(),
        guest.lock(),
        guest.machine.flatMap(Machine::address),
        guest.config,
        guest.pending,
        List.copyOf(guest.snapshots.keySet()));
  }

  /// Newest first.
  public List<TaskState> tasks() {
    return datacenter.compute(() ->
        datacenter.tasks.all().stream()
            .map(t ->
                new TaskState(
                    t.upid,
                    t.node,
                    t.type,
                    t.id,
                    t.user,
                    t.isRunning() ? Optional.empty() : Optional.of(t.exitStatus()),
                    t.log))
            .toList());
  }

  /// The volume ids on one storage of one node.
  public List<String> volumes(String node, String storage) {
    return datacenter.compute(() -> List.copyOf(datacenter.storage(storage).on(node).keySet()));
  }

  /// Sets a lock in a guest's configuration, as an outside `qm` or a crash leaves one behind.
  public void lockGuest(int vmid, String lock) {
    datacenter.locked(
        () -> Optional.ofNullable(datacenter.guests.get(vmid)).ifPresent(g -> g.lock(lock)));
  }

  /// Takes the lock away, as root's `qm unlock` does.
  public void unlockGuest(int vmid) {
    datacenter.locked(
        () -> Optional.ofNullable(datacenter.guests.get(vmid)).ifPresent(Guest::unlock));
  }

  /// Whatever the guests have open is closed.
  public void switchOff() {
    datacenter.locked(
        () -> datacenter.guests.values().forEach(g -> g.machine.ifPresent(Machine::powerOff)));
  }

  /// The state as the admin API gives it.
  public Map<String, Object> json() {
    return datacenter.compute(() -> {
      Map<String, Object> guests = new LinkedHashMap<>();
      datacenter
          .guests
          .values()
          .forEach(g ->
              guests.put(
                  String.valueOf(g.vmid),
                  Json.object(
                      "node",
                      g.node,
                      "name",
                      g.name(),
                      "running",
                      g.running,
                      "uuid",
                      g.uuid(),
                      "lock",
                      g.lock().orElse(""),
                      "address",
                      g.machine.flatMap(Machine::address).orElse(""),
                      "config",
                      g.config,
                      "snapshots",
                      List.copyOf(g.snapshots.keySet()))));
      Map<String, Object> nodes = new LinkedHashMap<>();
      datacenter.nodes.values().forEach(n -> nodes.put(n.name(), n.online));
      return Json.object("nodes", nodes, "guests", guests, "defects", gateway.defects());
    });
  }
}
