package dev.pvebot.integrations.pve.fleet;

import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.GuestDetail;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One VM at this moment, from its own node (source: PVE `status/current` and `config`).
///
/// @param running whether QEMU runs; a paused VM runs
/// @param pid of QEMU; another one after a restart
/// @param uptimeSeconds 0 when stopped
/// @param haManaged whether the HA manager starts, stops and moves it
/// @param config merged with what is pending, as after a restart
/// @param digest of the configuration file
public record GuestState(
    Vmid vmid,
    NodeName node,
    boolean running,
    Optional<Long> pid,
    long uptimeSeconds,
    boolean haManaged,
    Map<String, String> config,
    String digest) {
  public GuestState {
    config = Map.copyOf(config);
  }

  public Optional<String> get(String key) {
    return Optional.ofNullable(config.get(key));
  }

  public String name() {
    return get("name").or(() -> get("hostname")).orElse("VM " + vmid);
  }

  public Optional<String> lock() {
    return get("lock");
  }

  public boolean isTemplate() {
    return get("template").filter("1"::equals).isPresent();
  }

  public Set<String> tags() {
    return Resources.tags(get("tags").orElse(""));
  }

  public GuestDetail.Identity identity() {
    return ConfigWords.identity(vmid, name(), config);
  }
}
