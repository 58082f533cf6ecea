package dev.pvebot.integrations.lab.pve;

import java.time.Duration;
import java.util.Optional;

/// Growing and moving the disks of VMs.
final class QemuDiskApi {
  private static final String VM = "/nodes/{node}/qemu/{vmid}";

  private final Datacenter datacenter;

  QemuDiskApi(Datacenter datacenter) {
    this.datacenter = datacenter;
  }

  void routes(Router router) {
    router.on("PUT", VM + "/resize", this::resize).on("POST", VM + "/move_disk", this::move);
  }

  private Object resize(Call call) {
    call.refuseUnlessRoot("skiplock");
    String key = call.need("disk");
    String size = call.need("size");
    return call.task(
            "resize",
            String.valueOf(call.vmid()),
            task -> {
              Guest guest = datacenter.vm(call.node(), call.vmid());
              datacenter.withFlock(
                  task,
                  guest,
                  true,
                  () -> {
                    call.get("digest")
                        .filter(d -> !d.equals(guest.digest()))
                        .ifPresent(_ -> {
                          throw ApiError.died("checksum mismatch (file change by other user?)");
                        });
                    guest.checkLock();
                    Volume volume = resizable(guest, key);
                    long wanted = wanted(volume, size);
                    if (wanted < volume.bytes) {
                      throw ApiError.died("shrinking disks is not supported");
                    }
                    task.after(
                        datacenter.config().durations().resize(),
                        () -> {
                          grow(task, guest, key, volume, wanted);
                          task.ok();
                        });
                  });
            })
        .upid;
  }

  private Volume resizable(Guest guest, String key) {
    String drive =
        guest.get(key).orElseThrow(() -> ApiError.died("disk '" + key + "' does not exist"));
    if (Drives.isCdrom(drive)) {
      throw ApiError.died("you can't resize a cdrom");
    }
    return datacenter
        .volume(guest.node, Drives.file(drive))
        .orElseThrow(() -> ApiError.died("volume " + Drives.file(drive) + " does not exist"));
  }

  private static long wanted(Volume volume, String size) {
    boolean relative = size.startsWith("+");
    long bytes =
        Drives.bytes(relative ? size.substring(1) : size)
            .orElseThrow(() -> ApiError.died("unable to parse size '" + size + "'"));
    return relative ? volume.bytes + bytes : bytes;
  }

  private void grow(Task task, Guest guest, String key, Volume volume, long wanted) {
    if (wanted == volume.bytes) {
      return;
    }
    String change = key + " " + Drives.size(volume.bytes) + " -> " + Drives.size(wanted);
    volume.bytes = wanted;
    guest.config.computeIfPresent(key, (_, drive) -> Drives.withSize(drive, wanted));
    datacenter.effect("resized", guest, Optional.of(task), change);
  }

  private Object move(Call call) {
    Guest guest = datacenter.vm(call.node(), call.vmid());
    call.get("target-vmid")
        .ifPresent(_ -> {
          throw call.get("storage").isPresent()
              ? ApiError.parameter("storage", "either set 'storage' or 'target-vmid', but not both")
              : ApiError.of(501, "the lab does not simulate moving a disk to another guest");
        });
    String key = call.need("disk");
    Storage to = datacenter.storage(call.need("storage"));
    call.require("/storage/" + to.name, "Datastore.AllocateSpace");
    guest.checkLock();
    call.get("digest")
        .filter(d -> !d.equals(guest.digest()))
        .ifPresent(_ -> {
          throw ApiError.died(
              "detected modified configuration - file changed by other user? Try again.");
        });
    String drive =
        guest.get(key).orElseThrow(() -> ApiError.died("disk '" + key + "' does not exist"));
    if (Drives.isCdrom(drive) && !Drives.isCloudInit(drive)) {
      throw ApiError.died("you can't move a cdrom");
    }
    Volume volume =
        datacenter
            .volume(guest.node, Drives.file(drive))
            .orElseThrow(() -> ApiError.died("volume " + Drives.file(drive) + " does not exist"));
    if (datacenter.storageOf(volume) == to) {
      throw ApiError.died("you can't move to the same storage with same format");
    }
    if (call.flag("delete") && !guest.snapshots.isEmpty()) {
      throw ApiError.died("you can't move a disk with snapshots and delete the source");
    }
    return call.task(
            "qmmove",
            String.valueOf(guest.vmid),
            task ->
                datacenter.withFlock(
                    task,
                    guest,
                    true,
                    () -> {
                      guest.checkLock();
                      task.log("create full clone of drive %s (%s)".formatted(key, volume.volid));
                      var durations = datacenter.config().durations();
                      Duration lasts =
                          durations
                              .moveDiskBase()
                              .plusMillis(
                                  (long) (volume.gib() * durations.moveDiskPerGib().toMillis()));
                      task.after(lasts, () -> moved(call, task, guest, key, volume, to));
                    }))
        .upid;
  }

  private void moved(Call call, Task task, Guest guest, String key, Volume volume, Storage to) {
    Volume copy = datacenter.allocate(guest.node, to, guest.vmid, volume.bytes, volume.boots, "");
    guest.config.computeIfPresent(key, (_, drive) -> Drives.withFile(drive, copy.volid));
    if (call.flag("delete")) {
      datacenter.free(guest.node, volume);
    } else {
      int n = 0;
      while (guest.get("unused" + n).isPresent()) {
        n++;
      }
      guest.config.put("unused" + n, volume.volid);
    }
    datacenter.effect("disk-moved", guest, Optional.of(task), key + " to " + to.name);
    task.ok();
  }
}
