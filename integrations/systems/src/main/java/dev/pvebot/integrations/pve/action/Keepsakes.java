package dev.pvebot.integrations.pve.action;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Backup;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.fleet.GuestSnapshot;
import dev.pvebot.integrations.pve.action.GuestAction.Readable;
import dev.pvebot.integrations.pve.api.Json;
import dev.pvebot.integrations.pve.api.PveCall;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What is kept of guests: their snapshots and backups, with whether pvebot made them.
public final class Keepsakes {
  private final Reach reach;

  public Keepsakes(Reach reach) {
    this.reach = reach;
  }

  /// Oldest first.
  ///
  /// @throws dev.pvebot.runbooks.action.ActionFailure when they cannot be read
  public List<GuestSnapshot> snapshots(Vmid vmid) throws InterruptedException {
    return Readable.read(() ->
        reach.guests().snapshots(vmid).stream()
            .map(found ->
                new GuestSnapshot(
                    vmid,
                    found.name(),
                    found.takenAt(),
                    !Marks.of(found.description(), vmid).isEmpty()))
            .toList());
  }

  /// On every storage that keeps backups and can be used now, newest first.
  ///
  /// @throws dev.pvebot.runbooks.action.ActionFailure when they cannot be read
  public List<Backup> backups(Vmid vmid, Fleet fleet) throws InterruptedException {
    List<Backup> backups = new ArrayList<>();
    Set<String> asked = new HashSet<>();
    for (Fleet.Storage storage : fleet.storages()) {
      boolean usable =
          storage.active()
              && storage.content().contains("backup")
              && fleet.node(storage.node()).filter(Fleet.Node::online).isPresent();
      String pool = storage.shared() ? storage.name() : storage.node() + "/" + storage.name();
      if (usable && asked.add(pool)) {
        backups.addAll(on(storage, vmid));
      }
    }
    backups.sort(Comparator.comparing(Backup::madeAt).thenComparing(Backup::volid).reversed());
    return backups;
  }

  private List<Backup> on(Fleet.Storage storage, Vmid vmid) throws InterruptedException {
    PveCall call =
        PveCall.get(
                "listing the backups of %s on %s".formatted(vmid, storage.name()),
                "nodes",
                storage.node(),
                "storage",
                storage.name(),
                "content")
            .with("content", "backup")
            .with("vmid", vmid);
    return Readable.read(() -> Json.list(reach.caller().call(call))).stream()
        .map(row -> backup(storage, vmid, row))
        .toList();
  }

  private static Backup backup(Fleet.Storage storage, Vmid vmid, JsonNode row) {
    return new Backup(
        vmid,
        row.path("volid").asText(),
        storage.name(),
        storage.node(),
        Json.number(row, "ctime"),
        Json.number(row, "size"),
        Json.flag(row, "protected"),
        !Marks.of(row.path("notes").asText(""), vmid).isEmpty());
  }
}
