package dev.pvebot.integrations.lab.pve;

/// A volume of a storage. What system its bytes would boot is part of it, and is copied with it.
final class Volume {
  /// What a disk boots into.
  enum Content {
    EMPTY,
    TALOS,
    CLOUD_IMAGE
  }

  final String volid;
  final String kind;
  final String format;
  final Content boots;
  final long created;
  long bytes;
  int owner;
  String notes = "";
  String parent = "";
  boolean isProtected;

  Volume(
      String volid,
      String kind,
      String format,
      long bytes,
      int owner,
      Content boots,
      long created) {
    this.volid = volid;
    this.kind = kind;
    this.format = format;
    this.bytes = bytes;
    this.owner = owner;
    this.boots = boots;
    this.created = created;
  }

  double gib() {
    return bytes / (double) (1L << 30);
  }
}
