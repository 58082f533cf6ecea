package dev.pvebot.integrations.talos.api;

/// Where a node's machine API listens. The address is that of the node itself: requests are never
/// routed through another node, so that an answer is always that of the node that was asked.
///
/// @param name for people: the machine's name where it is known, else the address
public record NodeAddress(String name, String host, int port) {
  /// apid's port (Talos, pkg/machinery/constants).
  public static final int PORT = 50_000;

  public static NodeAddress of(String name, String host) {
    return new NodeAddress(name, host, PORT);
  }

  public static NodeAddress of(String host) {
    return of(host, host);
  }

  @Override
  public String toString() {
    return name.equals(host) ? host : name + " (" + host + ")";
  }
}
