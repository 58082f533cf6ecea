package dev.pvebot.clusters.yaml;

import dev.pvebot.clusters.yaml.YamlNode.Entry;
import dev.pvebot.clusters.yaml.YamlNode.Kind;
import dev.pvebot.clusters.yaml.YamlNode.Mapping;
import dev.pvebot.clusters.yaml.YamlNode.Scalar;
import dev.pvebot.clusters.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionEndEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.parser.Parser;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;

/// Turns the events of one text into a tree. One use only.
final class TreeBuilder {
  private static final Pattern INTEGER = Pattern.compile("[-+]?(0|[1-9][0-9]*)");
  private static final Pattern DECIMAL = Pattern.compile("[-+]?[0-9]+\\.[0-9]+([eE][-+]?[0-9]+)?");

  private final String file;
  private final int firstLine;
  private final Problems problems = new Problems();
  private Position last;

  TreeBuilder(String file, int firstLine) {
    this.file = file;
    this.firstLine = firstLine;
    this.last = new Position(file, firstLine, 1);
  }

  YamlReader.Parsed build(String text) {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(YamlReader.MAX_BYTES);
    try {
      Optional<YamlNode> root = document(new ParserImpl(new StreamReader(text), options));
      return new YamlReader.Parsed(root, problems.list());
    } catch (TooDeep e) {
      problems.add(
          last,
          "",
          "more than %d levels of nesting".formatted(YamlReader.MAX_DEPTH),
          "at most %d".formatted(YamlReader.MAX_DEPTH),
          "Flatten this part.");
    } catch (MarkedYAMLException e) {
      problems.add(syntax(e));
    } catch (YAMLException e) {
      problems.add(last, "", "text that is no YAML (%s)".formatted(firstLine(e)), "YAML", "");
    }
    return new YamlReader.Parsed(Optional.empty(), problems.list());
  }

  private Optional<YamlNode> document(Parser events) {
    Optional<YamlNode> root = Optional.empty();
    int documents = 0;
    for (Event event = events.getEvent();
        !event.is(Event.ID.StreamEnd);
        event = events.getEvent()) {
      if (event.is(Event.ID.DocumentStart)) {
        documents++;
        if (documents == 2) {
          problems.add(
              at(event.getStartMark()),
              "",
              "a second document",
              "one document in a file",
              "Remove the line ---.");
          return root;
        }
      } else if (event instanceof NodeEvent) {
        root = node(events, event, "", 0);
      }
    }
    return root;
  }

  /// Empty when the node was refused; its events are consumed all the same.
  private Optional<YamlNode> node(Parser events, Event event, String path, int depth) {
    Position position = at(event.getStartMark());
    refuseAnchorAndTag(event, position, path);
    return switch (event) {
      case ScalarEvent scalar -> Optional.of(scalar(scalar, position));
      case CollectionStartEvent start when depth >= YamlReader.MAX_DEPTH -> throw new TooDeep();
      case MappingStartEvent _ -> Optional.of(mapping(events, position, path, depth));
      case CollectionStartEvent _ -> Optional.of(sequence(events, position, path, depth));
      case AliasEvent alias -> {
        problems.add(
            position,
            path,
            "the alias *%s".formatted(alias.getAnchor()),
            "the value itself",
            "Anchors and aliases are not used here; write the value out.");
        yield Optional.empty();
      }
      default -> throw new IllegalStateException("no node begins with " + event);
    };
  }

  private Mapping mapping(Parser events, Position position, String path, int depth) {
    List<Entry> entries = new ArrayList<>();
    Map<String, Position> seen = new HashMap<>();
    for (Event event = events.getEvent();
        !(event instanceof CollectionEndEvent);
        event = events.getEvent()) {
      Position keyPosition = at(event.getStartMark());
      Optional<YamlNode> keyNode = node(events, event, path, depth + 1);
      String key = keyNode.map(this::keyText).orElse("");
      String keyPath = path.isEmpty() ? key : path + "." + key;
      Optional<YamlNode> value = node(events, events.getEvent(), keyPath, depth + 1);
      if (keyNode.isEmpty() || !acceptKey(keyNode.get(), key, keyPath, keyPosition, seen)) {
        continue;
      }
      value.ifPresent(present -> entries.add(new Entry(key, keyPosition, present)));
    }
    return new Mapping(position, entries);
  }

  private boolean acceptKey(
      YamlNode keyNode, String key, String keyPath, Position at, Map<String, Position> seen) {
    if (!(keyNode instanceof Scalar scalar) || scalar.kind() == Kind.NULL) {
      problems.add(at, keyPath, keyNode.describe() + " as a key", "a word as a key", "");
      return false;
    }
    if (key.equals("<<")) {
      problems.add(
          at,
          keyPath,
          "a merge key",
          "the keys themselves",
          "Merging is not used here; write the keys out.");
      return false;
    }
    @Nullable Position first = seen.putIfAbsent(key, at);
    if (first != null) {
      problems.add(
          at,
          keyPath,
          "the key a second time",
          "each key once",
          "The first is on line %d; remove one of them.".formatted(first.line()));
      return false;
    }
    return true;
  }

  private String keyText(YamlNode node) {
    return node instanceof Scalar scalar ? scalar.text() : "?";
  }

  private Sequence sequence(Parser events, Position position, String path, int depth) {
    List<YamlNode> items = new ArrayList<>();
    int index = 0;
    for (Event event = events.getEvent();
        !(event instanceof CollectionEndEvent);
        event = events.getEvent()) {
      node(events, event, path + "[" + index++ + "]", depth + 1).ifPresent(items::add);
    }
    return new Sequence(position, items);
  }

  private static Scalar scalar(ScalarEvent event, Position position) {
    return new Scalar(
        position, event.isPlain() ? kind(event.getValue()) : Kind.TEXT, event.getValue());
  }

  private static Kind kind(String plain) {
    return switch (plain) {
      case "", "~", "null", "Null", "NULL" -> Kind.NULL;
      case "true", "True", "TRUE", "false", "False", "FALSE" -> Kind.BOOLEAN;
      case String text when INTEGER.matcher(text).matches() -> Kind.INTEGER;
      case String text when DECIMAL.matcher(text).matches() -> Kind.DECIMAL;
      default -> Kind.TEXT;
    };
  }

  private void refuseAnchorAndTag(Event event, Position position, String path) {
    if (event instanceof NodeEvent node
        && node.getAnchor() != null
        && !(event instanceof AliasEvent)) {
      problems.add(
          position,
          path,
          "the anchor &%s".formatted(node.getAnchor()),
          "no anchor",
          "Anchors and aliases are not used here; write the value out.");
    }
    @Nullable String tag =
        switch (event) {
          case ScalarEvent scalar -> scalar.getTag();
          case CollectionStartEvent start -> start.getTag();
          default -> null;
        };
    if (tag != null) {
      problems.add(
          position,
          path,
          "the tag %s".formatted(tag),
          "no tag",
          "Remove it; quote a value that must stay text.");
    }
  }

  private Position at(Mark mark) {
    last = new Position(file, firstLine + mark.getLine(), mark.getColumn() + 1);
    return last;
  }

  private Problem syntax(MarkedYAMLException e) {
    @Nullable Mark mark = e.getProblemMark();
    Position position = mark == null ? last : at(mark);
    String what = Objects.requireNonNullElse(e.getProblem(), "text that is no YAML");
    if (what.contains("TAB")) {
      return new Problem(
          position, "", "a tab", "spaces", "YAML is indented by spaces only; replace the tab.");
    }
    String context = e.getContext() == null ? "" : " (%s)".formatted(e.getContext());
    return new Problem(
        position,
        "",
        "broken YAML: " + what + context,
        "YAML",
        "Look at this line and the one above it: indentation, a missing colon or quote.");
  }

  private static String firstLine(YAMLException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given");
  }

  /// Leaves the recursion; the depth is bounded, so the stack is safe.
  private static final class TooDeep extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooDeep() {
      super("nested too deep", null, false, false);
    }
  }
}
