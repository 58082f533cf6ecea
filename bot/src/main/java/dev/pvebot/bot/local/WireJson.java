package dev.pvebot.bot.local;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import dev.pvebot.commands.chat.Card;

/// The JSON of the local socket. The chat vocabulary stays free of annotations; the mix-in here
/// names its blocks.
public final class WireJson {
  private WireJson() {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Card.Text.class, name = "text"),
    @JsonSubTypes.Type(value = Card.Fields.class, name = "fields"),
    @JsonSubTypes.Type(value = Card.Table.class, name = "table"),
    @JsonSubTypes.Type(value = Card.Effects.class, name = "effects"),
    @JsonSubTypes.Type(value = Card.Steps.class, name = "steps"),
    @JsonSubTypes.Type(value = Card.Literal.class, name = "literal")
  })
  private interface NamedBlock {}

  public static ObjectMapper mapper() {
    return JsonMapper.builder()
        .addModule(new Jdk8Module())
        .disable(MapperFeature.AUTO_DETECT_IS_GETTERS) // a card's isX() is no part of it
        .addMixIn(Card.Block.class, NamedBlock.class)
        .build();
  }
}
