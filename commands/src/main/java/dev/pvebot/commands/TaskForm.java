package dev.pvebot.commands;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The Taskfile's names, `pve:vm:migrate VMID=1031 TARGET=pve02`, with or without `task` before
/// them.
final class TaskForm {
  /// @param keys the task's variable in lower case -> parameter
  /// @param fixed parameters that the task's name implies
  record Task(String intent, Map<String, String> keys, Map<String, Object> fixed) {}

  private static final Map<String, Task> TASKS = read();

  private TaskForm() {}

  /// The task that the first words name, if they do.
  static Optional<Task> task(List<Utterance.Word> words) {
    int at = head(words);
    if (at > words.size()) {
      return Optional.empty();
    }
    if (at == words.size()) {
      return words.size() == 1 && words.getFirst().low().equals("task")
          ? Optional.ofNullable(TASKS.get("default"))
          : Optional.empty();
    }
    String name = words.get(at).low();
    boolean plausible = name.indexOf(':') > 0 || name.equals("default") && words.size() == at + 1;
    return plausible ? Optional.ofNullable(TASKS.get(name)) : Optional.empty();
  }

  /// Whether the text is of this form, even with a name that no task has.
  static boolean looksLike(List<Utterance.Word> words) {
    int at = head(words);
    if (at >= words.size()) {
      return false;
    }
    String name = words.get(at).low();
    return name.startsWith("pve:") || name.startsWith("talos:") || name.startsWith("cluster:");
  }

  static List<String> names() {
    return TASKS.keySet().stream().sorted().toList();
  }

  /// The arguments; empty when a word is not KEY=value, or a value cannot be of its kind.
  static Optional<Map<String, Object>> args(Task task, Frame frame, Sentence sentence, int from) {
    Map<String, Object> args = new LinkedHashMap<>(task.fixed());
    for (int i = from; i < sentence.size(); i++) {
      if (!(sentence.token(i).value().orElse(null) instanceof Values.Pair pair)) {
        return Optional.empty();
      }
      String key = pair.key().toLowerCase(Locale.ROOT);
      Optional<Frame.Param> param = Optional.ofNullable(task.keys().get(key)).flatMap(frame::param);
      if (param.isEmpty() || !Pairs.put(param.orElseThrow(), pair.value(), sentence, args)) {
        return Optional.empty();
      }
    }
    return Optional.of(args);
  }

  /// The place of the task's name.
  static int head(List<Utterance.Word> words) {
    return !words.isEmpty() && words.getFirst().low().equals("task") ? 1 : 0;
  }

  private static Map<String, Task> read() {
    Map<String, Task> tasks = new LinkedHashMap<>();
    for (String line : Resource.lines("tasks.txt")) {
      List<String> words = Resource.split(line, ' ');
      Map<String, String> keys = new LinkedHashMap<>();
      Map<String, Object> fixed = new LinkedHashMap<>();
      for (String word : words.subList(2, words.size())) {
        int constant = word.indexOf(":=");
        if (constant > 0) {
          fixed.put(word.substring(0, constant), word.substring(constant + 2));
        } else {
          int equals = word.indexOf('=');
          keys.put(word.substring(0, equals).toLowerCase(Locale.ROOT), word.substring(equals + 1));
        }
      }
      tasks.put(words.getFirst(), new Task(words.get(1), Map.copyOf(keys), fixed));
    }
    return tasks;
  }
}
