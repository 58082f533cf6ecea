package dev.pvebot.integrations.lab.pve;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Drives in configurations: `local-lvm:vm-101-disk-0,iothread=1,size=32G`.
final class Drives {
  private Drives() {}

  static boolean isDrive(String key) {
    return key.matches("(ide|sata|scsi|virtio)\\d+|efidisk0|tpmstate0");
  }

  static boolean isUnused(String key) {
    return key.matches("unused\\d+");
  }

  static boolean isBootable(String key) {
    return key.matches("(ide|sata|scsi|virtio)\\d+");
  }

  /// What stands before the first comma: the volume, or `none`.
  static String file(String drive) {
    String first = drive.split(",", 2)[0];
    return first.startsWith("file=") ? first.substring(5) : first;
  }

  static Map<String, String> options(String drive) {
    Map<String, String> options = new TreeMap<>();
    String[] parts = drive.split(",", -1);
    for (int i = 0; i < parts.length; i++) {
      int equals = parts[i].indexOf('=');
      if (equals > 0 && !parts[i].startsWith("file=") && !(i == 0 && parts[i].contains(":"))) {
        options.put(parts[i].substring(0, equals), parts[i].substring(equals + 1));
      }
    }
    return options;
  }

  static String print(String file, Map<String, String> options) {
    StringBuilder text = new StringBuilder(file);
    new TreeMap<>(options).forEach((k, v) -> text.append(',').append(k).append('=').append(v));
    return text.toString();
  }

  static boolean isCdrom(String drive) {
    return "cdrom".equals(options(drive).get("media")) || file(drive).equals("none");
  }

  static boolean isCloudInit(String drive) {
    return file(drive).matches(".*[:-]cloudinit(\\.qcow2|\\.raw)?$");
  }

  static String withSize(String drive, long bytes) {
    Map<String, String> options = options(drive);
    options.put("size", size(bytes));
    return print(file(drive), options);
  }

  static String withFile(String drive, String file) {
    return print(file, options(drive));
  }

  /// `32G`, `528K`: the largest unit that divides the size.
  static String size(long bytes) {
    if (bytes % (1L << 30) == 0) {
      return (bytes >> 30) + "G";
    }
    if (bytes % (1L << 20) == 0) {
      return (bytes >> 20) + "M";
    }
    return (bytes >> 10) + "K";
  }

  /// Bytes of `32G`, `512M`, `4194304`.
  static Optional<Long> bytes(String size) {
    if (!size.matches("\\d+(\\.\\d+)?[KMGT]?")) {
      return Optional.empty();
    }
    char unit = size.toUpperCase(Locale.ROOT).charAt(size.length() - 1);
    int shift =
        switch (unit) {
          case 'K' -> 10;
          case 'M' -> 20;
          case 'G' -> 30;
          case 'T' -> 40;
          default -> 0;
        };
    double number = Double.parseDouble(shift == 0 ? size : size.substring(0, size.length() - 1));
    return Optional.of((long) (number * (1L << shift)));
  }
}
