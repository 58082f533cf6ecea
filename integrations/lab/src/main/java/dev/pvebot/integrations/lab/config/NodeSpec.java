package dev.pvebot.integrations.lab.config;

/// A node of the lab: its name, the last number of its address in the lab's subnet, and its size.
public record NodeSpec(String name, int host, int cpus, long memoryMiB) {
  public static NodeSpec of(String name, int host) {
    return new NodeSpec(name, host, 16, 65_536);
  }
}
