package dev.pvebot.bot.progress;

import dev.pvebot.commands.chat.Card;
import dev.pvebot.commands.chat.ChatPlatform;
import dev.pvebot.commands.chat.ChatPlatform.Posted;
import dev.pvebot.commands.chat.Conversation;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Says what nobody asked for just now: reminders, plans that are asked again, what concerns
/// everyone.
public final class Announcer {
  private static final Logger log = LoggerFactory.getLogger(Announcer.class);

  private final Function<String, Optional<ChatPlatform>> platforms;
  private final List<Conversation> notices;

  /// @param platforms by name; empty for one that is not connected
  /// @param notices channels that are told of what concerns everyone
  public Announcer(Function<String, Optional<ChatPlatform>> platforms, List<Conversation> notices) {
    this.platforms = platforms;
    this.notices = List.copyOf(notices);
  }

  /// @return where it stands; empty when the platform is not connected or does not take it
  public Optional<Posted> post(Conversation where, Card card) {
    try {
      Optional<Posted> posted =
          platforms.apply(where.platform()).map(platform -> platform.post(where, card));
      if (posted.isEmpty()) {
        log.warn("'{}' was not said: {} is not connected", card.title(), where.platform());
      }
      return posted;
    } catch (RuntimeException failure) {
      log.warn("'{}' could not be said: {}", card.title(), failure.getMessage());
      return Optional.empty();
    }
  }

  /// Tells the channel where something happened, and every notice channel.
  public void everyone(Conversation where, Card card) {
    Set<Conversation> channels = new LinkedHashSet<>();
    channels.add(new Conversation(where.platform(), where.channel(), Optional.empty()));
    channels.addAll(notices);
    channels.forEach(channel -> post(channel, card));
  }
}
