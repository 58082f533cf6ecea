package dev.pvebot.clusters;

import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Proxmox VE's id of a worker task: `UPID:NODE:PID8:PSTART8:START8:TYPE:ID:USER:`.
///
/// The node in it is where the task runs and where its status must be asked for; the numbers are
/// upper-case hexadecimal, the start is in epoch seconds, `ID` may be empty (source: pve-common
/// `PVE/UPID.pm`).
public record Upid(String value) {
  private static final Pattern FORMAT =
      Pattern.compile(
          "UPID:([a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?):([0-9A-Fa-f]{8}):([0-9A-Fa-f]{8,9}):([0-9A-Fa-f]{8}):"
              + "([^:\\s/]+):([^:\\s/]*):([^:\\s/]+):");

  public Upid {
    if (!FORMAT.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "'%s' is no UPID; expected UPID:NODE:PID:PSTART:START:TYPE:ID:USER:".formatted(value));
    }
  }

  public static boolean isUpid(String text) {
    return FORMAT.matcher(text).matches();
  }

  /// The node on which the task runs.
  public NodeName node() {
    return new NodeName(part(1));
  }

  /// When the task began, by the clock of its node; whole seconds.
  public Instant startedAt() {
    return Instant.ofEpochSecond(Long.parseLong(part(4), 16));
  }

  /// The task's type, for example `qmclone`.
  public String type() {
    return part(5);
  }

  /// The task's id, for guests usually the VMID (for a clone the *source's*); empty when PVE gave
  /// none.
  public Optional<String> id() {
    return Optional.of(part(6)).filter(id -> !id.isEmpty());
  }

  /// Who started it, `user@realm` or `user@realm!token`.
  public String user() {
    return part(7);
  }

  private String part(int group) {
    Matcher matcher = FORMAT.matcher(value);
    if (!matcher.matches()) {
      throw new IllegalStateException("checked by the constructor");
    }
    return matcher.group(group);
  }

  @Override
  public String toString() {
    return value;
  }
}
