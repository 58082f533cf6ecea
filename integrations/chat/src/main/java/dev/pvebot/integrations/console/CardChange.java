package dev.pvebot.integrations.console;

import dev.pvebot.commands.chat.Card;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// What is new in an edited card, for places where nothing can be edited in place.
///
/// Running times, percentages and counts change all the time; only a change of something else
/// matters by itself.
///
/// @param card the new parts of the card; its title is empty if that has not changed
/// @param matters whether more than figures has changed
record CardChange(Card card, boolean matters) {
  private static final Pattern FIGURE =
      Pattern.compile("[0-9]+([:.,][0-9]+)*( ?(%|ms|s|min|h|d|[KMGT]?i?B)\\b)?%?");

  /// Empty if nothing new can be seen.
  static Optional<CardChange> between(Card before, Card now) {
    return new Comparison(before).with(now);
  }

  private static String masked(String text) {
    return FIGURE.matcher(text).replaceAll("#");
  }

  private static final class Comparison {
    private final Card before;
    private final Set<String> exact = new HashSet<>();
    private final Set<String> meanings = new HashSet<>();
    private boolean matters;

    Comparison(Card before) {
      this.before = before;
      before.body().forEach(this::learn);
    }

    Optional<CardChange> with(Card now) {
      boolean titleMatters = !masked(before.title()).equals(masked(now.title()));
      matters = titleMatters || before.tone() != now.tone();
      List<Card.Block> body = now.body().stream().flatMap(b -> news(b).stream()).toList();
      boolean newButtons = !now.buttons().isEmpty() && !now.buttons().equals(before.buttons());
      matters |= newButtons;
      boolean sameTitle = before.title().equals(now.title());
      if (sameTitle && body.isEmpty() && !newButtons && before.tone() == now.tone()) {
        return Optional.empty();
      }
      String title =
          titleMatters || body.isEmpty() || before.tone() != now.tone() ? now.title() : "";
      return Optional.of(
          new CardChange(
              new Card(
                  now.kind(),
                  now.tone(),
                  title,
                  body,
                  newButtons ? now.buttons() : List.of(),
                  Map.of()),
              matters));
    }

    private void learn(Card.Block block) {
      switch (block) {
        case Card.Text text -> learn("text", text.text());
        case Card.Fields fields -> fields.fields().forEach(f -> learn(key(f), f.toString()));
        case Card.Table table -> table.rows().forEach(r -> learn("row", r.toString()));
        case Card.Effects effects -> effects.lines().forEach(e -> learn("effect", e.toString()));
        case Card.Steps steps -> steps.lines().forEach(s -> learn(key(s), "", s.toString()));
        case Card.Literal literal -> learn("literal", "", literal.text());
      }
    }

    private Optional<Card.Block> news(Card.Block block) {
      return switch (block) {
        case Card.Text text -> isNew("text", text.text()) ? Optional.of(text) : Optional.empty();
        case Card.Fields fields ->
            some(fields.fields().stream().filter(f -> isNew(key(f), f.toString())).toList())
                .map(Card.Fields::new);
        case Card.Table table ->
            some(table.rows().stream().filter(r -> isNew("row", r.toString())).toList())
                .map(rows -> new Card.Table(table.columns(), rows));
        case Card.Effects effects ->
            some(effects.lines().stream().filter(e -> isNew("effect", e.toString())).toList())
                .map(Card.Effects::new);
        case Card.Steps steps ->
            some(steps.lines().stream().filter(s -> isNew(key(s), "", s.toString())).toList())
                .map(Card.Steps::new);
        case Card.Literal literal ->
            isNew("literal", "", literal.text()) ? Optional.of(literal) : Optional.empty();
      };
    }

    private static String key(Card.Field field) {
      return "field " + field.label();
    }

    private static String key(Card.StepLine step) {
      return "step " + step.mark() + " " + step.title();
    }

    private static <T> Optional<List<T>> some(List<T> list) {
      return list.isEmpty() ? Optional.empty() : Optional.of(new ArrayList<>(list));
    }

    private void learn(String key, String text) {
      learn(key, masked(text), text);
    }

    private void learn(String key, String meaning, String text) {
      exact.add(key + "\n" + text);
      meanings.add(key + "\n" + meaning);
    }

    private boolean isNew(String key, String text) {
      return isNew(key, masked(text), text);
    }

    private boolean isNew(String key, String meaning, String text) {
      if (exact.contains(key + "\n" + text)) {
        return false;
      }
      matters |= !meanings.contains(key + "\n" + meaning);
      return true;
    }
  }
}
