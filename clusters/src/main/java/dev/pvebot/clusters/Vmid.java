package dev.pvebot.clusters;

/// Proxmox VE's number of a guest, 100 to 999,999,999 (PVE format `pve-vmid`).
public record Vmid(int value) implements Comparable<Vmid> {
  public static final int MIN = 100;
  public static final int MAX = 999_999_999;

  public Vmid {
    if (value < MIN || value > MAX) {
      throw new IllegalArgumentException(
          "VMID %d is impossible; Proxmox VE numbers guests from %d to %d"
              .formatted(value, MIN, MAX));
    }
  }

  /// Reads a VMID from decimal text.
  ///
  /// @throws IllegalArgumentException when the text is no number or out of range
  public static Vmid parse(String text) {
    if (!text.matches("[0-9]{1,9}")) {
      throw new IllegalArgumentException(
          "'%s' is no VMID; expected a number from %d to %d".formatted(text, MIN, MAX));
    }
    return new Vmid(Integer.parseInt(text));
  }

  @Override
  public int compareTo(Vmid other) {
    return Integer.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Integer.toString(value);
  }
}
