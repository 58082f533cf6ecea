package dev.pvebot.bot;

import dev.pvebot.bot.answers.Fleets;
import dev.pvebot.bot.config.BotConfig;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.fleet.GuestDetail;
import dev.pvebot.clusters.secret.Secret;
import dev.pvebot.clusters.site.Site;
import dev.pvebot.integrations.pve.Pve;
import dev.pvebot.integrations.secrets.SecretResolver;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/// The clients of the systems of one site, made in one place.
record Systems(Pve pve) implements Fleets, AutoCloseable {

  static Systems connect(Site site, BotConfig config, SecretResolver secrets, InstantSource clock)
      throws InterruptedException {
    Secret token = secrets.resolve(config.pveToken().orElse(site.credentials().token()));
    Pve.Pace real = Pve.Pace.defaults();
    return new Systems(
        new Pve(
            site,
            token,
            new Pve.Pace(real.timeouts(), Paced.by(config.pace(), real.poll())),
            clock));
  }

  @Override
  public Fleet cached(Duration maxAge) throws InterruptedException {
    return pve.fleet().cached(maxAge);
  }

  @Override
  public Optional<Fleet> newest() {
    return pve.fleet().newest();
  }

  @Override
  public Optional<GuestDetail> detail(Vmid vmid) throws InterruptedException {
    return pve.guests().detail(vmid);
  }

  @Override
  public void close() {
    pve.close();
  }
}
