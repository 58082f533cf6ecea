package dev.pvebot.runbooks.format;

import dev.pvebot.clusters.yaml.Position;
import dev.pvebot.clusters.yaml.Problem;
import dev.pvebot.clusters.yaml.Problems;
import dev.pvebot.clusters.yaml.Shape;
import dev.pvebot.clusters.yaml.YamlNode;
import dev.pvebot.clusters.yaml.YamlReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// YAML inside a Markdown file: positions count from the file's beginning, also where the block is
/// indented.
final class YamlText {
  private final String file;
  private final List<String> lines;

  YamlText(String file, List<String> lines) {
    this.file = file;
    this.lines = lines;
  }

  /// Reads a block.
  ///
  /// @param firstLine the line of the file on which the block's text begins, from 1
  /// @param indent columns that the block is indented by
  /// @return the tree; empty when problems were added
  Optional<YamlNode> read(String text, int firstLine, int indent, Problems problems) {
    YamlReader.Parsed parsed = YamlReader.read(file, text, firstLine);
    for (Problem problem : parsed.problems()) {
      problems.add(
          shifted(problem.at(), indent),
          problem.key(),
          problem.found(),
          problem.expected(),
          problem.advice());
    }
    return parsed.problems().isEmpty()
        ? parsed.root().map(root -> shifted(root, indent))
        : Optional.empty();
  }

  private static Position shifted(Position at, int indent) {
    return at.line() == 0 ? at : new Position(at.file(), at.line(), at.column() + indent);
  }

  private static YamlNode shifted(YamlNode node, int indent) {
    if (indent == 0) {
      return node;
    }
    Position at = shifted(node.position(), indent);
    return switch (node) {
      case YamlNode.Scalar scalar -> new YamlNode.Scalar(at, scalar.kind(), scalar.text());
      case YamlNode.Sequence sequence ->
          new YamlNode.Sequence(
              at, sequence.items().stream().map(item -> shifted(item, indent)).toList());
      case YamlNode.Mapping mapping ->
          new YamlNode.Mapping(
              at,
              mapping.entries().stream()
                  .map(entry ->
                      new YamlNode.Entry(
                          entry.key(),
                          shifted(entry.keyPosition(), indent),
                          shifted(entry.value(), indent)))
                  .toList());
    };
  }

  /// A text with its place.
  Shape<Source> source() {
    return (node, key, problems) ->
        Shape.text().read(node, key, problems).map(text -> source((YamlNode.Scalar) node));
  }

  /// An expression: text, or a plain `true` or `false`.
  Shape<Source> condition() {
    return (node, key, problems) -> {
      if (node instanceof YamlNode.Scalar scalar && scalar.kind() == YamlNode.Kind.BOOLEAN) {
        return Optional.of(source(scalar));
      }
      return source().read(node, key, problems).flatMap(source -> unwrapped(source, key, problems));
    };
  }

  /// `when: "{{ x }}"` means `when: x`; anything else around the braces is a mistake.
  private static Optional<Source> unwrapped(Source source, String key, Problems problems) {
    String text = source.text();
    if (!text.contains("{{")) {
      return Optional.of(source);
    }
    String stripped = text.strip();
    int open = text.indexOf("{{") + 2;
    boolean one =
        stripped.startsWith("{{") && stripped.endsWith("}}") && stripped.lastIndexOf("{{") == 0;
    if (!one) {
      problems.add(
          source.at(), key, "'" + text + "'", "one expression", "Write it without braces.");
      return Optional.empty();
    }
    String inside = text.substring(open, text.lastIndexOf("}}"));
    int lead = open + inside.length() - inside.stripLeading().length();
    return Optional.of(new Source(inside.strip(), source.at(lead), source.exact()));
  }

  private Source source(YamlNode.Scalar scalar) {
    Position at = scalar.position();
    String line = at.line() >= 1 && at.line() <= lines.size() ? lines.get(at.line() - 1) : "";
    int from = Math.min(line.length(), Math.max(0, at.column() - 1));
    boolean quoted = line.startsWith("\"", from) || line.startsWith("'", from);
    int start = quoted ? from + 1 : from;
    boolean exact = line.startsWith(scalar.text(), start);
    return new Source(
        scalar.text(), exact ? new Position(at.file(), at.line(), start + 1) : at, exact);
  }

  /// Any value.
  Shape<Value> value() {
    return (node, key, problems) ->
        switch (node) {
          case YamlNode.Scalar scalar -> scalarValue(scalar, key, problems);
          case YamlNode.Sequence sequence -> {
            List<Value> items = new ArrayList<>();
            for (int i = 0; i < sequence.items().size(); i++) {
              value()
                  .read(sequence.items().get(i), "%s[%d]".formatted(key, i), problems)
                  .ifPresent(items::add);
            }
            yield items.size() == sequence.items().size()
                ? Optional.of(new Value.Items(items, sequence.position()))
                : Optional.empty();
          }
          case YamlNode.Mapping mapping -> {
            Map<String, Value> entries = new LinkedHashMap<>();
            for (YamlNode.Entry entry : mapping.entries()) {
              value()
                  .read(entry.value(), key + "." + entry.key(), problems)
                  .ifPresent(found -> entries.put(entry.key(), found));
            }
            yield entries.size() == mapping.entries().size()
                ? Optional.of(new Value.Entries(entries, mapping.position()))
                : Optional.empty();
          }
        };
  }

  private Optional<Value> scalarValue(YamlNode.Scalar scalar, String key, Problems problems) {
    Position at = scalar.position();
    return switch (scalar.kind()) {
      case TEXT -> Optional.of(new Value.Text(source(scalar)));
      case BOOLEAN -> Optional.of(new Value.Plain(scalar.text().equalsIgnoreCase("true"), at));
      case DECIMAL -> Optional.of(new Value.Plain(Double.valueOf(scalar.text()), at));
      case INTEGER -> {
        if (scalar.text().length() > 18) {
          problems.add(at, key, scalar.text(), "a whole number of at most 17 digits", "");
          yield Optional.empty();
        }
        yield Optional.of(new Value.Plain(Long.valueOf(scalar.text()), at));
      }
      case NULL -> {
        problems.add(
            at, key, "nothing", "a value", "Leave the key out when there is nothing to say.");
        yield Optional.empty();
      }
    };
  }
}
