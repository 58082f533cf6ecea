package dev.pvebot.integrations.lab.talos;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The lines in which two configurations differ, as a dry run shows them.
final class Diff {
  private Diff() {}

  static String of(Optional<MachineConfig> old, MachineConfig next) {
    List<String> before = old.map(c -> c.text().lines().toList()).orElse(List.of());
    List<String> after = next.text().lines().toList();
    List<String> out = new ArrayList<>(List.of("--- a", "+++ b"));
    int[][] common = new int[before.size() + 1][after.size() + 1];
    for (int i = before.size() - 1; i >= 0; i--) {
      for (int j = after.size() - 1; j >= 0; j--) {
        common[i][j] =
            before.get(i).equals(after.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    int i = 0;
    int j = 0;
    while (i < before.size() || j < after.size()) {
      if (i < before.size() && j < after.size() && before.get(i).equals(after.get(j))) {
        i++;
        j++;
      } else if (i < before.size() && (j == after.size() || common[i + 1][j] >= common[i][j + 1])) {
        out.add("-" + before.get(i++));
      } else {
        out.add("+" + after.get(j++));
      }
    }
    return String.join("\n", out);
  }
}
