package dev.pvebot.integrations.lab.pve;

import dev.pvebot.integrations.lab.wire.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Moving VMs between nodes.
final class QemuMigrateApi {
  private static final String MIGRATE = "/nodes/{node}/qemu/{vmid}/migrate";

  private final Datacenter datacenter;

  QemuMigrateApi(Datacenter datacenter) {
    this.datacenter = datacenter;
  }

  void routes(Router router) {
    router.on("GET", MIGRATE, this::precheck).on("POST", MIGRATE, this::migrate);
  }

  /// Devices of the node that the guest uses, which it cannot take along.
  private static List<String> devices(Guest guest) {
    return guest.config.entrySet().stream()
        .filter(e ->
            e.getKey().matches("hostpci\\d+") && !e.getValue().contains("mapping=")
                || e.getKey().matches("usb\\d+") && !e.getValue().startsWith("spice"))
        .map(Map.Entry::getKey)
        .toList();
  }

  Map<String, Volume> local(Guest guest) {
    Map<String, Volume> local = new TreeMap<>(datacenter.disks(guest));
    local.values().removeIf(v -> datacenter.storageOf(v).shared);
    return local;
  }

  private Object precheck(Call call) {
    Guest guest = datacenter.vm(call.node(), call.vmid());
    List<Object> disks = new ArrayList<>();
    local(guest)
        .forEach((key, volume) ->
            disks.add(
                Json.object(
                    "volid",
                    volume.volid,
                    "size",
                    volume.bytes,
                    "cdrom",
                    Drives.isCdrom(guest.get(key).orElse("")) ? 1 : 0,
                    "is_unused",
                    Drives.isUnused(key) ? 1 : 0)));
    Map<String, Object> answer =
        Json.object(
            "running",
            guest.running ? 1 : 0,
            "local_disks",
            disks,
            "local_resources",
            devices(guest),
            "mapped-resources",
            List.of(),
            "mapped-resource-info",
            Map.of(),
            "has-dbus-vmstate",
            0);
    if (!guest.running) {
      answer.put(
          "allowed_nodes",
          datacenter.nodes.keySet().stream().filter(n -> !n.equals(guest.node)).toList());
      answer.put("not_allowed_nodes", Map.of());
    }
    return answer;
  }

  private Object migrate(Call call) {
    String target = call.need("target");
    Guest guest = datacenter.vm(call.node(), call.vmid());
    if (target.equals(call.node())) {
      throw ApiError.parameter("target", "target is local node.");
    }
    if (!datacenter.nodes.containsKey(target)) {
      throw ApiError.died("no such cluster node '" + target + "'");
    }
    call.refuseUnlessRoot("force", "migration_type", "migration_network");
    guest.checkLock();
    boolean managed = datacenter.ha.containsKey(guest.vmid);
    if (guest.running && !call.flag("online")) {
      throw ApiError.died("can't migrate running VM without --online");
    }
    call.get("targetstorage").ifPresent(map -> checkStorages(call, map));
    if (managed) {
      return call.task(
              "hamigrate",
              String.valueOf(guest.vmid),
              task -> {
                task.log(
                    "Requesting HA migration for VM %d to node %s".formatted(guest.vmid, target));
                byHa(guest, target);
                task.ok();
              })
          .upid;
    }
    return spawn(
            guest,
            target,
            call.who().authId(),
            call.flag("with-local-disks"),
            call.get("targetstorage"))
        .upid;
  }

  /// The LRM moves the guest some seconds after the HA manager was asked.
  void byHa(Guest guest, String target) {
    datacenter
        .clock()
        .after(
            datacenter.config().durations().haReaction(),
            () ->
                datacenter.locked(() -> {
                  if (datacenter.node(guest.node).online && !guest.node.equals(target)) {
                    spawn(guest, target, Access.ROOT, true, Optional.empty());
                  }
                }));
  }

  private void checkStorages(Call call, String map) {
    for (String pair : map.split("[,;\\s]+")) {
      String storage = pair.substring(pair.indexOf(':') + 1);
      if (!storage.equals("1")) {
        datacenter.storage(storage);
        call.require("/storage/" + storage, "Datastore.AllocateSpace");
      }
    }
  }

  private Task spawn(
      Guest guest, String target, String user, boolean withLocalDisks, Optional<String> storages) {
    return datacenter.tasks.spawn(
        guest.node,
        "qmigrate",
        String.valueOf(guest.vmid),
        user,
        task -> work(task, guest, target, withLocalDisks, storages));
  }

  private void work(
      Task task, Guest guest, String target, boolean withLocalDisks, Optional<String> storages) {
    NodeHost to = datacenter.node(target);
    task.log(
        "%s starting migration of VM %d to node '%s' (%s)"
            .formatted(stamp(), guest.vmid, target, to.address));
    task.diesOf("migration aborted");
    datacenter.withFlock(
        task,
        guest,
        true,
        () -> {
          guest.checkLock();
          guest.lock("migrate");
          task.atEnd(() -> guest.config.remove("lock", "migrate"));
          if (!to.online) {
            task.after(
                Duration.ofSeconds(3),
                () -> abort(task, "Can't connect to destination address using public key"));
            return;
          }
          Map<String, Volume> local = local(guest);
          if (guest.running
              && !withLocalDisks
              && local.values().stream().anyMatch(v -> !v.volid.contains("cloudinit"))) {
            local
                .values()
                .forEach(v ->
                    task.log(
                        "can't migrate local disk '%s': can't live migrate attached local disks without with-local-disks option"
                            .formatted(v.volid)));
            abort(task, "Problem found while scanning volumes - can't migrate VM - check log");
            return;
          }
          if (local.values().stream().anyMatch(v -> !v.parent.isEmpty())) {
            Volume clone =
                local.values().stream().filter(v -> !v.parent.isEmpty()).findFirst().orElseThrow();
            abort(
                task,
                "can't migrate '%s' as it's a clone of '%s'"
                    .formatted(clone.volid, clone.parent.replaceFirst("^[^:]*:", "")));
            return;
          }
          if (!devices(guest).isEmpty()) {
            abort(
                task,
                "can't migrate VM which uses local devices: " + String.join(", ", devices(guest)));
            return;
          }
          if (local.values().stream().anyMatch(v -> v.kind.equals("iso"))) {
            abort(task, "can't migrate local cdrom drive");
            return;
          }
          LockLine line = datacenter.node(guest.node).migrations;
          line.take(
              false,
              () -> {
                if (!task.isRunning()) {
                  line.release(false);
                  return;
                }
                task.atEnd(() -> line.release(false));
                task.run(() -> transfer(task, guest, to, local, storages));
              });
        });
  }

  private void transfer(
      Task task, Guest guest, NodeHost to, Map<String, Volume> local, Optional<String> storages) {
    var durations = datacenter.config().durations();
    double gib = local.values().stream().mapToDouble(Volume::gib).sum();
    double memory = guest.running ? guest.memoryMiB() / 1024 : 0;
    Duration lasts =
        durations
            .migrateBase()
            .plusMillis((long) (gib * durations.migrateDiskPerGib().toMillis()))
            .plusMillis((long) (memory * durations.migrateMemoryPerGib().toMillis()));
    if (guest.running) {
      task.log("%s starting VM %d on remote node '%s'".formatted(stamp(), guest.vmid, to.name()));
    }
    local.values().forEach(v -> task.log("%s found local disk '%s'".formatted(stamp(), v.volid)));
    task.after(
        lasts,
        () -> {
          if (!to.online) {
            abort(task, "Can't connect to destination address using public key");
            return;
          }
          String from = guest.node;
          move(guest, to.name(), local, storages);
          if (guest.running) {
            task.log("%s migration status: completed".formatted(stamp()));
          }
          task.log(
              "%s migration finished successfully (duration %s)".formatted(stamp(), clock(lasts)));
          datacenter.effect("migrated", guest, Optional.of(task), "from " + from);
          task.ok();
        });
  }

  void abort(Task task, String why) {
    Duration since = Duration.between(task.started, datacenter.clock().now());
    task.log("%s ERROR: migration aborted (duration %s): %s".formatted(stamp(), clock(since), why));
    task.fail("migration aborted");
  }

  private String stamp() {
    return java.time.format.DateTimeFormatter.ofPattern(
            "yyyy-MM-dd HH:mm:ss", java.util.Locale.ROOT)
        .withZone(java.time.ZoneOffset.UTC)
        .format(datacenter.clock().now());
  }

  private static String clock(Duration d) {
    return "%02d:%02d:%02d".formatted(d.toHours(), d.toMinutesPart(), d.toSecondsPart());
  }

  /// Puts the guest and its local disks on another node.
  void move(Guest guest, String target, Map<String, Volume> local, Optional<String> storages) {
    Map<String, String> moved = new LinkedHashMap<>();
    local.forEach((key, volume) -> {
      Storage from = datacenter.storageOf(volume);
      Storage to = mapped(from, storages);
      datacenter.free(guest.node, volume);
      Volume there =
          datacenter.allocate(
              target,
              to,
              guest.vmid,
              volume.bytes,
              volume.boots,
              volume.volid.contains("cloudinit") ? "vm-" + guest.vmid + "-cloudinit" : "");
      if (guest.isTemplate() && volume.volid.contains("base-")) {
        datacenter.free(target, there);
        Volume base =
            new Volume(
                volume.volid,
                volume.kind,
                volume.format,
                volume.bytes,
                volume.owner,
                volume.boots,
                volume.created);
        to.on(target).put(base.volid, base);
        moved.put(key, base.volid);
      } else {
        moved.put(key, there.volid);
      }
    });
    moved.forEach(
        (key, volid) -> guest.config.computeIfPresent(key, (_, v) -> Drives.withFile(v, volid)));
    guest.node = target;
  }

  private Storage mapped(Storage from, Optional<String> storages) {
    for (String pair : storages.orElse("1").split("[,;\\s]+")) {
      String[] halves = pair.split(":", 2);
      if (halves.length == 2 && halves[0].equals(from.name)) {
        return datacenter.storage(halves[1]);
      }
      if (halves.length == 1 && !pair.equals("1")) {
        return datacenter.storage(pair);
      }
    }
    return from;
  }
}
