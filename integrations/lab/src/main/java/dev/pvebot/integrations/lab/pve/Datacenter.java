package dev.pvebot.integrations.lab.pve;

import dev.pvebot.integrations.lab.config.LabConfig;
import dev.pvebot.integrations.lab.config.NodeSpec;
import dev.pvebot.integrations.lab.faults.Faults;
import dev.pvebot.integrations.lab.faults.TaskFault;
import dev.pvebot.integrations.lab.guests.GuestSystem;
import dev.pvebot.integrations.lab.ledger.Ledger;
import dev.pvebot.integrations.lab.time.LabClock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/// The state of the simulated cluster: nodes, guests, storages, tasks, rights. Everything in it is
/// guarded by its monitor; enter by [#locked] or [#compute].
final class Datacenter {
  /// A guest under the care of the HA manager.
  static final class HaResource {
    String requested = "started";
    String comment = "";
    int maxRestart = 1;
    int maxRelocate = 1;
    boolean busy;
  }

  private static final int FIRST_LEASE = 200;
  private static final int LAST_LEASE = 254;

  private final LabConfig config;
  private final LabClock clock;
  private final Ledger ledger;
  private final Faults faults;
  private final GuestSystem.Maker talos;
  private final Instant bootedAt;
  final Map<String, NodeHost> nodes = new LinkedHashMap<>();
  final Map<Integer, Guest> guests = new TreeMap<>();
  final Map<String, Storage> storages = new LinkedHashMap<>();
  final Map<String, Set<String>> pools = new TreeMap<>();
  final Map<Integer, HaResource> ha = new TreeMap<>();

  /// The saved configuration of each backup, by volume id.
  final Map<String, Map<String, String>> backups = new HashMap<>();

  final BackupImages images = new BackupImages();
  final Tasks tasks;
  final Access access;
  final LockLines lockLines = new LockLines();
  private final Map<String, String> leases = new HashMap<>();
  private final Random random = new Random();

  /// Slots and locks by name, made when first asked for.
  static final class LockLines {
    private final Map<String, LockLine> byName = new HashMap<>();

    LockLine named(String name, int capacity) {
      return byName.computeIfAbsent(name, _ -> new LockLine(capacity));
    }
  }

  Datacenter(
      LabConfig config, LabClock clock, Ledger ledger, Faults faults, GuestSystem.Maker talos) {
    this.config = config;
    this.clock = clock;
    this.ledger = ledger;
    this.faults = faults;
    this.talos = talos;
    this.bootedAt = clock.now().minusSeconds(86_400L * 9);
    this.tasks = new Tasks(this);
    this.access = new Access(config.version(), this::poolOf);
    int id = 0;
    for (NodeSpec spec : config.nodes()) {
      nodes.put(
          spec.name(),
          new NodeHost(
              spec,
              ++id,
              config.address(spec.host()),
              new LockLine(config.slots().migrationsPerNode()),
              bootedAt));
    }
  }

  LabConfig config() {
    return config;
  }

  LabClock clock() {
    return clock;
  }

  Faults faults() {
    return faults;
  }

  /// Makes what runs in a VM whose disk holds Talos.
  GuestSystem.Maker talos() {
    return talos;
  }

  Instant bootedAt() {
    return bootedAt;
  }

  synchronized void locked(Runnable what) {
    what.run();
  }

  synchronized <T> T compute(Supplier<T> what) {
    return what.get();
  }

  /// Runs something after this much lab time, inside the monitor.
  LabClock.Timer later(java.time.Duration delay, Runnable what) {
    return clock.after(delay, () -> locked(what));
  }

  long now() {
    return clock.now().getEpochSecond();
  }

  void effect(String what, Guest guest, Optional<Task> task, String detail) {
    record(what, guest.vmid, guest.uuid(), guest.node, task, detail);
  }

  void record(String what, int vmid, String uuid, String node, Optional<Task> task, String detail) {
    ledger.add(
        new Ledger.Effect(
            ledger.next(),
            clock.now(),
            Instant.now(),
            what,
            vmid,
            uuid,
            node,
            task.map(t -> t.upid),
            detail));
  }

  private Optional<String> poolOf(int vmid) {
    return pools.entrySet().stream()
        .filter(e -> e.getValue().contains(String.valueOf(vmid)))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  Optional<String> pool(int vmid) {
    return poolOf(vmid);
  }

  /// The guest, if its configuration lies on this node.
  Optional<Guest> on(String node, int vmid) {
    return Optional.ofNullable(guests.get(vmid)).filter(g -> g.node.equals(node));
  }

  /// The VM, or PVE's complaint about its configuration file.
  Guest vm(String node, int vmid) {
    return on(node, vmid)
        .filter(g -> !g.isContainer)
        .orElseThrow(() ->
            ApiError.died(
                "Configuration file 'nodes/%s/qemu-server/%d.conf' does not exist"
                    .formatted(node, vmid)));
  }

  /// The container, or PVE's complaint about its configuration file.
  Guest container(String node, int vmid) {
    return on(node, vmid)
        .filter(g -> g.isContainer)
        .orElseThrow(() ->
            ApiError.died(
                "Configuration file 'nodes/%s/lxc/%d.conf' does not exist".formatted(node, vmid)));
  }

  /// The VM, or the complaint of the calls that first ask whether it runs.
  Guest vmToAsk(String node, int vmid) {
    return on(node, vmid)
        .filter(g -> !g.isContainer)
        .orElseThrow(() ->
            ApiError.died(
                "unable to find configuration file for VM %d on node '%s'".formatted(vmid, node)));
  }

  Storage storage(String name) {
    Storage storage = storages.get(name);
    if (storage == null) {
      throw ApiError.died("storage '" + name + "' does not exist");
    }
    return storage;
  }

  // --- volumes ------------------------------------------------------------------------------

  /// The volumes that a drive key of a configuration names, by key.
  Map<String, Volume> disks(Guest guest) {
    return disks(guest.node, guest.config);
  }

  Map<String, Volume> disks(String node, Map<String, String> configuration) {
    Map<String, Volume> found = new TreeMap<>();
    configuration.forEach((key, value) -> {
      if (Drives.isDrive(key) || Drives.isUnused(key) || key.equals("rootfs")) {
        volume(node, Drives.file(value)).ifPresent(v -> found.put(key, v));
      }
    });
    return found;
  }

  Optional<Volume> volume(String node, String volid) {
    int colon = volid.indexOf(':');
    if (colon <= 0) {
      return Optional.empty();
    }
    Storage storage = storages.get(volid.substring(0, colon));
    return storage == null ? Optional.empty() : storage.volume(node, volid);
  }

  /// A new volume for a guest's disk, named as PVE names the next free one.
  Volume allocate(
      String node, Storage storage, int vmid, long bytes, Volume.Content boots, String stem) {
    for (int n = 0; ; n++) {
      String bare = stem.isEmpty() ? "vm-%d-disk-%d".formatted(vmid, n) : stem;
      String format = storage.type.equals("nfs") || storage.type.equals("dir") ? "qcow2" : "raw";
      String volid =
          storage.isFileBased()
              ? "%s:%d/%s.%s".formatted(storage.name, vmid, bare, format)
              : storage.name + ":" + bare;
      String asBase =
          storage.isFileBased() ? volid.replace("/vm-", "/base-") : volid.replace(":vm-", ":base-");
      Map<String, Volume> there = storage.on(node);
      if (!there.containsKey(volid) && !there.containsKey(asBase)) {
        Volume volume = new Volume(volid, "images", format, bytes, vmid, boots, now());
        there.put(volid, volume);
        return volume;
      }
      if (!stem.isEmpty()) {
        throw ApiError.died("volume '" + volid + "' already exists");
      }
    }
  }

  void free(String node, Volume volume) {
    int colon = volume.volid.indexOf(':');
    Optional.ofNullable(storages.get(volume.volid.substring(0, colon)))
        .ifPresent(storage -> storage.on(node).remove(volume.volid));
  }

  Storage storageOf(Volume volume) {
    return storage(volume.volid.substring(0, volume.volid.indexOf(':')));
  }

  /// What the guest boots into: the content of its first boot disk.
  Volume.Content system(Guest guest) {
    Map<String, Volume> disks = disks(guest);
    String order = guest.get("boot").orElse("").replaceFirst("^order=", "");
    for (String device : order.split(";", -1)) {
      Volume disk = disks.get(device);
      if (disk != null && !disk.boots.isEmpty()) {
        return disk.boots;
      }
    }
    return disks.values().stream()
        .map(v -> v.boots)
        .filter(b -> !b.isEmpty())
        .findFirst()
        .orElse(Volume.Content.EMPTY);
  }

  // --- locks --------------------------------------------------------------------------------

  /// Goes on when the task has one of the slots that a storage has for full clones; fails it with
  /// PVE's text when none gets free in time.
  void withStorageSlot(Task task, String node, Storage storage, Runnable next) {
    String file =
        storage.shared
            ? "cfs-lock 'storage-" + storage.name + "' error: got lock request timeout"
            : "can't lock file '/var/lock/pve-manager/pve-storage-"
                + storage.name
                + "' - got timeout";
    if (task.fault.orElse(new TaskFault.Warn(0)) instanceof TaskFault.StorageLocked) {
      task.log("trying to acquire lock...");
      task.after(config.durations().lockTimeout(), () -> task.fail(file));
      return;
    }
    LockLine line =
        lockLines.named(
            "storage " + storage.name + (storage.shared ? "" : " " + node),
            config.slots().clonesPerStorage());
    withLine(task, line, false, file, next);
  }

  /// Goes on when the task holds the guest's flock.
  void withFlock(Task task, Guest guest, boolean exclusive, Runnable next) {
    withLine(
        task,
        guest.flock,
        exclusive,
        "can't lock file '/var/lock/qemu-server/lock-" + guest.vmid + ".conf' - got timeout",
        next);
  }

  private void withLine(
      Task task, LockLine line, boolean exclusive, String complaint, Runnable next) {
    if (line.isBusy(exclusive)) {
      task.log("trying to acquire lock...");
    }
    line.take(
        exclusive,
        this::later,
        config.durations().lockTimeout(),
        () -> {
          if (!task.isRunning()) {
            line.release(exclusive);
            return;
          }
          task.atEnd(() -> line.release(exclusive));
          task.run(next);
        },
        () -> task.fail(complaint));
  }

  // --- network ------------------------------------------------------------------------------

  /// The address that the lab's DHCP gives to the guest's first network card, .200 and above.
  String dhcpAddress(Guest guest) {
    String mac = guest.get("net0").map(Network::mac).orElse("vm" + guest.vmid);
    return leases.computeIfAbsent(
        mac,
        _ -> {
          Set<String> taken = new TreeSet<>(leases.values());
          for (int host = FIRST_LEASE; host <= LAST_LEASE; host++) {
            String address = config.address(host);
            if (!taken.contains(address)) {
              return address;
            }
          }
          return config.address(FIRST_LEASE);
        });
  }

  /// Gives the lease of a destroyed guest back.
  void endLease(Guest guest) {
    guest.get("net0").map(Network::mac).ifPresent(leases::remove);
  }

  String newMac() {
    return "BC:24:11:%02X:%02X:%02X"
        .formatted(random.nextInt(256), random.nextInt(256), random.nextInt(256));
  }

  // --- power --------------------------------------------------------------------------------

  void powerOn(Guest guest, Optional<Task> task) {
    applyPending(guest);
    guest.running = true;
    guest.paused = false;
    guest.startedAt = Optional.of(clock.now());
    guest.pid = 4000 + random.nextInt(60_000);
    Machine machine = new Machine(this, guest, system(guest));
    guest.machine = Optional.of(machine);
    effect("started", guest, task, "");
    if (!guest.isContainer) {
      machine.powerOn();
    }
  }

  /// As [#powerOn], for a guest that has been up since before the lab began.
  void alreadyUp(Guest guest) {
    guest.running = true;
    guest.startedAt = Optional.of(clock.now().minusSeconds(86_400));
    guest.pid = 4000 + random.nextInt(60_000);
    if (!guest.isContainer) {
      Machine machine = new Machine(this, guest, system(guest));
      guest.machine = Optional.of(machine);
      machine.alreadyBooted();
    }
  }

  void powerOff(Guest guest, Optional<Task> task, String how) {
    guest.machine.ifPresent(Machine::powerOff);
    guest.machine = Optional.empty();
    guest.running = false;
    guest.paused = false;
    guest.startedAt = Optional.empty();
    applyPending(guest);
    effect(how, guest, task, "");
  }

  void applyPending(Guest guest) {
    guest.config.putAll(guest.pending);
    guest.pending.clear();
    guest.pendingDelete.forEach(guest.config::remove);
    guest.pendingDelete.clear();
  }

  /// The node loses power: its guests die, its tasks end without a word.
  void nodeDown(String name) {
    NodeHost node = node(name);
    node.online = false;
    node.downSince = clock.now();
    tasks.all().stream().filter(t -> t.isRunning() && t.node.equals(name)).forEach(Task::vanish);
    for (Guest guest : List.copyOf(guests.values())) {
      if (guest.node.equals(name)) {
        guest.ranWhenLost = guest.running;
      }
      if (guest.node.equals(name) && guest.running) {
        powerOff(guest, Optional.empty(), "lost-power");
      }
    }
    record("node-down", 0, "", name, Optional.empty(), "");
  }

  void nodeUp(String name) {
    NodeHost node = node(name);
    node.online = true;
    node.upSince = clock.now();
    record("node-up", 0, "", name, Optional.empty(), "");
    for (Guest guest : new ArrayList<>(guests.values())) {
      if (guest.node.equals(name) && guest.get("onboot").filter("1"::equals).isPresent()) {
        tasks.spawn(
            name,
            guest.isContainer ? "vzstart" : "qmstart",
            String.valueOf(guest.vmid),
            Access.ROOT,
            task ->
                task.after(
                    config.durations().start(),
                    () -> {
                      powerOn(guest, Optional.of(task));
                      task.ok();
                    }));
      }
    }
  }

  NodeHost node(String name) {
    NodeHost node = nodes.get(name);
    if (node == null) {
      throw new IllegalArgumentException(
          "The lab has no node '%s'; it has %s.".formatted(name, nodes.keySet()));
    }
    return node;
  }
}
