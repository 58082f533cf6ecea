package dev.pvebot.integrations.slack;

import dev.pvebot.commands.chat.Card;
import java.util.stream.Collectors;

/// A whole card as plain text, for a file beside the card that was shortened.
final class CardWords {
  private CardWords() {}

  static String of(Card card) {
    return card.title()
        + "\n\n"
        + card.body().stream().map(CardWords::block).collect(Collectors.joining("\n\n"))
        + card.buttons().stream()
            .map(button -> "\n[%s]  %s".formatted(button.label(), button.command()))
            .collect(Collectors.joining("", "\n", "\n"));
  }

  private static String block(Card.Block block) {
    return switch (block) {
      case Card.Text text -> text.text();
      case Card.Literal literal -> literal.text();
      case Card.Fields fields ->
          fields.fields().stream()
              .map(f ->
                  "%s  %s%s"
                      .formatted(f.label(), f.value(), f.note().map(n -> "   " + n).orElse("")))
              .collect(Collectors.joining("\n"));
      case Card.Table table ->
          String.join("\t", table.columns())
              + table.rows().stream()
                  .map(row -> "\n" + String.join("\t", row))
                  .collect(Collectors.joining());
      case Card.Effects effects ->
          effects.lines().stream()
              .map(line -> line.sign() + " " + line.text())
              .collect(Collectors.joining("\n"));
      case Card.Steps steps ->
          steps.lines().stream()
              .map(s -> "%-2s %s  %s  %s".formatted(s.mark(), s.title(), s.elapsed(), s.note()))
              .collect(Collectors.joining("\n"));
    };
  }
}
