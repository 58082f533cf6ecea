package dev.pvebot.integrations.lab.pve;

import dev.pvebot.integrations.lab.wire.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// How full storages were, as PVE's round-robin databases tell it: worked out from when their
/// volumes were made, so what was deleted since has left no trace. Before the nodes' start there
/// are moments without figures.
final class RrdApi {
  /// Rows of each time frame; the newest is the present step.
  private static final int ROWS = 70;

  private static final Map<String, Long> STEP_SECONDS =
      Map.of("hour", 60L, "day", 1800L, "week", 10_800L, "month", 43_200L, "year", 604_800L);

  private final Datacenter datacenter;

  RrdApi(Datacenter datacenter) {
    this.datacenter = datacenter;
  }

  void routes(Router router) {
    router.on("GET", "/nodes/{node}/storage/{storage}/rrddata", this::storage);
  }

  private Object storage(Call call) {
    Storage storage = datacenter.storage(call.need("storage"));
    if (!call.may("/storage/" + storage.name, "Datastore.Audit")) {
      call.require("/storage/" + storage.name, "Datastore.AllocateSpace");
    }
    long step = STEP_SECONDS.getOrDefault(call.need("timeframe"), 60L);
    long newest = datacenter.now() / step * step;
    List<Object> rows = new ArrayList<>();
    for (int back = ROWS - 1; back >= 0; back--) {
      long at = newest - back * step;
      Map<String, Object> row = Json.object("time", at);
      if (at >= datacenter.bootedAt().getEpochSecond()) {
        row.put("total", storage.totalBytes);
        row.put("used", storage.used(call.node(), at));
      }
      rows.add(row);
    }
    return rows;
  }
}
