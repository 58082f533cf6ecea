package dev.pvebot.integrations.lab.slack;

import dev.pvebot.integrations.lab.wire.Json;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What stands in the workspace: people, channels, messages, forms, Home pages, files.
final class Workspace {
  /// @param ts Slack's id of a message in its channel
  record Message(
      String channel,
      String ts,
      Optional<String> thread,
      String user,
      String text,
      List<Object> blocks,
      int edits) {}

  /// Seen by one person only.
  record Whisper(String channel, Optional<String> thread, String user, List<Object> blocks) {}

  record Trigger(String user, Instant at) {}

  record File(String name, String content, Optional<String> channel, Optional<String> thread) {}

  private final InstantSource clock;
  private final Map<String, SlackUser> users = new LinkedHashMap<>();
  private final Map<String, String> channels = new LinkedHashMap<>();
  private final List<Message> messages = new ArrayList<>();
  private final List<Whisper> whispers = new ArrayList<>();
  private final Map<String, Trigger> triggers = new LinkedHashMap<>();
  private final Map<String, Map<String, Object>> views = new LinkedHashMap<>();
  private final Map<String, List<Object>> homes = new LinkedHashMap<>();
  private final Map<String, File> files = new LinkedHashMap<>();
  private long ids;
  private int pings;

  Workspace(InstantSource clock) {
    this.clock = clock;
  }

  synchronized void add(SlackUser user) {
    users.put(user.id(), user);
  }

  synchronized Optional<SlackUser> user(String id) {
    return Optional.ofNullable(users.get(id));
  }

  synchronized List<SlackUser> users() {
    return List.copyOf(users.values());
  }

  synchronized void addChannel(String id, String name) {
    channels.put(id, name);
  }

  synchronized Map<String, String> channels() {
    return Map.copyOf(channels);
  }

  /// The channel of direct messages between a person and the bot.
  static String direct(String user) {
    return "D" + user.substring(1);
  }

  /// Where a message to `place` goes: a person's id means the direct messages with them.
  synchronized Optional<String> channel(String place) {
    if (users.containsKey(place)) {
      return Optional.of(direct(place));
    }
    boolean known =
        channels.containsKey(place)
            || users.keySet().stream().map(Workspace::direct).anyMatch(place::equals);
    return known ? Optional.of(place) : Optional.empty();
  }

  synchronized String id(String prefix) {
    return prefix + String.format("%08d", ++ids);
  }

  synchronized Message post(
      String channel, Optional<String> thread, String user, String text, List<Object> blocks) {
    String ts = "%d.%06d".formatted(clock.instant().getEpochSecond(), ++ids);
    Message message = new Message(channel, ts, thread, user, text, blocks, 0);
    messages.add(message);
    if (user.equals(SlackLab.BOT)) {
      pings += Pings.of(text, blocks);
    }
    return message;
  }

  synchronized Optional<Message> message(String channel, String ts) {
    return messages.stream()
        .filter(m -> m.channel().equals(channel) && m.ts().equals(ts))
        .findFirst();
  }

  synchronized boolean edit(String channel, String ts, String text, List<Object> blocks) {
    for (int i = 0; i < messages.size(); i++) {
      Message old = messages.get(i);
      if (old.channel().equals(channel) && old.ts().equals(ts) && old.user().equals(SlackLab.BOT)) {
        messages.set(
            i, new Message(channel, ts, old.thread(), old.user(), text, blocks, old.edits() + 1));
        pings += Pings.of(text, blocks);
        return true;
      }
    }
    return false;
  }

  synchronized List<Message> messages() {
    return List.copyOf(messages);
  }

  synchronized void whisper(Whisper whisper) {
    whispers.add(whisper);
    pings += Pings.of("", whisper.blocks());
  }

  synchronized List<Whisper> whispers() {
    return List.copyOf(whispers);
  }

  synchronized int pings() {
    return pings;
  }

  synchronized String trigger(String user) {
    String id = id("trigger.");
    triggers.put(id, new Trigger(user, clock.instant()));
    return id;
  }

  /// A trigger is good once.
  synchronized Optional<Trigger> useTrigger(String id) {
    return Optional.ofNullable(triggers.remove(id));
  }

  synchronized Map<String, Object> open(String user, Map<String, Object> view) {
    Map<String, Object> opened = new LinkedHashMap<>(view);
    opened.put("id", id("V"));
    opened.put("team_id", SlackLab.TEAM);
    views.put(user, opened);
    return opened;
  }

  /// The form that a person has before them.
  synchronized Optional<Map<String, Object>> form(String user) {
    return Optional.ofNullable(views.get(user));
  }

  synchronized void closeForm(String user) {
    views.remove(user);
  }

  synchronized void home(String user, List<Object> blocks) {
    homes.put(user, blocks);
  }

  synchronized List<Object> home(String user) {
    return homes.getOrDefault(user, List.of());
  }

  synchronized String reserve(String name) {
    String id = id("F");
    files.put(id, new File(name, "", Optional.empty(), Optional.empty()));
    return id;
  }

  synchronized void upload(String id, String content) {
    files.computeIfPresent(
        id, (_, file) -> new File(file.name(), content, file.channel(), file.thread()));
  }

  synchronized boolean share(String id, String channel, Optional<String> thread) {
    File file = files.get(id);
    if (file == null) {
      return false;
    }
    files.put(id, new File(file.name(), file.content(), Optional.of(channel), thread));
    return true;
  }

  synchronized List<File> files() {
    return files.values().stream().filter(file -> file.channel().isPresent()).toList();
  }

  static Map<String, Object> json(Message message) {
    Map<String, Object> json =
        Json.object(
            "type", "message",
            "user", message.user(),
            "text", message.text(),
            "ts", message.ts(),
            "blocks", message.blocks());
    message.thread().ifPresent(thread -> json.put("thread_ts", thread));
    return json;
  }
}
