package dev.pvebot.runbooks.expression;

/// What came of evaluating an expression.
public sealed interface Result {
  /// @param value text, `Long`, `Double`, `Boolean`, lists, maps with text keys, optionals of these
  record Value(Object value) implements Result {}

  /// It has no value, for example because an index is out of bounds. Nothing was changed by trying.
  record Failed(String why) implements Result {}
}
