package dev.pvebot.commands.chat;

import java.util.Optional;

/// Where something is said: a channel of a platform, perhaps a thread in it.
///
/// @param platform `console`, `slack`, `discord`
/// @param channel the platform's id of the channel
/// @param thread the platform's id of the thread; empty means the channel itself
public record Conversation(String platform, String channel, Optional<String> thread) {
  public Conversation inThread(String id) {
    return new Conversation(platform, channel, Optional.of(id));
  }
}
