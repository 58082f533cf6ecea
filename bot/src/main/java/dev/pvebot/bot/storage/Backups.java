package dev.pvebot.bot.storage;

import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.integrations.pve.fleet.StorageReader.Volume;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What backups say about guests.
public final class Backups {
  private Backups() {}

  /// Where backups lie; shared storages once.
  public static List<Fleet.Storage> storages(Fleet fleet) {
    return Storages.once(fleet).stream()
        .filter(storage -> storage.content().contains("backup"))
        .toList();
  }

  /// The newest backup of each guest that has any.
  public static Map<Vmid, Volume> newest(List<Volume> backups) {
    Map<Vmid, Volume> newest = new HashMap<>();
    for (Volume backup : backups) {
      backup
          .owner()
          .ifPresent(owner ->
              newest.merge(
                  owner,
                  backup,
                  (one, other) -> madeAt(one).isBefore(madeAt(other)) ? other : one));
    }
    return newest;
  }

  public static Instant madeAt(Volume volume) {
    return volume.madeAt().orElse(Instant.EPOCH);
  }
}
