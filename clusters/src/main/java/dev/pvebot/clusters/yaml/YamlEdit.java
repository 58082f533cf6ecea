package dev.pvebot.clusters.yaml;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.nodes.CollectionNode;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/// Changes single values of a YAML text and leaves every other character as it is: comments, blank
/// lines, quotes and the order of keys stay.
///
/// It takes texts in which [YamlReader] found no fault. A key is written as in [Problem#key], for
/// example `nodes.workers.assignments[2].ip`. Immutable; each change gives a new one.
public final class YamlEdit {
  private final String text;
  private final MappingNode root;
  private final String newline;

  private YamlEdit(String text) {
    this.text = text;
    this.newline = text.contains("\r\n") ? "\r\n" : "\n";
    Node composed = new Yaml().compose(new StringReader(text));
    if (!(composed instanceof MappingNode mapping)) {
      throw new IllegalArgumentException("it is no mapping");
    }
    this.root = mapping;
  }

  /// @throws IllegalArgumentException when the text is no mapping
  public static YamlEdit of(String text) {
    return new YamlEdit(text);
  }

  public String text() {
    return text;
  }

  public boolean has(String key) {
    return find(key).node.isPresent();
  }

  /// The value of a key as text, quotes resolved; empty when it is absent or no scalar.
  public Optional<String> scalar(String key) {
    return find(key)
        .node
        .filter(ScalarNode.class::isInstance)
        .map(node -> ((ScalarNode) node).getValue());
  }

  /// The scalars of a list; empty when the key is absent or no list.
  public Optional<List<String>> list(String key) {
    return find(key)
        .node
        .filter(SequenceNode.class::isInstance)
        .map(node ->
            ((SequenceNode) node)
                .getValue().stream()
                    .filter(ScalarNode.class::isInstance)
                    .map(item -> ((ScalarNode) item).getValue())
                    .toList());
  }

  /// How many items a list has; 0 when there is none.
  public int size(String key) {
    return find(key)
        .node
        .filter(SequenceNode.class::isInstance)
        .map(node -> ((SequenceNode) node).getValue().size())
        .orElse(0);
  }

  /// Gives a key a scalar. Its old quotes are kept; a key that is absent is put at the end of the
  /// mapping that it belongs to.
  ///
  /// @throws IllegalArgumentException when it cannot be changed here, with the reason
  public YamlEdit set(String key, String value) {
    Found found = find(key);
    if (found.node.isEmpty()) {
      return insert(found, scalarText(value, found.flow));
    }
    Node node = found.node.get();
    if (!(node instanceof ScalarNode old)) {
      throw new IllegalArgumentException("%s holds more than one value".formatted(key));
    }
    int start = start(node);
    int end = end(node);
    String written =
        switch (old.getScalarStyle()) {
          case DOUBLE_QUOTED -> doubleQuoted(value);
          case SINGLE_QUOTED -> "'" + value.replace("'", "''") + "'";
          case PLAIN, JSON_SCALAR_STYLE -> scalarText(value, found.flow);
          case LITERAL, FOLDED ->
              throw new IllegalArgumentException(
                  "%s is a text of several lines; change it in the file".formatted(key));
        };
    return replace(start, end, start == end ? " " + written : written);
  }

  /// Gives a key a list of scalars. Items that stay are not touched where each has a line of its
  /// own.
  ///
  /// @throws IllegalArgumentException when it cannot be changed here, with the reason
  public YamlEdit setList(String key, List<String> values) {
    Found found = find(key);
    if (found.node.isEmpty()) {
      return insert(found, flow(values));
    }
    if (!(found.node.get() instanceof SequenceNode sequence)) {
      throw new IllegalArgumentException("%s is no list".formatted(key));
    }
    return isFlow(sequence) ? setFlow(key, sequence, values) : setBlock(key, sequence, values);
  }

  private YamlEdit setFlow(String key, SequenceNode sequence, List<String> values) {
    int start = start(sequence);
    int end = end(sequence);
    if (text.substring(start, end).indexOf('#') >= 0) {
      throw new IllegalArgumentException(
          "%s has remarks inside its brackets; change it in the file".formatted(key));
    }
    return replace(start, end, flow(values));
  }

  private YamlEdit setBlock(String key, SequenceNode sequence, List<String> values) {
    List<String> before = list(key).orElseThrow();
    List<String> result = new ArrayList<>(before.stream().filter(values::contains).toList());
    List<String> added = values.stream().filter(value -> !before.contains(value)).toList();
    result.addAll(added);
    if (before.size() != sequence.getValue().size() || !result.equals(values)) {
      throw new IllegalArgumentException(
          "the items of %s would stand in another order; change it in the file".formatted(key));
    }
    YamlEdit edited = this;
    for (String value : added) {
      edited = edited.append(key, scalarText(value, false));
    }
    for (int i = before.size() - 1; i >= 0; i--) {
      if (!values.contains(before.get(i))) {
        edited = edited.removeItem(key, i);
      }
    }
    return edited;
  }

  /// Puts an item at the end of a list; a list that is absent is begun.
  ///
  /// @param yaml the item as YAML in one line, for example `{name: ts04}`
  public YamlEdit append(String key, String yaml) {
    Found found = find(key);
    if (found.node.isEmpty()) {
      return insert(found, newline + "  - " + yaml);
    }
    if (!(found.node.get() instanceof SequenceNode sequence)) {
      throw new IllegalArgumentException("%s is no list".formatted(key));
    }
    if (isFlow(sequence)) {
      boolean empty = sequence.getValue().isEmpty();
      int at = empty ? end(sequence) - 1 : lastOffset(sequence.getValue().getLast());
      return replace(at, at, (empty ? "" : ", ") + yaml);
    }
    return insertLine(
        lastOffset(sequence), " ".repeat(sequence.getStartMark().getColumn()) + "- " + yaml);
  }

  /// Takes the last item of a list away.
  public YamlEdit removeLast(String key) {
    return removeItem(key, size(key) - 1);
  }

  private YamlEdit removeItem(String key, int index) {
    SequenceNode sequence = (SequenceNode) find(key).node.orElseThrow();
    List<Node> items = sequence.getValue();
    if (items.size() == 1) {
      return replace(
          start(sequence), isFlow(sequence) ? end(sequence) : lastOffset(sequence), "[]");
    }
    Node item = items.get(index);
    if (isFlow(sequence)) {
      return index == 0
          ? replace(start(item), start(items.get(1)), "")
          : replace(lastOffset(items.get(index - 1)), lastOffset(item), "");
    }
    return removeLines(start(item), lastOffset(item));
  }

  /// Takes a key and its value away; nothing happens when it is absent.
  ///
  /// @throws IllegalArgumentException when it cannot be taken away here, with the reason
  public YamlEdit remove(String key) {
    Found found = find(key);
    if (found.node.isEmpty()) {
      return this;
    }
    MappingNode parent = found.parent;
    List<NodeTuple> entries = parent.getValue();
    int index = 0;
    while (entries.get(index).getValueNode() != found.node.get()) {
      index++;
    }
    Node keyNode = entries.get(index).getKeyNode();
    int end = Math.max(end(keyNode) + 1, lastOffset(found.node.get()));
    if (isFlow(parent)) {
      if (index > 0) {
        return replace(lastOffset(entries.get(index - 1).getValueNode()), end, "");
      }
      return replace(
          start(keyNode), entries.size() == 1 ? end : start(entries.get(1).getKeyNode()), "");
    }
    if (!text.substring(lineStart(start(keyNode)), start(keyNode)).isBlank()) {
      throw new IllegalArgumentException(
          "%s shares its line with others; change it in the file".formatted(key));
    }
    return removeLines(start(keyNode), end);
  }

  // --- finding

  /// @param node what the key leads to
  /// @param parent the innermost mapping on the way
  /// @param rest the parts of the key that are not there
  /// @param flow whether the place is inside brackets or braces
  private record Found(
      Optional<Node> node, MappingNode parent, List<String> rest, boolean flow, String key) {}

  private Found find(String key) {
    List<String> parts = List.of(key.split("[.\\[]", -1));
    Node here = root;
    MappingNode parent = root;
    boolean flow = isFlow(root);
    for (int i = 0; i < parts.size(); i++) {
      @Nullable Node next = child(here, parts.get(i));
      if (next == null) {
        return new Found(
            Optional.empty(),
            here instanceof MappingNode mapping ? mapping : parent,
            here instanceof MappingNode ? parts.subList(i, parts.size()) : List.of(),
            flow,
            key);
      }
      if (here instanceof MappingNode mapping) {
        parent = mapping;
      }
      here = next;
      flow |= here instanceof CollectionNode<?> collection && isFlow(collection);
    }
    return new Found(Optional.of(here), parent, List.of(), flow, key);
  }

  private static @Nullable Node child(Node node, String part) {
    if (node instanceof MappingNode mapping) {
      return mapping.getValue().stream()
          .filter(entry ->
              entry.getKeyNode() instanceof ScalarNode name && name.getValue().equals(part))
          .map(NodeTuple::getValueNode)
          .findFirst()
          .orElse(null);
    }
    if (node instanceof SequenceNode sequence && part.matches("[0-9]{1,6}]")) {
      int index = Integer.parseInt(part.substring(0, part.length() - 1));
      return index < sequence.getValue().size() ? sequence.getValue().get(index) : null;
    }
    return null;
  }

  private static boolean isFlow(CollectionNode<?> node) {
    return node.getFlowStyle() == org.yaml.snakeyaml.DumperOptions.FlowStyle.FLOW;
  }

  // --- writing

  /// @param value YAML; when it begins with a line break, lines that are indented against their key
  private YamlEdit insert(Found found, String value) {
    if (found.rest.isEmpty() || found.rest.stream().anyMatch(part -> part.endsWith("]"))) {
      throw new IllegalArgumentException("there is no %s to change".formatted(found.key));
    }
    if (isFlow(found.parent)) {
      return insertFlow(found, value);
    }
    StringBuilder lines = new StringBuilder();
    int indent = found.parent.getStartMark().getColumn();
    for (int i = 0; i < found.rest.size(); i++) {
      lines.append(i == 0 ? "" : newline).append(" ".repeat(indent + 2 * i));
      lines.append(found.rest.get(i)).append(':');
    }
    String below = newline + " ".repeat(indent + 2 * (found.rest.size() - 1));
    lines.append(value.startsWith(newline) ? value.replace(newline, below) : " " + value);
    return insertLine(lastOffset(found.parent), lines.toString());
  }

  private YamlEdit insertFlow(Found found, String value) {
    boolean empty = found.parent.getValue().isEmpty();
    int at =
        empty
            ? end(found.parent) - 1
            : lastOffset(found.parent.getValue().getLast().getValueNode());
    String item = value.startsWith(newline) ? "[" + value.strip().substring(2) + "]" : value;
    String inner = String.join(": {", found.rest) + ": " + item;
    return replace(at, at, (empty ? "" : ", ") + inner + "}".repeat(found.rest.size() - 1));
  }

  /// A line below the one that holds an offset.
  private YamlEdit insertLine(int offset, String line) {
    int at = text.indexOf('\n', offset);
    return at < 0
        ? replace(text.length(), text.length(), newline + line + newline)
        : replace(at + 1, at + 1, line + newline);
  }

  private YamlEdit removeLines(int from, int to) {
    int end = text.indexOf('\n', Math.max(from, to - 1));
    return replace(lineStart(from), end < 0 ? text.length() : end + 1, "");
  }

  private int lineStart(int offset) {
    return text.lastIndexOf('\n', offset - 1) + 1;
  }

  private YamlEdit replace(int from, int to, String with) {
    return new YamlEdit(text.substring(0, from) + with + text.substring(to));
  }

  private int start(Node node) {
    return offset(node.getStartMark());
  }

  private int end(Node node) {
    return offset(node.getEndMark());
  }

  /// SnakeYAML counts code points.
  private int offset(Mark mark) {
    return text.offsetByCodePoints(0, mark.getIndex());
  }

  /// Where what a node says ends. A block ends for SnakeYAML only where the next thing begins.
  private int lastOffset(Node node) {
    return switch (node) {
      case MappingNode mapping when !isFlow(mapping) && !mapping.getValue().isEmpty() -> {
        NodeTuple last = mapping.getValue().getLast();
        yield Math.max(end(last.getKeyNode()) + 1, lastOffset(last.getValueNode()));
      }
      case SequenceNode sequence when !isFlow(sequence) && !sequence.getValue().isEmpty() ->
          lastOffset(sequence.getValue().getLast());
      default -> end(node);
    };
  }

  private static String flow(List<String> values) {
    return "["
        + String.join(", ", values.stream().map(value -> scalarText(value, true)).toList())
        + "]";
  }

  private static String scalarText(String value, boolean flow) {
    boolean plain =
        value.matches("[A-Za-z0-9_./~+][A-Za-z0-9_./@:+~ {}\\[\\],-]*")
            && !(flow && value.matches(".*[{}\\[\\],].*"))
            && !value.contains(": ")
            && !value.endsWith(":")
            && !value.endsWith(" ")
            && !value.matches("(?i)true|false|null|~");
    return plain ? value : doubleQuoted(value);
  }

  private static String doubleQuoted(String value) {
    return "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }
}
