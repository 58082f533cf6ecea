package dev.pvebot.integrations.console;

import dev.pvebot.commands.chat.Card;
import java.util.ArrayList;
import java.util.List;

/// Sets cards below each other so that one sees who says what to whom: a margin with the name where
/// there is room for it, threads moved right and named when they change.
final class Transcript {
  private static final String BOT = "pvebot";
  private static final int MARGIN = 9;
  private static final int THREAD = 9;
  private static final String NARROW_THREAD = "  | ";
  private static final String PERSON = "person";

  /// From here on there is room for a margin.
  private static final int ROOMY = 60;

  private final boolean names;
  private String last = "";
  private String place = "";

  /// @param names whether a margin says who speaks, where there is room
  Transcript(boolean names) {
    this.names = names;
  }

  /// A card, or the new parts of one: then its title is empty, and it is named only if something
  /// else came in between.
  List<Line> card(Shown shown, int columns, ButtonText buttons) {
    boolean roomy = columns >= ROOMY;
    String context = shown.thread().map(t -> "thread " + t).orElse("card " + shown.id());
    boolean continued = context.equals(last);
    Card card = shown.card();
    if (card.title().isEmpty() && !continued) {
      card = titled(card, shortTitle(shown));
    }
    boolean titled = !card.title().isEmpty();
    if (titled && !shown.place().isEmpty() && !shown.place().equals(place)) {
      card = titled(card, named(shown.place()) + "  " + card.title());
    }
    String margin = names && roomy ? " ".repeat(MARGIN) : "";
    var lines = new ArrayList<Line>();
    if (shown.thread().isPresent()) {
      String name = "(" + Columns.cut(Harmless.line(shown.thread().get()), 16) + ")";
      if (!roomy && !continued) {
        lines.add(Line.of(Ink.FAINT, "  " + name));
      }
      String lead =
          roomy ? (names ? margin : "  ") + Columns.padRight(name, THREAD) : NARROW_THREAD;
      lines.addAll(
          led(
              card,
              buttons,
              columns,
              titled ? lead : " ".repeat(Columns.of(lead)),
              roomy ? " " : lead));
    } else {
      boolean apart = titled && margin.isEmpty() && !last.isEmpty() && !last.equals(PERSON);
      if (apart) {
        lines.add(Line.EMPTY);
      }
      String lead = margin.isEmpty() ? "" : Columns.padRight(titled ? BOT : "", MARGIN);
      lines.addAll(led(card, buttons, columns, lead, margin));
    }
    last = context;
    place = shown.place();
    return lines;
  }

  /// @param lead before the first line
  /// @param rest before the others; widened to the lead
  private static List<Line> led(
      Card card, ButtonText buttons, int columns, String lead, String rest) {
    int width = Columns.of(lead);
    List<Line> text = CardText.fitting(columns - width).lines(card, buttons);
    var lines = new ArrayList<Line>();
    for (Line line : text) {
      String before = lines.isEmpty() ? lead : Columns.padRight(rest, width);
      boolean bare = before.isBlank() && line.columns() == 0;
      lines.add(bare || before.isEmpty() ? line : line.before(Ink.FAINT, before));
    }
    return lines;
  }

  private static Card titled(Card card, String title) {
    return new Card(card.kind(), card.tone(), title, card.body(), card.buttons(), card.facts());
  }

  private static String named(String place) {
    return place.startsWith("@") ? "(to " + place.substring(1) + ")" : place;
  }

  /// What a person said.
  List<Line> person(String speaker, String where, String text, int columns) {
    boolean roomy = columns >= ROOMY;
    String name = Harmless.line(speaker);
    String lead = roomy ? Columns.padRight(name, MARGIN - 1) + " " : name + ": ";
    if (!where.isEmpty()) {
      lead += Harmless.line(where) + "  ";
    }
    place = where;
    int indent = Columns.of(lead);
    var lines = new ArrayList<Line>();
    boolean gap = !roomy && !last.isEmpty() && !last.equals(PERSON);
    if (gap) {
      lines.add(Line.EMPTY);
    }
    List<String> wrapped =
        Columns.wrap(Harmless.line(text).strip(), Math.max(10, columns - indent));
    for (int i = 0; i < wrapped.size(); i++) {
      lines.add(
          i == 0
              ? Line.of(Ink.STRONG, lead).with(wrapped.get(i))
              : Line.of(" ".repeat(indent) + wrapped.get(i)));
    }
    last = PERSON;
    return lines;
  }

  /// The person's own terminal shows what they type; the next card needs no distance to it.
  void personTyped() {
    last = PERSON;
  }

  List<Line> note(String text, int columns) {
    last = "note";
    return Columns.wrap(Harmless.line(text), columns).stream()
        .map(l -> Line.of(Ink.FAINT, l))
        .toList();
  }

  private static String shortTitle(Shown shown) {
    String title = shown.before().map(Card::title).orElse("");
    int end = title.indexOf(" · ");
    return end < 0 ? title : title.substring(0, end);
  }
}
