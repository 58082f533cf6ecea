package dev.pvebot.clusters.yaml;

import java.util.List;
import java.util.Optional;

/// A piece of YAML with its place. Immutable; at most [YamlReader#MAX_DEPTH] levels deep.
public sealed interface YamlNode {
  Position position();

  /// What this is, as the end of "found …": `a mapping`, `a list`, `nothing` or the scalar as it
  /// was written.
  String describe();

  /// What a part of a key path leads to: the name of a key, or an index with its closing bracket.
  /// Items of a list have no key and stand where they begin.
  private Optional<Entry> child(String part) {
    return switch (this) {
      case Mapping mapping -> mapping.entry(part);
      case Sequence(Position _, List<YamlNode> items) when part.matches("[0-9]{1,6}]") -> {
        int index = Integer.parseInt(part.substring(0, part.length() - 1));
        yield index < items.size()
            ? Optional.of(new Entry(part, items.get(index).position(), items.get(index)))
            : Optional.empty();
      }
      case Sequence _, Scalar _ -> Optional.empty();
    };
  }

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

    /// Where a key such as `nodes.workers.assignments[2].mac` stands; the nearest enclosing place
    /// when it is absent.
    public Position positionOf(String keyPath) {
      Position nearest = position;
      YamlNode here = this;
      for (String part : keyPath.split("[.\\[]")) {
        Optional<Entry> child = here.child(part);
        if (child.isEmpty()) {
          return nearest;
        }
        here = child.get().value();
        nearest = here instanceof Scalar ? here.position() : child.get().keyPosition();
      }
      return nearest;
    }

    /// Whether there is such a key, as for [#positionOf].
    public boolean has(String keyPath) {
      YamlNode here = this;
      for (String part : keyPath.split("[.\\[]")) {
        Optional<Entry> child = here.child(part);
        if (child.isEmpty()) {
          return false;
        }
        here = child.get().value();
      }
      return true;
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

  /// @param kind what the text stands for. Only plain scalars stand for anything but text, by the
  ///   core schema of YAML 1.2: `yes`, `010`, `0x1f`, `1_000` and `12:30:45` are text, not the
  ///   surprises of YAML 1.1
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
