package dev.pvebot.integrations.console;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.pvebot.commands.chat.Button;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.commands.chat.ChatPlatform.Posted;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A card as one line of JSON for scripts. Keys are only ever added:
///
/// ```
/// {"type":"card", "kind":"plan", "tone":"neutral", "title":"Plan 42 · …",
///  "id":"17", "edit":false, "platform":"console", "channel":"#infra", "thread":"op-42" | null,
///  "text":["Plan 42 · …", "  + VM 1051 …"],
///  "blocks":[{"type":"text","text":…} | {"type":"fields","fields":[{"label","value","note"?}]}
///          | {"type":"table","columns":[…],"rows":[[…]]} | {"type":"effects","effects":[{"sign","text"}]}
///          | {"type":"steps","steps":[{"mark","title","elapsed","note"}]} | {"type":"literal","text":…}],
///  "buttons":[{"label","command","style":"plain|primary|danger","input"?}],
///  "facts":{…}}
/// ```
///
/// `text` is what people read, not wrapped; `facts` is the same as data, by the kind of card.
/// Values of facts that JSON does not know are written as text. Written with the streaming
/// generator: a `say` in a loop pays for no object mapper.
public final class CardJson {
  /// Wide enough that nothing wraps.
  private static final CardText UNWRAPPED = new CardText(100_000);

  /// Legal in JSON as they are, but obeyed by terminals: C1 controls, bidi controls, line
  /// separators.
  private static final Pattern OBEYED =
      Pattern.compile("[\\x7f-\\x9f\\u061c\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff]");

  private final JsonFactory factory = new JsonFactory();

  /// Writes a card, without a line end.
  ///
  /// @param edit whether it stands in the place of an earlier card with the same id
  public String line(Posted posted, Card card, boolean edit) {
    return write(json -> {
      json.writeStartObject();
      json.writeStringField("type", "card");
      json.writeStringField("kind", card.kind());
      json.writeStringField("tone", card.tone().name().toLowerCase(Locale.ROOT));
      json.writeStringField("title", card.title());
      json.writeStringField("id", posted.id());
      json.writeBooleanField("edit", edit);
      json.writeStringField("platform", posted.where().platform());
      json.writeStringField("channel", posted.where().channel());
      json.writeFieldName("thread");
      value(json, posted.where().thread().orElse(null));
      json.writeFieldName("text");
      value(json, text(card));
      json.writeArrayFieldStart("blocks");
      for (Card.Block block : card.body()) {
        block(json, block);
      }
      json.writeEndArray();
      json.writeArrayFieldStart("buttons");
      for (Button button : card.buttons()) {
        button(json, button);
      }
      json.writeEndArray();
      json.writeFieldName("facts");
      value(json, card.facts());
      json.writeEndObject();
    });
  }

  String object(Map<String, ?> fields) {
    return write(json -> value(json, fields));
  }

  private static List<String> text(Card card) {
    var body = new Card(card.kind(), card.tone(), card.title(), card.body(), List.of(), Map.of());
    return UNWRAPPED.plain(body);
  }

  private static void block(JsonGenerator json, Card.Block block) throws IOException {
    json.writeStartObject();
    switch (block) {
      case Card.Text text -> {
        json.writeStringField("type", "text");
        json.writeStringField("text", text.text());
      }
      case Card.Fields fields -> {
        json.writeStringField("type", "fields");
        json.writeArrayFieldStart("fields");
        for (Card.Field field : fields.fields()) {
          json.writeStartObject();
          json.writeStringField("label", field.label());
          json.writeStringField("value", field.value());
          if (field.note().isPresent()) {
            json.writeStringField("note", field.note().get());
          }
          json.writeEndObject();
        }
        json.writeEndArray();
      }
      case Card.Table table -> {
        json.writeStringField("type", "table");
        json.writeFieldName("columns");
        value(json, table.columns());
        json.writeFieldName("rows");
        value(json, table.rows());
      }
      case Card.Effects effects -> {
        json.writeStringField("type", "effects");
        json.writeArrayFieldStart("effects");
        for (Card.EffectLine line : effects.lines()) {
          json.writeStartObject();
          json.writeStringField("sign", String.valueOf(line.sign()));
          json.writeStringField("text", line.text());
          json.writeEndObject();
        }
        json.writeEndArray();
      }
      case Card.Steps steps -> {
        json.writeStringField("type", "steps");
        json.writeArrayFieldStart("steps");
        for (Card.StepLine line : steps.lines()) {
          json.writeStartObject();
          json.writeStringField("mark", line.mark());
          json.writeStringField("title", line.title());
          json.writeStringField("elapsed", line.elapsed());
          json.writeStringField("note", line.note());
          json.writeEndObject();
        }
        json.writeEndArray();
      }
      case Card.Literal literal -> {
        json.writeStringField("type", "literal");
        json.writeStringField("text", literal.text());
      }
    }
    json.writeEndObject();
  }

  private static void button(JsonGenerator json, Button button) throws IOException {
    json.writeStartObject();
    json.writeStringField("label", button.label());
    json.writeStringField("command", button.command());
    json.writeStringField("style", button.style().name().toLowerCase(Locale.ROOT));
    if (button.input().isPresent()) {
      json.writeStringField("input", button.input().get());
    }
    json.writeEndObject();
  }

  private static void value(JsonGenerator json, @Nullable Object value) throws IOException {
    switch (value) {
      case null -> json.writeNull();
      case Boolean b -> json.writeBoolean(b);
      case Integer i -> json.writeNumber(i);
      case Long l -> json.writeNumber(l);
      case Double d when Double.isFinite(d) -> json.writeNumber(d);
      case Float f when Float.isFinite(f) -> json.writeNumber(f);
      case BigDecimal d -> json.writeNumber(d);
      case BigInteger i -> json.writeNumber(i);
      case Map<?, ?> map -> {
        json.writeStartObject();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          json.writeFieldName(String.valueOf(entry.getKey()));
          value(json, entry.getValue());
        }
        json.writeEndObject();
      }
      case Iterable<?> list -> {
        json.writeStartArray();
        for (Object item : list) {
          value(json, item);
        }
        json.writeEndArray();
      }
      default -> json.writeString(value.toString());
    }
  }

  private interface Writing {
    void to(JsonGenerator json) throws IOException;
  }

  private String write(Writing writing) {
    var text = new StringWriter();
    try (JsonGenerator json = factory.createGenerator(text)) {
      writing.to(json);
    } catch (IOException e) {
      throw new UncheckedIOException("writing JSON to memory", e);
    }
    return OBEYED
        .matcher(text.toString())
        .replaceAll(m -> "\\\\u%04x".formatted((int) m.group().charAt(0)));
  }
}
