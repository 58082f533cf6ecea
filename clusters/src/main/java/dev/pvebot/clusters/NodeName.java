package dev.pvebot.clusters;

import java.util.regex.Pattern;

/// The name of a Proxmox VE node (PVE format `pve-node`: letters, digits and inner hyphens).
public record NodeName(String value) implements Comparable<NodeName> {
  private static final Pattern FORMAT =
      Pattern.compile("[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?");

  public NodeName {
    if (!FORMAT.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "'%s' is no node name; expected letters, digits and inner hyphens".formatted(value));
    }
  }

  @Override
  public int compareTo(NodeName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
