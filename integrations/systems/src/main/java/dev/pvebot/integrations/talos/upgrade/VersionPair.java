package dev.pvebot.integrations.talos.upgrade;

import dev.pvebot.integrations.talos.config.TalosVersion;

/// What a cluster runs.
public record VersionPair(TalosVersion talos, TalosVersion kubernetes) {
  public static VersionPair of(String talos, String kubernetes) {
    return new VersionPair(TalosVersion.parse(talos), TalosVersion.parse(kubernetes));
  }

  @Override
  public String toString() {
    return "Talos %s with Kubernetes %s".formatted(talos, kubernetes);
  }
}
