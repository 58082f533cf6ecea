package dev.pvebot.integrations.lab.pve;

import dev.pvebot.integrations.lab.config.PveVersion;
import dev.pvebot.integrations.lab.wire.Json;
import java.time.Duration;
import java.util.Map;

/// How guests look from outside: status fields in PVE's units.
final class GuestView {
  private GuestView() {}

  /// The fields that lists, the cluster's resources and `status/current` share.
  static Map<String, Object> status(Datacenter datacenter, Guest guest) {
    Map<String, Object> view =
        Json.object(
            "vmid",
            guest.vmid,
            "name",
            guest.name(),
            "status",
            guest.running ? "running" : "stopped");
    long memory = (long) (guest.memoryMiB() * (1 << 20));
    long uptime =
        guest
            .startedAt
            .map(t -> Math.max(1, Duration.between(t, datacenter.clock().now()).toSeconds()))
            .orElse(0L);
    view.put("uptime", uptime);
    view.put("cpu", guest.running ? 0.01 + guest.vmid % 7 / 100.0 : 0);
    view.put("mem", guest.running ? memory * 45 / 100 : 0);
    view.put("maxmem", memory);
    view.put("disk", 0);
    view.put("maxdisk", maxDisk(datacenter, guest));
    view.put("netin", uptime * 1500);
    view.put("netout", uptime * 900);
    view.put("diskread", uptime * 400);
    view.put("diskwrite", uptime * 700);
    if (guest.isTemplate()) {
      view.put("template", 1);
    }
    guest.get("tags").filter(t -> !t.isEmpty()).ifPresent(t -> view.put("tags", t));
    guest.lock().ifPresent(l -> view.put("lock", l));
    if (!guest.isContainer && guest.running && datacenter.config().version() != PveVersion.V8_4) {
      view.put("memhost", memory * 47 / 100);
    }
    return view;
  }

  static long maxDisk(Datacenter datacenter, Guest guest) {
    return datacenter.disks(guest).entrySet().stream()
        .filter(e -> Drives.isBootable(e.getKey()) || e.getKey().equals("rootfs"))
        .filter(e -> !guest.isContainer || e.getKey().equals("rootfs"))
        .filter(e -> !e.getValue().volid.contains("cloudinit"))
        .mapToLong(e -> e.getValue().bytes)
        .findFirst()
        .orElse(0);
  }

  static Map<String, Object> listed(Datacenter datacenter, Guest guest) {
    Map<String, Object> view = status(datacenter, guest);
    view.put("cpus", guest.cpus());
    if (guest.running) {
      view.put("pid", guest.pid);
    }
    if (guest.isContainer) {
      view.put("type", "lxc");
      view.put("maxswap", 512L << 20);
    }
    return view;
  }

  static Map<String, Object> current(Datacenter datacenter, Guest guest) {
    Map<String, Object> view = listed(datacenter, guest);
    Datacenter.HaResource resource = datacenter.ha.get(guest.vmid);
    Map<String, Object> ha = Json.object("managed", resource == null ? 0 : 1);
    if (resource != null) {
      ha.put("state", guest.running ? "started" : "stopped");
    }
    view.put("ha", ha);
    if (!guest.isContainer) {
      view.put("qmpstatus", guest.running ? guest.paused ? "paused" : "running" : "stopped");
      if (guest.expectsAgent()) {
        view.put("agent", 1);
      }
      if (guest.running) {
        view.put("running-machine", "pc-q35-10.0+pve1");
        view.put("running-qemu", "10.0.2");
      }
    }
    return view;
  }
}
