package dev.pvebot.integrations.lab.config;

/// The release of Proxmox VE that a lab plays.
public enum PveVersion {
  V8_4("8.4", "8.4.5"),
  V9_1("9.1", "9.1.4");

  private final String schema;
  private final String full;

  PveVersion(String schema, String full) {
    this.schema = schema;
    this.full = full;
  }

  /// `9.1`
  public String release() {
    return schema;
  }

  /// `9.1.4`
  public String version() {
    return full;
  }
}
