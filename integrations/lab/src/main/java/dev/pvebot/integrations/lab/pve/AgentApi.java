package dev.pvebot.integrations.lab.pve;

import dev.pvebot.integrations.lab.wire.Json;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The guest agent, where a guest has one.
final class AgentApi {
  private static final String AGENT = "/nodes/{node}/qemu/{vmid}/agent";

  private final Datacenter datacenter;

  AgentApi(Datacenter datacenter) {
    this.datacenter = datacenter;
  }

  void routes(Router router) {
    router
        .on(
            "POST",
            AGENT + "/ping",
            call -> {
              answering(call);
              return Json.object("result", Map.of());
            })
        .on("GET", AGENT + "/network-get-interfaces", this::interfaces);
  }

  private Guest answering(Call call) {
    Guest guest = datacenter.vm(call.node(), call.vmid());
    if (guest.get("agent").isEmpty()) {
      throw ApiError.died("No QEMU guest agent configured");
    }
    if (!guest.running) {
      throw ApiError.died("VM " + guest.vmid + " is not running");
    }
    if (!guest.expectsAgent() || !guest.machine.map(Machine::hasAgent).orElse(false)) {
      throw ApiError.died("QEMU guest agent is not running");
    }
    return guest;
  }

  private Object interfaces(Call call) {
    Guest guest = answering(call);
    String address = guest.machine.flatMap(Machine::address).orElse("");
    String mac = guest.get("net0").map(Network::mac).orElse("").toLowerCase(Locale.ROOT);
    return Json.object(
        "result",
        List.of(
            Json.object(
                "name",
                "lo",
                "hardware-address",
                "00:00:00:00:00:00",
                "ip-addresses",
                List.of(address("ipv4", "127.0.0.1", 8), address("ipv6", "::1", 128))),
            Json.object(
                "name",
                "eth0",
                "hardware-address",
                mac,
                "ip-addresses",
                List.of(
                    address("ipv4", address, 24), address("ipv6", "fe80::be24:11ff:fe00:1", 64)),
                "statistics",
                Json.object(
                    "rx-bytes",
                    1_043_221,
                    "rx-packets",
                    9120,
                    "rx-errs",
                    0,
                    "rx-dropped",
                    0,
                    "tx-bytes",
                    600_120,
                    "tx-packets",
                    5230,
                    "tx-errs",
                    0,
                    "tx-dropped",
                    0))));
  }

  private static Map<String, Object> address(String type, String address, int prefix) {
    return Json.object("ip-address-type", type, "ip-address", address, "prefix", prefix);
  }
}
