package dev.pvebot.bot.answers;

import dev.pvebot.commands.chat.Button;
import dev.pvebot.commands.chat.Card;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// What deserves a look, the worst first. The first carries the mark.
public final class Findings {
  private static final int MOST_SHOWN = 6;
  private static final int MOST_BUTTONS = 4;

  /// How bad it is.
  public enum Weight {
    /// The site cannot do its work.
    BROKEN,
    /// Something is down or stuck.
    BAD,
    /// It will hurt soon, or has hurt already.
    WARNING
  }

  /// @param text one short sentence
  /// @param next a button that leads on
  private record Finding(Weight weight, String label, String text, Optional<Button> next) {}

  private final List<Finding> all = new ArrayList<>();

  /// @param command what the button says
  public void add(Weight weight, String label, String text, String button, String command) {
    all.add(new Finding(weight, label, text, Optional.of(Button.plain(button, command))));
  }

  public void add(Weight weight, String label, String text) {
    all.add(new Finding(weight, label, text, Optional.empty()));
  }

  public int count() {
    return all.size();
  }

  private List<Finding> sorted() {
    return all.stream().sorted(Comparator.comparing(Finding::weight)).toList();
  }

  /// A field for each, and one that says how many more there are.
  public List<Card.Field> fields() {
    List<Card.Field> fields = new ArrayList<>();
    List<Finding> sorted = sorted();
    for (Finding finding : sorted.stream().limit(MOST_SHOWN).toList()) {
      fields.add(
          new Card.Field(
              finding.label(),
              finding.text(),
              fields.isEmpty() ? Optional.of("<- look here first") : Optional.empty()));
    }
    if (sorted.size() > MOST_SHOWN) {
      fields.add(new Card.Field("More", "%d more".formatted(sorted.size() - MOST_SHOWN)));
    }
    return fields;
  }

  public List<Button> buttons() {
    return sorted().stream()
        .flatMap(finding -> finding.next().stream())
        .distinct()
        .limit(MOST_BUTTONS)
        .toList();
  }

  public Card.Tone tone() {
    return sorted().stream()
        .findFirst()
        .map(worst -> worst.weight() == Weight.WARNING ? Card.Tone.WARNING : Card.Tone.BAD)
        .orElse(Card.Tone.GOOD);
  }

  /// For scripts.
  public List<String> texts() {
    return sorted().stream().map(finding -> finding.label() + ": " + finding.text()).toList();
  }
}
