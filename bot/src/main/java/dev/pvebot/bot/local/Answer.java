package dev.pvebot.bot.local;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.commands.chat.ChatPlatform;

/// What comes back over the local socket; one JSON line each, [End] last.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Answer.Shown.class, name = "card"),
  @JsonSubTypes.Type(value = Answer.Line.class, name = "line"),
  @JsonSubTypes.Type(value = Answer.End.class, name = "end")
})
public sealed interface Answer {
  /// A card was posted, or edited in place.
  record Shown(ChatPlatform.Posted posted, Card card, boolean edit) implements Answer {}

  /// A line of raw output, for example of the audit's export.
  record Line(String text) implements Answer {}

  /// Nothing more comes.
  ///
  /// @param exit the exit code of the calling process
  record End(int exit) implements Answer {}
}
