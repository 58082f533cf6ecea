package dev.pvebot.integrations.lab.slack;

import dev.pvebot.integrations.lab.wire.HttpListener;
import dev.pvebot.integrations.lab.wire.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// A workspace with one app installed: what the app sees of Slack, what people do, and what can go
/// wrong in between. Listens on loopback.
public final class SlackLab implements AutoCloseable {
  public static final String TEAM = "T01LAB";
  public static final String APP = "A01PVEBOT";
  public static final String BOT = "U00PVEBOT";
  public static final String BOT_TOKEN = "xoxb-lab-not-a-secret";
  public static final String APP_TOKEN = "xapp-lab-not-a-secret";
  public static final Set<String> SCOPES =
      new TreeSet<>(
          Set.of(
              "commands",
              "chat:write",
              "app_mentions:read",
              "im:history",
              "users:read",
              "files:write"));

  private final InstantSource clock;
  private final Workspace workspace;
  private final Rates rates = new Rates();
  private final Sockets sockets;
  private final WebApi api;
  private final HttpListener.Threads threads = new HttpListener.Threads();
  private final SlackPage page;
  private InetSocketAddress address;
  private Optional<HttpListener> listener;
  private long events;

  private SlackLab(InetSocketAddress wanted, InstantSource clock) throws IOException {
    this.clock = clock;
    this.workspace = new Workspace(clock);
    this.sockets = new Sockets(new Random(42));
    this.address = wanted;
    this.api = new WebApi(workspace, rates, clock, this::hostAndPort);
    this.page = new SlackPage(this, workspace);
    this.listener = Optional.of(listen());
    this.address = listener.orElseThrow().address();
  }

  /// On a free port of 127.0.0.1.
  public static SlackLab start(InstantSource clock) throws IOException {
    return start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), clock);
  }

  public static SlackLab start(InetSocketAddress address, InstantSource clock) throws IOException {
    return new SlackLab(address, clock);
  }

  private HttpListener listen() throws IOException {
    return new HttpListener(
        threads,
        address,
        Optional.empty(),
        request ->
            request.path().startsWith("/api/") || request.path().startsWith("/upload/")
                ? api.answer(request)
                : page.answer(request),
        request -> request.path().startsWith("/link/") ? Optional.of(sockets) : Optional.empty());
  }

  private synchronized String hostAndPort() {
    return address.getAddress().getHostAddress() + ":" + address.getPort();
  }

  /// Where the Web API answers, with a slash at its end.
  public URI api() {
    return URI.create("http://" + hostAndPort() + "/api/");
  }

  public SlackLab with(SlackUser user) {
    workspace.add(user);
    return this;
  }

  public SlackLab withChannel(String id, String name) {
    workspace.addChannel(id, name);
    return this;
  }

  // What people do.

  public Delivery command(String user, String channel, String text) {
    return sockets.deliver(
        "slash_commands",
        Json.object(
            "command",
            "/pve",
            "text",
            escaped(text),
            "team_id",
            TEAM,
            "user_id",
            user,
            "user_name",
            "do-not-trust-me",
            "channel_id",
            channel,
            "trigger_id",
            workspace.trigger(user),
            "response_url",
            "http://" + hostAndPort() + "/response/" + workspace.id("R"),
            "api_app_id",
            APP));
  }

  /// @param thread the `ts` of its first message
  public Delivery mention(String user, String channel, Optional<String> thread, String text) {
    String said = "<@%s> %s".formatted(BOT, escaped(text));
    Workspace.Message message = workspace.post(channel, thread, user, said, List.of());
    Map<String, Object> event = event(message, "app_mention");
    event.put("text", said);
    return happened(event);
  }

  public Delivery direct(String user, String text) {
    Workspace.Message message =
        workspace.post(Workspace.direct(user), Optional.empty(), user, escaped(text), List.of());
    Map<String, Object> event = event(message, "message");
    event.put("channel_type", "im");
    return happened(event);
  }

  /// Another message of a channel; reaches the app only where it may read whole channels.
  public Delivery overheard(String user, String channel, String text) {
    Workspace.Message message =
        workspace.post(channel, Optional.empty(), user, escaped(text), List.of());
    Map<String, Object> event = event(message, "message");
    event.put("channel_type", "channel");
    return happened(event);
  }

  private static Map<String, Object> event(Workspace.Message message, String type) {
    Map<String, Object> event =
        Json.object(
            "type", type,
            "user", message.user(),
            "text", message.text(),
            "ts", message.ts(),
            "event_ts", message.ts(),
            "team", TEAM,
            "channel", message.channel());
    message.thread().ifPresent(thread -> event.put("thread_ts", thread));
    return event;
  }

  public Delivery openHome(String user) {
    return happened(
        Json.object(
            "type", "app_home_opened",
            "user", user,
            "channel", Workspace.direct(user),
            "tab", "home",
            "event_ts", "1.0"));
  }

  /// Says that an account has changed, and how it is now.
  public Delivery change(SlackUser user) {
    workspace.add(user);
    return happened(Json.object("type", "user_change", "user", user.json(), "event_ts", "1.0"));
  }

  private synchronized Delivery happened(Map<String, Object> event) {
    return sockets.deliver(
        "events_api",
        Json.object(
            "type",
            "event_callback",
            "event_id",
            "Ev%08d".formatted(++events),
            "event_time",
            clock.instant().getEpochSecond(),
            "team_id",
            TEAM,
            "api_app_id",
            APP,
            "event",
            event));
  }

  /// @throws NoSuchElementException if no such button can be seen there now
  public Delivery press(String user, String channel, String ts, String label) {
    Workspace.Message message = workspace.message(channel, ts).orElseThrow();
    Map<String, Object> button =
        message.blocks().stream()
            .map(Wire::map)
            .filter(block -> "actions".equals(block.get("type")))
            .flatMap(block -> Wire.list(block, "elements").stream())
            .map(Wire::map)
            .filter(element -> BlockText.label(element).equals(label))
            .findFirst()
            .orElseThrow(() ->
                new NoSuchElementException(
                    "no button '%s' in:%n%s".formatted(label, BlockText.of(message.blocks()))));
    Map<String, Object> container =
        Json.object(
            "type", "message", "message_ts", ts, "channel_id", channel, "is_ephemeral", false);
    message.thread().ifPresent(thread -> container.put("thread_ts", thread));
    Instant now = clock.instant();
    return sockets.deliver(
        "interactive",
        Json.object(
            "type",
            "block_actions",
            "user",
            Json.object("id", user, "team_id", TEAM, "name", "do-not-trust-me"),
            "team",
            Json.object("id", TEAM, "domain", "lab"),
            "api_app_id",
            APP,
            "trigger_id",
            workspace.trigger(user),
            "container",
            container,
            "channel",
            Json.object("id", channel, "name", "lab"),
            "message",
            Workspace.json(message),
            "response_url",
            "http://" + hostAndPort() + "/response/" + workspace.id("R"),
            "actions",
            List.of(
                Json.object(
                    "type", "button",
                    "action_id", Wire.text(button, "action_id"),
                    "block_id", "b",
                    "value", Wire.text(button, "value"),
                    "text", Wire.map(button, "text"),
                    "action_ts", "%d.%09d".formatted(now.getEpochSecond(), now.getNano())))));
  }

  /// Whether a person has a form before them.
  public boolean hasForm(String user) {
    return workspace.form(user).isPresent();
  }

  /// Sends the form that a person has before them.
  public Delivery submit(String user, String typed) {
    Map<String, Object> view = workspace.form(user).orElseThrow();
    workspace.closeForm(user);
    Map<String, Object> block =
        Wire.list(view, "blocks").stream()
            .map(Wire::map)
            .filter(b -> "input".equals(b.get("type")))
            .findFirst()
            .orElseThrow();
    view.put(
        "state",
        Json.object(
            "values",
            Json.object(
                Wire.text(block, "block_id"),
                Json.object(
                    Wire.text(Wire.map(block, "element"), "action_id"),
                    Json.object("type", "plain_text_input", "value", typed)))));
    return sockets.deliver(
        "interactive",
        Json.object(
            "type",
            "view_submission",
            "team",
            Json.object("id", TEAM, "domain", "lab"),
            "user",
            Json.object("id", user, "team_id", TEAM),
            "api_app_id",
            APP,
            "trigger_id",
            workspace.trigger(user),
            "view",
            view));
  }

  private static String escaped(String typed) {
    return typed.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  // What people see.

  /// @return the text of one message now, buttons as `[Label]`
  public String read(String channel, String ts) {
    return BlockText.of(workspace.message(channel, ts).orElseThrow().blocks());
  }

  /// The `ts` of the bot's messages in a channel, outside of threads, oldest first.
  public List<String> posted(String channel) {
    return workspace.messages().stream()
        .filter(m -> m.channel().equals(channel))
        .filter(m -> m.user().equals(BOT) && m.thread().isEmpty())
        .map(Workspace.Message::ts)
        .toList();
  }

  /// What the bot says in a thread, one text a message.
  public List<String> thread(String channel, String ts) {
    return workspace.messages().stream()
        .filter(m -> m.channel().equals(channel))
        .filter(m -> m.thread().filter(ts::equals).isPresent() && m.user().equals(BOT))
        .map(m -> BlockText.of(m.blocks()))
        .toList();
  }

  public List<String> whispers(String user) {
    return workspace.whispers().stream()
        .filter(whisper -> whisper.user().equals(user))
        .map(whisper -> BlockText.of(whisper.blocks()))
        .toList();
  }

  public String home(String user) {
    return BlockText.of(workspace.home(user));
  }

  /// Name and content of every file that was shared.
  public Map<String, String> files() {
    return workspace.files().stream()
        .collect(Collectors.toMap(Workspace.File::name, Workspace.File::content, (a, b) -> b));
  }

  /// Whom the bot's messages called.
  public int pings() {
    return workspace.pings();
  }

  /// When the app called a method, for example `chat.update`.
  public List<Instant> calls(String method) {
    return api.made().stream()
        .filter(call -> call.method().equals(method))
        .map(WebApi.Made::at)
        .toList();
  }

  /// When the app edited one message.
  public List<Instant> edits(String ts) {
    return api.made().stream()
        .filter(call -> call.method().equals("chat.update"))
        .filter(call -> ts.equals(call.fields().get("ts")))
        .map(WebApi.Made::at)
        .toList();
  }

  /// Every field of every call, for looking for what should not be there.
  public String everythingSent() {
    return api.made().stream()
        .map(call -> Json.write(call.fields()))
        .collect(Collectors.joining("\n"));
  }

  /// The rules of Slack that the app broke.
  public List<String> refused() {
    return api.refused();
  }

  // What can go wrong.

  /// The next calls of a method are told to wait.
  public void tooMany(String method, int times, Duration retryAfter) {
    rates.force(method, times, retryAfter);
  }

  public void withoutRateLimits() {
    rates.lift();
  }

  /// Each delivery is sent so often from now on.
  public void sendEachTimes(int times) {
    sockets.sendEachTimes(times);
  }

  public void hold() {
    sockets.hold();
  }

  public void releaseInWrongOrder() {
    sockets.releaseInWrongOrder();
  }

  /// Asks the app to connect anew, as Slack does every few hours.
  public void disconnect(String reason) {
    sockets.disconnect(reason);
  }

  /// The sockets stay open, and nothing comes or goes on them any more.
  public void fallSilent() {
    sockets.fallSilent();
  }

  /// Cuts every socket.
  public void cut() {
    sockets.reset();
  }

  /// Nothing answers any more.
  public synchronized void goDown() {
    listener.ifPresent(HttpListener::close);
    listener = Optional.empty();
    sockets.reset();
  }

  public synchronized void comeUp() throws IOException {
    if (listener.isEmpty()) {
      listener = Optional.of(listen());
    }
  }

  public int connections() {
    return sockets.connections();
  }

  /// How many sockets were opened since the beginning.
  public int greeted() {
    return sockets.greeted();
  }

  public int unacknowledged() {
    return sockets.unacknowledged();
  }

  @Override
  public synchronized void close() {
    listener.ifPresent(HttpListener::close);
    threads.close();
  }
}
