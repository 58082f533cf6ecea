package dev.pvebot.integrations.pve.action;

import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.fleet.GuestDetail;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The words of effects.
final class Words {
  private Words() {}

  /// `VM 1051 ts01 on pve01`
  static String onNode(Fleet.Guest guest) {
    return "%s on %s".formatted(named(guest), guest.node());
  }

  /// `VM 1051 ts01`, `CT 1091 proxy01`
  static String named(Fleet.Guest guest) {
    return "%s %s %s"
        .formatted(guest.kind() == Fleet.Kind.VM ? "VM" : "CT", guest.vmid(), guest.name());
  }

  /// `8 GiB`, `1.5 GiB`, `512 MiB`
  static String size(long bytes) {
    double gib = bytes / (double) (1L << 30);
    if (gib >= 1) {
      String text = String.format(Locale.ROOT, "%.1f", gib);
      return (text.endsWith(".0") ? text.substring(0, text.length() - 2) : text) + " GiB";
    }
    return Math.round(bytes / (double) (1L << 20)) + " MiB";
  }

  /// `2 disks, 132 GiB on local-lvm`
  static String disks(List<GuestDetail.Disk> disks) {
    if (disks.isEmpty()) {
      return "no disks";
    }
    String where =
        disks.stream()
            .map(GuestDetail.Disk::storage)
            .collect(Collectors.toCollection(TreeSet::new))
            .stream()
            .collect(Collectors.joining(", "));
    long bytes = disks.stream().mapToLong(GuestDetail.Disk::sizeBytes).sum();
    return "%s, %s on %s".formatted(count(disks.size(), "disk"), size(bytes), where);
  }

  static String count(int number, String thing) {
    return number + " " + thing + (number == 1 ? "" : "s");
  }
}
