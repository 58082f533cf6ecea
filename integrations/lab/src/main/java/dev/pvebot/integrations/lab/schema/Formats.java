package dev.pvebot.integrations.lab.schema;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The named formats of PVE's schema that guests, storages, tasks and access use. A format that is
/// not known here lets every value pass.
final class Formats {
  private record Rule(Pattern pattern, String complaint) {}

  private static final Map<String, Rule> RULES = new HashMap<>();

  private static final String V4 =
      "(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)\\.){3}(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)";
  private static final String V6 = "[0-9a-fA-F:]*:[0-9a-fA-F:.]*";

  private static void rule(String name, String regex, String complaint) {
    RULES.put(name, new Rule(Pattern.compile("^(?:" + regex + ")$"), complaint));
  }

  static {
    String label = "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?";
    rule("pve-node", label, "value does not look like a valid node name\n");
    rule("pve-vmid", "[1-9][0-9]{2,8}", "value does not look like a valid VM ID\n");
    rule("pve-configid", "(?i:[a-z][a-z0-9_-]+)", "invalid configuration ID '%s'\n");
    rule("pve-snapshot-name", "(?i:[a-z][a-z0-9_-]+)", "invalid configuration ID '%s'\n");
    rule("pve-storage-id", "(?i:[a-z][a-z0-9\\-_.]*[a-z0-9])", "invalid storage ID '%s'\n");
    rule(
        "pve-poolid",
        "[A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+){0,2}",
        "value '%s' does not look like a valid pool name\n");
    rule(
        "dns-name", label + "(?:\\." + label + ")*", "value does not look like a valid DNS name\n");
    rule("pve-tag", "(?i:[a-z0-9_][a-z0-9_+.-]*)", "invalid characters in tag\n");
    rule(
        "mac-addr",
        "[a-fA-F0-9][02468aceACE](?::[a-fA-F0-9]{2}){5}",
        "value does not look like a valid unicast MAC address\n");
    rule(
        "disk-size", "\\d+(?:\\.\\d+)?[KMGT]?", "value does not look like a valid disk size: %s\n");
    rule("ipv4", V4, "value does not look like a valid IPv4 address\n");
    rule("ipv6", V6, "value does not look like a valid IPv6 address\n");
    rule("ip", V4 + "|" + V6, "value does not look like a valid IP address\n");
    rule(
        "address",
        V4 + "|" + V6 + "|" + label + "(?:\\." + label + ")*",
        "value does not look like a valid address: %s\n");
    rule("CIDRv4", V4 + "/(?:3[0-2]|[12]?\\d)", "value does not look like a valid IPv4 network\n");
    rule("pve-bridge-id", "[-_.\\w]{1,32}", "invalid bridge ID '%s'\n");
    rule(
        "pve-userid",
        "[^\\s:/]+@[A-Za-z][A-Za-z0-9.\\-_]+",
        "value '%s' does not look like a valid user name\n");
    rule("pve-roleid", "[A-Za-z0-9.\\-_]+", "value '%s' does not look like a valid role ID\n");
    rule("pve-groupid", "[A-Za-z0-9.\\-_]+", "group name '%s' contains invalid characters\n");
    rule("pve-realm", "[A-Za-z][A-Za-z0-9.\\-_]+", "value does not look like a valid realm\n");
    rule(
        "pve-volume-id",
        "[a-zA-Z][a-zA-Z0-9\\-_.]*[a-zA-Z0-9]:.+",
        "unable to parse volume ID '%s'\n");
    rule(
        "pve-volume-id-or-qm-path",
        "none|cdrom|/.+|[a-zA-Z][a-zA-Z0-9\\-_.]*[a-zA-Z0-9]:.+",
        "unable to parse volume ID '%s'\n");
    rule(
        "pve-volume-id-or-absolute-path",
        "/.+|[a-zA-Z][a-zA-Z0-9\\-_.]*[a-zA-Z0-9]:.+",
        "unable to parse volume ID '%s'\n");
    rule("urlencoded", "[-%a-zA-Z0-9_.!~*'()]*", "invalid urlencoded string: %s\n");
    rule(
        "pve-qm-boot",
        "[acdn]{1,4}|(?:legacy=[acdn]{1,4}|order=(?:[a-z0-9]+(?:;[a-z0-9]+)*)?)",
        "format error\nboot: invalid boot order '%s'\n");
    rule(
        "pve-storage-content",
        "images|rootdir|vztmpl|iso|backup|snippets|import|none",
        "invalid content type '%s'\n");
    rule(
        "pve-startup-order",
        "(?:order=)?\\d+(?:,(?:up|down)=\\d+)*|(?:up|down)=\\d+(?:,(?:up|down)=\\d+)*",
        "unable to parse startup options\n");
  }

  private Formats() {}

  /// PVE's complaint about `value`, if it does not have this format.
  static Optional<String> complaint(String format, String value) {
    if (format.equals("pve-qm-ipconfig")) {
      return ipConfig(value);
    }
    if (format.endsWith("-list") && !RULES.containsKey(format)) {
      String each = format.substring(0, format.length() - 5);
      return split(value).stream().flatMap(v -> complaint(each, v).stream()).findFirst();
    }
    Rule rule = RULES.get(format);
    if (rule == null || rule.pattern.matcher(value).find()) {
      return Optional.empty();
    }
    return Optional.of(rule.complaint.formatted(value));
  }

  private static Optional<String> ipConfig(String value) {
    boolean address = false;
    boolean gateway = false;
    for (String part : value.split(",", -1)) {
      int equals = part.indexOf('=');
      String key = equals < 0 ? "" : part.substring(0, equals);
      String content = equals < 0 ? part : part.substring(equals + 1);
      switch (key) {
        case "ip" -> {
          address = true;
          if (!content.equals("dhcp") && complaint("CIDRv4", content).isPresent()) {
            return Optional.of(
                "format error\n"
                    + "ip: invalid format - value does not look like a valid ipv4 network"
                    + " configuration\n");
          }
        }
        case "gw" -> {
          gateway = true;
          if (complaint("ipv4", content).isPresent()) {
            return Optional.of(
                "format error\n"
                    + "gw: invalid format - value does not look like a valid IPv4 address\n");
          }
        }
        case "ip6", "gw6" -> {}
        default -> {
          return Optional.of(
              "format error\n%s: property is not defined in schema and the schema does not allow additional properties\n"
                  .formatted(key));
        }
      }
    }
    return gateway && !address
        ? Optional.of("gateway specified without specifying an IP address\n")
        : Optional.empty();
  }

  /// The parts of a PVE list: at NUL if one occurs, else at commas, semicolons, white space.
  static List<String> split(String list) {
    String separator = list.indexOf('\0') >= 0 ? "\0" : "[,;\\s]+";
    return java.util.Arrays.stream(list.split(separator)).filter(s -> !s.isEmpty()).toList();
  }

  static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
