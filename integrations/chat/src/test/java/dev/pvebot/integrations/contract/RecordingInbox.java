package dev.pvebot.integrations.contract;

import dev.pvebot.commands.chat.Card;
import dev.pvebot.commands.chat.ChatPlatform;
import dev.pvebot.commands.chat.Inbox;
import dev.pvebot.commands.chat.Message;
import dev.pvebot.commands.chat.Speaker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// An inbox that remembers what it was told, and drops what it was told before.
public final class RecordingInbox implements Inbox {
  private final List<Message> heard = new CopyOnWriteArrayList<>();
  private final Set<String> ids = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();
  private final Map<String, List<Card>> homes = new ConcurrentHashMap<>();
  private volatile Consumer<Message> answer = _ -> {};

  /// What is done with a message that came for the first time.
  public void answerWith(Consumer<Message> answer) {
    this.answer = answer;
  }

  public void homeOf(String speaker, List<Card> cards) {
    homes.put(speaker, cards);
  }

  /// Each message once, in the order of arrival.
  public List<Message> heard() {
    return heard;
  }

  public int connections() {
    return connections.get();
  }

  @Override
  public void heard(Message message) {
    if (ids.add(message.id())) {
      heard.add(message);
      answer.accept(message);
    }
  }

  @Override
  public List<Suggestion> suggest(Speaker speaker, String typed, int most) {
    return List.of(
            new Suggestion("staging", "3 VMs"), new Suggestion("production", "6 VMs, protected"))
        .stream()
        .limit(most)
        .toList();
  }

  @Override
  public List<Card> home(Speaker speaker) {
    return homes.getOrDefault(speaker.id(), List.of());
  }

  @Override
  public void connected(ChatPlatform platform) {
    connections.incrementAndGet();
  }

  @Override
  public boolean lease(String name, Duration length) {
    return true;
  }
}
