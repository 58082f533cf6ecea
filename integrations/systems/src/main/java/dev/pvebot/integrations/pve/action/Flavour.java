package dev.pvebot.integrations.pve.action;

import dev.pvebot.clusters.fleet.Fleet;
import java.util.Arrays;

/// VMs and containers in PVE's words: the same calls under two paths, the same tasks under two
/// prefixes.
enum Flavour {
  VM("qemu", "qm", Fleet.Kind.VM),
  CT("lxc", "vz", Fleet.Kind.CONTAINER);

  private final String segment;
  private final String prefix;
  private final Fleet.Kind kind;

  Flavour(String segment, String prefix, Fleet.Kind kind) {
    this.segment = segment;
    this.prefix = prefix;
    this.kind = kind;
  }

  /// In paths: `qemu`, `lxc`.
  String segment() {
    return segment;
  }

  Fleet.Kind kind() {
    return kind;
  }

  /// The type of migration tasks: `qmigrate`, `vzmigrate`.
  String migration() {
    return this == VM ? "qmigrate" : "vzmigrate";
  }

  /// Types of tasks: `qmstart` for `start`; what the HA manager does (`hastart`) is called alike.
  String[] tasks(String... verbs) {
    return Arrays.stream(verbs)
        .map(verb -> verb.startsWith("ha") ? verb : prefix + verb)
        .toArray(String[]::new);
  }
}
