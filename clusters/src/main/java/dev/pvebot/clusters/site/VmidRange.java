package dev.pvebot.clusters.site;

import dev.pvebot.clusters.Vmid;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// VMIDs from the first to the last, both included.
public record VmidRange(Vmid first, Vmid last) {
  private static final Pattern FORMAT = Pattern.compile("([0-9]{3,9}) *- *([0-9]{3,9})");

  public VmidRange {
    if (first.compareTo(last) > 0) {
      throw new IllegalArgumentException(
          "the range %s-%s ends before it begins".formatted(first, last));
    }
  }

  /// Reads `1000-9999`.
  ///
  /// @throws IllegalArgumentException for anything else
  public static VmidRange parse(String text) {
    Matcher matcher = FORMAT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'%s' is no range of VMIDs; expected one such as 1000-9999".formatted(text));
    }
    return new VmidRange(Vmid.parse(matcher.group(1)), Vmid.parse(matcher.group(2)));
  }

  public boolean contains(Vmid vmid) {
    return first.compareTo(vmid) <= 0 && vmid.compareTo(last) <= 0;
  }

  public boolean overlaps(VmidRange other) {
    return contains(other.first) || other.contains(first);
  }

  @Override
  public String toString() {
    return first + "-" + last;
  }
}
