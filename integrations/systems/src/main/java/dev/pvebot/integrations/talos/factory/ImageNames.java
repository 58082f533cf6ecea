package dev.pvebot.integrations.talos.factory;

import java.net.URI;

/// What the images of one schematic and version are called.
///
/// @param factory base URL
/// @param platform `nocloud` or `metal`: the one that the machines were made from. A metal
///   installer on a nocloud machine changes the kernel's arguments and so the names of its links
/// @param version of Talos, without `v`
public record ImageNames(URI factory, String platform, String schematic, String version) {
  /// The image that `machine.install.image` and upgrades name. Before 1.10 the factory had one
  /// installer for all platforms.
  public String installer() {
    String authority = factory.getRawAuthority();
    return "%s/%s/%s:v%s".formatted(authority, installerName(), schematic, version);
  }

  private String installerName() {
    int minor = Integer.parseInt(version.split("\\.")[1]);
    return minor >= 10 ? platform + "-installer" : "installer";
  }

  /// A disk image that Proxmox VE can import.
  public URI qcow2() {
    return file("%s-amd64.qcow2".formatted(platform));
  }

  public URI raw() {
    return file("%s-amd64.raw.xz".formatted(platform));
  }

  public URI iso() {
    return file("%s-amd64.iso".formatted(platform));
  }

  private URI file(String name) {
    String base = factory.toString().replaceAll("/+$", "");
    return URI.create("%s/image/%s/v%s/%s".formatted(base, schematic, version, name));
  }
}
