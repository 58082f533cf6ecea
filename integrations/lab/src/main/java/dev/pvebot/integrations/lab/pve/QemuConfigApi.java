package dev.pvebot.integrations.lab.pve;

import dev.pvebot.integrations.lab.schema.Endpoint;
import dev.pvebot.integrations.lab.wire.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Reading VMs and changing their configuration.
final class QemuConfigApi {
  private static final String VM = "/nodes/{node}/qemu/{vmid}";

  private final Datacenter datacenter;
  private final Endpoint creation;
  private final Disks disks;

  /// @param creation the endpoint whose parameters define the keys of a configuration
  QemuConfigApi(Datacenter datacenter, Endpoint creation) {
    this.datacenter = datacenter;
    this.creation = creation;
    this.disks = new Disks(datacenter);
  }

  void routes(Router router) {
    router
        .on("GET", "/nodes/{node}/qemu", this::list)
        .on("GET", VM + "/config", this::config)
        .on("GET", VM + "/pending", this::pending)
        .on("GET", VM + "/status/current", this::current)
        .on("PUT", VM + "/config", this::change)
        .on("POST", VM + "/config", this::changeByWorker)
        .on("PUT", VM + "/unlink", this::unlink);
  }

  private Object list(Call call) {
    List<Object> rows = new ArrayList<>();
    for (Guest guest : datacenter.guests.values()) {
      if (!guest.isContainer
          && guest.node.equals(call.node())
          && call.may("/vms/" + guest.vmid, "VM.Audit")) {
        rows.add(GuestView.listed(datacenter, guest));
      }
    }
    return rows;
  }

  private Object current(Call call) {
    return GuestView.current(datacenter, datacenter.vm(call.node(), call.vmid()));
  }

  private Object config(Call call) {
    Guest guest = datacenter.vm(call.node(), call.vmid());
    Map<String, String> values = new TreeMap<>(guest.config);
    if (call.get("snapshot").isPresent()) {
      Snapshot snapshot = guest.snapshots.get(call.need("snapshot"));
      if (snapshot == null) {
        throw ApiError.died("snapshot '" + call.need("snapshot") + "' does not exist");
      }
      values = new TreeMap<>(snapshot.config);
    } else if (!call.flag("current")) {
      values.putAll(guest.pending);
      values.keySet().removeAll(guest.pendingDelete);
    }
    Map<String, Object> shown = new LinkedHashMap<>();
    values.forEach((key, value) -> shown.put(key, ConfigKeys.shown(creation, key, value)));
    shown.put("digest", guest.digest());
    return shown;
  }

  private Object pending(Call call) {
    Guest guest = datacenter.vm(call.node(), call.vmid());
    Set<String> keys = new TreeSet<>(guest.config.keySet());
    keys.addAll(guest.pending.keySet());
    List<Object> rows = new ArrayList<>();
    for (String key : keys) {
      Map<String, Object> row = Json.object("key", key);
      guest.get(key).ifPresent(v -> row.put("value", ConfigKeys.shown(creation, key, v)));
      Optional.ofNullable(guest.pending.get(key))
          .ifPresent(v -> row.put("pending", ConfigKeys.shown(creation, key, v)));
      if (guest.pendingDelete.contains(key)) {
        row.put("delete", 1);
      }
      rows.add(row);
    }
    return rows;
  }

  // --- changing -----------------------------------------------------------------------------

  private Object change(Call call) {
    Guest guest = checked(call);
    List<String> before = List.copyOf(describe(guest));
    apply(call, guest, Optional.empty());
    note(guest, before, Optional.empty());
    return Json.NULL;
  }

  private Object changeByWorker(Call call) {
    Guest guest = checked(call);
    return call.task(
            "qmconfig",
            String.valueOf(guest.vmid),
            task ->
                datacenter.withFlock(
                    task,
                    guest,
                    true,
                    () ->
                        task.after(
                            datacenter.config().durations().configWorker(),
                            () -> {
                              List<String> before = List.copyOf(describe(guest));
                              apply(call, guest, Optional.of(task));
                              note(guest, before, Optional.of(task));
                              task.ok();
                            })))
        .upid;
  }

  private static List<String> describe(Guest guest) {
    List<String> lines = new ArrayList<>();
    guest.config.forEach((k, v) -> lines.add(k + "=" + v));
    guest.pending.forEach((k, v) -> lines.add("pending " + k + "=" + v));
    guest.pendingDelete.forEach(k -> lines.add("pending delete " + k));
    return lines;
  }

  private void note(Guest guest, List<String> before, Optional<Task> task) {
    List<String> after = new ArrayList<>(describe(guest));
    after.removeAll(before);
    after.removeIf(line -> line.contains("cipassword"));
    datacenter.effect("config", guest, task, String.join(" ", after));
  }

  /// What PVE checks before it starts a worker or writes.
  private Guest checked(Call call) {
    Guest guest = datacenter.vm(call.node(), call.vmid());
    call.refuseUnlessRoot("skiplock");
    Map<String, String> wanted = wanted(call);
    Set<String> deleted = keys(call, "delete");
    Set<String> reverted = keys(call, "revert");
    if (wanted.isEmpty() && deleted.isEmpty() && reverted.isEmpty()) {
      throw ApiError.died("no options specified");
    }
    for (String key : deleted) {
      if (wanted.containsKey(key)) {
        throw ApiError.parameter(
            "delete", "you can't use '-%s' and -delete %s' at the same time".formatted(key, key));
      }
      if (creation.parameter(key).isEmpty() && !Drives.isUnused(key)) {
        throw ApiError.parameter("delete", "unknown option '" + key + "'");
      }
      ConfigKeys.checkRight(call, guest.vmid, key, guest.get(key).orElse(""));
    }
    wanted.forEach((key, value) -> ConfigKeys.checkRight(call, guest.vmid, key, value));
    call.get("digest")
        .filter(d -> !d.equals(guest.digest()))
        .ifPresent(_ -> {
          throw ApiError.died("checksum mismatch (file change by other user?)");
        });
    guest.checkLock();
    if (guest.isProtected()) {
      for (String key : deleted) {
        if (Drives.isDrive(key)) {
          throw ApiError.died("can't remove drive '" + key + "' - protection mode enabled");
        }
        if (Drives.isUnused(key)) {
          throw ApiError.died(
              "can't remove unused disk '%s' - protection mode enabled"
                  .formatted(guest.get(key).orElse("")));
        }
      }
    }
    wanted.forEach((key, value) -> {
      if (Drives.isDrive(key)) {
        disks.wish(call, guest.vmid, key, value);
      }
    });
    return guest;
  }

  private static Map<String, String> wanted(Call call) {
    Map<String, String> wanted = new TreeMap<>();
    call.parameters()
        .forEach((key, value) -> {
          if (!ConfigKeys.CONTROL.contains(key)) {
            wanted.put(key, value.toString());
          }
        });
    return wanted;
  }

  private static Set<String> keys(Call call, String list) {
    Set<String> keys = new TreeSet<>(List.of(call.get(list).orElse("").split("[,;\\s]+")));
    keys.remove("");
    return keys;
  }

  private void apply(Call call, Guest guest, Optional<Task> task) {
    for (String key : keys(call, "revert")) {
      guest.pending.remove(key);
      guest.pendingDelete.remove(key);
    }
    for (String key : keys(call, "delete")) {
      delete(guest, key, call.flag("force"));
    }
    Task worker =
        task.orElseGet(() ->
            new Task(
                datacenter, guest.node, "config", "", call.who().authId(), 0, 0, Optional.empty()));
    wanted(call)
        .forEach((key, value) -> {
          String stored =
              Drives.isDrive(key)
                  ? drive(call, guest, key, value, worker)
                  : ConfigKeys.stored(datacenter, creation, key, value);
          if (key.equals("tags") && stored.isEmpty()) {
            guest.config.remove(key);
          } else if (!guest.running || ConfigKeys.isLive(key)) {
            guest.config.put(key, stored);
            guest.pending.remove(key);
            guest.pendingDelete.remove(key);
          } else if (guest.get(key).map(stored::equals).orElse(false)) {
            guest.pending.remove(key);
          } else {
            guest.pending.put(key, stored);
          }
        });
  }

  private String drive(Call call, Guest guest, String key, String value, Task worker) {
    String stored =
        disks.fulfil(guest.node, guest.vmid, key, disks.wish(call, guest.vmid, key, value), worker);
    guest
        .get(key)
        .filter(old -> !Drives.file(old).equals(Drives.file(stored)))
        .ifPresent(old -> detach(guest, key));
    guest
        .config
        .entrySet()
        .removeIf(e ->
            Drives.isUnused(e.getKey()) && Drives.file(e.getValue()).equals(Drives.file(stored)));
    return stored;
  }

  private void delete(Guest guest, String key, boolean force) {
    Optional<String> value = guest.get(key);
    guest.pending.remove(key);
    if (value.isEmpty()) {
      return;
    }
    if (Drives.isUnused(key)) {
      datacenter
          .volume(guest.node, Drives.file(value.get()))
          .ifPresent(v -> datacenter.free(guest.node, v));
      guest.config.remove(key);
    } else if (Drives.isDrive(key)) {
      if (force || Drives.isCloudInit(value.get())) {
        datacenter
            .volume(guest.node, Drives.file(value.get()))
            .ifPresent(v -> datacenter.free(guest.node, v));
        guest.config.remove(key);
      } else {
        detach(guest, key);
      }
    } else if (!guest.running || ConfigKeys.isLive(key)) {
      guest.config.remove(key);
    } else {
      guest.pendingDelete.add(key);
    }
  }

  /// Takes a drive away; its volume stays as `unusedN`.
  private void detach(Guest guest, String key) {
    String value = guest.get(key).orElse("none");
    guest.config.remove(key);
    if (Drives.isCdrom(value) || datacenter.volume(guest.node, Drives.file(value)).isEmpty()) {
      return;
    }
    for (int n = 0; ; n++) {
      if (guest.get("unused" + n).isEmpty()) {
        guest.config.put("unused" + n, Drives.file(value));
        return;
      }
    }
  }

  private Object unlink(Call call) {
    Guest guest = datacenter.vm(call.node(), call.vmid());
    guest.checkLock();
    for (String key : keys(call, "idlist")) {
      if (guest.isProtected()) {
        throw ApiError.died("can't remove drive '" + key + "' - protection mode enabled");
      }
      delete(guest, key, call.flag("force"));
    }
    datacenter.effect("config", guest, Optional.empty(), "unlink " + call.need("idlist"));
    return Json.NULL;
  }
}
