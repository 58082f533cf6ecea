package dev.pvebot.integrations.lab.pve;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A volume of a storage. What system its bytes would boot is part of it, and is copied with it.
final class Volume {
  /// What a disk boots into.
  ///
  /// @param image which one of its kind, for Talos `nocloud/v1.12.4/SCHEMATIC`; else empty
  record Content(Kind kind, String image) {
    enum Kind {
      EMPTY,
      TALOS,
      CLOUD_IMAGE
    }

    static final Content EMPTY = new Content(Kind.EMPTY, "");
    static final Content CLOUD_IMAGE = new Content(Kind.CLOUD_IMAGE, "");
    private static final Pattern FACTORY_IMAGE =
        Pattern.compile("/image/([0-9a-f]{64})/(v[^/]+)/(metal|nocloud)-amd64[^/]*$");

    static Content talos(String image) {
      return new Content(Kind.TALOS, image);
    }

    /// What a file has that was downloaded from this address: an image factory's path tells.
    static Content downloaded(String url) {
      Matcher path = FACTORY_IMAGE.matcher(url);
      return path.find()
          ? talos("%s/%s/%s".formatted(path.group(3), path.group(2), path.group(1)))
          : EMPTY;
    }

    boolean isEmpty() {
      return kind == Kind.EMPTY;
    }
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
