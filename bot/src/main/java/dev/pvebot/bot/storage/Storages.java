package dev.pvebot.bot.storage;

import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.fleet.Fleet;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The storages of a fleet for answers: a shared one is seen from every node and told of once.
public final class Storages {
  private Storages() {}

  /// Usable storages; shared ones once, as the first node sees them that can use them.
  public static List<Fleet.Storage> once(Fleet fleet) {
    List<Fleet.Storage> once = new ArrayList<>();
    Set<String> shared = new HashSet<>();
    for (Fleet.Storage storage : fleet.storages()) {
      boolean usable =
          storage.active() && fleet.node(storage.node()).filter(Fleet.Node::online).isPresent();
      if (usable && (!storage.shared() || shared.add(storage.name()))) {
        once.add(storage);
      }
    }
    return once;
  }

  /// The storages as one node sees them.
  public static List<Fleet.Storage> of(Fleet fleet, NodeName node) {
    return fleet.storages().stream().filter(storage -> storage.node().equals(node)).toList();
  }

  /// How full it is, 0 to 1; 0 when nobody knows.
  public static double share(Fleet.Storage storage) {
    return storage.totalBytes() > 0 ? (double) storage.usedBytes() / storage.totalBytes() : 0;
  }

  /// `nfs` when it is shared, else `local-lvm on pve01`.
  public static String name(Fleet.Storage storage) {
    return storage.shared() ? storage.name() : storage.name() + " on " + storage.node();
  }
}
