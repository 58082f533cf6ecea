package dev.pvebot.integrations.lab.slack;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// What a person reads in blocks, as plain text; buttons as `[Label]`.
final class BlockText {
  private BlockText() {}

  static String of(List<Object> blocks) {
    return blocks.stream().map(block -> block(Wire.map(block))).collect(Collectors.joining("\n"));
  }

  private static String block(Map<String, Object> block) {
    return switch (Wire.text(block, "type")) {
      case "rich_text" ->
          Wire.list(block, "elements").stream()
              .map(part ->
                  Wire.list(Wire.map(part), "elements").stream()
                      .map(element -> Wire.text(Wire.map(element), "text"))
                      .collect(Collectors.joining()))
              .collect(Collectors.joining("\n"));
      case "section", "header" -> Wire.text(Wire.map(block, "text"), "text");
      case "actions" ->
          Wire.list(block, "elements").stream()
              .map(button -> "[" + label(Wire.map(button)) + "]")
              .collect(Collectors.joining("  "));
      case "input" -> Wire.text(Wire.map(block, "label"), "text");
      default -> "";
    };
  }

  static String label(Map<String, Object> button) {
    return Wire.text(Wire.map(button, "text"), "text");
  }
}
