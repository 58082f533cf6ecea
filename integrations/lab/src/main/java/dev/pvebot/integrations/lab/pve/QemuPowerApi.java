package dev.pvebot.integrations.lab.pve;

import java.time.Duration;
import java.util.Optional;

/// Starting and stopping VMs, and what the HA manager makes of it for those in its care.
final class QemuPowerApi {
  private static final String STATUS = "/nodes/{node}/qemu/{vmid}/status";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Datacenter datacenter;

  QemuPowerApi(Datacenter datacenter) {
    this.datacenter = datacenter;
  }

  void routes(Router router) {
    router
        .on("POST", STATUS + "/start", this::start)
        .on("POST", STATUS + "/stop", this::stop)
        .on("POST", STATUS + "/shutdown", this::shutdown)
        .on("POST", STATUS + "/reboot", this::reboot)
        .on("POST", STATUS + "/reset", this::reset)
        .on("POST", STATUS + "/suspend", this::suspend)
        .on("POST", STATUS + "/resume", this::resume);
  }

  private boolean isManaged(int vmid) {
    return datacenter.ha.containsKey(vmid);
  }

  // --- HA -----------------------------------------------------------------------------------

  /// Asks the HA manager; the task ends at once, the LRM obeys some seconds later.
  private String askHa(Call call, String type, String state) {
    int vmid = call.vmid();
    return call.task(
            type,
            String.valueOf(vmid),
            task -> {
              task.log("Requesting HA %s for VM %d".formatted(type.substring(2), vmid));
              requestHa(vmid, state);
              task.ok();
            })
        .upid;
  }

  /// The HA manager takes note of the wished state.
  void requestHa(int vmid, String state) {
    Optional.ofNullable(datacenter.ha.get(vmid))
        .ifPresent(resource -> {
          resource.requested = state;
          datacenter
              .clock()
              .after(
                  datacenter.config().durations().haReaction(),
                  () -> datacenter.locked(() -> obey(vmid, resource)));
        });
  }

  private void obey(int vmid, Datacenter.HaResource resource) {
    Guest guest = datacenter.guests.get(vmid);
    if (guest == null || !datacenter.node(guest.node).online) {
      return;
    }
    boolean wantsRunning = resource.requested.equals("started");
    if (wantsRunning && !guest.running) {
      startAs(guest, Access.ROOT);
    } else if (!wantsRunning && guest.running && !resource.requested.equals("ignored")) {
      datacenter.tasks.spawn(
          guest.node,
          "qmshutdown",
          String.valueOf(vmid),
          Access.ROOT,
          task -> shutdownWork(task, guest, PATIENCE, true));
    }
  }

  // --- start --------------------------------------------------------------------------------

  private Object start(Call call) {
    call.refuseUnlessRoot("skiplock", "stateuri", "migratedfrom", "migration_type");
    if (isManaged(call.vmid()) && datacenter.on(call.node(), call.vmid()).isPresent()) {
      return askHa(call, "hastart", "started");
    }
    return call.task(
            "qmstart",
            String.valueOf(call.vmid()),
            task -> startWork(task, datacenter.vm(call.node(), call.vmid())))
        .upid;
  }

  /// Starts a task that starts the guest.
  void startAs(Guest guest, String user) {
    datacenter.tasks.spawn(
        guest.node, "qmstart", String.valueOf(guest.vmid), user, task -> startWork(task, guest));
  }

  private void startWork(Task task, Guest guest) {
    datacenter.withFlock(
        task,
        guest,
        true,
        () -> {
          if (guest.lock().filter(l -> !l.equals("suspended")).isPresent()) {
            guest.checkLock();
          }
          if (guest.isTemplate()) {
            throw ApiError.died("you can't start a vm if it's a template");
          }
          if (guest.running) {
            throw ApiError.died("VM " + guest.vmid + " already running");
          }
          task.after(
              datacenter.config().durations().start(),
              () -> {
                guest.config.remove("lock", "suspended");
                datacenter.powerOn(guest, Optional.of(task));
                task.ok();
              });
        });
  }

  // --- stop and shutdown --------------------------------------------------------------------

  private Object stop(Call call) {
    call.refuseUnlessRoot("skiplock", "keepActive", "migratedfrom");
    boolean managed = isManaged(call.vmid()) && datacenter.on(call.node(), call.vmid()).isPresent();
    if (managed) {
      if (call.flag("overrule-shutdown")) {
        throw ApiError.parameter("overrule-shutdown", "Not applicable for HA resources.");
      }
      return askHa(call, "hastop", "stopped");
    }
    return call.task(
            "qmstop",
            String.valueOf(call.vmid()),
            task -> {
              Guest guest = datacenter.vmToAsk(call.node(), call.vmid());
              if (call.flag("overrule-shutdown")) {
                datacenter
                    .tasks
                    .running("qmshutdown", String.valueOf(guest.vmid))
                    .forEach(other -> {
                      task.log("overruled qmshutdown tasks: " + other.upid);
                      other.interrupt();
                    });
              }
              datacenter.withFlock(
                  task,
                  guest,
                  true,
                  () -> {
                    guest.checkLock();
                    if (!guest.running) {
                      task.ok();
                      return;
                    }
                    task.after(
                        datacenter.config().durations().stop(),
                        () -> {
                          datacenter.powerOff(guest, Optional.of(task), "stopped");
                          task.ok();
                        });
                  });
            })
        .upid;
  }

  private Object shutdown(Call call) {
    call.refuseUnlessRoot("skiplock", "keepActive");
    Optional<Guest> present = datacenter.on(call.node(), call.vmid());
    if (present.filter(g -> g.paused).isPresent() && !call.flag("forceStop")) {
      throw ApiError.died("VM is paused - cannot shutdown");
    }
    if (present.isPresent() && isManaged(call.vmid())) {
      return askHa(call, "hastop", "stopped");
    }
    Duration patience =
        call.get("timeout").map(t -> Duration.ofSeconds(Long.parseLong(t))).orElse(PATIENCE);
    return call.task(
            "qmshutdown",
            String.valueOf(call.vmid()),
            task ->
                shutdownWork(
                    task,
                    datacenter.vmToAsk(call.node(), call.vmid()),
                    patience,
                    call.flag("forceStop")))
        .upid;
  }

  private void shutdownWork(Task task, Guest guest, Duration patience, boolean force) {
    datacenter.withFlock(
        task,
        guest,
        true,
        () -> {
          guest.checkLock();
          if (!guest.running) {
            task.ok();
            return;
          }
          powerDown(
              task,
              guest,
              patience,
              force,
              () -> {
                datacenter.powerOff(guest, Optional.of(task), "shut-down");
                task.ok();
              });
        });
  }

  /// Presses the button and goes on when QEMU has exited.
  private void powerDown(
      Task task, Guest guest, Duration patience, boolean force, Runnable whenOff) {
    boolean agent = guest.machine.map(Machine::hasAgent).orElse(false);
    if (guest.expectsAgent() && !agent) {
      task.log(
          "QEMU Guest Agent is not running - VM %d qga command 'guest-ping' failed - got timeout"
              .formatted(guest.vmid));
    }
    boolean listens = guest.machine.map(Machine::listensToPowerButton).orElse(false);
    Duration needed = datacenter.config().durations().shutdown();
    if (listens && needed.compareTo(patience) <= 0) {
      task.after(needed, whenOff);
      return;
    }
    task.after(
        patience,
        () -> {
          if (!force) {
            throw ApiError.died("VM quit/powerdown failed - got timeout");
          }
          task.log("VM still running - terminating now with SIGTERM");
          task.after(datacenter.config().durations().stop(), whenOff);
        });
  }

  // --- reboot, reset, suspend, resume -------------------------------------------------------

  private Guest running(Call call) {
    Guest guest = datacenter.vmToAsk(call.node(), call.vmid());
    if (!guest.running) {
      throw ApiError.died("VM " + guest.vmid + " not running");
    }
    return guest;
  }

  private Object reboot(Call call) {
    Guest guest = datacenter.vmToAsk(call.node(), call.vmid());
    if (guest.paused) {
      throw ApiError.died("VM is paused - cannot shutdown");
    }
    running(call);
    Duration patience =
        call.get("timeout").map(t -> Duration.ofSeconds(Long.parseLong(t))).orElse(PATIENCE);
    return call.task(
            "qmreboot",
            String.valueOf(guest.vmid),
            task ->
                datacenter.withFlock(
                    task,
                    guest,
                    true,
                    () -> {
                      guest.checkLock();
                      powerDown(
                          task,
                          guest,
                          patience,
                          false,
                          () -> {
                            datacenter.powerOff(guest, Optional.of(task), "rebooting");
                            task.ok();
                            comeBack(guest);
                          });
                    }))
        .upid;
  }

  /// qmeventd sees QEMU exit and starts the guest again, after the reboot's task has ended.
  private void comeBack(Guest guest) {
    datacenter
        .clock()
        .after(
            datacenter.config().durations().rebootGap(),
            () ->
                datacenter.locked(() -> {
                  if (!guest.running && datacenter.guests.containsValue(guest)) {
                    startAs(guest, Access.ROOT);
                  }
                }));
  }

  private Object reset(Call call) {
    call.refuseUnlessRoot("skiplock");
    Guest guest = running(call);
    return call.task(
            "qmreset",
            String.valueOf(guest.vmid),
            task -> {
              guest.checkLock();
              task.after(
                  datacenter.config().durations().reset(),
                  () -> {
                    guest.machine.ifPresent(Machine::powerOff);
                    guest.machine.ifPresent(Machine::powerOn);
                    datacenter.effect("reset", guest, Optional.of(task), "");
                    task.ok();
                  });
            })
        .upid;
  }

  private Object suspend(Call call) {
    call.refuseUnlessRoot("skiplock");
    boolean toDisk = call.flag("todisk");
    Guest guest = running(call);
    if (toDisk && isManaged(guest.vmid)) {
      throw ApiError.died("Cannot suspend HA managed VM to disk");
    }
    return call.task(
            toDisk ? "qmsuspend" : "qmpause",
            String.valueOf(guest.vmid),
            task ->
                datacenter.withFlock(
                    task,
                    guest,
                    true,
                    () -> {
                      guest.checkLock();
                      task.after(
                          datacenter.config().durations().suspend(),
                          () -> {
                            if (toDisk) {
                              datacenter.powerOff(guest, Optional.of(task), "suspended");
                              guest.lock("suspended");
                            } else {
                              guest.paused = true;
                              datacenter.effect("paused", guest, Optional.of(task), "");
                            }
                            task.ok();
                          });
                    }))
        .upid;
  }

  private Object resume(Call call) {
    call.refuseUnlessRoot("skiplock");
    Guest guest = datacenter.vmToAsk(call.node(), call.vmid());
    boolean fromDisk = guest.lock().filter("suspended"::equals).isPresent();
    if (!guest.running && !fromDisk) {
      throw ApiError.died("VM " + guest.vmid + " not running");
    }
    return call.task(
            "qmresume",
            String.valueOf(guest.vmid),
            task ->
                task.after(
                    datacenter.config().durations().resume(),
                    () -> {
                      if (fromDisk) {
                        guest.unlock();
                        datacenter.powerOn(guest, Optional.of(task));
                      } else {
                        guest.paused = false;
                        datacenter.effect("resumed", guest, Optional.of(task), "");
                      }
                      task.ok();
                    }))
        .upid;
  }
}
