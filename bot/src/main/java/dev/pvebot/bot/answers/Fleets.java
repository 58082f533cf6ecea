package dev.pvebot.bot.answers;

import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.fleet.GuestDetail;
import java.time.Duration;
import java.util.Optional;

/// Where questions get their fleet from.
public interface Fleets {
  /// A snapshot no older than `maxAge`.
  Fleet cached(Duration maxAge) throws InterruptedException;

  /// The newest snapshot that was ever read, however old.
  Optional<Fleet> newest();

  Optional<GuestDetail> detail(Vmid vmid) throws InterruptedException;
}
