package dev.pvebot.clusters;

import java.util.Locale;
import java.util.regex.Pattern;

/// The MAC address of one network card, upper case with colons, as Proxmox VE writes it.
public record MacAddress(String value) {
  private static final Pattern FORMAT = Pattern.compile("[0-9A-F]{2}(:[0-9A-F]{2}){5}");

  public MacAddress {
    value = value.toUpperCase(Locale.ROOT);
    if (!FORMAT.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "'%s' is no MAC address; expected one such as 02:54:00:00:01:51".formatted(value));
    }
    if ((Integer.parseInt(value.substring(0, 2), 16) & 1) != 0) {
      throw new IllegalArgumentException(
          "%s is a multicast address; the first byte of a card's own address is even"
              .formatted(value));
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
