package dev.pvebot.clusters.yaml;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/// Collects problems, so that a person sees all of them at once. Not thread-safe.
///
/// A hostile file can hold any number of faults: what goes beyond [#LIMIT] is counted in one last
/// problem.
public final class Problems {
  /// How many problems are kept.
  public static final int LIMIT = 100;

  private final List<Problem> kept = new ArrayList<>();
  private int count;

  public void add(Problem problem) {
    count++;
    if (kept.size() < LIMIT) {
      kept.add(problem);
    }
  }

  /// Adds a problem with advice; the parameters are those of [Problem].
  public void add(Position at, String key, String found, String expected, String advice) {
    add(new Problem(at, key, found, expected, advice));
  }

  public void addAll(Collection<Problem> problems) {
    problems.forEach(this::add);
  }

  /// How many problems were found, those beyond the limit included.
  public int count() {
    return count;
  }

  public boolean isEmpty() {
    return count == 0;
  }

  /// The problems by file, line and column.
  public List<Problem> list() {
    List<Problem> sorted = new ArrayList<>(kept);
    sorted.sort(
        Comparator.comparing((Problem problem) -> problem.at().file())
            .thenComparingInt(problem -> problem.at().line())
            .thenComparingInt(problem -> problem.at().column()));
    if (count > LIMIT) {
      sorted.add(
          new Problem(
              Position.file(sorted.getLast().at().file()),
              "",
              "%d more problems".formatted(count - LIMIT),
              "none",
              "Mend the first %d, then look again.".formatted(LIMIT)));
    }
    return List.copyOf(sorted);
  }
}
