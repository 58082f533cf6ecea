package dev.pvebot.integrations.lab.talos;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// The kernel's ring and the services' logs of one boot. Guarded by the world.
final class LogBook {
  static final String KERNEL = "kernel";
  private static final int KEPT = 2000;

  private final Map<String, List<String>> logs = new LinkedHashMap<>();
  private final Map<String, List<Consumer<String>>> followers = new LinkedHashMap<>();

  void write(String log, String line) {
    List<String> lines = logs.computeIfAbsent(log, _ -> new ArrayList<>());
    lines.add(line);
    if (lines.size() > KEPT) {
      lines.removeFirst();
    }
    List.copyOf(followers.getOrDefault(log, List.of())).forEach(each -> each.accept(line));
  }

  Set<String> names() {
    return logs.keySet();
  }

  /// The last lines of a log, all with -1; empty if nothing writes it.
  Optional<List<String>> lines(String log, int last) {
    return Optional.ofNullable(logs.get(log))
        .map(lines -> {
          int from = last < 0 ? 0 : Math.max(0, lines.size() - last);
          return List.copyOf(lines.subList(from, lines.size()));
        });
  }

  /// @return ends it
  Runnable follow(String log, Consumer<String> reader) {
    List<Consumer<String>> all = followers.computeIfAbsent(log, _ -> new ArrayList<>());
    all.add(reader);
    return () -> all.remove(reader);
  }
}
