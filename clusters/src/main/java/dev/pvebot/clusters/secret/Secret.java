package dev.pvebot.clusters.secret;

import java.util.Objects;

/// A value that cannot be printed: `toString` gives `***`, and serializers see no property.
///
/// [#reveal] is called only where the value leaves for the system that it authenticates to.
public final class Secret {
  private final String value;

  public Secret(String value) {
    this.value = Objects.requireNonNull(value);
  }

  /// The value itself. Never pass it to a log, a message, an exception or a process argument.
  public String reveal() {
    return value;
  }

  public boolean isEmpty() {
    return value.isEmpty();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret that
        && java.security.MessageDigest.isEqual(
            value.getBytes(java.nio.charset.StandardCharsets.UTF_8),
            that.value.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  @Override
  public int hashCode() {
    return 0; // a hash of a short secret would be a hint at it
  }

  @Override
  public String toString() {
    return "***";
  }
}
