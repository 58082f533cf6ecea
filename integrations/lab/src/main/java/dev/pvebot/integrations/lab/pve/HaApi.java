package dev.pvebot.integrations.lab.pve;

import dev.pvebot.integrations.lab.config.PveVersion;
import dev.pvebot.integrations.lab.wire.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The HA manager: which guests are in its care, and what it is asked to do with them.
final class HaApi {
  private static final String RESOURCE = "/cluster/ha/resources/{sid}";

  private final Datacenter datacenter;
  private final QemuPowerApi power;
  private final QemuMigrateApi migration;

  HaApi(Datacenter datacenter, QemuPowerApi power, QemuMigrateApi migration) {
    this.datacenter = datacenter;
    this.power = power;
    this.migration = migration;
  }

  void routes(Router router) {
    router
        .on("GET", "/cluster/ha/resources", this::list)
        .on("POST", "/cluster/ha/resources", this::add)
        .on("GET", RESOURCE, call -> row(vmid(call), known(call)))
        .on("PUT", RESOURCE, this::change)
        .on("DELETE", RESOURCE, this::remove)
        .on("POST", RESOURCE + "/migrate", this::migrate)
        .on("POST", RESOURCE + "/relocate", this::migrate)
        .on("GET", "/cluster/ha/status/current", this::status)
        .on("GET", "/cluster/ha/rules", _ -> List.of())
        .on("GET", "/cluster/ha/groups", _ -> List.of());
  }

  private static int vmid(Call call) {
    return Integer.parseInt(call.need("sid").replaceFirst("^(vm|ct):", ""));
  }

  private String sid(int vmid) {
    boolean container =
        Optional.ofNullable(datacenter.guests.get(vmid)).map(g -> g.isContainer).orElse(false);
    return (container ? "ct:" : "vm:") + vmid;
  }

  private Datacenter.HaResource known(Call call) {
    Datacenter.HaResource resource = datacenter.ha.get(vmid(call));
    if (resource == null) {
      throw ApiError.died("resource '" + sid(vmid(call)) + "' is not HA managed");
    }
    return resource;
  }

  private Map<String, Object> row(int vmid, Datacenter.HaResource resource) {
    String sid = sid(vmid);
    return Json.object(
        "sid",
        sid,
        "type",
        sid.substring(0, 2),
        "state",
        resource.requested,
        "max_restart",
        resource.maxRestart,
        "max_relocate",
        resource.maxRelocate,
        "comment",
        resource.comment,
        "digest",
        "0000000000000000000000000000000000000000");
  }

  private Object list(Call call) {
    List<Object> rows = new ArrayList<>();
    datacenter.ha.forEach((vmid, resource) -> rows.add(row(vmid, resource)));
    return rows;
  }

  private void set(Call call, Datacenter.HaResource resource, int vmid) {
    if (call.get("group").isPresent() && datacenter.config().version() != PveVersion.V8_4) {
      throw ApiError.died("invalid parameter 'group': ha groups have been migrated to rules");
    }
    call.get("comment").ifPresent(c -> resource.comment = c);
    call.get("max_restart").ifPresent(m -> resource.maxRestart = Integer.parseInt(m));
    call.get("max_relocate").ifPresent(m -> resource.maxRelocate = Integer.parseInt(m));
    call.get("state")
        .ifPresent(state -> power.requestHa(vmid, state.equals("enabled") ? "started" : state));
  }

  private Object add(Call call) {
    int vmid = vmid(call);
    if (datacenter.ha.containsKey(vmid)) {
      throw ApiError.died("resource ID '" + sid(vmid) + "' already defined");
    }
    if (!datacenter.guests.containsKey(vmid)) {
      throw ApiError.died(
          "can't create HA resource: unable to find VM/CT '" + vmid + "' in the cluster");
    }
    Datacenter.HaResource resource = new Datacenter.HaResource();
    datacenter.ha.put(vmid, resource);
    power.requestHa(vmid, "started");
    set(call, resource, vmid);
    return Json.NULL;
  }

  private Object change(Call call) {
    set(call, known(call), vmid(call));
    return Json.NULL;
  }

  private Object remove(Call call) {
    if (datacenter.ha.remove(vmid(call)) == null) {
      throw ApiError.died("cannot delete service '" + sid(vmid(call)) + "', not HA managed!");
    }
    return Json.NULL;
  }

  private Object migrate(Call call) {
    known(call);
    String target = call.need("node");
    if (!datacenter.nodes.containsKey(target)) {
      throw ApiError.died("no such cluster node '" + target + "'");
    }
    Optional.ofNullable(datacenter.guests.get(vmid(call)))
        .ifPresent(guest -> migration.byHa(guest, target));
    return datacenter.config().version() == PveVersion.V8_4
        ? Json.NULL
        : Json.object("sid", sid(vmid(call)), "requested-node", target);
  }

  private Object status(Call call) {
    List<Object> rows = new ArrayList<>();
    String master = datacenter.nodes.keySet().iterator().next();
    long online = datacenter.nodes.values().stream().filter(n -> n.online).count();
    boolean quorate = online * 2 > datacenter.nodes.size();
    rows.add(
        Json.object(
            "id",
            "quorum",
            "type",
            "quorum",
            "node",
            call.entryNode(),
            "status",
            quorate ? "OK" : "No quorum on node '" + call.entryNode() + "'!",
            "quorate",
            quorate ? 1 : 0));
    rows.add(
        Json.object(
            "id",
            "master",
            "type",
            "master",
            "node",
            master,
            "status",
            master + " (active, " + datacenter.clock().now() + ")",
            "timestamp",
            datacenter.now()));
    for (NodeHost node : datacenter.nodes.values()) {
      rows.add(
          Json.object(
              "id",
              "lrm:" + node.name(),
              "type",
              "lrm",
              "node",
              node.name(),
              "status",
              node.name() + (node.online ? " (active)" : " (old timestamp - dead?)"),
              "timestamp",
              datacenter.now()));
    }
    datacenter.ha.forEach((vmid, resource) ->
        Optional.ofNullable(datacenter.guests.get(vmid))
            .ifPresent(guest -> {
              String state = guest.running ? "started" : "stopped";
              rows.add(
                  Json.object(
                      "id",
                      "service:" + sid(vmid),
                      "type",
                      "service",
                      "sid",
                      sid(vmid),
                      "node",
                      guest.node,
                      "state",
                      state,
                      "crm_state",
                      state,
                      "request_state",
                      resource.requested,
                      "max_restart",
                      resource.maxRestart,
                      "max_relocate",
                      resource.maxRelocate,
                      "status",
                      "%s (%s, %s)".formatted(sid(vmid), guest.node, state)));
            }));
    return rows;
  }
}
