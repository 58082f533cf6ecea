package dev.pvebot.integrations.lab.pve;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What the disks of backed-up guests were like, by the volume that their saved configurations
/// name.
final class BackupImages {
  private final Map<String, Volume> byVolid = new HashMap<>();

  void remember(Volume volume) {
    byVolid.put(volume.volid, volume);
  }

  Optional<Volume> image(String drive) {
    return Optional.ofNullable(byVolid.get(Drives.file(drive)));
  }
}
