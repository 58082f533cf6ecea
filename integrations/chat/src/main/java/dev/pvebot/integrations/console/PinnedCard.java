package dev.pvebot.integrations.console;

import dev.pvebot.commands.chat.Card;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A running operation in as many lines as the screen can spare: whole if it fits, else without the
/// steps that are done or to come, else its first lines and its buttons.
final class PinnedCard {
  private static final Set<String> QUIET = Set.of("ok", "", "-");

  private PinnedCard() {}

  static List<Line> lines(Shown shown, int columns, int rows) {
    List<Line> whole = text(shown, columns);
    if (whole.size() <= rows) {
      return whole;
    }
    List<Line> lively = text(shown.as(lively(shown.card())), columns);
    if (lively.size() <= rows) {
      return lively;
    }
    var cut = new ArrayList<>(lively.subList(0, rows - 2));
    cut.add(Line.of(Ink.FAINT, "  …"));
    cut.add(lively.getLast());
    return cut;
  }

  private static List<Line> text(Shown shown, int columns) {
    return CardText.fitting(columns).lines(shown.card(), shown.numbers());
  }

  private static Card lively(Card card) {
    var body = new ArrayList<Card.Block>();
    for (Card.Block block : card.body()) {
      if (block instanceof Card.Steps steps) {
        List<Card.StepLine> lines =
            steps.lines().stream().filter(s -> !QUIET.contains(s.mark().strip())).toList();
        long done = steps.lines().stream().filter(s -> s.mark().strip().equals("ok")).count();
        body.add(new Card.Text("%d of %d steps done".formatted(done, steps.lines().size())));
        body.add(new Card.Steps(lines));
      }
    }
    return new Card(card.kind(), card.tone(), card.title(), body, card.buttons(), Map.of());
  }
}
