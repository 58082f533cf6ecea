package dev.pvebot.bot;

import dev.pvebot.bot.answers.Fleets;
import dev.pvebot.bot.config.BotConfig;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.fleet.GuestDetail;
import dev.pvebot.clusters.secret.Secret;
import dev.pvebot.clusters.site.Site;
import dev.pvebot.integrations.pve.Pve;
import dev.pvebot.integrations.pve.api.PveFailure;
import dev.pvebot.integrations.secrets.SecretResolver;
import dev.pvebot.runbooks.engine.EngineClock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The clients of the systems of one site, made in one place.
record Systems(Pve pve) implements Fleets, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Systems.class);

  /// A guest that was made elsewhere is known by its name after so long at most.
  private static final Duration LOOK_EVERY = Duration.ofMinutes(1);

  /// Who is the first to say a name waits so long for it to be known.
  private static final Duration FIRST_LOOK = Duration.ofMillis(1500);

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

  /// Looks at the fleet now and then, so that people can say the names of guests; the first look is
  /// waited for, but not for long.
  ///
  /// @param end done when no more looks are wanted
  void learnNames(EngineClock clock, CompletableFuture<Void> end) {
    CompletableFuture<Void> first = new CompletableFuture<>();
    Thread.ofVirtual().name("learn-names").start(() -> lookNowAndThen(clock, first, end));
    first.completeOnTimeout(null, FIRST_LOOK.toMillis(), TimeUnit.MILLISECONDS).join();
  }

  private void lookNowAndThen(
      EngineClock clock, CompletableFuture<Void> first, CompletableFuture<Void> end) {
    try {
      while (!end.isDone()) {
        look();
        first.complete(null);
        clock.sleep(LOOK_EVERY, end);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() throws InterruptedException {
    try {
      cached(LOOK_EVERY);
    } catch (PveFailure failure) {
      log.debug("names of guests stay as they were: {}", failure.getMessage());
    }
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
