package dev.pvebot.integrations.lab.pve;

import dev.pvebot.integrations.lab.wire.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Containers: seen, started and stopped.
final class LxcApi {
  private static final String CT = "/nodes/{node}/lxc/{vmid}";

  private final Datacenter datacenter;

  LxcApi(Datacenter datacenter) {
    this.datacenter = datacenter;
  }

  void routes(Router router) {
    router
        .on("GET", "/nodes/{node}/lxc", this::list)
        .on("GET", CT + "/config", this::config)
        .on("GET", CT + "/snapshot", this::snapshots)
        .on("GET", CT + "/status/current", call -> GuestView.current(datacenter, ct(call)))
        .on("POST", CT + "/status/start", this::start)
        .on("POST", CT + "/status/stop", call -> off(call, "vzstop", "stopped"))
        .on("POST", CT + "/status/shutdown", call -> off(call, "vzshutdown", "shut-down"));
  }

  private Guest ct(Call call) {
    return datacenter
        .on(call.node(), call.vmid())
        .filter(g -> g.isContainer)
        .orElseThrow(() ->
            ApiError.died(
                "Configuration file 'nodes/%s/lxc/%d.conf' does not exist"
                    .formatted(call.node(), call.vmid())));
  }

  private Object list(Call call) {
    List<Object> rows = new ArrayList<>();
    for (Guest guest : datacenter.guests.values()) {
      if (guest.isContainer
          && guest.node.equals(call.node())
          && call.may("/vms/" + guest.vmid, "VM.Audit")) {
        rows.add(GuestView.listed(datacenter, guest));
      }
    }
    return rows;
  }

  private Object config(Call call) {
    Guest guest = ct(call);
    Map<String, Object> shown = new LinkedHashMap<>();
    guest.config.forEach((key, value) ->
        shown.put(key, value.matches("\\d+") ? (Object) Long.valueOf(value) : value));
    shown.put("digest", guest.digest());
    return shown;
  }

  /// Containers have none here; PVE's pseudo entry for the present state is always there.
  private Object snapshots(Call call) {
    return List.of(
        Json.object(
            "name", "current", "description", "You are here!", "digest", ct(call).digest()));
  }

  private Object start(Call call) {
    return call.task(
            "vzstart",
            String.valueOf(call.vmid()),
            task -> {
              Guest guest = ct(call);
              guest.checkLock();
              if (guest.running) {
                throw ApiError.died("CT " + guest.vmid + " already running");
              }
              task.after(
                  datacenter.config().durations().start(),
                  () -> {
                    datacenter.powerOn(guest, Optional.of(task));
                    task.ok();
                  });
            })
        .upid;
  }

  private Object off(Call call, String type, String effect) {
    return call.task(
            type,
            String.valueOf(call.vmid()),
            task -> {
              Guest guest = ct(call);
              guest.checkLock();
              if (!guest.running) {
                throw ApiError.died("CT " + guest.vmid + " not running");
              }
              task.after(
                  datacenter.config().durations().stop(),
                  () -> {
                    datacenter.powerOff(guest, Optional.of(task), effect);
                    task.ok();
                  });
            })
        .upid;
  }
}
