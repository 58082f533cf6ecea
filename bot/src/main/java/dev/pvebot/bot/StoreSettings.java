package dev.pvebot.bot;

import dev.pvebot.bot.config.BotConfig;
import dev.pvebot.clusters.secret.Secret;
import dev.pvebot.integrations.secrets.SecretResolver;
import dev.pvebot.integrations.store.StoreConfig;
import java.nio.file.Path;

/// From `store:` in `pvebot.yaml` to the store's own settings.
final class StoreSettings {
  private static final String SQLITE = "jdbc:sqlite:";

  private StoreSettings() {}

  static StoreConfig of(BotConfig config, SecretResolver secrets) throws InterruptedException {
    BotConfig.Store store = config.store();
    if (store.url().startsWith(SQLITE)) {
      return StoreConfig.sqlite(Path.of(store.url().substring(SQLITE.length())));
    }
    Secret password =
        store.password().isPresent() ? secrets.resolve(store.password().get()) : new Secret("");
    return StoreConfig.postgres(
        store.url(), store.user().orElse(System.getProperty("user.name")), password);
  }
}
