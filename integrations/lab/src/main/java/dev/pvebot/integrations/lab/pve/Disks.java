package dev.pvebot.integrations.lab.pve;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Disks that a create or a change of configuration asks for: `local-lvm:32`,
/// `local-lvm:cloudinit`, `local-lvm:0,import-from=local:import/talos.qcow2`, a volume that exists,
/// `none`.
final class Disks {
  private static final long CLOUDINIT_BYTES = 4L << 20;

  /// What is to be done for one drive key; nothing has happened yet.
  sealed interface Wish {
    /// An empty drive, or a volume that exists.
    record Attach(String stored) implements Wish {}

    /// A new volume of so many bytes; `source` is what is imported into it.
    record Allocate(
        Storage storage,
        long bytes,
        Optional<Volume> source,
        Map<String, String> options,
        String stem)
        implements Wish {
      public Allocate {
        options = Map.copyOf(options);
      }
    }
  }

  private final Datacenter datacenter;

  Disks(Datacenter datacenter) {
    this.datacenter = datacenter;
  }

  /// Checks what a drive parameter asks for, with PVE's texts.
  Wish wish(Call call, int vmid, String key, String value) {
    String file = Drives.file(value);
    Map<String, String> options = Drives.options(value);
    if (file.equals("none") || file.equals("cdrom")) {
      options.putIfAbsent("media", "cdrom");
      return new Wish.Attach(Drives.print(file, options));
    }
    int colon = file.indexOf(':');
    if (colon <= 0) {
      throw ApiError.died(
          "Only root can pass arbitrary filesystem paths. at /usr/share/perl5/PVE/Storage.pm line"
              + " 531.");
    }
    Storage storage = datacenter.storage(file.substring(0, colon));
    String name = file.substring(colon + 1);
    if (name.equals("cloudinit")) {
      space(call, storage);
      options.put("media", "cdrom");
      return new Wish.Allocate(
          storage, CLOUDINIT_BYTES, Optional.empty(), options, "vm-" + vmid + "-cloudinit");
    }
    if (name.matches("\\d+(\\.\\d+)?")) {
      return allocation(call, storage, key, name, options);
    }
    Volume volume =
        datacenter
            .volume(call.node(), file)
            .orElseThrow(() -> ApiError.died("volume " + file + " does not exist"));
    if (volume.kind.equals("iso") && !"cdrom".equals(options.get("media"))) {
      throw ApiError.parameter(key, "explicit 'media=cdrom' is required for iso images");
    }
    readable(call, volume);
    if (volume.kind.equals("images")) {
      options.put("size", Drives.size(volume.bytes));
    }
    return new Wish.Attach(Drives.print(file, options));
  }

  private Wish allocation(
      Call call, Storage storage, String key, String size, Map<String, String> options) {
    space(call, storage);
    if (!storage.content.contains("images")) {
      throw ApiError.parameter(
          "storage", "storage '" + storage.name + "' does not support vm images");
    }
    String from = options.remove("import-from");
    if (from == null) {
      long bytes =
          key.equals("efidisk0") || key.equals("tpmstate0")
              ? storage.isFileBased() && key.equals("efidisk0") ? 528L << 10 : 4L << 20
              : (long) (Double.parseDouble(size) * (1L << 30));
      return new Wish.Allocate(storage, bytes, Optional.empty(), options, "");
    }
    if (Double.parseDouble(size) != 0) {
      throw ApiError.parameter(
          key, "'import-from' requires special syntax - use <storage ID>:0,import-from=<source>");
    }
    Volume source =
        datacenter
            .volume(call.node(), from)
            .orElseThrow(() -> ApiError.died("volume " + from + " does not exist"));
    if (!List.of("images", "import").contains(source.kind)) {
      throw ApiError.parameter(
          key,
          "%s has wrong type '%s' - needs to be 'images' or 'import'".formatted(from, source.kind));
    }
    readable(call, source);
    return new Wish.Allocate(storage, source.bytes, Optional.of(source), options, "");
  }

  private static void space(Call call, Storage storage) {
    call.require("/storage/" + storage.name, "Datastore.AllocateSpace");
  }

  private void readable(Call call, Volume volume) {
    String path = "/storage/" + datacenter.storageOf(volume).name;
    boolean allowed =
        call.may(path, "Datastore.Allocate")
            || switch (volume.kind) {
              case "images" ->
                  call.may(path, "Datastore.Audit")
                      && call.may("/vms/" + volume.owner, "VM.Config.Disk");
              case "backup" ->
                  call.may(path, "Datastore.AllocateSpace")
                      && call.may("/vms/" + volume.owner, "VM.Backup");
              default ->
                  call.may(path, "Datastore.Audit") || call.may(path, "Datastore.AllocateSpace");
            };
    if (!allowed) {
      throw ApiError.of(403, "missing privileges to access " + volume.volid);
    }
  }

  /// Makes the wish true and gives what the configuration then says.
  String fulfil(String node, int vmid, String key, Wish wish, Task task) {
    return switch (wish) {
      case Wish.Attach attach -> attach.stored();
      case Wish.Allocate a -> {
        Volume volume =
            datacenter.allocate(
                node,
                a.storage(),
                vmid,
                a.bytes(),
                a.source().map(s -> s.boots).orElse(Volume.Content.EMPTY),
                a.stem());
        task.onFailure(() -> datacenter.free(node, volume));
        Map<String, String> options = new java.util.TreeMap<>(a.options());
        if (!volume.volid.contains("cloudinit")) {
          options.put("size", Drives.size(volume.bytes));
        }
        task.log(
            "%s: successfully created disk '%s,size=%s'"
                .formatted(key, volume.volid, Drives.size(volume.bytes)));
        yield Drives.print(volume.volid, options);
      }
    };
  }

  /// How much a wish copies, in GiB.
  static double importedGib(Wish wish) {
    return wish instanceof Wish.Allocate a && a.source().isPresent()
        ? a.bytes() / (double) (1L << 30)
        : 0;
  }
}
