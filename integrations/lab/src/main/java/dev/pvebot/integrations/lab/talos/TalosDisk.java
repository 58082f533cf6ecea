package dev.pvebot.integrations.lab.talos;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a machine keeps when its power is off: the boot slots, STATE with the configuration,
/// EPHEMERAL with etcd's data and the images. Guarded by the world.
final class TalosDisk {
  /// A member's data directory: which cluster it belongs to, and as whom.
  record EtcdData(EtcdCluster cluster, long member) {}

  TalosImage current;
  Optional<TalosImage> previous = Optional.empty();

  /// Whether `current` was written and has not booted yet; it does not boot if it is broken.
  boolean onTrial;

  boolean broken;
  boolean installed;
  Optional<MachineConfig> config = Optional.empty();
  Optional<MachineConfig> staged = Optional.empty();
  Optional<TalosImage> stagedUpgrade = Optional.empty();
  Optional<EtcdData> etcd = Optional.empty();

  /// An uploaded snapshot, `/var/lib/etcd.snapshot`.
  Optional<byte[]> recovery = Optional.empty();

  /// A name that the kernel gives to the card instead of the image's own.
  Optional<String> linkName = Optional.empty();

  final Map<Integer, String> meta = new LinkedHashMap<>();
  final Set<String> images = new LinkedHashSet<>();

  TalosDisk(TalosImage image) {
    this.current = image;
    this.installed = image.isInstalledAsIs();
  }

  /// Writes a release into the slot that does not run, to be booted next.
  void write(TalosImage running, TalosImage image, boolean bad) {
    previous = installed ? Optional.of(running) : Optional.empty();
    current = image;
    onTrial = true;
    broken = bad;
    installed = true;
  }

  /// Goes back to the other slot.
  ///
  /// @return whether there was one
  boolean flip() {
    if (previous.isEmpty()) {
      return false;
    }
    TalosImage other = previous.get();
    previous = Optional.of(current);
    current = other;
    onTrial = false;
    broken = false;
    return true;
  }

  /// What a reset of EPHEMERAL takes.
  void wipeEphemeral() {
    etcd = Optional.empty();
    recovery = Optional.empty();
    images.clear();
  }

  /// What a reset of STATE takes.
  void wipeState() {
    config = Optional.empty();
    staged = Optional.empty();
  }
}
