package dev.pvebot.commands;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The intents that pvebot knows by itself: every intent of the design, read from `intents.txt`.
/// The library of runbooks adds phrases and raises risks; it cannot take either away.
public final class BuiltIns {
  private static final Map<String, Frame> FRAMES = read();

  private BuiltIns() {}

  /// One entry for each intent, in the order of help.
  public static List<Catalog.Entry> entries() {
    return FRAMES.values().stream().map(Frame::entry).toList();
  }

  /// The built-in entries with the library's merged in: phrases and parameters are added, the risk
  /// is the higher, the library's summary wins. Entries with an intent of their own are appended.
  public static List<Catalog.Entry> with(List<Catalog.Entry> library) {
    Map<String, Catalog.Entry> merged = new LinkedHashMap<>();
    entries().forEach(entry -> merged.put(entry.intent(), entry));
    library.forEach(entry -> merged.merge(entry.intent(), entry, BuiltIns::merge));
    return List.copyOf(merged.values());
  }

  /// The heading under which help lists an intent; intents of the library alone stand under
  /// `Library`.
  public static String group(String intent) {
    return Optional.ofNullable(FRAMES.get(intent)).map(Frame::group).orElse("Library");
  }

  static Map<String, Frame> frames() {
    return FRAMES;
  }

  private static Catalog.Entry merge(Catalog.Entry base, Catalog.Entry more) {
    return new Catalog.Entry(
        base.intent(),
        base.risk().atLeast(more.risk()),
        more.summary().isBlank() ? base.summary() : more.summary(),
        union(base.params(), more.params(), Catalog.Param::name),
        union(base.phrases(), more.phrases(), phrase -> phrase),
        union(base.examples(), more.examples(), example -> example));
  }

  private static <T> List<T> union(
      List<T> first, List<T> second, java.util.function.Function<T, String> key) {
    Map<String, T> all = new LinkedHashMap<>();
    first.forEach(each -> all.putIfAbsent(key.apply(each), each));
    second.forEach(each -> all.putIfAbsent(key.apply(each), each));
    return List.copyOf(all.values());
  }

  private static Map<String, Frame> read() {
    Map<String, Frame> frames = new LinkedHashMap<>();
    String group = "";
    List<String> block = new ArrayList<>();
    for (String line : Resource.lines("intents.txt")) {
      if (line.startsWith(" ")) {
        block.add(line.strip());
        continue;
      }
      flush(group, block, frames);
      if (line.startsWith("[")) {
        group = line.substring(1, line.length() - 1);
      } else {
        block.add(line);
      }
    }
    flush(group, block, frames);
    return java.util.Collections.unmodifiableMap(frames);
  }

  private static void flush(String group, List<String> block, Map<String, Frame> frames) {
    if (block.isEmpty()) {
      return;
    }
    String head = block.getFirst();
    int first = head.indexOf(' ');
    int second = head.indexOf(' ', first + 1);
    List<Frame.Param> params = new ArrayList<>();
    List<List<String>> needs = new ArrayList<>();
    List<Frame.Rule> rules = new ArrayList<>();
    Set<String> may = new LinkedHashSet<>();
    List<String> examples = new ArrayList<>();
    for (String line : block.subList(1, block.size())) {
      String key = line.substring(0, line.indexOf(' '));
      String rest = line.substring(key.length() + 1);
      switch (key) {
        case "args" -> Resource.split(rest, ' ').forEach(spec -> params.add(param(spec)));
        case "needs" ->
            Resource.split(rest, ' ').forEach(spec -> needs.add(Resource.split(spec, '|')));
        case "say" -> Resource.split(rest, ';').forEach(rule -> rules.add(Frame.Rule.parse(rule)));
        case "may" -> may.addAll(Resource.split(rest, ' '));
        case "eg" -> examples.addAll(Resource.split(rest, ';'));
        default ->
            throw new IllegalStateException(
                "intents.txt: unknown key '%s' in: %s".formatted(key, line));
      }
    }
    String intent = head.substring(0, first);
    Risk risk = Risk.valueOf(head.substring(first + 1, second).toUpperCase(java.util.Locale.ROOT));
    frames.put(
        intent,
        new Frame(
            group, intent, risk, head.substring(second + 1), params, needs, rules, may, examples));
    block.clear();
  }

  /// `name:NAME>called|named<snapshot*`
  private static Frame.Param param(String spec) {
    boolean loose = spec.endsWith("*");
    String text = loose ? spec.substring(0, spec.length() - 1) : spec;
    int colon = text.indexOf(':');
    int after = text.indexOf('>', colon);
    if (after > 0 && text.charAt(after - 1) == '-') {
      after = text.indexOf('>', after + 1);
    }
    int before = text.indexOf('<', colon);
    int kindEnd = after > 0 ? after : before > 0 ? before : text.length();
    String afterText =
        after > 0 ? text.substring(after + 1, before > 0 ? before : text.length()) : "";
    String beforeText = before > 0 ? text.substring(before + 1) : "";
    return new Frame.Param(
        text.substring(0, colon),
        Kind.parse(text.substring(colon + 1, kindEnd)),
        Set.copyOf(Resource.split(afterText, '|')),
        Set.copyOf(Resource.split(beforeText, '|')),
        loose);
  }
}
