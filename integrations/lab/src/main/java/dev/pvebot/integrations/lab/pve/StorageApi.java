package dev.pvebot.integrations.lab.pve;

import dev.pvebot.integrations.lab.wire.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Storages and what lies on them.
final class StorageApi {
  private static final String STORAGE = "/nodes/{node}/storage/{storage}";
  private static final long DOWNLOADED = 1300L << 20;

  private final Datacenter datacenter;

  StorageApi(Datacenter datacenter) {
    this.datacenter = datacenter;
  }

  void routes(Router router) {
    router
        .on("GET", "/storage", this::configured)
        .on("GET", "/storage/{storage}", call -> configuration(known(call)))
        .on("GET", "/nodes/{node}/storage", this::list)
        .on("GET", STORAGE + "/status", this::status)
        .on("GET", STORAGE + "/content", this::content)
        .on("POST", STORAGE + "/content", this::allocate)
        .on("GET", STORAGE + "/content/{volume}", this::volume)
        .on("PUT", STORAGE + "/content/{volume}", this::annotate)
        .on("DELETE", STORAGE + "/content/{volume}", this::delete)
        .on("POST", STORAGE + "/download-url", this::download)
        .on("POST", STORAGE + "/upload", this::upload);
  }

  private Storage known(Call call) {
    return datacenter.storage(call.need("storage"));
  }

  private static boolean sees(Call call, Storage storage) {
    return call.may("/storage/" + storage.name, "Datastore.Audit")
        || call.may("/storage/" + storage.name, "Datastore.AllocateSpace");
  }

  private static Map<String, Object> configuration(Storage storage) {
    return Json.object(
        "storage",
        storage.name,
        "type",
        storage.type,
        "content",
        String.join(",", storage.content),
        "shared",
        storage.shared ? 1 : 0,
        "digest",
        "0000000000000000000000000000000000000000");
  }

  private Object configured(Call call) {
    List<Object> rows = new ArrayList<>();
    for (Storage storage : datacenter.storages.values()) {
      if (sees(call, storage) && call.get("type").map(storage.type::equals).orElse(true)) {
        rows.add(configuration(storage));
      }
    }
    return rows;
  }

  private static Map<String, Object> state(Storage storage, String node) {
    long used = storage.used(node);
    return Json.object(
        "type",
        storage.type,
        "content",
        String.join(",", storage.content),
        "shared",
        storage.shared ? 1 : 0,
        "enabled",
        1,
        "active",
        1,
        "total",
        storage.totalBytes,
        "used",
        used,
        "avail",
        storage.totalBytes - used);
  }

  private Object list(Call call) {
    List<Object> rows = new ArrayList<>();
    for (Storage storage : datacenter.storages.values()) {
      boolean wanted =
          call.get("storage").map(storage.name::equals).orElse(true)
              && call.get("content")
                  .map(c ->
                      List.of(c.split("[,;\\s]+")).stream().anyMatch(storage.content::contains))
                  .orElse(true);
      if (wanted && sees(call, storage)) {
        Map<String, Object> row = Json.object("storage", storage.name);
        row.putAll(state(storage, call.node()));
        row.put("used_fraction", storage.used(call.node()) / (double) storage.totalBytes);
        rows.add(row);
      }
    }
    return rows;
  }

  private Object status(Call call) {
    Storage storage = datacenter.storages.get(call.need("storage"));
    if (storage == null) {
      throw ApiError.parameter("storage", "No such storage.");
    }
    return state(storage, call.node());
  }

  private Object content(Call call) {
    Storage storage = known(call);
    List<Object> rows = new ArrayList<>();
    for (Volume volume : storage.on(call.node()).values()) {
      boolean wanted =
          call.get("content").map(volume.kind::equals).orElse(true)
              && call.get("vmid").map(v -> v.equals(String.valueOf(volume.owner))).orElse(true);
      boolean visible =
          volume.owner == 0
              || call.may("/storage/" + storage.name, "Datastore.Allocate")
              || call.may("/storage/" + storage.name, "Datastore.Audit")
              || call.may("/vms/" + volume.owner, "VM.Audit");
      if (wanted && visible) {
        rows.add(row(volume));
      }
    }
    return rows;
  }

  private static Map<String, Object> row(Volume volume) {
    Map<String, Object> row =
        Json.object(
            "volid",
            volume.volid,
            "content",
            volume.kind,
            "format",
            volume.format,
            "size",
            volume.bytes,
            "ctime",
            volume.created);
    if (volume.owner > 0) {
      row.put("vmid", volume.owner);
    }
    if (!volume.parent.isEmpty()) {
      row.put("parent", volume.parent);
    }
    if (volume.kind.equals("backup")) {
      row.put("subtype", "qemu");
      if (!volume.notes.isEmpty()) {
        row.put("notes", volume.notes.lines().findFirst().orElse(""));
      }
      if (volume.isProtected) {
        row.put("protected", 1);
      }
    }
    return row;
  }

  private Optional<Volume> named(Call call, Storage storage) {
    String name = call.need("volume");
    return storage.volume(
        call.node(), name.startsWith(storage.name + ":") ? name : storage.name + ":" + name);
  }

  private Volume existing(Call call) {
    Storage storage = known(call);
    Volume volume =
        named(call, storage)
            .orElseThrow(
                () -> ApiError.died("volume '" + call.need("volume") + "' does not exist"));
    if (!sees(call, storage)) {
      throw ApiError.of(403, "missing privileges to access " + volume.volid);
    }
    return volume;
  }

  private Object volume(Call call) {
    Volume volume = existing(call);
    Map<String, Object> view =
        Json.object(
            "path",
            "/lab/" + volume.volid.replace(':', '/'),
            "size",
            volume.bytes,
            "used",
            volume.bytes / 4,
            "format",
            volume.format);
    if (!volume.notes.isEmpty()) {
      view.put("notes", volume.notes);
    }
    if (volume.kind.equals("backup")) {
      view.put("protected", volume.isProtected ? 1 : 0);
    }
    return view;
  }

  private Object annotate(Call call) {
    Volume volume = existing(call);
    call.get("notes").ifPresent(notes -> volume.notes = notes);
    call.get("protected").ifPresent(p -> volume.isProtected = p.equals("1"));
    datacenter.record(
        "volume-changed", volume.owner, "", call.node(), Optional.empty(), volume.volid);
    return Json.NULL;
  }

  private Object allocate(Call call) {
    Storage storage = known(call);
    String name = call.need("filename");
    long bytes =
        Drives.bytes(
                call.need("size").matches("\\d+") ? call.need("size") + "K" : call.need("size"))
            .orElseThrow(
                () -> ApiError.parameter("size", "value does not match the regex pattern"));
    String volid =
        storage.isFileBased()
            ? storage.name + ":" + call.vmid() + "/" + name
            : storage.name + ":" + name;
    if (storage.volume(call.node(), volid).isPresent()) {
      throw ApiError.died("volume '" + volid + "' already exists");
    }
    storage
        .on(call.node())
        .put(
            volid,
            new Volume(
                volid,
                "images",
                call.get("format").orElse("raw"),
                bytes,
                call.vmid(),
                Volume.Content.EMPTY,
                datacenter.now()));
    datacenter.record("volume-allocated", call.vmid(), "", call.node(), Optional.empty(), volid);
    return volid;
  }

  private Object delete(Call call) {
    Storage storage = known(call);
    String path = "/storage/" + storage.name;
    Optional<Volume> found = named(call, storage);
    boolean ownBackup =
        found
            .filter(v -> v.kind.equals("backup"))
            .map(v ->
                call.may(path, "Datastore.AllocateSpace")
                    && call.may("/vms/" + v.owner, "VM.Backup"))
            .orElse(false);
    if (!ownBackup) {
      call.require(path, "Datastore.Allocate");
    }
    String owner = found.filter(v -> v.owner > 0).map(v -> v.owner + "@").orElse("");
    return call.task(
            "imgdel",
            owner + storage.name,
            task ->
                task.after(
                    datacenter.config().durations().deleteVolume(),
                    () -> {
                      found.ifPresentOrElse(
                          v -> deleted(call, task, storage, v),
                          () ->
                              task.log(
                                  "disk image '/lab/" + call.need("volume") + "' does not exist"));
                      task.ok();
                    }))
        .upid;
  }

  private void deleted(Call call, Task task, Storage storage, Volume volume) {
    if (volume.isProtected) {
      throw ApiError.died(
          "cannot remove protected volume '%s' on '%s'".formatted(volume.volid, storage.name));
    }
    boolean used =
        storage.on(call.node()).values().stream().anyMatch(v -> v.parent.equals(volume.volid));
    if (used) {
      throw ApiError.died("base volume '" + volume.volid + "' is still in use by linked clones");
    }
    datacenter.free(call.node(), volume);
    task.log("Removed volume '" + volume.volid + "'");
    datacenter.record(
        "volume-deleted", volume.owner, "", call.node(), Optional.of(task), volume.volid);
  }

  // --- downloads and uploads ----------------------------------------------------------------

  private static String checkedName(Storage storage, String content, String file) {
    if (!storage.isFileBased()) {
      throw ApiError.died(
          "can't upload to storage type '%s', not a file based storage!".formatted(storage.type));
    }
    if (!storage.content.contains(content)) {
      throw ApiError.died(
          "storage '%s' is not configured for content-type '%s'".formatted(storage.name, content));
    }
    String name = file.replaceAll("[^A-Za-z0-9_.-]", "_");
    String lower = name.toLowerCase(Locale.ROOT);
    boolean fits =
        switch (content) {
          case "iso" -> lower.matches(".*\\.(iso|img)");
          case "import" -> lower.matches(".*\\.(ova|ovf|qcow2|raw|vmdk)");
          default -> lower.matches(".*\\.tar\\.(gz|xz|zst|bz2)");
        };
    if (!fits) {
      throw ApiError.parameter(
          "filename",
          content.equals("import")
              ? "invalid filename or wrong extension"
              : "wrong file extension");
    }
    return name;
  }

  private void store(
      Call call, Task task, Storage storage, String content, String name, long bytes) {
    String volid = storage.name + ":" + content + "/" + name;
    storage
        .on(call.node())
        .put(
            volid,
            new Volume(
                volid,
                content,
                name.substring(name.lastIndexOf('.') + 1),
                bytes,
                0,
                boots(call, name),
                datacenter.now()));
    datacenter.record("volume-stored", 0, "", call.node(), Optional.of(task), volid);
  }

  /// What an image of this name would boot into.
  private Volume.Content boots(Call call, String name) {
    Volume.Content told =
        call.get("url").map(Volume.Content::downloaded).orElse(Volume.Content.EMPTY);
    if (!told.isEmpty()) {
      return told;
    }
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.contains("talos") || lower.contains("nocloud")) {
      return Volume.Content.talos(datacenter.config().talosImage());
    }
    return lower.matches(".*(cloud|ubuntu|debian|noble|jammy|bookworm|trixie).*")
        ? Volume.Content.CLOUD_IMAGE
        : Volume.Content.EMPTY;
  }

  private Object download(Call call) {
    Storage storage = known(call);
    String content = call.need("content");
    String name = checkedName(storage, content, call.need("filename"));
    String url = call.need("url");
    if (call.get("checksum").isPresent() != call.get("checksum-algorithm").isPresent()) {
      String missing = call.get("checksum").isPresent() ? "checksum-algorithm" : "checksum";
      String other = call.get("checksum").isPresent() ? "checksum" : "checksum-algorithm";
      throw ApiError.parameter(missing, "missing property required by '" + other + "'");
    }
    return call.task(
            "download",
            name,
            task -> {
              String path = "/lab/" + storage.name + "/" + content + "/" + name;
              task.diesOf("got interrupted by signal");
              task.log("downloading " + url + " to " + path);
              if (storage
                  .volume(call.node(), storage.name + ":" + content + "/" + name)
                  .isPresent()) {
                throw ApiError.died("refusing to override existing file '" + path + "'");
              }
              task.after(
                  datacenter.config().durations().download(),
                  () -> {
                    if (call.get("checksum").isPresent()) {
                      task.log("calculating checksum...OK, checksum verified");
                    }
                    store(call, task, storage, content, name, DOWNLOADED);
                    task.log("download of '" + url + "' to '" + path + "' finished");
                    task.ok();
                  });
            })
        .upid;
  }

  private Object upload(Call call) {
    Storage storage = known(call);
    if (!call.node().equals(call.entryNode())) {
      throw ApiError.died(
          "unable to proxy file uploads at /usr/share/perl5/PVE/APIServer/AnyEvent.pm line 1184.");
    }
    String content = call.need("content");
    String name = checkedName(storage, content, call.need("filename"));
    long bytes =
        call.get("tmpfilename").map(t -> Long.parseLong(t.replaceAll("\\D", ""))).orElse(0L);
    return call.task(
            "imgcopy",
            "",
            task -> {
              task.log("starting file import from: " + call.get("tmpfilename").orElse(""));
              store(call, task, storage, content, name, bytes);
              task.log("finished file import successfully");
              task.ok();
            })
        .upid;
  }
}
