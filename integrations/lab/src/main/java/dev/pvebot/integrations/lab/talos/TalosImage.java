package dev.pvebot.integrations.lab.talos;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One build of Talos: platform (`nocloud`, `metal`), release (`v1.12.4`), schematic.
record TalosImage(String platform, String version, String schematic) {
  /// What images have that were not made by a factory.
  static final String VANILLA = "376567988ad370138ad8b2698212367b8edcb69b5fd68c80be1f2ec7d603b4ba";

  private static final Pattern FACTORY =
      Pattern.compile("/(?:([a-z]+)-)?installer(?:-secureboot)?/([0-9a-f]{64}):(v[0-9][^@/]*)");
  private static final Pattern PLAIN = Pattern.compile("/installer:(v[0-9][^@/]*)");
  private static final Pattern NUMBERS = Pattern.compile("v(\\d+)\\.(\\d+)\\.(\\d+).*");

  /// @param text `PLATFORM/VERSION/SCHEMATIC`
  static TalosImage parse(String text) {
    String[] parts = text.split("/", -1);
    if (parts.length != 3) {
      throw new IllegalArgumentException(
          "A Talos image is PLATFORM/VERSION/SCHEMATIC; given was '" + text + "'.");
    }
    return new TalosImage(parts[0], parts[1], parts[2]);
  }

  /// What an installer of this reference writes to a disk; a legacy `installer/` is the metal one.
  static Optional<TalosImage> ofInstaller(String reference) {
    Matcher factory = FACTORY.matcher(reference);
    if (factory.find()) {
      String platform = Optional.ofNullable(factory.group(1)).orElse("metal");
      return Optional.of(new TalosImage(platform, factory.group(3), factory.group(2)));
    }
    Matcher plain = PLAIN.matcher(reference);
    return plain.find()
        ? Optional.of(new TalosImage("metal", plain.group(1), VANILLA))
        : Optional.empty();
  }

  /// The minor release, 12 of `v1.12.4`.
  int minor() {
    Matcher numbers = NUMBERS.matcher(version);
    return numbers.matches() ? Integer.parseInt(numbers.group(2)) : 0;
  }

  boolean isSince(int otherMinor) {
    return minor() >= otherMinor;
  }

  /// Whether its disk image boots without being installed first.
  boolean isInstalledAsIs() {
    return platform.equals("nocloud");
  }

  /// How its kernel names the VM's only card: the nocloud image switches predictable names off.
  String linkName() {
    return platform.equals("nocloud") ? "eth0" : "ens18";
  }

  @Override
  public String toString() {
    return platform + "/" + version + "/" + schematic;
  }
}
