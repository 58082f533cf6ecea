package dev.pvebot.clusters.site;

import dev.pvebot.clusters.Cidr;
import dev.pvebot.clusters.ClusterName;
import dev.pvebot.clusters.IpAddress;
import dev.pvebot.clusters.MacAddress;
import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.secret.SecretRef;
import dev.pvebot.clusters.yaml.Shape;
import dev.pvebot.clusters.yaml.YamlNode;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Shapes of the values that the site's files are made of.
///
/// @param folder from which relative paths count
/// @param home what `~` stands for
record ValueShapes(Path folder, Path home) {
  static final Shape<NodeName> NODE =
      Shape.parsed("a node's name, for example pve01", NodeName::new);
  static final Shape<ClusterName> CLUSTER =
      Shape.parsed("lower-case letters, digits and inner hyphens", ClusterName::new);
  static final Shape<Vmid> VMID =
      Shape.parsed("a VMID from %d to %d".formatted(Vmid.MIN, Vmid.MAX), Vmid::parse);
  static final Shape<VmidRange> VMID_RANGE =
      Shape.parsed("a range of VMIDs, for example 1000-9999", VmidRange::parse);
  static final Shape<IpAddress> IP =
      Shape.parsed("an IP address, for example 10.0.0.51", IpAddress::parse);
  static final Shape<Cidr> CIDR = Shape.parsed("a network, for example 10.244.0.0/16", Cidr::parse);
  static final Shape<MacAddress> MAC =
      Shape.parsed(
          "the MAC address of a single card, for example 02:54:00:00:01:51", MacAddress::new);
  static final Shape<String> HOST_NAME =
      matching(
          "a host name of lower-case letters, digits and inner hyphens",
          "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
  static final Shape<String> NAME_PREFIX =
      matching(
          "the beginning of a host name: lower-case letters, digits and hyphens",
          "[a-z0-9][a-z0-9-]{0,58}");
  static final Shape<String> HOST =
      Shape.parsed("a host name or an address, without https:// and port", ValueShapes::host);
  static final Shape<String> DOMAIN =
      matching(
          "a domain, for example example.net", "[a-zA-Z0-9]([a-zA-Z0-9.-]{0,251}[a-zA-Z0-9])?");
  static final Shape<String> VERSION =
      matching(
          "a version without v, for example 1.12.0", "[0-9]+\\.[0-9]+\\.[0-9]+(-[0-9A-Za-z.-]+)?");
  // PVE's format pve-tag; PVE folds tags to lower case
  static final Shape<String> TAG =
      matching("a tag of lower-case letters, digits and _ + . -", "[a-z0-9_][a-z0-9_+.-]*");
  static final Shape<Set<String>> TAGS = Shape.listOf(TAG).map(TreeSet::new);
  // PVE's formats pve-storage-id and pve-iface
  static final Shape<String> STORAGE =
      matching("a storage's name, for example local-lvm", "[A-Za-z][A-Za-z0-9_.-]*[A-Za-z0-9]");
  static final Shape<String> BRIDGE =
      matching("a bridge's name, for example vmbr0", "[A-Za-z][A-Za-z0-9_]{1,20}");
  static final Shape<String> EXTENSION =
      Shape.parsed("an extension, for example siderolabs/qemu-guest-agent", ValueShapes::extension);
  static final Shape<Long> DISK =
      Shape.parsed("a size with its unit M, G or T, for example 100G", ValueShapes::bytes);
  static final Shape<URI> WEB_ADDRESS =
      Shape.parsed("an address that begins with https://", ValueShapes::webAddress);
  static final Shape<String> FINGERPRINT =
      Shape.<String>parsed(
          "a SHA-256 fingerprint: 32 pairs of hexadecimal digits with colons",
          text -> checked(text.toUpperCase(Locale.ROOT), "[0-9A-F]{2}(:[0-9A-F]{2}){31}"));
  static final Shape<SecretRef> SECRET =
      hidden("pass:ENTRY, env:VARIABLE or file:PATH", SecretRef::parse);
  static final Shape<SecretRef> PASS_ENTRY =
      hidden(
          "the name of a pass entry, for example example.net/pve/api-token", SecretRef.Pass::new);

  private static final Map<String, Long> UNITS =
      Map.of("M", 1L << 20, "G", 1L << 30, "T", 1L << 40);
  private static final Pattern SIZE = Pattern.compile("([1-9][0-9]{0,6})([MGT])");

  /// Text that matches a regular expression as a whole.
  static Shape<String> matching(String expected, String pattern) {
    return Shape.parsed(expected, text -> checked(text, pattern));
  }

  /// A path on the bot's machine.
  Shape<Path> path() {
    return Shape.parsed(
        "a path; ~ stands for the home folder of the bot's own user only",
        text -> resolve(folder, text));
  }

  Path resolve(Path from, String text) {
    if (text.equals("~") || text.startsWith("~/")) {
      return home.resolve(text.substring(Math.min(2, text.length()))).normalize();
    }
    if (text.startsWith("~")) {
      throw new IllegalArgumentException("another user's home");
    }
    return from.resolve(text).normalize();
  }

  /// A reference to a secret. What was found is not shown when it is wrong: it may be the secret
  /// itself.
  private static Shape<SecretRef> hidden(String expected, Function<String, SecretRef> parse) {
    return (node, key, problems) -> {
      if (node instanceof YamlNode.Scalar scalar) {
        try {
          return Optional.of(parse.apply(scalar.text()));
        } catch (IllegalArgumentException _) {
          problems.add(
              node.position(),
              key,
              "no such reference (the text is not shown)",
              expected,
              "If a secret stood here, whoever reads the file knows it now: replace it.");
          return Optional.empty();
        }
      }
      problems.add(node.position(), key, node.describe(), expected, "");
      return Optional.empty();
    };
  }

  private static String checked(String text, String pattern) {
    if (!text.matches(pattern)) {
      throw new IllegalArgumentException("does not match " + pattern);
    }
    return text;
  }

  private static String host(String text) {
    return IpAddress.isWellFormed(text)
        ? IpAddress.parse(text).toString()
        : checked(text, "(?![0-9.]+$)[a-zA-Z0-9]([a-zA-Z0-9.-]{0,251}[a-zA-Z0-9])?");
  }

  private static String extension(String text) {
    String name = text.contains("/") ? text : "siderolabs/" + text;
    return checked(name, "[a-z0-9][a-z0-9._-]*/[a-z0-9][a-z0-9._-]*");
  }

  private static URI webAddress(String text) {
    URI uri = URI.create(text);
    // plain http is for the loopback interface, where nobody listens in
    boolean local =
        "http".equals(uri.getScheme()) && text.matches("http://(127\\.|localhost[:/]|\\[::1]).*");
    if (uri.getHost() == null || !("https".equals(uri.getScheme()) || local)) {
      throw new IllegalArgumentException("no https address");
    }
    return uri;
  }

  private static long bytes(String text) {
    Matcher matcher = SIZE.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("no size");
    }
    return Long.parseLong(matcher.group(1)) * UNITS.getOrDefault(matcher.group(2), 0L);
  }
}
