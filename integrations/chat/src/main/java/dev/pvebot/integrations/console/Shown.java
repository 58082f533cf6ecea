package dev.pvebot.integrations.console;

import dev.pvebot.commands.chat.Card;
import dev.pvebot.commands.chat.ChatPlatform.Posted;
import java.util.Optional;

/// A card on its way to the screen.
///
/// @param place the channel, where it is not the one the person sits in; else empty
/// @param before what stood in its place, if it is an edit of a card that this console has shown
/// @param edit whether it is an edit, of whatever card
record Shown(
    Posted posted,
    Card card,
    String place,
    Optional<Card> before,
    boolean edit,
    ButtonText.Numbered numbers) {

  Shown as(Card other) {
    return new Shown(posted, other, place, before, edit, numbers);
  }

  String id() {
    return posted.id();
  }

  Optional<String> thread() {
    return posted.where().thread();
  }
}
