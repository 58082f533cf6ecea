package dev.pvebot.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// What the interpreter says back: questions for what is missing, and commands that would do.
final class Wording {
  private static final Map<String, String> QUESTIONS =
      Map.ofEntries(
          Map.entry("vm", "Which VM?"),
          Map.entry("cluster", "Which cluster?"),
          Map.entry("node", "Which node?"),
          Map.entry("template", "Clone which template?"),
          Map.entry("version", "To which version?"),
          Map.entry("name", "Which name?"),
          Map.entry("size", "How much? For example +50G."),
          Map.entry("cores", "What shall change: cores, memory, address?"),
          Map.entry("storage", "Which storage?"),
          Map.entry("disk", "Which disk? For example scsi0."),
          Map.entry("add", "Which tag?"),
          Map.entry("remove", "Which tag?"),
          Map.entry("op", "Which operation?"),
          Map.entry("upid", "Which task? It begins with UPID:"),
          Map.entry("playbook", "Which playbook?"),
          Map.entry("runbook", "Which runbook?"),
          Map.entry("url", "From which address (https://…)?"),
          Map.entry("aspect", "What of it: network, repos, certs, ntp?"),
          Map.entry("schedule", "Which schedule?"));

  private Wording() {}

  static String question(List<String> group) {
    return QUESTIONS.getOrDefault(group.getFirst(), "Which %s?".formatted(group.getFirst()));
  }

  /// The command in the slash form, as a button says it.
  static String slash(String intent, Map<String, Object> args) {
    List<String> words = new ArrayList<>(List.of(intent.replace('.', ' ')));
    args.forEach((name, value) -> words.add(word(name, value)));
    return String.join(" ", words);
  }

  private static String word(String name, Object value) {
    String text =
        value instanceof List<?> list
            ? list.stream().map(Object::toString).collect(Collectors.joining(","))
            : value.toString();
    if (name.equals("set")) {
      return text; // these are pairs already
    }
    boolean plain =
        switch (name) {
          case "vm", "node", "cluster", "op", "upid", "url", "size" -> true;
          default -> false;
        };
    String shown = text.indexOf(' ') >= 0 ? "\"" + text + "\"" : text;
    return plain ? shown : name + "=" + shown;
  }
}
