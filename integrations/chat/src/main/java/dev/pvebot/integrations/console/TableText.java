package dev.pvebot.integrations.console;

import dev.pvebot.commands.chat.Card;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// A table in columns, numbers to the right; where it does not fit, each row becomes an entry of
/// its own: the first two cells, then the others with the names of their columns.
record TableText(int inner) {
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?[0-9][0-9.,:]*( ?(%|[KMGT]?i?B|[a-z]{1,3}))?|-|—");
  private static final int GAP = 2;

  /// A cell wider than this is a sentence; it may wrap if it stands last.
  private static final int SENTENCE = 24;

  /// One name may not push everything else off the screen.
  private static final int CELL = 48;

  List<Line> lines(Card.Table table) {
    List<String> columns = table.columns().stream().map(Harmless::line).toList();
    int count =
        Math.max(columns.size(), table.rows().stream().mapToInt(List::size).max().orElse(0));
    if (count == 0) {
      return List.of();
    }
    List<List<String>> rows =
        table.rows().stream()
            .map(r ->
                IntStream.range(0, count)
                    .mapToObj(c -> c < r.size() ? Harmless.line(r.get(c)) : "")
                    .toList())
            .toList();
    List<String> heads =
        IntStream.range(0, count).mapToObj(c -> c < columns.size() ? columns.get(c) : "").toList();
    int[] widths =
        IntStream.range(0, count)
            .map(c ->
                Math.max(
                    Columns.of(heads.get(c)),
                    rows.stream().mapToInt(r -> Columns.of(r.get(c))).max().orElse(0)))
            .toArray();
    for (int c = 0; c < count - 1; c++) {
      widths[c] = Math.min(widths[c], CELL);
    }
    int before = IntStream.of(widths).limit(count - 1).map(w -> w + GAP).sum();
    int last = Math.min(widths[count - 1], inner - before);
    if (last < Math.min(widths[count - 1], SENTENCE)) {
      return entries(heads, rows);
    }
    widths[count - 1] = last;
    return columns(heads, rows, widths);
  }

  private List<Line> columns(List<String> heads, List<List<String>> rows, int[] widths) {
    boolean[] right = new boolean[widths.length];
    for (int c = 0; c < widths.length; c++) {
      int column = c;
      right[c] =
          !rows.isEmpty()
              && rows.stream()
                  .map(r -> r.get(column))
                  .allMatch(v -> v.isEmpty() || NUMBER.matcher(v).matches());
    }
    var lines = new ArrayList<Line>();
    if (heads.stream().anyMatch(h -> !h.isEmpty())) {
      lines.addAll(row(heads, widths, right, Ink.FAINT));
    }
    if (rows.isEmpty()) {
      lines.add(Line.of(Ink.FAINT, "none"));
    }
    rows.forEach(r -> lines.addAll(row(r, widths, right, Ink.PLAIN)));
    return lines;
  }

  private static List<Line> row(List<String> cells, int[] widths, boolean[] right, Ink ink) {
    var text = new StringBuilder();
    int last = widths.length - 1;
    for (int c = 0; c < last; c++) {
      String cell = Columns.cut(cells.get(c), widths[c]);
      text.append(right[c] ? Columns.padLeft(cell, widths[c]) : Columns.padRight(cell, widths[c]))
          .repeat(' ', GAP);
    }
    List<String> tail = Columns.wrap(cells.get(last), widths[last]);
    String first = right[last] ? Columns.padLeft(tail.getFirst(), widths[last]) : tail.getFirst();
    var lines = new ArrayList<Line>();
    lines.add(Line.of(ink, text + first));
    int indent = Columns.of(text.toString());
    tail.stream().skip(1).forEach(l -> lines.add(Line.of(ink, " ".repeat(indent) + l)));
    return lines;
  }

  private List<Line> entries(List<String> heads, List<List<String>> rows) {
    if (rows.isEmpty()) {
      return List.of(Line.of(Ink.FAINT, "none"));
    }
    var lines = new ArrayList<Line>();
    for (List<String> row : rows) {
      String name = row.size() > 1 ? (row.get(0) + " " + row.get(1)).strip() : row.get(0);
      lines.add(Line.of(Ink.STRONG, Columns.cut(name, inner)));
      var facts = new ArrayList<String>();
      for (int c = 2; c < row.size(); c++) {
        if (!row.get(c).isEmpty()) {
          facts.add(heads.get(c).isEmpty() ? row.get(c) : heads.get(c) + " " + row.get(c));
        }
      }
      joined(facts).forEach(l -> lines.add(Line.of(" ".repeat(GAP) + l)));
    }
    return lines;
  }

  /// A fact is not torn from its name unless it is longer than a line.
  private List<String> joined(List<String> facts) {
    int room = inner - GAP;
    var lines = new ArrayList<String>();
    for (String fact : facts) {
      boolean fits = !lines.isEmpty() && Columns.of(lines.getLast()) + 3 + Columns.of(fact) <= room;
      if (fits) {
        lines.add(lines.removeLast() + " · " + fact);
      } else {
        lines.addAll(Columns.wrap(fact, room));
      }
    }
    return lines;
  }
}
