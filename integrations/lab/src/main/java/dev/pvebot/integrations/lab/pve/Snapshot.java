package dev.pvebot.integrations.lab.pve;

import java.util.LinkedHashMap;
import java.util.Map;

/// A snapshot of a guest: its configuration at that time.
final class Snapshot {
  final String name;
  final long time;
  final String parent;
  final boolean withMemory;
  final Map<String, String> config;
  String description;

  Snapshot(
      String name,
      String description,
      long time,
      String parent,
      boolean withMemory,
      Map<String, String> config) {
    this.name = name;
    this.description = description;
    this.time = time;
    this.parent = parent;
    this.withMemory = withMemory;
    this.config = new LinkedHashMap<>(config);
  }
}
