package dev.pvebot.integrations.lab.pve;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// A VM or container. Guarded by the datacenter's monitor.
final class Guest {
  final int vmid;
  final boolean isContainer;
  final Map<String, String> config = new TreeMap<>();
  final Map<String, String> pending = new TreeMap<>();
  final Set<String> pendingDelete = new LinkedHashSet<>();
  final Map<String, Snapshot> snapshots = new LinkedHashMap<>();
  final LockLine flock = new LockLine(LockLine.UNBOUNDED);
  String node;
  boolean running;
  boolean paused;

  /// Whether it ran when its node lost power: what the cluster goes on believing for five minutes.
  boolean ranWhenLost;

  Optional<Instant> startedAt = Optional.empty();
  int pid;

  /// What runs inside, while it runs.
  Optional<Machine> machine = Optional.empty();

  Guest(int vmid, boolean isContainer, String node) {
    this.vmid = vmid;
    this.isContainer = isContainer;
    this.node = node;
  }

  Optional<String> get(String key) {
    return Optional.ofNullable(config.get(key));
  }

  String name() {
    return get(isContainer ? "hostname" : "name").orElse((isContainer ? "CT " : "VM ") + vmid);
  }

  boolean isTemplate() {
    return get("template").filter(t -> t.equals("1")).isPresent();
  }

  boolean isProtected() {
    return get("protection").filter(t -> t.equals("1")).isPresent();
  }

  Optional<String> lock() {
    return get("lock");
  }

  void lock(String name) {
    config.put("lock", name);
  }

  void unlock() {
    config.remove("lock");
  }

  /// PVE's check before it touches a guest.
  void checkLock() {
    lock()
        .ifPresent(held -> {
          throw ApiError.died("VM is locked (" + held + ")");
        });
  }

  String uuid() {
    return get("smbios1")
        .flatMap(text ->
            java.util.Arrays.stream(text.split(",", -1))
                .filter(p -> p.startsWith("uuid="))
                .map(p -> p.substring(5))
                .findFirst())
        .orElse("");
  }

  double memoryMiB() {
    return Double.parseDouble(get("memory").orElse("512").replaceAll("^current=", ""));
  }

  int cpus() {
    return Integer.parseInt(get("cores").orElse("1"))
        * Integer.parseInt(get("sockets").orElse("1"));
  }

  /// Whether the configuration promises a guest agent.
  boolean expectsAgent() {
    return get("agent").map(a -> a.startsWith("1") || a.contains("enabled=1")).orElse(false);
  }

  /// SHA-1 of the configuration file as it would stand in /etc/pve.
  String digest() {
    StringBuilder file = new StringBuilder();
    config.forEach((k, v) -> file.append(k).append(": ").append(v).append('\n'));
    pending.forEach((k, v) -> file.append("[P]").append(k).append(": ").append(v).append('\n'));
    file.append(pendingDelete);
    snapshots.values().forEach(s -> file.append(s.name).append(s.description));
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-1")
                  .digest(file.toString().getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-1 is part of every JDK", e);
    }
  }

  /// The snapshot on which the current state stands.
  Optional<String> parent() {
    return get("parent");
  }
}
