package dev.pvebot.integrations.lab.pve;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Backups by vzdump.
final class BackupApi {
  private final Datacenter datacenter;

  BackupApi(Datacenter datacenter) {
    this.datacenter = datacenter;
  }

  void routes(Router router) {
    router.on("POST", "/nodes/{node}/vzdump", this::vzdump);
  }

  /// Puts a backup of the guest's present state on a storage.
  static Volume store(
      Datacenter datacenter, Guest guest, Storage storage, long time, String notes) {
    Instant at = Instant.ofEpochSecond(time);
    String kind = guest.isContainer ? "lxc" : "qemu";
    String volid =
        storage.type.equals("pbs")
            ? "%s:backup/%s/%d/%s"
                .formatted(storage.name, guest.isContainer ? "ct" : "vm", guest.vmid, at)
            : "%s:backup/vzdump-%s-%d-%s.vma.zst"
                .formatted(
                    storage.name,
                    kind,
                    guest.vmid,
                    DateTimeFormatter.ofPattern("yyyy_MM_dd-HH_mm_ss", Locale.ROOT)
                        .withZone(ZoneOffset.UTC)
                        .format(at));
    long bytes =
        datacenter.disks(guest).values().stream().mapToLong(v -> v.bytes).sum() / 3 + (1 << 20);
    Volume volume =
        new Volume(
            volid,
            "backup",
            storage.type.equals("pbs") ? "pbs-vm" : "vma.zst",
            bytes,
            guest.vmid,
            Volume.Content.EMPTY,
            time);
    volume.notes = notes;
    storage.on(guest.node).put(volid, volume);
    Map<String, String> saved = new TreeMap<>(guest.config);
    List.of("lock", "parent").forEach(saved::remove);
    datacenter.backups.put(volid, saved);
    datacenter
        .disks(guest)
        .values()
        .forEach(v -> {
          Volume image =
              new Volume(v.volid, v.kind, v.format, v.bytes, v.owner, v.boots, v.created);
          datacenter.images.remember(image);
        });
    return volume;
  }

  private Object vzdump(Call call) {
    call.refuseUnlessRoot("tmpdir", "dumpdir", "script", "job-id");
    List<Integer> wanted = new ArrayList<>();
    if (call.flag("all")) {
      datacenter.guests.values().stream()
          .filter(g -> g.node.equals(call.node()))
          .forEach(g -> wanted.add(g.vmid));
    }
    for (String vmid : call.get("vmid").orElse("").split("[,;\\s]+")) {
      if (!vmid.isEmpty()) {
        wanted.add(Integer.parseInt(vmid));
      }
    }
    if (wanted.isEmpty()) {
      throw ApiError.parameter("vmid", "property is missing and it is not optional");
    }
    String storageName = call.get("storage").orElse("local");
    call.require("/storage/" + storageName, "Datastore.AllocateSpace");
    List<Integer> here = new ArrayList<>(wanted);
    List<Integer> elsewhere = new ArrayList<>(wanted);
    here.removeIf(v ->
        Optional.ofNullable(datacenter.guests.get(v))
            .filter(g -> !g.node.equals(call.node()))
            .isPresent());
    elsewhere.removeAll(here);
    if (here.isEmpty()) {
      return "OK";
    }
    return call.task(
            "vzdump",
            here.size() == 1 ? String.valueOf(here.getFirst()) : "",
            task -> {
              task.diesOf("job errors");
              task.log(
                  "INFO: starting new backup job: vzdump %s --storage %s --mode %s"
                      .formatted(
                          String.join(" ", here.stream().map(String::valueOf).toList()),
                          storageName,
                          call.get("mode").orElse("snapshot")));
              elsewhere.forEach(v -> task.log("INFO: skip external VMs: " + v));
              Storage storage = target(storageName);
              LockLine line = datacenter.lockLines.named("vzdump " + call.node(), 1);
              if (line.isBusy(true)) {
                task.log("INFO: trying to get global lock - waiting...");
              }
              line.take(
                  true,
                  () -> {
                    if (!task.isRunning()) {
                      line.release(true);
                      return;
                    }
                    task.atEnd(() -> line.release(true));
                    next(call, task, storage, new ArrayList<>(here), false);
                  });
            })
        .upid;
  }

  private Storage target(String name) {
    Storage storage = datacenter.storages.get(name);
    if (storage == null) {
      throw ApiError.died(
          "could not get storage information for '%s': storage '%s' does not exist"
              .formatted(name, name));
    }
    if (!storage.content.contains("backup")) {
      throw ApiError.died("can't use storage '" + name + "' for backups - wrong content type");
    }
    return storage;
  }

  private void next(Call call, Task task, Storage storage, List<Integer> left, boolean someFailed) {
    if (left.isEmpty()) {
      if (someFailed) {
        task.log("INFO: Backup job finished with errors");
        task.fail("job errors");
      } else {
        task.log("INFO: Backup job finished successfully");
        task.ok();
      }
      return;
    }
    int vmid = left.removeFirst();
    Optional<Guest> guest = datacenter.on(call.node(), vmid);
    Optional<String> trouble =
        guest.isEmpty()
            ? Optional.of("unable to find VM '" + vmid + "'")
            : !call.may("/vms/" + vmid, "VM.Backup")
                ? Optional.of("Permission check failed (/vms/" + vmid + ", VM.Backup)")
                : guest.get().lock().map(lock -> "VM is locked (" + lock + ")");
    if (datacenter.ha.containsKey(vmid) && call.get("mode").filter("stop"::equals).isPresent()) {
      trouble =
          Optional.of(
              "Cannot execute a backup with stop mode on a HA managed and enabled Service. Use"
                  + " snapshot mode or disable the Service.");
    }
    if (trouble.isPresent()) {
      task.log("ERROR: Backup of VM %d failed - %s".formatted(vmid, trouble.get()));
      next(call, task, storage, left, true);
      return;
    }
    backUp(
        call,
        task,
        storage,
        guest.orElseThrow(),
        () -> next(call, task, storage, left, someFailed));
  }

  private void backUp(Call call, Task task, Storage storage, Guest guest, Runnable then) {
    var durations = datacenter.config().durations();
    double gib = datacenter.disks(guest).values().stream().mapToDouble(Volume::gib).sum();
    Duration lasts =
        durations.backupBase().plusMillis((long) (gib * durations.backupPerGib().toMillis()));
    task.log(
        "INFO: Starting Backup of VM %d (%s)"
            .formatted(guest.vmid, guest.isContainer ? "lxc" : "qemu"));
    task.log("INFO: status = " + (guest.running ? "running" : "stopped"));
    task.log("INFO: backup mode: " + call.get("mode").orElse("snapshot"));
    guest.lock("backup");
    task.atEnd(() -> guest.config.remove("lock", "backup"));
    task.after(
        lasts,
        () -> {
          guest.unlock();
          String notes =
              call.get("notes-template")
                  .orElse("{{guestname}}")
                  .replace("{{guestname}}", guest.name())
                  .replace("{{vmid}}", String.valueOf(guest.vmid))
                  .replace("{{node}}", guest.node)
                  .replace("{{cluster}}", datacenter.config().clusterName());
          Volume volume = store(datacenter, guest, storage, datacenter.now(), notes);
          volume.isProtected = call.flag("protected");
          task.log("INFO: creating vzdump archive '" + volume.volid + "'");
          task.log(
              "INFO: Finished Backup of VM %d (%02d:%02d:%02d)"
                  .formatted(
                      guest.vmid, lasts.toHours(), lasts.toMinutesPart(), lasts.toSecondsPart()));
          datacenter.effect("backed-up", guest, Optional.of(task), volume.volid);
          then.run();
        });
  }
}
