package dev.pvebot.integrations.lab.pve;

import dev.pvebot.integrations.lab.schema.Endpoint;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/// VMs come and go: create, restore, clone, convert to a template, destroy.
final class QemuCreateApi {
  private static final String VM = "/nodes/{node}/qemu/{vmid}";

  private final Datacenter datacenter;
  private final Endpoint creation;
  private final Disks disks;
  private final QemuPowerApi power;

  QemuCreateApi(Datacenter datacenter, Endpoint creation, QemuPowerApi power) {
    this.datacenter = datacenter;
    this.creation = creation;
    this.disks = new Disks(datacenter);
    this.power = power;
  }

  void routes(Router router) {
    router
        .on("POST", "/nodes/{node}/qemu", this::create)
        .on("POST", VM + "/clone", this::cloneVm)
        .on("POST", VM + "/template", this::template)
        .on("DELETE", VM, this::destroy);
  }

  // --- create -------------------------------------------------------------------------------

  private Object create(Call call) {
    if (call.get("archive").isPresent()) {
      return restore(call);
    }
    int vmid = call.vmid();
    checkPool(call);
    Map<String, String> wanted = new TreeMap<>();
    call.parameters()
        .forEach((key, value) -> {
          if (!ConfigKeys.CONTROL.contains(key)) {
            wanted.put(key, value.toString());
          }
        });
    checkMayAllocate(call, vmid);
    wanted.forEach((key, value) -> checkCreationRight(call, vmid, key, value));
    Map<String, Disks.Wish> wishes = new TreeMap<>();
    wanted.forEach((key, value) -> {
      if (Drives.isDrive(key)) {
        wishes.put(key, disks.wish(call, vmid, key, value));
      }
    });
    checkFree("create", vmid);
    double imported = wishes.values().stream().mapToDouble(Disks::importedGib).sum();
    var durations = datacenter.config().durations();
    Task task =
        call.task(
            "qmcreate",
            String.valueOf(vmid),
            t -> {
              Guest guest = appear(call.node(), vmid, "create", t);
              addToPool(call, vmid);
              t.after(
                  durations.create().plus(perGib(durations.restorePerGib(), imported)),
                  () -> {
                    wanted.forEach((key, value) ->
                        guest.config.put(
                            key,
                            Drives.isDrive(key)
                                ? "none"
                                : ConfigKeys.stored(datacenter, creation, key, value)));
                    wishes.forEach((key, wish) ->
                        guest.config.put(key, disks.fulfil(call.node(), vmid, key, wish, t)));
                    fillIn(guest);
                    guest.unlock();
                    datacenter.effect("created", guest, Optional.of(t), guest.name());
                    t.ok();
                    if (call.flag("start")) {
                      power.startAs(guest, call.who().authId());
                    }
                  });
            });
    return task.upid;
  }

  private void checkCreationRight(Call call, int vmid, String key, String value) {
    Optional<String> pool = call.get("pool");
    if (pool.isPresent() && call.may("/pool/" + pool.get(), ConfigKeys.privilege(key, value))) {
      return;
    }
    ConfigKeys.checkRight(call, vmid, key, value);
  }

  private void checkPool(Call call) {
    call.get("pool")
        .filter(pool -> !datacenter.pools.containsKey(pool))
        .ifPresent(pool -> {
          throw ApiError.forbidden("pool '" + pool + "' does not exist");
        });
  }

  private void checkMayAllocate(Call call, int vmid) {
    boolean byPool =
        call.get("pool").map(pool -> call.may("/pool/" + pool, "VM.Allocate")).orElse(false);
    if (!byPool && !call.may("/vms/" + vmid, "VM.Allocate")) {
      throw ApiError.forbidden("");
    }
  }

  private void addToPool(Call call, int vmid) {
    call.get("pool")
        .ifPresent(pool ->
            Optional.ofNullable(datacenter.pools.get(pool))
                .ifPresent(members -> members.add(String.valueOf(vmid))));
  }

  private void checkFree(String verb, int vmid) {
    Optional.ofNullable(datacenter.guests.get(vmid))
        .ifPresent(other -> {
          throw ApiError.died(
              "unable to %s VM %d - %s %d already exists on node '%s'"
                  .formatted(verb, vmid, other.isContainer ? "CT" : "VM", vmid, other.node));
        });
  }

  /// The configuration file with nothing but a lock in it; goes away if the task fails.
  private Guest appear(String node, int vmid, String lock, Task task) {
    Guest guest = new Guest(vmid, false, node);
    guest.lock(lock);
    datacenter.guests.put(vmid, guest);
    task.onFailure(() -> datacenter.guests.remove(vmid, guest));
    return guest;
  }

  private void fillIn(Guest guest) {
    guest.config.putIfAbsent("meta", "creation-qemu=10.1.2,ctime=" + datacenter.now());
    guest.config.putIfAbsent("smbios1", "uuid=" + UUID.randomUUID());
    guest.config.putIfAbsent("vmgenid", UUID.randomUUID().toString());
    if (!guest.config.containsKey("boot")) {
      Set<String> order = new LinkedHashSet<>();
      guest.config.forEach((key, value) -> {
        if (Drives.isBootable(key) && !Drives.isCdrom(value)) {
          order.add(key);
        }
      });
      guest.config.keySet().stream().filter(Network::isCard).forEach(order::add);
      if (!order.isEmpty()) {
        guest.config.put("boot", "order=" + String.join(";", order));
      }
    }
  }

  private static Duration perGib(Duration each, double gib) {
    return Duration.ofMillis((long) (each.toMillis() * gib));
  }

  // --- restore ------------------------------------------------------------------------------

  private Object restore(Call call) {
    int vmid = call.vmid();
    checkPool(call);
    boolean overwrites = call.flag("force") && datacenter.guests.containsKey(vmid);
    if (overwrites) {
      call.require("/vms/" + vmid, "VM.Backup");
    } else {
      checkMayAllocate(call, vmid);
    }
    call.parameters()
        .keySet()
        .forEach(key -> {
          if (Drives.isDrive(key)) {
            throw ApiError.parameter(key, "option conflicts with option 'archive'");
          }
        });
    String archive = call.need("archive");
    Volume backup =
        datacenter
            .volume(call.node(), archive)
            .filter(v -> v.kind.equals("backup"))
            .orElseThrow(() -> ApiError.died("volume '" + archive + "' does not exist"));
    if (!overwrites) {
      checkFree("restore", vmid);
    }
    Map<String, String> saved =
        Optional.ofNullable(datacenter.backups.get(archive))
            .orElseThrow(
                () -> ApiError.died("unable to restore VM " + vmid + " - no config in " + archive));
    var durations = datacenter.config().durations();
    Task task =
        call.task(
            "qmrestore",
            String.valueOf(vmid),
            t -> {
              Guest old = datacenter.guests.get(vmid);
              if (old != null && old.running) {
                throw ApiError.died("unable to restore VM " + vmid + " - vm is running");
              }
              if (old != null && old.isProtected()) {
                throw ApiError.died("unable to restore VM " + vmid + " - protection mode enabled");
              }
              if (old != null) {
                datacenter.disks(old).values().forEach(v -> datacenter.free(old.node, v));
              }
              Guest guest = new Guest(vmid, false, call.node());
              guest.lock("create");
              datacenter.guests.put(vmid, guest);
              addToPool(call, vmid);
              t.after(
                  durations.restoreBase().plus(perGib(durations.restorePerGib(), backup.gib())),
                  () -> {
                    restoreInto(call, guest, saved);
                    guest.unlock();
                    datacenter.effect("restored", guest, Optional.of(t), archive);
                    t.ok();
                    if (call.flag("start")) {
                      power.startAs(guest, call.who().authId());
                    }
                  });
            });
    return task.upid;
  }

  private void restoreInto(Call call, Guest guest, Map<String, String> saved) {
    saved.forEach((key, value) -> {
      Optional<Volume> image = datacenter.images.image(value);
      if (image.isEmpty()) {
        if (!key.equals("lock") && !key.equals("parent")) {
          guest.config.put(key, value);
        }
        return;
      }
      Volume source = image.get();
      Storage target =
          datacenter.storage(
              call.get("storage").orElse(source.volid.substring(0, source.volid.indexOf(':'))));
      Volume disk =
          datacenter.allocate(
              guest.node,
              target,
              guest.vmid,
              source.bytes,
              source.boots,
              source.volid.contains("cloudinit") ? "vm-" + guest.vmid + "-cloudinit" : "");
      guest.config.put(key, Drives.withFile(value, disk.volid));
    });
    call.parameters()
        .forEach((key, value) -> {
          if (!ConfigKeys.CONTROL.contains(key)) {
            guest.config.put(key, ConfigKeys.stored(datacenter, creation, key, value.toString()));
          }
        });
    if (call.flag("unique")) {
      guest.config.replaceAll((key, value) ->
          Network.isCard(key) ? Network.withMac(value, datacenter.newMac()) : value);
      guest.config.put("smbios1", "uuid=" + UUID.randomUUID());
    }
    fillIn(guest);
  }

  // --- clone --------------------------------------------------------------------------------

  private Object cloneVm(Call call) {
    Guest source = datacenter.vmToAsk(call.node(), call.vmid());
    int newid = call.number("newid");
    checkPool(call);
    boolean full = call.get("full").map("1"::equals).orElse(!source.isTemplate());
    String target = call.get("target").orElse(call.node());
    if (!datacenter.nodes.containsKey(target)) {
      throw ApiError.died("no such cluster node '" + target + "'");
    }
    if (!full) {
      for (String option : List.of("storage", "format")) {
        if (call.get(option).isPresent()) {
          throw ApiError.died("parameter '" + option + "' not allowed for linked clones");
        }
      }
    }
    source.checkLock();
    Map<String, String> base = new TreeMap<>(source.config);
    call.get("snapname")
        .ifPresent(name -> {
          Snapshot snapshot = source.snapshots.get(name);
          if (snapshot == null) {
            throw ApiError.died("snapshot '" + name + "' does not exist");
          }
          base.clear();
          base.putAll(snapshot.config);
        });
    Map<String, Volume> volumes = new TreeMap<>(datacenter.disks(call.node(), base));
    volumes.keySet().removeIf(Drives::isUnused);
    checkClonable(call, source, full, target, volumes);
    if (datacenter.on(call.node(), newid).isPresent()) {
      throw ApiError.died("unable to create VM " + newid + ": config file already exists");
    }
    Task task =
        call.task(
            "qmclone",
            String.valueOf(source.vmid),
            t -> {
              t.diesOf("clone failed: interrupted by signal");
              cloneWork(call, t, source, newid, full, target, base, volumes);
            });
    return task.upid;
  }

  private void checkClonable(
      Call call, Guest source, boolean full, String target, Map<String, Volume> volumes) {
    for (Map.Entry<String, Volume> each : volumes.entrySet()) {
      Volume volume = each.getValue();
      Storage from = datacenter.storageOf(volume);
      if (!target.equals(call.node()) && !from.shared) {
        throw ApiError.died("can't clone VM to node '" + target + "' (VM uses local storage)");
      }
      if (!full && !volume.volid.contains("base-") && !Drives.isCloudInit(volume.volid)) {
        throw ApiError.died(
            "Linked clone feature is not supported for '%s' (%s)"
                .formatted(volume.volid, each.getKey()));
      }
      Storage to = call.get("storage").map(datacenter::storage).orElse(from);
      if (!to.content.contains("images")) {
        throw ApiError.parameter("storage", "storage '" + to.name + "' does not support vm images");
      }
      if (!target.equals(call.node()) && !to.shared) {
        throw ApiError.died("can't clone to non-shared storage '" + to.name + "'");
      }
      call.require("/storage/" + to.name, "Datastore.AllocateSpace");
      if (full && source.running && each.getKey().equals("tpmstate0")) {
        throw ApiError.died("cannot clone TPM state while VM is running");
      }
    }
  }

  private void cloneWork(
      Call call,
      Task task,
      Guest source,
      int newid,
      boolean full,
      String target,
      Map<String, String> base,
      Map<String, Volume> volumes) {
    Optional.ofNullable(datacenter.guests.get(newid))
        .ifPresent(_ -> {
          throw ApiError.died(
              "close (rename) atomic file '/etc/pve/nodes/%s/qemu-server/%d.conf' failed: File exists"
                  .formatted(call.node(), newid));
        });
    Guest copy = appear(call.node(), newid, "clone", task);
    addToPool(call, newid);
    var durations = datacenter.config().durations();
    double gib = volumes.values().stream().mapToDouble(Volume::gib).sum();
    Duration lasts =
        full
            ? durations.cloneBase().plus(perGib(durations.clonePerGib(), gib))
            : durations.cloneLinked();
    Optional<Storage> slot =
        full
            ? volumes.entrySet().stream()
                .filter(e -> !Drives.isCloudInit(e.getValue().volid))
                .findFirst()
                .map(e ->
                    call.get("storage")
                        .map(datacenter::storage)
                        .orElse(datacenter.storageOf(e.getValue())))
            : Optional.empty();
    Runnable copying =
        () -> {
          volumes.forEach((key, volume) ->
              task.log(
                  "create %s clone of drive %s (%s)"
                      .formatted(full ? "full" : "linked", key, volume.volid)));
          task.after(lasts, () -> cloneDone(call, task, source, copy, full, target, base, volumes));
        };
    task.log("creating a clone of VM %d with ID %d".formatted(source.vmid, newid));
    datacenter.withFlock(
        task,
        source,
        source.running,
        () ->
            slot.ifPresentOrElse(
                storage -> datacenter.withStorageSlot(task, call.node(), storage, copying),
                copying));
  }

  private void cloneDone(
      Call call,
      Task task,
      Guest source,
      Guest copy,
      boolean full,
      String target,
      Map<String, String> base,
      Map<String, Volume> volumes) {
    Map<String, String> configuration = new LinkedHashMap<>(base);
    List.of("template", "lock", "parent", "snaptime", "vmstate").forEach(configuration::remove);
    configuration.keySet().removeIf(Drives::isUnused);
    volumes.forEach((key, volume) -> {
      Storage to =
          call.get("storage")
              .filter(_ -> full)
              .map(datacenter::storage)
              .orElse(datacenter.storageOf(volume));
      Volume disk =
          datacenter.allocate(
              target,
              to,
              copy.vmid,
              volume.bytes,
              volume.boots,
              volume.volid.contains("cloudinit") ? "vm-" + copy.vmid + "-cloudinit" : "");
      if (!full && !volume.volid.contains("cloudinit")) {
        disk.parent = volume.volid;
      }
      configuration.put(key, Drives.withFile(base.getOrDefault(key, "none"), disk.volid));
    });
    configuration.replaceAll(
        (key, value) -> Network.isCard(key) ? Network.withMac(value, datacenter.newMac()) : value);
    configuration.put("smbios1", "uuid=" + UUID.randomUUID());
    configuration.computeIfPresent("vmgenid", (_, _) -> UUID.randomUUID().toString());
    configuration.put(
        "name",
        call.get("name").orElse("Copy-of-VM-" + base.getOrDefault("name", "" + source.vmid)));
    call.get("description").ifPresent(text -> configuration.put("description", text));
    if (!source.pending.isEmpty()) {
      task.warn("pending changes of the source were dropped");
    }
    copy.config.clear();
    copy.config.putAll(configuration);
    copy.node = target;
    datacenter.effect(
        "cloned", copy, Optional.of(task), "from " + source.vmid + " as " + copy.name());
    task.ok();
  }

  // --- template -----------------------------------------------------------------------------

  private Object template(Call call) {
    Guest guest = datacenter.vm(call.node(), call.vmid());
    guest.checkLock();
    if (!guest.snapshots.isEmpty()) {
      throw ApiError.died("unable to create template, because VM contains snapshots");
    }
    if (guest.isTemplate() && call.get("disk").isEmpty()) {
      throw ApiError.died("you can't convert a template to a template");
    }
    if (guest.running) {
      throw ApiError.died("you can't convert a VM to template if VM is running");
    }
    return call.task(
            "qmtemplate",
            String.valueOf(guest.vmid),
            task ->
                datacenter.withFlock(
                    task,
                    guest,
                    true,
                    () ->
                        task.after(
                            datacenter.config().durations().template(),
                            () -> {
                              convert(datacenter, guest);
                              datacenter.effect("template", guest, Optional.of(task), "");
                              task.ok();
                            })))
        .upid;
  }

  /// Renames the disks to `base-…` and marks the VM.
  static void convert(Datacenter datacenter, Guest guest) {
    datacenter
        .disks(guest)
        .forEach((key, volume) -> {
          if (volume.volid.contains("cloudinit") || Drives.isUnused(key)) {
            return;
          }
          String volid =
              volume.volid.replaceFirst("([:/])vm-" + guest.vmid, "$1base-" + guest.vmid);
          Volume base =
              new Volume(
                  volid,
                  volume.kind,
                  volume.format,
                  volume.bytes,
                  volume.owner,
                  volume.boots,
                  volume.created);
          datacenter.free(guest.node, volume);
          datacenter.storageOf(base).on(guest.node).put(volid, base);
          guest.config.computeIfPresent(key, (_, old) -> Drives.withFile(old, volid));
        });
    guest.config.put("template", "1");
  }

  // --- destroy ------------------------------------------------------------------------------

  private Object destroy(Call call) {
    call.refuseUnlessRoot("skiplock");
    Guest guest = datacenter.vm(call.node(), call.vmid());
    if (guest.isProtected()) {
      throw ApiError.died("can't remove VM " + guest.vmid + " - protection mode enabled");
    }
    if (datacenter.ha.containsKey(guest.vmid) && !call.flag("purge")) {
      throw ApiError.died(
          "unable to remove VM %d - used in HA resources and purge parameter not set."
              .formatted(guest.vmid));
    }
    if (guest.running) {
      throw ApiError.died("VM " + guest.vmid + " is running - destroy failed");
    }
    return call.task(
            "qmdestroy",
            String.valueOf(guest.vmid),
            task -> datacenter.withFlock(task, guest, true, () -> destroyWork(call, task, guest)))
        .upid;
  }

  private void destroyWork(Call call, Task task, Guest guest) {
    guest.lock().filter(lock -> !lock.equals("suspended")).ifPresent(_ -> guest.checkLock());
    if (guest.running) {
      throw ApiError.died("VM " + guest.vmid + " is running - destroy failed");
    }
    if (guest.isTemplate()) {
      checkNoLinkedClones(guest);
    }
    guest.lock("destroyed");
    task.onFailure(guest::unlock);
    task.after(
        datacenter.config().durations().delete(),
        () -> {
          if (task.fault
              .filter(dev.pvebot.integrations.lab.faults.TaskFault.Ghost.class::isInstance)
              .isPresent()) {
            guest.unlock();
            task.ok();
            return;
          }
          datacenter.disks(guest).values().forEach(v -> datacenter.free(guest.node, v));
          if (call.flag("destroy-unreferenced-disks")) {
            datacenter
                .storages
                .values()
                .forEach(storage ->
                    storage
                        .on(guest.node)
                        .values()
                        .removeIf(v -> v.owner == guest.vmid && v.kind.equals("images")));
          }
          if (call.flag("purge")) {
            datacenter.ha.remove(guest.vmid);
          }
          datacenter.access.acl.removeIf(e -> e.path().equals("/vms/" + guest.vmid));
          datacenter.pools.values().forEach(p -> p.remove(String.valueOf(guest.vmid)));
          datacenter.guests.remove(guest.vmid);
          datacenter.endLease(guest);
          datacenter.effect("deleted", guest, Optional.of(task), guest.name());
          task.ok();
        });
  }

  private void checkNoLinkedClones(Guest guest) {
    Set<String> bases = new LinkedHashSet<>();
    datacenter.disks(guest).values().forEach(v -> bases.add(v.volid));
    for (Storage storage : datacenter.storages.values()) {
      storage.on(guest.node).values().stream()
          .filter(v -> bases.contains(v.parent))
          .findFirst()
          .ifPresent(v -> {
            throw ApiError.died("base volume '" + v.parent + "' is still in use by linked cloned");
          });
    }
  }
}
