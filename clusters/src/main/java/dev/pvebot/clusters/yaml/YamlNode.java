package dev.pvebot.clusters.yaml;

import java.util.List;
import java.util.Optional;

/// A piece of YAML with its place. Immutable; at most [YamlReader#MAX_DEPTH] levels deep.
public sealed interface YamlNode {
  Position position();

  /// What this is, as the end of "found …": `a mapping`, `a list`, `nothing` or the scalar as it was written.
  String describe();

  /// Keys and values in the order they were written; no key occurs twice.
  ///
  /// @param position of the first key
  record Mapping(Position position, List<Entry> entries) implements YamlNode {
    public Mapping {
      entries = List.copyOf(entries);
    }

    public Optional<Entry> entry(String key) {
      return entries.stream().filter(entry -> entry.key().equals(key)).findFirst();
    }

    /// Where a key such as `nodes.workers.assignments[2].mac` stands; the nearest enclosing place when it is absent.
    public Position positionOf(String keyPath) {
      Position nearest = position;
      YamlNode here = this;
      for (String part : keyPath.split("[.\\[]")) {
        switch (here) {
          case Mapping mapping -> {
            Optional<Entry> entry = mapping.entry(part);
            if (entry.isEmpty()) {
              return nearest;
            }
            here = entry.get().value();
            nearest = here instanceof Scalar ? here.position() : entry.get().keyPosition();
          }
          case Sequence sequence -> {
            int index = part.matches("[0-9]{1,6}]") ? Integer.parseInt(part.substring(0, part.length() - 1)) : -1;
            if (index < 0 || index >= sequence.items().size()) {
              return nearest;
            }
            here = sequence.items().get(index);
            nearest = here.position();
          }
          case Scalar scalar -> {
            return scalar.position();
          }
        }
      }
      return nearest;
    }

    @Override
    public String describe() {
      return "a mapping";
    }
  }

  record Entry(String key, Position keyPosition, YamlNode value) {}

  /// @param position of the first item, or of the opening bracket
  record Sequence(Position position, List<YamlNode> items) implements YamlNode {
    public Sequence {
      items = List.copyOf(items);
    }

    @Override
    public String describe() {
      return "a list";
    }
  }

  /// @param kind what the text stands for. Only plain scalars stand for anything but text, by the core schema of
  ///     YAML 1.2: `yes`, `010`, `0x1f`, `1_000` and `12:30:45` are text, not the surprises of YAML 1.1
  /// @param text as written, quotes and escapes resolved
  record Scalar(Position position, Kind kind, String text) implements YamlNode {
    private static final int SHOWN = 60;

    @Override
    public String describe() {
      String shown = text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
      return switch (kind) {
        case TEXT -> "'" + shown.replace("\n", "\\n") + "'";
        case INTEGER, DECIMAL, BOOLEAN -> shown;
        case NULL -> "nothing";
      };
    }
  }

  /// What a scalar stands for.
  enum Kind {
    TEXT,
    INTEGER,
    DECIMAL,
    BOOLEAN,
    NULL
  }
}
