package dev.pvebot.integrations.lab.pve;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Network cards in configurations: `virtio=BC:24:11:AA:BB:CC,bridge=vmbr0`.
final class Network {
  private static final Pattern MAC = Pattern.compile("(?i)((?:[0-9a-f]{2}:){5}[0-9a-f]{2})");

  private Network() {}

  /// The card's address in upper case, or the whole text if there is none in it.
  static String mac(String card) {
    Matcher matcher = MAC.matcher(card);
    return matcher.find() ? matcher.group(1).toUpperCase(Locale.ROOT) : card;
  }

  /// The same card with another address.
  static String withMac(String card, String mac) {
    return MAC.matcher(card).replaceFirst(mac);
  }

  static boolean isCard(String key) {
    return key.matches("net\\d+");
  }
}
