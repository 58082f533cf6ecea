package dev.pvebot.commands;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What a single word can be besides a word: numbers, sizes, addresses, versions, ids.
sealed interface Values {
  record Num(long value) implements Values {}

  /// `1031-1033`, both ends included.
  record Range(long from, long to) implements Values {}

  /// `+50G`, `16GiB`, `0.5T`; in MiB.
  record Amount(long mib, boolean relative, boolean negative) implements Values {}

  record Cidr(String text) implements Values {}

  record Ip(String text) implements Values {}

  record Url(String text) implements Values {}

  record Upid(String text) implements Values {}

  /// `1.12.1`, `v1.9.6`, `1.x`; without the v.
  record Version(String text) implements Values {}

  /// `22:00`
  record Clock(String text) implements Values {}

  /// `30m`, `2h`, `7d`
  record Span(String text) implements Values {}

  /// `scsi0`
  record Disk(String text) implements Values {}

  record Node(String name) implements Values {}

  record Cluster(String name) implements Values {}

  /// A VM known by its name.
  record Machine(int vmid) implements Values {}

  /// `vmid=1031`, `--cores 4`
  record Pair(String key, String value) implements Values {}

  /// Eight or more hexadecimal digits with a letter among them: part of a digest.
  record Hex(String text) implements Values {}

  List<String> BUSES =
      List.of("scsi", "virtio", "sata", "ide", "efidisk", "unused", "mp", "tpmstate");

  Map<String, Double> UNITS =
      Map.ofEntries(
          Map.entry("m", 1.0),
          Map.entry("mb", 1.0),
          Map.entry("mib", 1.0),
          Map.entry("meg", 1.0),
          Map.entry("megs", 1.0),
          Map.entry("megabyte", 1.0),
          Map.entry("megabytes", 1.0),
          Map.entry("mebibytes", 1.0),
          Map.entry("g", 1024.0),
          Map.entry("gb", 1024.0),
          Map.entry("gib", 1024.0),
          Map.entry("gig", 1024.0),
          Map.entry("gigs", 1024.0),
          Map.entry("gigabyte", 1024.0),
          Map.entry("gigabytes", 1024.0),
          Map.entry("gibibyte", 1024.0),
          Map.entry("gibibytes", 1024.0),
          Map.entry("gbs", 1024.0),
          Map.entry("t", 1048576.0),
          Map.entry("tb", 1048576.0),
          Map.entry("tib", 1048576.0),
          Map.entry("tera", 1048576.0),
          Map.entry("terabyte", 1048576.0),
          Map.entry("terabytes", 1048576.0));

  Map<String, String> SPANS =
      Map.ofEntries(
          Map.entry("s", "s"),
          Map.entry("sec", "s"),
          Map.entry("secs", "s"),
          Map.entry("second", "s"),
          Map.entry("seconds", "s"),
          Map.entry("min", "m"),
          Map.entry("mins", "m"),
          Map.entry("minute", "m"),
          Map.entry("minutes", "m"),
          Map.entry("h", "h"),
          Map.entry("hr", "h"),
          Map.entry("hrs", "h"),
          Map.entry("hour", "h"),
          Map.entry("hours", "h"),
          Map.entry("d", "d"),
          Map.entry("day", "d"),
          Map.entry("days", "d"),
          Map.entry("w", "w"),
          Map.entry("week", "w"),
          Map.entry("weeks", "w"));

  /// Reads a word by its shape alone; empty when it is just a word.
  static Optional<Values> shape(String raw) {
    char c = raw.charAt(0);
    String low = raw.toLowerCase(Locale.ROOT);
    if (low.startsWith("http://") || low.startsWith("https://")) {
      return Optional.of(new Url(raw));
    }
    if (low.startsWith("upid:")) {
      return Optional.of(new Upid("UPID" + raw.substring(4)));
    }
    if (c == '#' && raw.length() > 1 && digits(raw, 1) == raw.length() && raw.length() < 12) {
      return Optional.of(new Num(Long.parseLong(raw.substring(1))));
    }
    if (isDigit(c) || c == '+' || c == '-') {
      return number(low);
    }
    if (c == 'v' || c == 'V') {
      if (raw.length() > 1 && isDigit(raw.charAt(1))) {
        Optional<Values> version = version(low.substring(1));
        if (version.isPresent()) {
          return version;
        }
      }
    }
    for (String bus : BUSES) {
      if (low.startsWith(bus)
          && low.length() > bus.length()
          && digits(low, bus.length()) == low.length()) {
        return Optional.of(new Disk(low));
      }
    }
    return low.equals("rootfs") ? Optional.of(new Disk(low)) : hex(low);
  }

  private static Optional<Values> number(String low) {
    boolean signed = !isDigit(low.charAt(0));
    int start = signed ? 1 : 0;
    int end = digits(low, start);
    if (end == start) {
      return Optional.empty();
    }
    if (end == low.length()) {
      if (end - start > 11) {
        return Optional.of(new Num(Long.MAX_VALUE));
      }
      long value = Long.parseLong(low.substring(start));
      return switch (low.charAt(0)) {
        case '+' -> Optional.of(new Amount(value, true, false));
        case '-' -> Optional.of(new Num(-value));
        default -> Optional.of(new Num(value));
      };
    }
    Optional<Values> amount = amount(low);
    if (amount.isPresent() || signed) {
      return amount;
    }
    char next = low.charAt(end);
    if (next == ':' && digits(low, end + 1) == low.length() && low.length() <= 5) {
      return Optional.of(new Clock(low));
    }
    String tail = low.substring(end);
    if (SPANS.containsKey(tail)) {
      return Optional.of(new Span(low.substring(0, end) + SPANS.get(tail)));
    }
    if (next == '-' || (next == '.' && low.startsWith("..", end))) {
      int second = next == '-' ? end + 1 : end + 2;
      if (second < low.length()
          && digits(low, second) == low.length()
          && low.length() < 24
          && end < 11) {
        String to = low.substring(second);
        if (to.length() < 11) {
          return Optional.of(new Range(Long.parseLong(low.substring(0, end)), Long.parseLong(to)));
        }
      }
    }
    if (next == '.') {
      Optional<Values> ip = address(low);
      return ip.isPresent() ? ip : version(low);
    }
    return hex(low);
  }

  private static Optional<Values> hex(String low) {
    if (low.length() < 6 || low.length() > 64) {
      return Optional.empty();
    }
    boolean digit = false;
    for (int i = 0; i < low.length(); i++) {
      char c = low.charAt(i);
      digit |= isDigit(c);
      if (!isDigit(c) && (c < 'a' || c > 'f')) {
        return Optional.empty();
      }
    }
    return digit ? Optional.of(new Hex(low)) : Optional.empty();
  }

  /// `[+-]number unit`, the unit glued to the number.
  static Optional<Values> amount(String low) {
    int start = isDigit(low.charAt(0)) ? 0 : 1;
    int end = start;
    while (end < low.length() && (isDigit(low.charAt(end)) || low.charAt(end) == '.')) {
      end++;
    }
    Double unit = UNITS.get(low.substring(end));
    return unit == null ? Optional.empty() : amount(low.substring(0, end), unit);
  }

  /// @param number with its sign, if it has one
  static Optional<Values> amount(String number, double unit) {
    boolean negative = number.startsWith("-");
    boolean relative = number.startsWith("+");
    try {
      double value = Double.parseDouble(negative || relative ? number.substring(1) : number);
      if (value > 1_000_000_000) {
        return Optional.empty();
      }
      return Optional.of(new Amount(Math.round(value * unit), relative, negative));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static Optional<Values> version(String low) {
    int dots = 0;
    for (int i = 0; i < low.length(); i++) {
      char c = low.charAt(i);
      if (c == '.') {
        dots++;
      } else if (c == '-' && dots >= 2) {
        break;
      } else if (!isDigit(c) && c != 'x') {
        return Optional.empty();
      }
    }
    return dots >= 1 && dots <= 2 && !low.endsWith(".")
        ? Optional.of(new Version(low))
        : Optional.empty();
  }

  private static Optional<Values> address(String low) {
    int slash = low.indexOf('/');
    List<String> parts = Resource.split(slash < 0 ? low : low.substring(0, slash), '.');
    if (parts.size() != 4) {
      return Optional.empty();
    }
    for (String part : parts) {
      if (part.length() > 3 || digits(part, 0) != part.length() || Integer.parseInt(part) > 255) {
        return Optional.empty();
      }
    }
    if (slash < 0) {
      return Optional.of(new Ip(low));
    }
    String prefix = low.substring(slash + 1);
    boolean good = !prefix.isEmpty() && prefix.length() < 3 && digits(prefix, 0) == prefix.length();
    return good && Integer.parseInt(prefix) <= 32 ? Optional.of(new Cidr(low)) : Optional.empty();
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /// Where the run of digits that begins at `from` ends.
  static int digits(String text, int from) {
    int i = from;
    while (i < text.length() && isDigit(text.charAt(i))) {
      i++;
    }
    return i;
  }

  /// `50G`, `512M`, `1T`, as PVE writes sizes.
  static String size(long mib) {
    if (mib % 1048576 == 0) {
      return mib / 1048576 + "T";
    }
    return mib % 1024 == 0 ? mib / 1024 + "G" : mib + "M";
  }
}
