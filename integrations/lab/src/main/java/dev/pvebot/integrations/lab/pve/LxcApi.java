package dev.pvebot.integrations.lab.pve;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Containers: seen, started, stopped and moved. A running one moves by being stopped here and
/// started there.
final class LxcApi {
  private static final String CT = "/nodes/{node}/lxc/{vmid}";

  private final Datacenter datacenter;
  private final QemuMigrateApi migration;

  LxcApi(Datacenter datacenter, QemuMigrateApi migration) {
    this.datacenter = datacenter;
    this.migration = migration;
  }

  void routes(Router router) {
    router
        .on("GET", "/nodes/{node}/lxc", this::list)
        .on("GET", CT + "/config", this::config)
        .on("GET", CT + "/status/current", call -> GuestView.current(datacenter, ct(call)))
        .on("POST", CT + "/status/start", this::start)
        .on("POST", CT + "/status/stop", call -> off(call, "vzstop", "stopped"))
        .on("POST", CT + "/status/shutdown", call -> off(call, "vzshutdown", "shut-down"))
        .on("POST", CT + "/status/reboot", this::reboot)
        .on("POST", CT + "/migrate", this::migrate);
  }

  private Guest ct(Call call) {
    return datacenter.container(call.node(), call.vmid());
  }

  private Object list(Call call) {
    List<Object> rows = new ArrayList<>();
    for (Guest guest : datacenter.guests.values()) {
      if (guest.isContainer
          && guest.node.equals(call.node())
          && call.may("/vms/" + guest.vmid, "VM.Audit")) {
        rows.add(GuestView.listed(datacenter, guest));
      }
    }
    return rows;
  }

  private Object config(Call call) {
    Guest guest = ct(call);
    Map<String, Object> shown = new LinkedHashMap<>();
    guest.config.forEach((key, value) ->
        shown.put(key, value.matches("\\d+") ? (Object) Long.valueOf(value) : value));
    shown.put("digest", guest.digest());
    return shown;
  }

  private Object start(Call call) {
    return call.task(
            "vzstart",
            String.valueOf(call.vmid()),
            task -> {
              Guest guest = ct(call);
              guest.checkLock();
              if (guest.running) {
                throw ApiError.died("CT " + guest.vmid + " already running");
              }
              task.after(
                  datacenter.config().durations().start(),
                  () -> {
                    datacenter.powerOn(guest, Optional.of(task));
                    task.ok();
                  });
            })
        .upid;
  }

  private Object off(Call call, String type, String effect) {
    return call.task(
            type,
            String.valueOf(call.vmid()),
            task -> {
              Guest guest = ct(call);
              guest.checkLock();
              if (!guest.running) {
                throw ApiError.died("CT " + guest.vmid + " not running");
              }
              task.after(
                  datacenter.config().durations().stop(),
                  () -> {
                    datacenter.powerOff(guest, Optional.of(task), effect);
                    task.ok();
                  });
            })
        .upid;
  }

  private Object reboot(Call call) {
    Guest here = ct(call);
    if (!here.running) {
      throw ApiError.died("CT " + here.vmid + " not running");
    }
    return call.task(
            "vzreboot",
            String.valueOf(call.vmid()),
            task -> {
              Guest guest = ct(call);
              guest.checkLock();
              var durations = datacenter.config().durations();
              task.after(
                  durations.stop(),
                  () -> {
                    datacenter.powerOff(guest, Optional.of(task), "rebooting");
                    task.after(
                        durations.start(),
                        () -> {
                          datacenter.powerOn(guest, Optional.of(task));
                          task.ok();
                        });
                  });
            })
        .upid;
  }

  private Object migrate(Call call) {
    String target = call.need("target");
    Guest here = ct(call);
    if (target.equals(call.node())) {
      throw ApiError.parameter("target", "target is local node.");
    }
    if (!datacenter.nodes.containsKey(target)) {
      throw ApiError.died("no such cluster node '" + target + "'");
    }
    here.checkLock();
    return call.task(
            "vzmigrate",
            String.valueOf(call.vmid()),
            task -> {
              task.diesOf("migration aborted");
              Guest guest = ct(call);
              guest.checkLock();
              if (guest.running && !call.flag("restart")) {
                migration.abort(task, "lxc live migration is currently not implemented");
                return;
              }
              guest.lock("migrate");
              task.atEnd(() -> guest.config.remove("lock", "migrate"));
              LockLine line = datacenter.node(guest.node).migrations;
              line.take(
                  false,
                  () -> {
                    if (!task.isRunning()) {
                      line.release(false);
                      return;
                    }
                    task.atEnd(() -> line.release(false));
                    task.run(() -> transfer(call, task, guest, target));
                  });
            })
        .upid;
  }

  private void transfer(Call call, Task task, Guest guest, String target) {
    boolean ran = guest.running;
    if (ran) {
      task.log("restart migration: stopping CT " + guest.vmid);
      datacenter.powerOff(guest, Optional.of(task), "stopped-to-move");
    }
    var durations = datacenter.config().durations();
    Map<String, Volume> local = migration.local(guest);
    double gib = local.values().stream().mapToDouble(Volume::gib).sum();
    task.after(
        durations.migrateBase().plusMillis((long) (gib * durations.migrateDiskPerGib().toMillis())),
        () -> {
          if (!datacenter.node(target).online) {
            migration.abort(task, "Can't connect to destination address using public key");
            return;
          }
          String from = guest.node;
          migration.move(guest, target, local, call.get("target-storage"));
          datacenter.effect("migrated", guest, Optional.of(task), "from " + from);
          if (ran) {
            datacenter.powerOn(guest, Optional.of(task));
          }
          task.ok();
        });
  }
}
