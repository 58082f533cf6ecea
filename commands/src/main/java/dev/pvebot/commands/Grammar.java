package dev.pvebot.commands;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A catalog made ready for reading: the built-in frames with the library's phrases, and the names
/// of the site.
final class Grammar {
  private final Map<String, Frame> frames = new LinkedHashMap<>();
  private final SiteNames names;

  Grammar(Catalog catalog) {
    names = new SiteNames(catalog);
    frames.putAll(BuiltIns.frames());
    for (Catalog.Entry entry : catalog.commands()) {
      Frame base = frames.getOrDefault(entry.intent(), blank(entry));
      boolean known = frames.containsKey(entry.intent());
      List<Frame.Rule> rules =
          entry.phrases().stream().flatMap(p -> Phrases.rules(p, entry).stream()).toList();
      List<Frame.Param> params = entry.params().stream().map(Grammar::param).toList();
      frames.put(entry.intent(), base.withRules(rules, known ? List.of() : params, entry.risk()));
    }
  }

  /// The frame of an intent that only the library knows: what it requires is what must be said.
  private static Frame blank(Catalog.Entry entry) {
    List<List<String>> needs =
        entry.params().stream()
            .filter(Catalog.Param::required)
            .map(p -> List.of(p.name()))
            .toList();
    return new Frame(
        "Library",
        entry.intent(),
        entry.risk(),
        entry.summary(),
        List.of(),
        needs,
        List.of(),
        java.util.Set.of("vm", "node", "cluster", "all"),
        entry.examples());
  }

  private static Frame.Param param(Catalog.Param param) {
    Kind kind = Kind.of(param.type());
    java.util.Set<String> after =
        switch (kind) {
          case NAME -> java.util.Set.of("called", "named", "name", "as");
          case TEXT -> java.util.Set.of(param.name());
          default -> java.util.Set.of();
        };
    return new Frame.Param(param.name(), kind, after, java.util.Set.of(), kind == Kind.NAME);
  }

  SiteNames names() {
    return names;
  }

  Optional<Frame> frame(String intent) {
    return Optional.ofNullable(frames.get(intent));
  }

  Iterable<Frame> frames() {
    return frames.values();
  }

  List<String> intents() {
    return new ArrayList<>(frames.keySet());
  }
}
