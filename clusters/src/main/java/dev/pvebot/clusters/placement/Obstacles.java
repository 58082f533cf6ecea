package dev.pvebot.clusters.placement;

import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.fleet.GuestDetail;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// What in a guest's own configuration keeps it where it is (source: qemu-server
/// `QemuServer::check_local_resources`).
final class Obstacles {
  private static final Pattern DEVICE =
      Pattern.compile("(hostpci|usb|serial|parallel)\\d+|ivshmem");
  private static final Pattern DRIVE = Pattern.compile("(ide|sata|scsi)\\d+");

  private static final Pattern LINKED =
      Pattern.compile("[^:]+:(base-\\d+-[^/]+/|\\d+/base-[^/]+/).*");

  private Obstacles() {}

  /// Why it can go nowhere, as a clause.
  static Optional<String> to(GuestDetail detail) {
    Fleet.Guest guest = detail.guest();
    if (guest.lock().isPresent()) {
      return Optional.of("Proxmox VE has locked it (%s)".formatted(guest.lock().get()));
    }
    if (guest.power() == Fleet.Power.UNKNOWN) {
      return Optional.of("its state is not known");
    }
    for (Map.Entry<String, String> entry : new TreeMap<>(detail.config()).entrySet()) {
      if (DEVICE.matcher(entry.getKey()).matches()
          && isOfTheHost(entry.getKey(), entry.getValue())) {
        return Optional.of("it uses a device of its node (%s)".formatted(entry.getKey()));
      }
    }
    return Optional.empty();
  }

  /// Whether a disk stands on another one (`9000/base-9000-disk-0.qcow2/101/vm-101-disk-0.qcow2`).
  /// On LVM-thin it cannot be told by the name.
  static boolean isLinkedClone(GuestDetail.Disk disk) {
    return LINKED.matcher(disk.volume()).matches();
  }

  private static boolean isOfTheHost(String key, String value) {
    if (key.startsWith("usb")) {
      return !value.startsWith("spice") && !value.contains("mapping=");
    }
    if (key.startsWith("hostpci")) {
      return !value.contains("mapping=");
    }
    return !key.startsWith("serial") || !value.equals("socket");
  }

  /// CD-ROM drives with an image, by key; cloud-init drives are made anew by Proxmox VE.
  static Map<String, String> images(GuestDetail detail) {
    Map<String, String> images = new TreeMap<>();
    detail
        .config()
        .forEach((key, value) -> {
          String volume = value.split(",", 2)[0].replaceFirst("^file=", "");
          if (DRIVE.matcher(key).matches()
              && value.contains("media=cdrom")
              && volume.contains(":")
              && !volume.contains("cloudinit")) {
            images.put(key, volume);
          }
        });
    return images;
  }
}
