package dev.pvebot.integrations.lab.slack;

import dev.pvebot.integrations.lab.wire.Json;
import dev.pvebot.integrations.lab.wire.Reply;
import dev.pvebot.integrations.lab.wire.Request;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The methods of Slack's Web API that a bot like ours calls.
final class WebApi {
  /// @param method for example `chat.update`
  record Made(String method, Instant at, Map<String, Object> fields) {}

  private static final Duration TRIGGER_LIFE = Duration.ofSeconds(3);
  private static final int LONGEST_TEXT = 40_000;
  private static final Pattern UPLOAD_PART =
      Pattern.compile("\\r\\n\\r\\n(.*)\\r\\n--", Pattern.DOTALL);

  private final Workspace workspace;
  private final Rates rates;
  private final InstantSource clock;
  private final java.util.function.Supplier<String> address;
  private final List<Made> made = new CopyOnWriteArrayList<>();
  private final List<String> refused = new CopyOnWriteArrayList<>();

  /// @param address `host:port` of the stand-in
  WebApi(
      Workspace workspace,
      Rates rates,
      InstantSource clock,
      java.util.function.Supplier<String> address) {
    this.workspace = workspace;
    this.rates = rates;
    this.clock = clock;
    this.address = address;
  }

  List<Made> made() {
    return List.copyOf(made);
  }

  /// What broke a rule of Slack, in the order of its coming.
  List<String> refused() {
    return List.copyOf(refused);
  }

  Reply answer(Request request) {
    if (request.path().startsWith("/upload/")) {
      return upload(request);
    }
    String method = request.path().substring(request.path().lastIndexOf('/') + 1);
    Map<String, Object> fields = Wire.form(request);
    String token =
        request
            .header("authorization")
            .map(header -> header.replaceFirst("^Bearer ", ""))
            .orElse(Wire.text(fields, "token"));
    String wanted =
        method.equals("apps.connections.open") ? SlackLab.APP_TOKEN : SlackLab.BOT_TOKEN;
    if (!token.equals(wanted)) {
      return no(token.isEmpty() ? "not_authed" : "invalid_auth", List.of(method));
    }
    Optional<Duration> wait = rates.tooMany(method, Wire.text(fields, "channel"), clock.instant());
    if (wait.isPresent()) {
      return Reply.json(429, Json.object("ok", false, "error", "ratelimited"))
          .withHeaders(Map.of("Retry-After", Long.toString(wait.get().toSeconds())));
    }
    made.add(new Made(method, clock.instant(), fields));
    return switch (method) {
      case "auth.test" ->
          yes(
                  "team_id", SlackLab.TEAM,
                  "team", "Lab",
                  "user_id", SlackLab.BOT,
                  "user", "pvebot",
                  "bot_id", "B01PVEBOT")
              .withHeaders(Map.of("x-oauth-scopes", String.join(",", SlackLab.SCOPES)));
      case "apps.connections.open" ->
          yes("url", "ws://%s/link/%s".formatted(address.get(), workspace.id("ticket")));
      case "chat.postMessage" -> post(fields);
      case "chat.postEphemeral" -> whisper(fields);
      case "chat.update" -> update(fields);
      case "users.info" ->
          workspace
              .user(Wire.text(fields, "user"))
              .map(user -> yes("user", user.json()))
              .orElseGet(() -> no("user_not_found"));
      case "views.open" -> openView(fields);
      case "views.publish" -> publish(fields);
      case "files.getUploadURLExternal" -> {
        String id = workspace.reserve(Wire.text(fields, "filename"));
        yield yes("upload_url", "http://%s/upload/%s".formatted(address.get(), id), "file_id", id);
      }
      case "files.completeUploadExternal" -> share(fields);
      default -> no("unknown_method");
    };
  }

  private Reply post(Map<String, Object> fields) {
    Optional<String> channel = workspace.channel(Wire.text(fields, "channel"));
    Optional<String> thread =
        Optional.of(Wire.text(fields, "thread_ts")).filter(ts -> !ts.isEmpty());
    if (channel.isEmpty()) {
      return no("channel_not_found");
    }
    if (thread.isPresent() && workspace.message(channel.get(), thread.get()).isEmpty()) {
      return no("invalid_thread_ts");
    }
    Optional<Reply> bad = bad(fields);
    if (bad.isPresent()) {
      return bad.get();
    }
    Workspace.Message message =
        workspace.post(
            channel.get(),
            thread,
            SlackLab.BOT,
            Wire.text(fields, "text"),
            Wire.list(fields, "blocks"));
    return yes("channel", channel.get(), "ts", message.ts(), "message", Workspace.json(message));
  }

  private Reply update(Map<String, Object> fields) {
    Optional<Reply> bad = bad(fields);
    if (bad.isPresent()) {
      return bad.get();
    }
    String channel = Wire.text(fields, "channel");
    String ts = Wire.text(fields, "ts");
    return workspace.edit(channel, ts, Wire.text(fields, "text"), Wire.list(fields, "blocks"))
        ? yes("channel", channel, "ts", ts, "text", Wire.text(fields, "text"))
        : no("message_not_found");
  }

  private Reply whisper(Map<String, Object> fields) {
    Optional<Reply> bad = bad(fields);
    if (bad.isPresent()) {
      return bad.get();
    }
    String user = Wire.text(fields, "user");
    if (!workspace.channels().containsKey(Wire.text(fields, "channel"))) {
      return no("channel_not_found");
    }
    if (workspace.user(user).isEmpty()) {
      return no("user_not_in_channel");
    }
    workspace.whisper(
        new Workspace.Whisper(
            Wire.text(fields, "channel"),
            Optional.of(Wire.text(fields, "thread_ts")).filter(ts -> !ts.isEmpty()),
            user,
            Wire.list(fields, "blocks")));
    return yes("message_ts", workspace.id("ephemeral."));
  }

  private Optional<Reply> bad(Map<String, Object> fields) {
    List<Object> blocks = Wire.list(fields, "blocks");
    List<String> errors = new ArrayList<>(BlockRules.ofMessage(blocks));
    if (Wire.text(fields, "text").length() > LONGEST_TEXT) {
      return Optional.of(no("msg_too_long"));
    }
    if (blocks.isEmpty() && Wire.text(fields, "text").isEmpty()) {
      return Optional.of(no("no_text"));
    }
    return errors.isEmpty() ? Optional.empty() : Optional.of(no("invalid_blocks", errors));
  }

  private Reply openView(Map<String, Object> fields) {
    Optional<Workspace.Trigger> trigger = workspace.useTrigger(Wire.text(fields, "trigger_id"));
    if (trigger.isEmpty()) {
      return no("exchanged_trigger_id");
    }
    if (clock.instant().isAfter(trigger.get().at().plus(TRIGGER_LIFE))) {
      return no("expired_trigger_id");
    }
    Map<String, Object> view = Wire.map(fields, "view");
    List<String> errors = BlockRules.ofView(view);
    if (!errors.isEmpty()) {
      return no("invalid_arguments", errors);
    }
    return yes("view", workspace.open(trigger.get().user(), view));
  }

  private Reply publish(Map<String, Object> fields) {
    Map<String, Object> view = Wire.map(fields, "view");
    List<String> errors = BlockRules.ofView(view);
    if (!errors.isEmpty()) {
      return no("invalid_arguments", errors);
    }
    workspace.home(Wire.text(fields, "user_id"), Wire.list(view, "blocks"));
    return yes("view", view);
  }

  private Reply upload(Request request) {
    String body = new String(request.body(), StandardCharsets.UTF_8);
    Matcher part = UPLOAD_PART.matcher(body);
    boolean multipart =
        request.header("content-type").filter(type -> type.startsWith("multipart/")).isPresent();
    workspace.upload(
        request.path().substring("/upload/".length()),
        multipart && part.find() ? part.group(1) : body);
    return Reply.of(200, "OK", "text/plain", "OK");
  }

  private Reply share(Map<String, Object> fields) {
    String channel = Wire.text(fields, "channel_id");
    if (workspace.channel(channel).isEmpty()) {
      return no("channel_not_found");
    }
    List<Object> shared = new ArrayList<>();
    for (Object each : Wire.list(fields, "files")) {
      String id = Wire.text(Wire.map(each), "id");
      if (!workspace.share(
          id, channel, Optional.of(Wire.text(fields, "thread_ts")).filter(ts -> !ts.isEmpty()))) {
        return no("file_not_found");
      }
      shared.add(Json.object("id", id));
    }
    return yes("files", shared);
  }

  private static Reply yes(Object... more) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("ok", true);
    body.putAll(Json.object(more));
    return Reply.json(200, body);
  }

  private Reply no(String error) {
    return no(error, List.of());
  }

  private Reply no(String error, List<String> reasons) {
    refused.add(error + (reasons.isEmpty() ? "" : ": " + String.join("; ", reasons)));
    return Reply.json(
        200,
        Json.object(
            "ok", false, "error", error, "response_metadata", Json.object("messages", reasons)));
  }
}
