package dev.pvebot.integrations.console;

import dev.pvebot.commands.chat.Card;
import java.util.ArrayList;
import java.util.List;

/// The steps of an operation: mark, title, elapsed time right aligned, note. Where the notes have
/// no room beside, they go below their step, and the times to the right edge.
record StepText(int inner) {
  private static final int MARK = 4;

  /// A title or note with less room than this reads badly beside another.
  private static final int READABLE = 16;

  /// A note is given this much beside its step, if it needs as much.
  private static final int NOTE = 28;

  List<Line> lines(List<Card.StepLine> raw) {
    List<Card.StepLine> steps =
        raw.stream()
            .map(s ->
                new Card.StepLine(
                    Harmless.line(s.mark()),
                    Harmless.line(s.title()),
                    Harmless.line(s.elapsed()),
                    Harmless.line(s.note())))
            .toList();
    int titles = steps.stream().mapToInt(s -> Columns.of(s.title())).max().orElse(0);
    int times = steps.stream().mapToInt(s -> Columns.of(s.elapsed())).max().orElse(0);
    int notes = steps.stream().mapToInt(s -> Columns.of(s.note())).max().orElse(0);
    int timeColumn = times == 0 ? 0 : times + 2;
    int noteColumn = notes == 0 ? 0 : Math.min(notes, NOTE) + 3;
    int titleRoom = Math.min(titles, inner - MARK - timeColumn - noteColumn);
    return titleRoom >= Math.min(titles, READABLE * 3 / 2)
        ? beside(steps, titleRoom, times)
        : below(steps, Math.max(READABLE, inner - MARK - timeColumn), times);
  }

  private List<Line> beside(List<Card.StepLine> steps, int titleRoom, int times) {
    int noteAt = MARK + titleRoom + (times == 0 ? 0 : times + 2) + 3;
    var lines = new ArrayList<Line>();
    for (Card.StepLine step : steps) {
      List<String> title = titleLines(step.title(), titleRoom);
      List<String> note =
          step.note().isEmpty() ? List.of() : Columns.wrap(step.note(), inner - noteAt);
      for (int i = 0; i < Math.max(title.size(), note.size()); i++) {
        boolean first = i == 0;
        Line line = first ? mark(step) : Line.of(" ".repeat(MARK));
        line =
            line.with(
                titleInk(step), Columns.padRight(i < title.size() ? title.get(i) : "", titleRoom));
        if (times > 0) {
          line = line.with(Ink.FAINT, "  " + Columns.padLeft(first ? step.elapsed() : "", times));
        }
        lines.add(i < note.size() ? line.with("   ").with(noteInk(step), note.get(i)) : line);
      }
    }
    return lines;
  }

  private List<Line> below(List<Card.StepLine> steps, int titleRoom, int times) {
    var lines = new ArrayList<Line>();
    for (Card.StepLine step : steps) {
      List<String> title = titleLines(step.title(), titleRoom);
      for (int i = 0; i < title.size(); i++) {
        Line line = i == 0 ? mark(step) : Line.of(" ".repeat(MARK));
        line = line.with(titleInk(step), Columns.padRight(title.get(i), titleRoom));
        lines.add(
            i == 0 && times > 0
                ? line.with(Ink.FAINT, "  " + Columns.padLeft(step.elapsed(), times))
                : line);
      }
      if (!step.note().isEmpty()) {
        int indent = MARK + 2;
        Columns.wrap(step.note(), inner - indent)
            .forEach(n -> lines.add(Line.of(noteInk(step), n).before(" ".repeat(indent))));
      }
    }
    return lines;
  }

  /// A step's number hangs out: `12 Provision the` continues under the `P`.
  private static List<String> titleLines(String title, int room) {
    int digits = 0;
    while (digits < title.length()
        && (Character.isDigit(title.charAt(digits)) || title.charAt(digits) == ' ')) {
      digits++;
    }
    return CardText.hanging(title, room, Math.min(digits, READABLE / 4));
  }

  private static Line mark(Card.StepLine step) {
    return Line.of(
        markInk(step), Columns.padRight(Columns.cut(step.mark().strip(), MARK - 1), MARK));
  }

  private static Ink markInk(Card.StepLine step) {
    return switch (step.mark().strip()) {
      case "ok" -> Ink.GOOD;
      case "x" -> Ink.BAD;
      case "!", "?" -> Ink.WARNING;
      case ".." -> Ink.STRONG;
      default -> Ink.FAINT;
    };
  }

  private static Ink titleInk(Card.StepLine step) {
    return switch (step.mark().strip()) {
      case "x" -> Ink.BAD;
      case "..", "?" -> Ink.STRONG;
      case "", "-" -> Ink.FAINT;
      default -> Ink.PLAIN;
    };
  }

  private static Ink noteInk(Card.StepLine step) {
    return switch (step.mark().strip()) {
      case "x" -> Ink.BAD;
      case "!", "?" -> Ink.WARNING;
      default -> Ink.PLAIN;
    };
  }
}
