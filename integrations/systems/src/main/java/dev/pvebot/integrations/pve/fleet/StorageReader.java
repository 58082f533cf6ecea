package dev.pvebot.integrations.pve.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.integrations.pve.api.Json;
import dev.pvebot.integrations.pve.api.PveCall;
import dev.pvebot.integrations.pve.api.PveCaller;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Reads what lies on a storage, and how full it was.
public final class StorageReader {
  private final PveCaller caller;

  public StorageReader(PveCaller caller) {
    this.caller = caller;
  }

  /// Something that lies on a storage (source: PVE `GET /nodes/{node}/storage/{storage}/content`).
  ///
  /// @param id PVE's volume id, for example `local-lvm:vm-101-disk-0`
  /// @param content `images`, `rootdir`, `iso`, `vztmpl`, `backup`, `snippets`, `import`
  /// @param owner the guest whose VMID its name carries
  /// @param madeAt empty when the storage does not know
  /// @param verified a backup's last verification, `ok` or `failed`, where the storage knows
  public record Volume(
      String id,
      NodeName node,
      String storage,
      String content,
      long bytes,
      Optional<Vmid> owner,
      Optional<Instant> madeAt,
      String notes,
      boolean isProtected,
      Optional<String> verified) {
    /// The part behind the storage and the folder: `ubuntu-24.04.iso`.
    public String fileName() {
      return id.substring(Math.max(id.indexOf(':'), id.lastIndexOf('/')) + 1);
    }
  }

  /// How full a storage was.
  ///
  /// @param totalBytes 0 when it was not known
  public record Fill(Instant at, long usedBytes, long totalBytes) {}

  /// Everything that lies on a storage.
  public List<Volume> volumes(Fleet.Storage storage) throws InterruptedException {
    return volumes(storage, content(storage));
  }

  /// What is of one kind, for example `iso` or `backup`.
  public List<Volume> volumes(Fleet.Storage storage, String kind) throws InterruptedException {
    return volumes(storage, content(storage).with("content", kind));
  }

  /// The backups of one guest.
  public List<Volume> backupsOf(Fleet.Storage storage, Vmid guest) throws InterruptedException {
    return volumes(storage, content(storage).with("content", "backup").with("vmid", guest));
  }

  private List<Volume> volumes(Fleet.Storage storage, PveCall call) throws InterruptedException {
    return Json.list(caller.call(call)).stream().map(row -> volume(row, storage)).toList();
  }

  private static PveCall content(Fleet.Storage storage) {
    return PveCall.get(
        "listing what is on %s of %s".formatted(storage.name(), storage.node()),
        "nodes",
        storage.node(),
        "storage",
        storage.name(),
        "content");
  }

  private static Volume volume(JsonNode row, Fleet.Storage storage) {
    return new Volume(
        row.path("volid").asText(),
        storage.node(),
        storage.name(),
        row.path("content").asText(),
        Json.number(row, "size"),
        Json.vmid(row, "vmid"),
        Optional.of(Json.number(row, "ctime")).filter(at -> at > 0).map(Instant::ofEpochSecond),
        Json.text(row, "notes").orElse(""),
        Json.flag(row, "protected"),
        Json.text(row.path("verification"), "state"));
  }

  /// How full it was over about the last month, oldest first; moments without a figure are left out
  /// (source: PVE `GET /nodes/{node}/storage/{storage}/rrddata`).
  public List<Fill> lastMonth(Fleet.Storage storage) throws InterruptedException {
    JsonNode rows =
        caller.call(
            PveCall.get(
                    "reading how full %s of %s was".formatted(storage.name(), storage.node()),
                    "nodes",
                    storage.node(),
                    "storage",
                    storage.name(),
                    "rrddata")
                .with("timeframe", "month")
                .with("cf", "AVERAGE"));
    return Json.list(rows).stream()
        .filter(row -> row.path("used").isNumber() && row.path("time").isNumber())
        .map(row ->
            new Fill(
                Instant.ofEpochSecond(Json.number(row, "time")),
                (long) Json.fraction(row, "used"),
                (long) Json.fraction(row, "total")))
        .toList();
  }
}
