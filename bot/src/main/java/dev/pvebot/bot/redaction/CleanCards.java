package dev.pvebot.bot.redaction;

import dev.pvebot.commands.chat.Button;
import dev.pvebot.commands.chat.Card;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// Takes secrets out of whole cards, their facts and buttons too.
public final class CleanCards {
  private final UnaryOperator<String> redact;

  /// @param redact takes secrets out of a text
  public CleanCards(UnaryOperator<String> redact) {
    this.redact = redact;
  }

  public Card clean(Card card) {
    return new Card(
        card.kind(),
        card.tone(),
        clean(card.title()),
        card.body().stream().map(this::clean).toList(),
        card.buttons().stream().map(this::clean).toList(),
        facts(card.facts()));
  }

  private Card.Block clean(Card.Block block) {
    return switch (block) {
      case Card.Text(String text) -> new Card.Text(clean(text));
      case Card.Literal(String text) -> new Card.Literal(clean(text));
      case Card.Fields(List<Card.Field> fields) ->
          new Card.Fields(
              fields.stream()
                  .map(field ->
                      new Card.Field(
                          clean(field.label()),
                          clean(field.value()),
                          field.note().map(this::clean)))
                  .toList());
      case Card.Table(List<String> columns, List<List<String>> rows) ->
          new Card.Table(
              columns, rows.stream().map(row -> row.stream().map(this::clean).toList()).toList());
      case Card.Effects(List<Card.EffectLine> lines) ->
          new Card.Effects(
              lines.stream()
                  .map(line -> new Card.EffectLine(line.sign(), clean(line.text())))
                  .toList());
      case Card.Steps(List<Card.StepLine> lines) ->
          new Card.Steps(
              lines.stream()
                  .map(line ->
                      new Card.StepLine(
                          line.mark(), clean(line.title()), line.elapsed(), clean(line.note())))
                  .toList());
    };
  }

  private Button clean(Button button) {
    return new Button(
        clean(button.label()),
        clean(button.command()),
        button.style(),
        button.input().map(this::clean));
  }

  private String clean(String text) {
    return redact.apply(text);
  }

  private Map<String, Object> facts(Map<String, Object> facts) {
    Map<String, Object> clean = new LinkedHashMap<>();
    facts.forEach((key, value) -> clean.put(key, fact(value)));
    return clean;
  }

  private Object fact(Object value) {
    return switch (value) {
      case String text -> clean(text);
      case Map<?, ?> map -> {
        Map<String, Object> clean = new LinkedHashMap<>();
        map.forEach((key, each) -> clean.put(String.valueOf(key), fact(each)));
        yield clean;
      }
      case List<?> list -> list.stream().map(this::fact).toList();
      default -> value;
    };
  }
}
