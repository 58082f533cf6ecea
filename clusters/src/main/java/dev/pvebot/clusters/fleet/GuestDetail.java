package dev.pvebot.clusters.fleet;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the configuration of one guest says (source: PVE `GET /nodes/{node}/qemu/{vmid}/config`).
///
/// @param guest the guest as the fleet shows it
/// @param identity what tells this guest from another that gets its VMID later
/// @param config the configuration's own keys and values as text, without secrets
/// @param digest PVE's SHA-1 of the configuration file; a change sent with it fails when somebody
///   changed it meanwhile
/// @param disks the guest's disks, cloud-init and CD-ROM drives left out
/// @param snapshots names, oldest first, without PVE's pseudo entry `current`
/// @param protectedByPve PVE's own `protection` flag, which blocks removal
public record GuestDetail(
    Fleet.Guest guest,
    Identity identity,
    Map<String, String> config,
    String digest,
    List<Disk> disks,
    List<String> snapshots,
    boolean protectedByPve) {

  public GuestDetail {
    config = Map.copyOf(config);
    disks = List.copyOf(disks);
    snapshots = List.copyOf(snapshots);
  }

  /// The identity of a guest: VMID, smbios uuid, MAC of its first network card and name. A freed
  /// VMID may be given to another guest; these four together are not.
  ///
  /// @param uuid the smbios uuid, lower case
  /// @param mac MAC address of `net0`, upper case with colons
  public record Identity(
      dev.pvebot.clusters.Vmid vmid, String name, Optional<String> uuid, Optional<String> mac) {}

  /// @param key the configuration's key, for example `scsi0`
  /// @param storage the storage it lives on
  /// @param volume PVE's volume id, for example `local-lvm:vm-101-disk-0`
  /// @param sizeBytes as the configuration says; informative
  public record Disk(String key, String storage, String volume, long sizeBytes) {}
}
