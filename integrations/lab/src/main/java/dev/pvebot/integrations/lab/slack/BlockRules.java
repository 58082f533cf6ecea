package dev.pvebot.integrations.lab.slack;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Limits of Block Kit as Slack's reference gives them (docs.slack.dev/reference/block-kit). What
/// breaks one is refused with `invalid_blocks` and the reason.
final class BlockRules {
  private static final int MESSAGE_BLOCKS = 50;
  private static final int VIEW_BLOCKS = 100;
  private static final int ALL_TEXT = 13_000;

  private final List<String> errors = new ArrayList<>();
  private int text;

  private BlockRules() {}

  static List<String> ofMessage(List<Object> blocks) {
    return check(blocks, MESSAGE_BLOCKS);
  }

  static List<String> ofView(Map<String, Object> view) {
    List<String> errors = new ArrayList<>(check(Wire.list(view, "blocks"), VIEW_BLOCKS));
    if ("modal".equals(view.get("type"))) {
      for (String part : List.of("title", "submit", "close")) {
        String label = Wire.text(Wire.map(view, part), "text");
        if (label.length() > 24 || (part.equals("title") && label.isEmpty())) {
          errors.add(part + ": 1 to 24 characters");
        }
      }
      if (Wire.text(view, "private_metadata").length() > 3_000) {
        errors.add("private_metadata: more than 3000 characters");
      }
    }
    return errors;
  }

  private static List<String> check(List<Object> blocks, int most) {
    BlockRules rules = new BlockRules();
    if (blocks.size() > most) {
      rules.errors.add("no more than %d blocks, found %d".formatted(most, blocks.size()));
    }
    blocks.forEach(block -> rules.block(Wire.map(block)));
    if (rules.text > ALL_TEXT) {
      rules.errors.add("msg_blocks_too_long: " + rules.text);
    }
    return rules.errors;
  }

  private void block(Map<String, Object> block) {
    longest(block, "block_id", 255);
    switch (Wire.text(block, "type")) {
      case "rich_text" -> richText(block);
      case "section" -> {
        Map<String, Object> said = Wire.map(block, "text");
        longest(said, "text", 3_000);
        text += Wire.text(said, "text").length();
      }
      case "header" -> longest(Wire.map(block, "text"), "text", 150);
      case "context" -> most(Wire.list(block, "elements"), 10, "context elements");
      case "divider" -> {
        // nothing in it
      }
      case "actions" -> {
        List<Object> elements = Wire.list(block, "elements");
        most(elements, 25, "elements of actions");
        long ids =
            elements.stream().map(e -> Wire.text(Wire.map(e), "action_id")).distinct().count();
        if (ids < elements.size() || elements.isEmpty()) {
          errors.add("actions: at least one element, each with an action_id of its own");
        }
        elements.forEach(element -> button(Wire.map(element)));
      }
      case "input" -> {
        longest(Wire.map(block, "label"), "text", 2_000);
        if (Wire.map(block, "element").isEmpty()) {
          errors.add("input: no element");
        }
      }
      default -> errors.add("unsupported type: " + block.get("type"));
    }
  }

  private void richText(Map<String, Object> block) {
    List<Object> parts = Wire.list(block, "elements");
    if (parts.isEmpty()) {
      errors.add("rich_text: no elements");
    }
    for (Object part : parts) {
      Map<String, Object> section = Wire.map(part);
      List<Object> elements = Wire.list(section, "elements");
      if (elements.isEmpty()) {
        errors.add(section.get("type") + ": no elements");
      }
      for (Object element : elements) {
        String said = Wire.text(Wire.map(element), "text");
        if ("text".equals(Wire.map(element).get("type")) && said.isEmpty()) {
          errors.add("rich_text: empty text");
        }
        text += said.length();
      }
    }
  }

  private void button(Map<String, Object> button) {
    if (!"button".equals(button.get("type"))) {
      errors.add("actions: a button was expected");
    }
    longest(Wire.map(button, "text"), "text", 75);
    longest(button, "value", 2_000);
    longest(button, "action_id", 255);
    if (button.containsKey("style")
        && !List.of("primary", "danger").contains(button.get("style"))) {
      errors.add("button: style is primary or danger");
    }
  }

  private void longest(Map<String, Object> map, String key, int most) {
    if (Wire.text(map, key).length() > most) {
      errors.add("%s: more than %d characters".formatted(key, most));
    }
  }

  private void most(List<Object> list, int most, String what) {
    if (list.size() > most) {
      errors.add("%s: more than %d".formatted(what, most));
    }
  }
}
