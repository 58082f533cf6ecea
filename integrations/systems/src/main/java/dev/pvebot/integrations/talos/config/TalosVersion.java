package dev.pvebot.integrations.talos.config;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A version of Talos or Kubernetes, without `v`. What a configuration may contain depends on the
/// minor.
///
/// @param rest `-rc.1` and the like; empty for a release
public record TalosVersion(int major, int minor, int patch, String rest)
    implements Comparable<TalosVersion> {
  private static final Pattern FORMAT =
      Pattern.compile("v?(\\d+)\\.(\\d+)(?:\\.(\\d+))?((?:-[0-9A-Za-z.-]+)?)");

  /// @throws IllegalArgumentException when it is no version
  public static TalosVersion parse(String text) {
    Matcher matcher = FORMAT.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'%s' is no version; write it like 1.12.4".formatted(text));
    }
    return new TalosVersion(
        Integer.parseInt(matcher.group(1)),
        Integer.parseInt(matcher.group(2)),
        matcher.group(3) == null ? 0 : Integer.parseInt(matcher.group(3)),
        matcher.group(4));
  }

  /// Whether it is of this minor or a later one.
  boolean since(int otherMinor) {
    return major > 1 || minor >= otherMinor;
  }

  /// For example `1.12`.
  public String series() {
    return major + "." + minor;
  }

  /// `rc.10` after `rc.9`, any of them before the release.
  @Override
  public int compareTo(TalosVersion other) {
    return Comparator.comparingInt(TalosVersion::major)
        .thenComparingInt(TalosVersion::minor)
        .thenComparingInt(TalosVersion::patch)
        .thenComparing(version -> version.rest().isEmpty())
        .thenComparing(version -> padded(version.rest()))
        .compare(this, other);
  }

  private static String padded(String rest) {
    return Pattern.compile("\\d+")
        .matcher(rest)
        .replaceAll(
            number -> "0".repeat(Math.max(0, 8 - number.group().length())) + number.group());
  }

  @Override
  public String toString() {
    return "%d.%d.%d%s".formatted(major, minor, patch, rest);
  }
}
