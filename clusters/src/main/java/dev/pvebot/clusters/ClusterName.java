package dev.pvebot.clusters;

import java.util.regex.Pattern;

/// The name of a cluster profile: lower-case letters, digits and inner hyphens; equal to the name
/// of its file.
public record ClusterName(String value) implements Comparable<ClusterName> {
  private static final Pattern FORMAT = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  public ClusterName {
    if (!FORMAT.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "'%s' is no cluster name; expected lower-case letters, digits and inner hyphens"
              .formatted(value));
    }
  }

  @Override
  public int compareTo(ClusterName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
