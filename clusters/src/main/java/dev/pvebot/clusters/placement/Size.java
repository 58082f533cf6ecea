package dev.pvebot.clusters.placement;

import java.util.Locale;

/// Bytes for people: `8 GiB`, `1.4 TiB`.
final class Size {
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

  private Size() {}

  static String of(long bytes) {
    double value = bytes;
    int unit = 0;
    while (Math.abs(value) >= 1024 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    String number = String.format(Locale.ROOT, "%.1f", value);
    return number.replaceFirst("\\.0$", "") + " " + UNITS[unit];
  }
}
