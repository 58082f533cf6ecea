package dev.pvebot.integrations.console;

import dev.pvebot.commands.chat.Button;
import dev.pvebot.commands.chat.Card;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Shows a card as lines of text of a width. Pure: the same card and width give the same lines.
///
/// A title may take [#TITLE_LINES] lines and is then cut with `…`, as are names in a table and
/// labels of buttons. Sentences wrap; literal text keeps its lines and is chopped where it is too
/// wide. Nothing in a card can reach the terminal as a control character (see [Harmless]).
public final class CardText {
  /// Below this nothing reads well; narrower terminals break the lines themselves.
  public static final int NARROWEST = 30;

  private static final int WIDEST = 120;
  private static final int TITLE_LINES = 3;
  private static final int BODY = 2;
  private static final int LITERAL = 4;

  /// A column with less room than this is set below instead of beside.
  private static final int READABLE = 16;

  private final int width;

  /// @param width columns, at least [#NARROWEST]
  public CardText(int width) {
    if (width < NARROWEST) {
      throw new IllegalArgumentException(
          "a card needs %d columns, but %d were given; use CardText.fitting"
              .formatted(NARROWEST, width));
    }
    this.width = width;
  }

  /// For a terminal of any width: lines are not longer than people like to read.
  public static CardText fitting(int columns) {
    return new CardText(Math.clamp(columns, NARROWEST, WIDEST));
  }

  /// The card without colours, its buttons numbered from 1.
  public List<String> plain(Card card) {
    return coloured(card, Colours.NONE);
  }

  /// The card with the colours of its tone, its buttons numbered from 1.
  public List<String> coloured(Card card, Colours colours) {
    return lines(card, ButtonText.from(1, card.buttons().size())).stream()
        .map(l -> l.coloured(colours))
        .toList();
  }

  List<Line> lines(Card card, ButtonText buttons) {
    var lines = new ArrayList<>(title(card));
    for (Card.Block block : card.body()) {
      lines.addAll(block(block));
    }
    lines.addAll(buttons(card.buttons(), buttons));
    return lines;
  }

  private List<Line> title(Card card) {
    Ink ink =
        switch (card.tone()) {
          case NEUTRAL -> Ink.STRONG;
          case GOOD -> Ink.GOOD;
          case WARNING -> Ink.WARNING;
          case BAD -> Ink.BAD;
        };
    String title = Harmless.line(card.title()).strip();
    if (title.isEmpty()) {
      return List.of();
    }
    List<String> wrapped = Columns.wrap(title, width);
    if (wrapped.size() > 1) {
      wrapped = hanging(title, width, BODY);
    }
    if (wrapped.size() > TITLE_LINES) {
      String last = wrapped.get(TITLE_LINES - 1);
      wrapped = new ArrayList<>(wrapped.subList(0, TITLE_LINES - 1));
      wrapped.add(
          Columns.cut(last + " " + " ".repeat(width) + ".", Math.min(width, Columns.of(last) + 1)));
    }
    return wrapped.stream().map(l -> Line.of(ink, l)).toList();
  }

  List<Line> block(Card.Block block) {
    int inner = width - BODY;
    List<Line> lines =
        switch (block) {
          case Card.Text text -> text(text, inner);
          case Card.Fields fields -> fields(fields.fields(), inner);
          case Card.Table table -> new TableText(inner).lines(table);
          case Card.Effects effects -> effects(effects.lines(), inner);
          case Card.Steps steps -> steps(steps.lines(), inner);
          case Card.Literal literal -> literal(literal, inner);
        };
    return lines.stream().map(l -> l.columns() == 0 ? l : l.before(" ".repeat(BODY))).toList();
  }

  private static List<Line> text(Card.Text text, int inner) {
    return Harmless.lines(text.text()).stream()
        .flatMap(l -> hanging(l, inner, indentation(l)).stream())
        .map(Line::of)
        .toList();
  }

  private static int indentation(String line) {
    return Math.min(READABLE / 2, line.length() - line.stripLeading().length());
  }

  private static List<Line> fields(List<Card.Field> fields, int inner) {
    int labels =
        fields.stream().mapToInt(f -> Columns.of(Harmless.line(f.label()))).max().orElse(0);
    int column = Math.min(labels, inner / 3) + 2;
    boolean beside = inner - column >= READABLE;
    var lines = new ArrayList<Line>();
    for (Card.Field field : fields) {
      String label = Harmless.line(field.label());
      List<String> values =
          new ArrayList<>(
              Columns.wrap(Harmless.line(field.value()), beside ? inner - column : inner - 2));
      boolean inColumn = beside && Columns.of(label) + 2 <= column;
      int indent = inColumn ? column : beside ? column : 2;
      if (!inColumn) {
        lines.add(Line.of(Ink.FAINT, Columns.cut(label, inner)));
      }
      for (int i = 0; i < values.size(); i++) {
        Line line = Line.of(values.get(i));
        boolean first = inColumn && i == 0;
        lines.add(
            first
                ? line.before(Ink.FAINT, Columns.padRight(label, column))
                : line.before(" ".repeat(indent)));
      }
      field.note().ifPresent(n -> note(lines, Harmless.line(n), indent, inner));
    }
    return lines;
  }

  private static void note(List<Line> lines, String note, int indent, int inner) {
    Line last = lines.getLast();
    if (last.columns() + 3 + Columns.of(note) <= inner) {
      lines.set(lines.size() - 1, last.with("   ").with(Ink.WARNING, note));
    } else {
      Columns.wrap(note, inner - indent)
          .forEach(l -> lines.add(Line.of(Ink.WARNING, l).before(" ".repeat(indent))));
    }
  }

  private static List<Line> effects(List<Card.EffectLine> effects, int inner) {
    var lines = new ArrayList<Line>();
    for (Card.EffectLine effect : effects) {
      Ink ink =
          switch (effect.sign()) {
            case '+' -> Ink.GOOD;
            case '~' -> Ink.WARNING;
            case '-' -> Ink.BAD;
            default -> Ink.FAINT;
          };
      String sign = Harmless.line(String.valueOf(effect.sign()));
      List<String> text = hanging(Harmless.line(effect.text()), inner - 2, 2);
      lines.add(Line.of(ink, sign).with(" " + text.getFirst()));
      text.stream().skip(1).forEach(l -> lines.add(Line.of("  " + l)));
    }
    return lines;
  }

  private static List<Line> steps(List<Card.StepLine> steps, int inner) {
    return new StepText(inner).lines(steps);
  }

  private static List<Line> literal(Card.Literal literal, int inner) {
    int room = inner - (LITERAL - BODY);
    return Harmless.lines(literal.text()).stream()
        .flatMap(l -> Columns.chopAtBlanks(l, room).stream())
        .map(l -> l.isEmpty() ? Line.EMPTY : Line.of(" ".repeat(LITERAL - BODY) + l))
        .toList();
  }

  private List<Line> buttons(List<Button> buttons, ButtonText style) {
    int inner = width - BODY;
    List<Line> labels =
        IntStream.range(0, buttons.size())
            .mapToObj(i -> style.label(i, buttons.get(i), inner))
            .toList();
    var lines = new ArrayList<Line>();
    for (Line label : labels) {
      boolean beside =
          !style.oneALine()
              && !lines.isEmpty()
              && lines.getLast().columns() + 2 + label.columns() <= width;
      if (beside) {
        Line joined = lines.removeLast().with("  ");
        for (Line.Piece piece : label.pieces()) {
          joined = joined.with(piece.ink(), piece.text());
        }
        lines.add(joined);
      } else {
        lines.add(label.before(" ".repeat(BODY)));
      }
    }
    return lines;
  }

  /// Wraps with all lines but the first moved right.
  static List<String> hanging(String text, int columns, int indent) {
    List<String> first = Columns.wrap(text, columns);
    if (first.size() == 1 || indent == 0) {
      return first;
    }
    String rest = text.substring(first.getFirst().length()).stripLeading();
    var lines = new ArrayList<String>();
    lines.add(first.getFirst());
    Columns.wrap(rest, columns - indent).forEach(l -> lines.add(" ".repeat(indent) + l));
    return lines;
  }
}
