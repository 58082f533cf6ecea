package dev.pvebot.runbooks.engine.journal;

import dev.pvebot.runbooks.engine.journal.Locks.Entry;
import dev.pvebot.runbooks.plan.Plan.LockKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Who is served next: pure rules over what is held and wanted.
public final class LockQueue {
  private LockQueue() {}

  /// Operations that wait and can have all of their locks now, in the order of their numbers. One
  /// that waits keeps later ones from what it wants, so that nobody waits for ever.
  public static List<Long> grantable(List<Entry> entries) {
    List<Entry> taken = new ArrayList<>(entries.stream().filter(Entry::isHeld).toList());
    Map<Long, List<Entry>> waiting = new TreeMap<>();
    entries.stream()
        .filter(entry -> !entry.isHeld())
        .forEach(
            entry -> waiting.computeIfAbsent(entry.operation(), _ -> new ArrayList<>()).add(entry));
    List<Long> granted = new ArrayList<>();
    waiting.forEach((operation, wanted) -> {
      if (wanted.stream().noneMatch(entry -> conflicts(entry, taken))) {
        granted.add(operation);
      }
      taken.addAll(wanted);
    });
    return granted;
  }

  /// What keeps an operation waiting: what others hold, then what earlier ones wait for.
  public static List<Entry> inTheWay(long operation, List<Entry> entries) {
    List<Entry> wanted =
        entries.stream()
            .filter(entry -> entry.operation() == operation && !entry.isHeld())
            .toList();
    return entries.stream()
        .filter(other -> other.operation() != operation)
        .filter(other -> other.isHeld() || other.operation() < operation)
        .filter(other -> wanted.stream().anyMatch(entry -> conflict(entry.key(), other.key())))
        .sorted(java.util.Comparator.comparing(entry -> !entry.isHeld()))
        .toList();
  }

  private static boolean conflicts(Entry wanted, List<Entry> taken) {
    return taken.stream()
        .anyMatch(other ->
            other.operation() != wanted.operation() && conflict(wanted.key(), other.key()));
  }

  private static boolean conflict(LockKey one, LockKey other) {
    return one.name().equals(other.name()) && (one.exclusive() || other.exclusive());
  }
}
