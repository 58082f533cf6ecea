package dev.pvebot.integrations.pve.check;

import dev.pvebot.runbooks.action.Action;
import dev.pvebot.runbooks.action.Actions;
import dev.pvebot.runbooks.action.Traits.Privilege;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// How the privileges that actions declare are to be read.
final class Declared {
  private Declared() {}

  /// Every privilege that one major version of PVE knows, with the names of the actions that need
  /// it.
  static Map<Privilege, Set<String>> by(Actions actions, int major) {
    Map<Privilege, Set<String>> declared =
        new TreeMap<>(Comparator.comparing(Privilege::name).thenComparing(Privilege::path));
    for (Action<?, ?> action : actions.all()) {
      for (Privilege privilege : action.traits().privileges()) {
        boolean known =
            privilege.since() <= major && (privilege.until() == 0 || privilege.until() >= major);
        if (known) {
          declared.computeIfAbsent(privilege, _ -> new TreeSet<>()).add(action.name());
        }
      }
    }
    return declared;
  }

  /// `VM.Config.Cloudinit|VM.Config.Network`: any of them will do.
  static List<String> names(Privilege privilege) {
    return List.of(privilege.name().split("\\|", -1));
  }

  /// `/vms/{vmid}` stands for all of `/vms`.
  static String root(String path) {
    String root = path.replaceFirst("/\\{.*", "");
    return root.isEmpty() ? "/" : root;
  }
}
