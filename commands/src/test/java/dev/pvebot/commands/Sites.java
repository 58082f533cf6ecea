package dev.pvebot.commands;

import java.util.Map;
import java.util.Set;

/// Two sites that share no name, so that nothing can be known by heart.
final class Sites {
  static final Catalog EXAMPLE =
      Catalog.of(
          Map.of(
              "talos-staging",
              Set.of(),
              "talos-production",
              Set.of("prod"),
              "generic-lab",
              Set.of()),
          Set.of("pve01", "pve02", "pve03"));

  static final Catalog OTHER =
      Catalog.of(
          Map.of("orion", Set.of("main"), "blue-lab", Set.of()), Set.of("hv-a", "hv-b", "hv-c"));

  private Sites() {}
}
