package dev.pvebot.integrations.lab.slack;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Blocks as a browser shows them, close to what a Slack client makes of them. Buttons are forms.
final class BlockHtml {
  private final String user;
  private final String channel;
  private final String ts;

  /// @param user whose hand presses the buttons
  BlockHtml(String user, String channel, String ts) {
    this.user = user;
    this.channel = channel;
    this.ts = ts;
  }

  String of(List<Object> blocks) {
    return blocks.stream().map(block -> block(Wire.map(block))).collect(Collectors.joining());
  }

  private String block(Map<String, Object> block) {
    return switch (Wire.text(block, "type")) {
      case "rich_text" ->
          Wire.list(block, "elements").stream()
              .map(part -> part(Wire.map(part)))
              .collect(Collectors.joining());
      case "section", "header" ->
          "<p>" + escaped(Wire.text(Wire.map(block, "text"), "text")) + "</p>";
      case "divider" -> "<hr>";
      case "actions" ->
          "<div class=actions>"
              + Wire.list(block, "elements").stream()
                  .map(button -> button(Wire.map(button)))
                  .collect(Collectors.joining())
              + "</div>";
      default -> "";
    };
  }

  private static String part(Map<String, Object> part) {
    String inside =
        Wire.list(part, "elements").stream()
            .map(element -> text(Wire.map(element)))
            .collect(Collectors.joining());
    return "rich_text_preformatted".equals(part.get("type"))
        ? "<pre>" + inside + "</pre>"
        : "<p>" + inside + "</p>";
  }

  private static String text(Map<String, Object> element) {
    Map<String, Object> style = Wire.map(element, "style");
    String text = escaped(Wire.text(element, "text"));
    if (Boolean.TRUE.equals(style.get("code"))) {
      text = "<code>" + text + "</code>";
    }
    return Boolean.TRUE.equals(style.get("bold")) ? "<b>" + text + "</b>" : text;
  }

  private String button(Map<String, Object> button) {
    return """
    <form method=post action="/hand/press"><input type=hidden name=user value="%s">\
    <input type=hidden name=channel value="%s"><input type=hidden name=ts value="%s">\
    <input type=hidden name=label value="%s"><button class="%s">%s</button></form>\
    """
        .formatted(
            user,
            channel,
            ts,
            escaped(BlockText.label(button)),
            Wire.text(button, "style"),
            escaped(BlockText.label(button)));
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
