package dev.pvebot.bot;

import dev.pvebot.bot.answers.Fleets;
import dev.pvebot.bot.config.BotConfig;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.fleet.GuestDetail;
import dev.pvebot.clusters.secret.Secret;
import dev.pvebot.clusters.site.Site;
import dev.pvebot.integrations.pve.api.ApiToken;
import dev.pvebot.integrations.pve.api.PveCaller;
import dev.pvebot.integrations.pve.api.Timeouts;
import dev.pvebot.integrations.pve.fleet.FleetCache;
import dev.pvebot.integrations.pve.fleet.FleetReader;
import dev.pvebot.integrations.pve.fleet.GuestReader;
import dev.pvebot.integrations.pve.task.NodeTasks;
import dev.pvebot.integrations.pve.task.TaskPoller;
import dev.pvebot.integrations.secrets.SecretResolver;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/// The clients of the systems of one site, made in one place.
record Systems(PveCaller caller, FleetCache fleet, GuestReader guests, TaskPoller tasks)
    implements Fleets, AutoCloseable {

  /// How often the running tasks of a node are asked for, by the datacenter's clock.
  private static final Duration POLL_EVERY = Duration.ofSeconds(1);

  static Systems connect(Site site, BotConfig config, SecretResolver secrets, InstantSource clock)
      throws InterruptedException {
    Secret token = secrets.resolve(config.pveToken().orElse(site.credentials().token()));
    PveCaller caller =
        new PveCaller(site.nodes(), site.tls(), ApiToken.parse(token), Timeouts.defaults(), clock);
    FleetReader reader = new FleetReader(caller, clock);
    return new Systems(
        caller,
        new FleetCache(reader::read, clock),
        new GuestReader(caller),
        new TaskPoller(new NodeTasks(caller), Paced.by(config.pace(), POLL_EVERY)));
  }

  @Override
  public Fleet cached(Duration maxAge) throws InterruptedException {
    return fleet.cached(maxAge);
  }

  @Override
  public Optional<GuestDetail> detail(Vmid vmid) throws InterruptedException {
    return guests.detail(vmid);
  }

  @Override
  public void close() {
    tasks.close();
    caller.close();
  }
}
