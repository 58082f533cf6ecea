package dev.pvebot.integrations.secrets;

import dev.pvebot.clusters.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Takes every secret that it has learned out of a text, in the forms in which a secret travels: as
/// it is, percent-encoded, in base64, in JSON, in HTML, in hexadecimal. Thread-safe; a text without
/// secrets costs one search for each form.
public final class Redactor {
  static final String MASK = "***";

  /// `user@realm!name`, the public half of a PVE token, is worth reading in a log.
  private static final Pattern TOKEN_ID =
      Pattern.compile("[^@\\s!=]+@[^!\\s=]+![A-Za-z][A-Za-z0-9._-]+");

  private static final Pattern TOKEN =
      Pattern.compile("(?:PVEAPIToken[= ])?(" + TOKEN_ID.pattern() + ")=(\\S+)");

  /// A line of a longer secret that is shorter than this may well be ordinary text (`-----END`,
  /// `kind: Config`).
  private static final int SHORTEST_LINE = 8;

  private static final Set<Character> UNRESERVED = unreserved();

  private volatile List<String> needles = List.of();

  /// From now on this value, its lines and the secret half of a PVE token in it are replaced.
  public synchronized void learn(Secret secret) {
    Set<String> forms = new LinkedHashSet<>(needles);
    for (String value : values(secret.reveal())) {
      forms.addAll(forms(value));
    }
    needles =
        forms.stream()
            .filter(form -> form.length() >= SecretResolver.SHORTEST)
            .sorted(Comparator.comparingInt(String::length).reversed())
            .toList();
  }

  /// The text with `***` for every secret.
  public String redact(String text) {
    String clean = text;
    for (String needle : needles) {
      if (clean.contains(needle)) {
        clean = clean.replace(needle, MASK);
      }
    }
    return clean;
  }

  private static Set<String> values(String secret) {
    Set<String> values = new LinkedHashSet<>();
    if (!TOKEN_ID.matcher(secret).matches()) {
      values.add(secret);
    }
    for (String line : secret.lines().map(String::strip).toList()) {
      Matcher token = TOKEN.matcher(line);
      if (token.matches()) {
        values.add(token.group(2));
      }
      if (line.length() >= SHORTEST_LINE
          && !TOKEN_ID.matcher(line).matches()
          && !isPemFrame(line)) {
        values.add(line);
      }
    }
    return values;
  }

  private static boolean isPemFrame(String line) {
    return line.startsWith("-----") && line.endsWith("-----");
  }

  private static List<String> forms(String value) {
    List<String> forms = new ArrayList<>();
    String percent = percent(value, false);
    String form = percent(value, true);
    forms.add(value);
    for (String encoded : List.of(percent, form, percent(percent, false))) {
      forms.add(encoded);
      forms.add(lowerHex(encoded));
    }
    forms.addAll(base64(value));
    forms.addAll(json(value));
    forms.add(html(value));
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    forms.add(HexFormat.of().formatHex(bytes));
    forms.add(HexFormat.of().withUpperCase().formatHex(bytes));
    return forms;
  }

  private static String percent(String value, boolean plusForSpace) {
    StringBuilder encoded = new StringBuilder();
    for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      if (UNRESERVED.contains(c)) {
        encoded.append(c);
      } else if (c == ' ' && plusForSpace) {
        encoded.append('+');
      } else {
        encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
      }
    }
    return encoded.toString();
  }

  private static String lowerHex(String percentEncoded) {
    return Pattern.compile("%[0-9A-F]{2}")
        .matcher(percentEncoded)
        .replaceAll(found -> found.group().toLowerCase(Locale.ROOT));
  }

  /// In base64 a secret looks different by where it begins in the encoded text, so the part that
  /// does not depend on its neighbours is taken for each of the three places; `user:secret` in a
  /// Basic header is found so.
  private static List<String> base64(String value) {
    List<String> forms = new ArrayList<>();
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    for (Base64.Encoder encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
      forms.add(encoder.encodeToString(bytes));
      for (int before = 0; before < 3; before++) {
        byte[] shifted = new byte[before + bytes.length];
        System.arraycopy(bytes, 0, shifted, before, bytes.length);
        String encoded = encoder.withoutPadding().encodeToString(shifted);
        int from = (before * 8 + 5) / 6;
        int to = shifted.length * 8 / 6;
        if (to - from >= 8) {
          forms.add(encoded.substring(from, to));
        }
      }
    }
    return forms;
  }

  private static List<String> json(String value) {
    StringBuilder plain = new StringBuilder();
    StringBuilder ascii = new StringBuilder();
    for (char c : value.toCharArray()) {
      String escaped =
          switch (c) {
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> c < ' ' ? "\\u%04x".formatted((int) c) : String.valueOf(c);
          };
      plain.append(escaped);
      ascii.append(c > '~' ? "\\u%04x".formatted((int) c) : escaped);
    }
    return List.of(
        plain.toString(),
        plain.toString().replace("/", "\\/"),
        ascii.toString(),
        ascii.toString().replace("/", "\\/"));
  }

  private static String html(String value) {
    return value
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  private static Set<Character> unreserved() {
    Set<Character> safe = new java.util.HashSet<>();
    for (char c = '0'; c <= 'z'; c++) {
      if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')) {
        safe.add(c);
      }
    }
    safe.addAll(List.of('-', '.', '_', '~'));
    return Set.copyOf(safe);
  }

  @Override
  public String toString() {
    return "Redactor";
  }
}
