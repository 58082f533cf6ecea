package dev.pvebot.integrations.pve.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pvebot.clusters.NodeName;
import dev.pvebot.integrations.pve.api.Json;
import dev.pvebot.integrations.pve.api.PveCall;
import dev.pvebot.integrations.pve.api.PveCaller;
import java.util.List;
import java.util.Optional;

/// Reads what a node says of itself (source: PVE `GET /nodes/{node}/status`, needs Sys.Audit on the
/// node).
public final class NodeReader {
  private final PveCaller caller;

  public NodeReader(PveCaller caller) {
    this.caller = caller;
  }

  /// @param version PVE's, for example `9.1.4`
  /// @param kernel for example `6.17.4-1-pve`
  /// @param load averages over 1, 5 and 15 minutes, as PVE writes them
  /// @param cpu load, 0 to 1 of all cores
  /// @param waiting share of time, 0 to 1, that the cores wait for disks
  public record NodeDetail(
      NodeName name,
      Optional<String> version,
      Optional<String> kernel,
      List<String> load,
      String cpuModel,
      int cores,
      double cpu,
      double waiting,
      long memoryBytes,
      long memoryUsedBytes,
      long swapBytes,
      long swapUsedBytes,
      long rootBytes,
      long rootUsedBytes,
      long uptimeSeconds) {
    public NodeDetail {
      load = List.copyOf(load);
    }
  }

  public NodeDetail detail(NodeName node) throws InterruptedException {
    JsonNode status =
        caller.call(PveCall.get("asking " + node + " how it is", "nodes", node, "status"));
    JsonNode memory = status.path("memory");
    JsonNode swap = status.path("swap");
    JsonNode root = status.path("rootfs");
    return new NodeDetail(
        node,
        Json.text(status, "pveversion").map(NodeReader::version),
        Json.text(status.path("current-kernel"), "release"),
        Json.list(status.path("loadavg")).stream().map(JsonNode::asText).toList(),
        Json.text(status.path("cpuinfo"), "model").orElse("unknown"),
        (int) Json.number(status.path("cpuinfo"), "cpus"),
        Json.fraction(status, "cpu"),
        Json.fraction(status, "wait"),
        Json.number(memory, "total"),
        Json.number(memory, "used"),
        Json.number(swap, "total"),
        Json.number(swap, "used"),
        Json.number(root, "total"),
        Json.number(root, "used"),
        Json.number(status, "uptime"));
  }

  /// `pve-manager/9.1.4/5ac30304265fbd8e` -> `9.1.4`
  private static String version(String manager) {
    String[] parts = manager.split("/", -1);
    return parts.length > 1 ? parts[1] : manager;
  }
}
