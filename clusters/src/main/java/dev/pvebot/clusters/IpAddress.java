package dev.pvebot.clusters;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.regex.Pattern;

/// An IPv4 or IPv6 address, written out: names are never looked up.
public record IpAddress(InetAddress address) implements Comparable<IpAddress> {
  private static final Pattern IPV4 =
      Pattern.compile("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}");
  private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  /// @throws IllegalArgumentException when the text is no address, a host name for example
  public static IpAddress parse(String text) {
    if (!isWellFormed(text)) {
      throw new IllegalArgumentException(
          "'%s' is no IP address; expected one such as 10.0.0.51".formatted(text));
    }
    return new IpAddress(InetAddress.ofLiteral(text));
  }

  /// Whether the text looks like an address rather than a host name; [#parse] may still refuse its
  /// numbers.
  public static boolean isWellFormed(String text) {
    return IPV4.matcher(text).matches() || IPV6.matcher(text).matches();
  }

  /// Length in bits: 32 or 128.
  public int bits() {
    return address.getAddress().length * Byte.SIZE;
  }

  @Override
  public int compareTo(IpAddress other) {
    return Arrays.compareUnsigned(address.getAddress(), other.address.getAddress());
  }

  @Override
  public String toString() {
    return address.getHostAddress();
  }
}
