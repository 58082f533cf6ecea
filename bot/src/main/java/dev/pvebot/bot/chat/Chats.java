package dev.pvebot.bot.chat;

import dev.pvebot.commands.chat.ChatPlatform;
import dev.pvebot.commands.chat.Inbox;
import dev.pvebot.runbooks.engine.journal.ThreadLog;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The platforms that the bot is on. What the rest of the bot gets by [#named] keeps each
/// operation's thread in order; the adapters themselves know nothing of operations.
public final class Chats implements AutoCloseable {
  private final Map<String, ChatPlatform> platforms = new LinkedHashMap<>();
  private final List<ChatPlatform> adapters;

  /// @param console where threads may be called as one likes
  public Chats(ChatPlatform console, List<ChatPlatform> adapters, ThreadLog threads) {
    this.adapters = List.copyOf(adapters);
    platforms.put(console.name(), console);
    for (ChatPlatform adapter : adapters) {
      platforms.put(adapter.name(), new OperationThreads(adapter, threads, this::named));
    }
  }

  public Optional<ChatPlatform> named(String name) {
    return Optional.ofNullable(platforms.get(name));
  }

  public void start(Inbox inbox) {
    adapters.forEach(adapter -> adapter.start(inbox));
  }

  @Override
  public void close() {
    adapters.forEach(ChatPlatform::close);
  }
}
