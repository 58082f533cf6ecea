package dev.pvebot.integrations.lab.pve;

import dev.pvebot.integrations.lab.wire.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Snapshots of VMs, and of containers: those have no memory in them.
final class SnapshotApi {
  private final Datacenter datacenter;
  private final QemuPowerApi power;
  private final boolean ofContainers;

  SnapshotApi(Datacenter datacenter, QemuPowerApi power, boolean ofContainers) {
    this.datacenter = datacenter;
    this.power = power;
    this.ofContainers = ofContainers;
  }

  private Guest guest(Call call) {
    return ofContainers
        ? datacenter.container(call.node(), call.vmid())
        : datacenter.vm(call.node(), call.vmid());
  }

  /// `qmsnapshot`, `vzsnapshot`
  private String task(String verb) {
    return (ofContainers ? "vz" : "qm") + verb;
  }

  void routes(Router router) {
    String all = "/nodes/{node}/%s/{vmid}/snapshot".formatted(ofContainers ? "lxc" : "qemu");
    String one = all + "/{snapname}";
    router
        .on("GET", all, this::list)
        .on("POST", all, this::take)
        .on("DELETE", one, this::remove)
        .on("GET", one + "/config", this::config)
        .on("PUT", one + "/config", this::describe)
        .on("POST", one + "/rollback", this::rollback);
  }

  private Object list(Call call) {
    Guest guest = guest(call);
    List<Object> rows = new ArrayList<>();
    for (Snapshot snapshot : guest.snapshots.values()) {
      Map<String, Object> row =
          Json.object(
              "name",
              snapshot.name,
              "description",
              snapshot.description,
              "snaptime",
              snapshot.time);
      if (!ofContainers) {
        row.put("vmstate", snapshot.withMemory ? 1 : 0);
      }
      if (!snapshot.parent.isEmpty()) {
        row.put("parent", snapshot.parent);
      }
      rows.add(row);
    }
    Map<String, Object> current =
        Json.object(
            "name",
            "current",
            "description",
            "You are here!",
            "digest",
            guest.digest(),
            "running",
            guest.running ? 1 : 0);
    guest.parent().ifPresent(parent -> current.put("parent", parent));
    rows.add(current);
    return rows;
  }

  private static Snapshot named(Guest guest, String name) {
    Snapshot snapshot = guest.snapshots.get(name);
    if (snapshot == null) {
      throw ApiError.died("snapshot '" + name + "' does not exist");
    }
    return snapshot;
  }

  private Object take(Call call) {
    String name = call.need("snapname");
    if (name.equals("current") || name.equals("pending")) {
      throw ApiError.died("unable to use snapshot name '" + name + "' (reserved name)");
    }
    Guest guest = guest(call);
    return call.task(
            task("snapshot"),
            String.valueOf(guest.vmid),
            task -> {
              if (guest.isTemplate()) {
                throw ApiError.died("you can't take a snapshot if it's a template");
              }
              guest.checkLock();
              if (guest.snapshots.containsKey(name)) {
                throw ApiError.died("snapshot name '" + name + "' already used");
              }
              boolean memory = call.flag("vmstate") && guest.running;
              guest.lock("snapshot");
              task.onFailure(guest::unlock);
              var durations = datacenter.config().durations();
              Duration lasts =
                  memory
                      ? durations
                          .snapshot()
                          .plusMillis(
                              (long)
                                  (guest.memoryMiB()
                                      / 1024
                                      * durations.snapshotMemoryPerGib().toMillis()))
                      : durations.snapshot();
              task.after(
                  lasts,
                  () -> {
                    guest.unlock();
                    guest.snapshots.put(
                        name,
                        new Snapshot(
                            name,
                            call.get("description").orElse(""),
                            datacenter.now(),
                            guest.parent().orElse(""),
                            memory,
                            guest.config));
                    guest.config.put("parent", name);
                    datacenter.effect("snapshotted", guest, Optional.of(task), name);
                    task.ok();
                  });
            })
        .upid;
  }

  private Object remove(Call call) {
    String name = call.need("snapname");
    return call.task(
            task("delsnapshot"),
            String.valueOf(call.vmid()),
            task -> {
              Guest guest = guest(call);
              if (guest.isTemplate()) {
                throw ApiError.died("you can't delete a snapshot if vm is a template");
              }
              guest.checkLock();
              Snapshot snapshot = named(guest, name);
              guest.lock("snapshot-delete");
              task.onFailure(guest::unlock);
              task.after(
                  datacenter.config().durations().snapshotDelete(),
                  () -> {
                    guest.unlock();
                    guest.snapshots.remove(name);
                    if (guest.parent().filter(name::equals).isPresent()) {
                      guest.config.remove("parent");
                      if (!snapshot.parent.isEmpty()) {
                        guest.config.put("parent", snapshot.parent);
                      }
                    }
                    datacenter.effect("snapshot-deleted", guest, Optional.of(task), name);
                    task.ok();
                  });
            })
        .upid;
  }

  private Object config(Call call) {
    Snapshot snapshot = named(guest(call), call.need("snapname"));
    return Json.object(
        "description",
        snapshot.description,
        "snaptime",
        snapshot.time,
        "name",
        snapshot.config.getOrDefault("name", ""));
  }

  private Object describe(Call call) {
    Guest guest = guest(call);
    Snapshot snapshot = named(guest, call.need("snapname"));
    call.get("description").ifPresent(text -> snapshot.description = text);
    datacenter.effect("snapshot-described", guest, Optional.empty(), call.need("snapname"));
    return Json.NULL;
  }

  private Object rollback(Call call) {
    String name = call.need("snapname");
    return call.task(
            task("rollback"),
            String.valueOf(call.vmid()),
            task -> {
              Guest guest = guest(call);
              if (guest.isTemplate()) {
                throw ApiError.died("you can't rollback if vm is a template");
              }
              Snapshot snapshot = named(guest, name);
              guest.checkLock();
              guest.lock("rollback");
              task.onFailure(guest::unlock);
              if (guest.running) {
                datacenter.powerOff(guest, Optional.of(task), "stopped");
              }
              task.after(
                  datacenter.config().durations().rollback(),
                  () -> {
                    guest.config.clear();
                    guest.config.putAll(snapshot.config);
                    guest.unlock();
                    guest.config.put("parent", name);
                    datacenter.effect("rolled-back", guest, Optional.of(task), name);
                    task.ok();
                    if (snapshot.withMemory || call.flag("start")) {
                      power.startAs(guest, call.who().authId());
                    }
                  });
            })
        .upid;
  }
}
