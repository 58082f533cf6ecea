package dev.pvebot.integrations.lab.slack;

import dev.pvebot.integrations.lab.wire.Reply;
import dev.pvebot.integrations.lab.wire.Request;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.stream.Collectors;

/// The workspace in a browser: `/` for a person to look and press, `/text` for a script,
/// `/hand/command`, `/hand/mention`, `/hand/direct`, `/hand/press` and `/hand/submit` for what
/// people do (forms: `user`, `channel`, `thread`, `text`, `ts`, `label`).
final class SlackPage {
  private static final String STYLE =
      """
      body{font:15px/1.46 Lato,'Noto Sans',sans-serif;margin:0;color:#1d1c1d;display:flex}
      nav{background:#3f0e40;color:#cfc3cf;min-height:100vh;padding:16px;width:150px}
      nav a{color:#fff;display:block;text-decoration:none;padding:2px 0}
      main{padding:12px 20px;max-width:720px;flex:1}
      .m{margin:10px 0}.m .who{font-weight:700}.m .at{color:#616061;font-size:12px;margin-left:6px}
      .t{margin-left:22px;border-left:3px solid #ddd;padding-left:12px}
      .w{background:#fff8e5;padding:4px 8px;border-radius:4px}
      p{margin:2px 0;white-space:pre-wrap;overflow-wrap:anywhere}
      pre{background:#f8f8f8;border:1px solid #ddd;border-radius:4px;padding:8px;margin:4px 0;
      overflow-x:auto;font:12px/1.5 'DejaVu Sans Mono',monospace}
      code{background:#f3f3f3;border:1px solid #ddd;border-radius:3px;padding:0 3px;color:#c01343;
      font:12px 'DejaVu Sans Mono',monospace}
      .actions{display:flex;flex-wrap:wrap;gap:8px;margin:6px 0}.actions form{margin:0}
      button{font:600 14px Lato,'Noto Sans',sans-serif;border:1px solid #bbb;border-radius:4px;
      background:#fff;padding:5px 12px}
      button.primary{background:#007a5a;border-color:#007a5a;color:#fff}
      button.danger{background:#e01e5a;border-color:#e01e5a;color:#fff}
      .modal{border:1px solid #bbb;border-radius:8px;padding:14px;margin:12px 0;box-shadow:0 4px 16px #0003}
      input[name=text]{width:70%;padding:6px}
      """;

  private final SlackLab lab;
  private final Workspace workspace;

  SlackPage(SlackLab lab, Workspace workspace) {
    this.lab = lab;
    this.workspace = workspace;
  }

  Reply answer(Request request) {
    try {
      return switch (request.method() + " " + request.path()) {
        case "GET /" -> html(page(Wire.form(request.query())));
        case "GET /text" -> Reply.of(200, "OK", "text/plain; charset=utf-8", transcript());
        case "POST /hand/command",
            "POST /hand/mention",
            "POST /hand/direct",
            "POST /hand/press",
            "POST /hand/submit" -> {
          Map<String, Object> form = Wire.form(request);
          act(request.path().substring("/hand/".length()), form);
          yield Reply.of(303, "See Other", "", "")
              .withHeaders(
                  Map.of(
                      "Location",
                      "/?user=%s&channel=%s"
                          .formatted(Wire.text(form, "user"), Wire.text(form, "channel"))));
        }
        default -> Reply.of(404, "Not Found", "text/plain", "nothing here\n");
      };
    } catch (NoSuchElementException nothing) {
      return Reply.of(409, "Conflict", "text/plain; charset=utf-8", nothing.getMessage() + "\n");
    }
  }

  private void act(String what, Map<String, Object> form) {
    String user = Wire.text(form, "user");
    String channel = Wire.text(form, "channel");
    String text = Wire.text(form, "text");
    Optional<String> thread = Optional.of(Wire.text(form, "thread")).filter(t -> !t.isEmpty());
    switch (what) {
      case "command" -> lab.command(user, channel, text.replaceFirst("^/pve\\s*", ""));
      case "mention" -> lab.mention(user, channel, thread, text);
      case "direct" -> lab.direct(user, text);
      case "press" -> lab.press(user, channel, Wire.text(form, "ts"), Wire.text(form, "label"));
      case "submit" -> lab.submit(user, text);
      default -> throw new NoSuchElementException(what);
    }
  }

  private static Reply html(String body) {
    return Reply.of(
        200,
        "OK",
        "text/html; charset=utf-8",
        "<!doctype html><meta charset=utf-8><title>Slack, in the lab</title><style>"
            + STYLE
            + "</style>"
            + body);
  }

  private String page(Map<String, Object> query) {
    List<SlackUser> users = workspace.users();
    String user =
        Optional.of(Wire.text(query, "user"))
            .filter(id -> workspace.user(id).isPresent())
            .orElse(users.getFirst().id());
    String channel =
        Optional.of(Wire.text(query, "channel"))
            .filter(id -> workspace.channel(id).isPresent())
            .orElse(workspace.channels().keySet().stream().sorted().findFirst().orElseThrow());
    return "<nav>"
        + links(user, channel)
        + "</nav><main>"
        + workspace.messages().stream()
            .filter(m -> m.channel().equals(channel) && m.thread().isEmpty())
            .map(m -> message(m, user) + thread(m, user))
            .collect(Collectors.joining())
        + workspace.whispers().stream()
            .filter(w -> w.user().equals(user) && w.channel().equals(channel))
            .map(w ->
                "<div class='m w'><span class=at>Only visible to you</span>"
                    + new BlockHtml(user, channel, "").of(w.blocks())
                    + "</div>")
            .collect(Collectors.joining())
        + form(user, channel)
        + input(user, channel)
        + "</main>";
  }

  private String links(String user, String channel) {
    return workspace.channels().entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(c -> link(user, c.getKey(), "# " + c.getValue()))
            .collect(Collectors.joining())
        + link(user, Workspace.direct(user), "pvebot (direct)")
        + "<p>You are</p>"
        + workspace.users().stream()
            .map(u -> link(u.id(), channel, (u.id().equals(user) ? "• " : "") + u.name()))
            .collect(Collectors.joining());
  }

  private static String link(String user, String channel, String label) {
    return "<a href='/?user=%s&channel=%s'>%s</a>"
        .formatted(user, channel, BlockHtml.escaped(label));
  }

  private String message(Workspace.Message message, String user) {
    String body =
        message.blocks().isEmpty()
            ? "<p>" + message.text() + "</p>" // escaped already, as Slack keeps it
            : new BlockHtml(user, message.channel(), message.ts()).of(message.blocks());
    return "<div class=m><span class=who>%s</span><span class=at>%s%s</span>%s</div>"
        .formatted(
            BlockHtml.escaped(name(message.user())),
            message.ts(),
            message.edits() > 0 ? " (edited)" : "",
            body);
  }

  private String thread(Workspace.Message root, String user) {
    return workspace.messages().stream()
        .filter(m -> m.channel().equals(root.channel()))
        .filter(m -> m.thread().filter(root.ts()::equals).isPresent())
        .map(m -> "<div class=t>" + message(m, user) + "</div>")
        .collect(Collectors.joining());
  }

  private String form(String user, String channel) {
    return workspace
        .form(user)
        .map(view ->
            "<div class=modal>"
                + BlockHtml.escaped(BlockText.of(Wire.list(view, "blocks")))
                + field("submit", user, channel, "Send")
                + "</div>")
        .orElse("");
  }

  private static String input(String user, String channel) {
    boolean direct = channel.startsWith("D");
    return field(direct ? "direct" : "command", user, channel, direct ? "Say" : "/pve")
        + (direct ? "" : field("mention", user, channel, "@pvebot"));
  }

  private static String field(String hand, String user, String channel, String label) {
    return """
    <form method=post action="/hand/%s"><input type=hidden name=user value="%s">\
    <input type=hidden name=channel value="%s"><p><button>%s</button> <input name=text></p></form>\
    """
        .formatted(hand, user, channel, label);
  }

  private String name(String user) {
    return user.equals(SlackLab.BOT)
        ? "pvebot"
        : workspace.user(user).map(SlackUser::name).orElse(user);
  }

  /// Everything that was said, for a script.
  private String transcript() {
    return workspace.messages().stream()
            .map(m ->
                "%s %s%s %s:\n%s\n"
                    .formatted(
                        m.channel(),
                        m.ts(),
                        m.thread().map(t -> " (thread " + t + ")").orElse(""),
                        name(m.user()),
                        (m.blocks().isEmpty() ? m.text() : BlockText.of(m.blocks())).indent(4)))
            .collect(Collectors.joining())
        + workspace.whispers().stream()
            .map(w ->
                "%s (to %s only):\n%s\n"
                    .formatted(w.channel(), name(w.user()), BlockText.of(w.blocks()).indent(4)))
            .collect(Collectors.joining());
  }
}
