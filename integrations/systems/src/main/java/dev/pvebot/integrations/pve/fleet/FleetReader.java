package dev.pvebot.integrations.pve.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.integrations.pve.api.Json;
import dev.pvebot.integrations.pve.api.PveCall;
import dev.pvebot.integrations.pve.api.PveCaller;
import dev.pvebot.integrations.pve.api.PveFailure;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/// Reads the whole fleet with four calls side by side. Works on PVE 8.4 and 9.x.
public final class FleetReader {
  private final PveCaller caller;
  private final InstantSource clock;

  public FleetReader(PveCaller caller, InstantSource clock) {
    this.caller = caller;
    this.clock = clock;
  }

  /// @throws PveFailure when the list of resources cannot be read; what else cannot is taken as not
  ///   known
  public Fleet read() throws InterruptedException {
    List<JsonNode> answers =
        Together.read(
            List.<Callable<JsonNode>>of(
                () ->
                    caller.call(
                        PveCall.get("reading what the cluster has", "cluster", "resources")),
                () -> ifAllowed(PveCall.get("reading the cluster's state", "cluster", "status")),
                () -> ifAllowed(PveCall.get("reading PVE's version", "version")),
                () ->
                    ifAllowed(
                        PveCall.get("reading what the token may do", "access", "permissions"))));
    Resources resources = new Resources(answers.get(0));
    JsonNode status = answers.get(1);
    return new Fleet(
        clock.instant(),
        Rights.of(answers.get(3)).seesEveryGuest(),
        isQuorate(status),
        Json.text(answers.get(2), "version").orElse("unknown"),
        resources.nodes(online(status)),
        resources.guests(),
        resources.storages());
  }

  /// `cluster/status` needs Sys.Audit on `/`; a token without it still sees its guests.
  private JsonNode ifAllowed(PveCall call) throws InterruptedException {
    try {
      return caller.call(call);
    } catch (PveFailure failure) {
      if (failure.kind() == PveFailure.Kind.FORBIDDEN) {
        return MissingNode.getInstance();
      }
      throw failure;
    }
  }

  private static boolean isQuorate(JsonNode status) {
    return Json.list(status).stream()
        .filter(entry -> entry.path("type").asText().equals("cluster"))
        .allMatch(entry -> Json.flag(entry, "quorate"));
  }

  private static Map<NodeName, Boolean> online(JsonNode status) {
    Map<NodeName, Boolean> online = new HashMap<>();
    for (JsonNode entry : Json.list(status)) {
      if (entry.path("type").asText().equals("node") && entry.has("online")) {
        Json.node(entry, "name").ifPresent(name -> online.put(name, Json.flag(entry, "online")));
      }
    }
    return online;
  }
}
