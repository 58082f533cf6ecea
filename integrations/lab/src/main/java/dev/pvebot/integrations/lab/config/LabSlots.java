package dev.pvebot.integrations.lab.config;

/// How much happens at once.
///
/// @param clonesPerStorage full clones that one storage of one node carries; one more waits for a
///   lock and fails after [LabDurations#lockTimeout]
/// @param migrationsPerNode migrations that leave one node at once; one more waits its turn
public record LabSlots(int clonesPerStorage, int migrationsPerNode) {
  public static LabSlots defaults() {
    return new LabSlots(2, 2);
  }
}
