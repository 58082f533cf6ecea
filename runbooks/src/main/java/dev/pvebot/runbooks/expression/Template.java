package dev.pvebot.runbooks.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A scalar of a runbook: plain text, one `{{ … }}` that keeps its type, or text with holes.
///
/// @param parts in order; empty for the empty text
public record Template(List<Part> parts) {
  public Template {
    parts = List.copyOf(parts);
  }

  public sealed interface Part {}

  /// @param text as it stands
  public record Literal(String text) implements Part {}

  /// @param expression what is between the braces, trimmed
  /// @param offset where the expression begins in the scalar, in characters
  public record Hole(String expression, int offset) implements Part {}

  /// A scalar whose braces do not close.
  public static final class Unclosed extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final int offset;

    Unclosed(int offset) {
      super("'{{' without '}}'");
      this.offset = offset;
    }

    /// Where the braces open, in characters from the beginning.
    public int offset() {
      return offset;
    }
  }

  /// Reads a scalar.
  ///
  /// @throws Unclosed when braces do not close
  public static Template parse(String text) {
    List<Part> parts = new ArrayList<>();
    int from = 0;
    while (true) {
      int open = text.indexOf("{{", from);
      if (open < 0) {
        if (from < text.length()) {
          parts.add(new Literal(text.substring(from)));
        }
        return new Template(parts);
      }
      if (open > from) {
        parts.add(new Literal(text.substring(from, open)));
      }
      int close = end(text, open + 2);
      if (close < 0) {
        throw new Unclosed(open);
      }
      String inside = text.substring(open + 2, close);
      int lead = inside.length() - inside.stripLeading().length();
      parts.add(new Hole(inside.strip(), open + 2 + lead));
      from = close + 2;
    }
  }

  /// Where `}}` closes, skipping CEL's own strings and braces (`{{ {'a': {'b': 1}} }}`).
  private static int end(String text, int from) {
    int depth = 0;
    char quote = 0;
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quote != 0) {
        if (c == '\\') {
          i++;
        } else if (c == quote) {
          quote = 0;
        }
      } else if (c == '\'' || c == '"') {
        quote = c;
      } else if (c == '{') {
        depth++;
      } else if (c == '}') {
        if (depth == 0) {
          return text.startsWith("}}", i) ? i : -1;
        }
        depth--;
      }
    }
    return -1;
  }

  public boolean isLiteral() {
    return parts.stream().allMatch(Literal.class::isInstance);
  }

  /// The text, when there is no hole in it.
  public Optional<String> literal() {
    return isLiteral()
        ? Optional.of(
            String.join(
                "",
                parts.stream().map(part -> part instanceof Literal(String t) ? t : "").toList()))
        : Optional.empty();
  }

  /// The one hole, when the scalar is nothing else: its value keeps its type.
  public Optional<Hole> exact() {
    List<Part> solid =
        parts.stream()
            .filter(part -> !(part instanceof Literal(String text) && text.isBlank()))
            .toList();
    return solid.size() == 1 && solid.getFirst() instanceof Hole hole
        ? Optional.of(hole)
        : Optional.empty();
  }

  /// The whole as one expression: the hole itself, or a concatenation of text.
  public String asExpression() {
    return exact()
        .map(Hole::expression)
        .orElseGet(() ->
            parts.isEmpty()
                ? "''"
                : String.join(
                    " + ",
                    parts.stream()
                        .map(part ->
                            switch (part) {
                              case Literal(String text) -> Literals.text(text);
                              case Hole(String expression, int _) -> "string(" + expression + ")";
                            })
                        .toList()));
  }
}
