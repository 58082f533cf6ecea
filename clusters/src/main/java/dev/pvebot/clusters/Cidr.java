package dev.pvebot.clusters;

import java.net.InetAddress;
import java.net.UnknownHostException;

/// A network such as `10.244.0.0/16`; the bits behind the prefix are zero.
public record Cidr(IpAddress network, int prefixLength) {

  public Cidr {
    if (prefixLength < 0 || prefixLength > network.bits()) {
      throw new IllegalArgumentException(
          "/%d is no prefix length; expected 0 to %d".formatted(prefixLength, network.bits()));
    }
    if (!masked(network, prefixLength).equals(network)) {
      throw new IllegalArgumentException(
          "%s/%d has bits behind its prefix; the network is %s/%d"
              .formatted(network, prefixLength, masked(network, prefixLength), prefixLength));
    }
  }

  /// @throws IllegalArgumentException when the text is no network, or an address inside one
  public static Cidr parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0 || !text.substring(slash + 1).matches("[0-9]{1,3}")) {
      throw new IllegalArgumentException(
          "'%s' is no network; expected one such as 10.244.0.0/16".formatted(text));
    }
    return new Cidr(
        IpAddress.parse(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
  }

  /// The network of this prefix length that an address is in.
  public static Cidr around(IpAddress address, int prefixLength) {
    return new Cidr(masked(address, prefixLength), prefixLength);
  }

  public boolean contains(IpAddress address) {
    return address.bits() == network.bits() && masked(address, prefixLength).equals(network);
  }

  /// Whether the two have an address in common: then one holds the other, or they are equal.
  public boolean overlaps(Cidr other) {
    return prefixLength <= other.prefixLength ? contains(other.network) : other.contains(network);
  }

  @Override
  public String toString() {
    return network + "/" + prefixLength;
  }

  private static IpAddress masked(IpAddress address, int prefixLength) {
    byte[] bytes = address.address().getAddress();
    for (int i = 0; i < bytes.length; i++) {
      int bits = Math.clamp(prefixLength - (long) i * Byte.SIZE, 0, Byte.SIZE);
      bytes[i] &= (byte) (0xFF << (Byte.SIZE - bits));
    }
    try {
      return new IpAddress(InetAddress.getByAddress(bytes));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address keeps its length", e);
    }
  }
}
