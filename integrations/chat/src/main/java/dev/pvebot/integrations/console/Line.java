package dev.pvebot.integrations.console;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// One line on the screen: pieces of text with their ink.
record Line(List<Piece> pieces) {
  record Piece(Ink ink, String text) {}

  static final Line EMPTY = new Line(List.of());

  Line {
    pieces = List.copyOf(pieces);
  }

  static Line of(Ink ink, String text) {
    return new Line(List.of(new Piece(ink, text)));
  }

  static Line of(String text) {
    return of(Ink.PLAIN, text);
  }

  Line with(Ink ink, String text) {
    var more = new ArrayList<>(pieces);
    more.add(new Piece(ink, text));
    return new Line(more);
  }

  Line with(String text) {
    return with(Ink.PLAIN, text);
  }

  Line before(String text) {
    return before(Ink.PLAIN, text);
  }

  Line before(Ink ink, String text) {
    var more = new ArrayList<Piece>();
    more.add(new Piece(ink, text));
    more.addAll(pieces);
    return new Line(more);
  }

  int columns() {
    return pieces.stream().mapToInt(p -> Columns.of(p.text())).sum();
  }

  String plain() {
    return pieces.stream().map(Piece::text).collect(Collectors.joining()).stripTrailing();
  }

  String coloured(Colours colours) {
    if (colours == Colours.NONE) {
      return plain();
    }
    return pieces.stream()
        .map(p -> p.ink().dye(p.text(), colours))
        .collect(Collectors.joining())
        .stripTrailing();
  }
}
