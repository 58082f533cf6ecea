package dev.pvebot.integrations.pve.fleet;

import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.GuestDetail;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The strings inside a guest's configuration: `virtio=BC:24:11:AA:BB:CC,bridge=vmbr0`,
/// `local-lvm:vm-101-disk-0,size=32G`.
public final class ConfigWords {
  private static final Pattern DISK =
      Pattern.compile("(?:scsi|virtio|sata|ide|efidisk|tpmstate|unused|mp)\\d+|rootfs");
  private static final Pattern BOOTABLE = Pattern.compile("(?:scsi|virtio|sata|ide)\\d+|rootfs");
  private static final Pattern SIZE = Pattern.compile("(\\d+(?:\\.\\d+)?)([KMGT]?)");
  private static final Pattern MAC = Pattern.compile("(?i)(?:[0-9a-f]{2}:){5}[0-9a-f]{2}");

  private ConfigWords() {}

  /// `a=1,b=2` in order; a part without `=` has the key that is given.
  public static Map<String, String> parts(String text, String bareKey) {
    Map<String, String> parts = new LinkedHashMap<>();
    for (String part : text.split(",", -1)) {
      int equals = part.indexOf('=');
      if (equals > 0) {
        parts.put(part.substring(0, equals).strip(), part.substring(equals + 1));
      } else if (!part.isBlank()) {
        parts.put(bareKey, part.strip());
      }
    }
    return parts;
  }

  public static String join(Map<String, String> parts) {
    return parts.entrySet().stream()
        .map(part -> part.getKey() + "=" + part.getValue())
        .collect(Collectors.joining(","));
  }

  static GuestDetail.Identity identity(Vmid vmid, String name, Map<String, String> config) {
    Optional<String> uuid =
        Optional.ofNullable(config.get("smbios1"))
            .map(smbios -> parts(smbios, "uuid"))
            .map(parts -> parts.get("uuid"))
            .map(text -> text.toLowerCase(Locale.ROOT));
    return new GuestDetail.Identity(
        vmid, name, uuid, Optional.ofNullable(config.get("net0")).flatMap(ConfigWords::mac));
  }

  /// The MAC address in a network card's string: `virtio=MAC,…` of a VM, `…,hwaddr=MAC,…` of a
  /// container.
  public static Optional<String> mac(String net) {
    Matcher matcher = MAC.matcher(net);
    return matcher.find()
        ? Optional.of(matcher.group().toUpperCase(Locale.ROOT))
        : Optional.empty();
  }

  /// Disks by their keys; CD-ROM and cloud-init drives left out.
  public static List<GuestDetail.Disk> disks(Map<String, String> config) {
    List<GuestDetail.Disk> disks = new ArrayList<>();
    new TreeMap<>(config)
        .forEach((key, value) -> {
          if (DISK.matcher(key).matches()) {
            disk(key, value).ifPresent(disks::add);
          }
        });
    return disks;
  }

  private static Optional<GuestDetail.Disk> disk(String key, String value) {
    Map<String, String> parts = parts(value, "volume");
    String volume = parts.getOrDefault("volume", parts.getOrDefault("file", ""));
    int colon = volume.indexOf(':');
    if (colon <= 0 || "cdrom".equals(parts.get("media")) || volume.contains("-cloudinit")) {
      return Optional.empty();
    }
    return Optional.of(
        new GuestDetail.Disk(
            key,
            volume.substring(0, colon),
            volume,
            Optional.ofNullable(parts.get("size")).flatMap(ConfigWords::bytes).orElse(0L)));
  }

  /// The disk that the guest boots from: the first in its boot order, else its first disk.
  public static Optional<GuestDetail.Disk> bootDisk(Map<String, String> config) {
    List<GuestDetail.Disk> disks = disks(config);
    String order = parts(config.getOrDefault("boot", ""), "legacy").getOrDefault("order", "");
    for (String key : (order + ";" + config.getOrDefault("bootdisk", "")).split(";", -1)) {
      Optional<GuestDetail.Disk> disk =
          disks.stream().filter(each -> each.key().equals(key)).findFirst();
      if (disk.isPresent()) {
        return disk;
      }
    }
    return disks.stream().filter(disk -> BOOTABLE.matcher(disk.key()).matches()).findFirst();
  }

  /// PVE's sizes, `32G`, `528K`, `10737418240`.
  public static Optional<Long> bytes(String size) {
    Matcher matcher = SIZE.matcher(size.strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int power = "KMGT".indexOf(matcher.group(2)) + (matcher.group(2).isEmpty() ? 0 : 1);
    return Optional.of((long) (Double.parseDouble(matcher.group(1)) * (1L << (10 * power))));
  }

  /// The same amount in the largest unit that fits without a rest.
  public static String size(long bytes) {
    for (int power = 4; power > 0; power--) {
      long unit = 1L << (10 * power);
      if (bytes >= unit && bytes % unit == 0) {
        return bytes / unit + String.valueOf("KMGT".charAt(power - 1));
      }
    }
    return String.valueOf(bytes);
  }
}
