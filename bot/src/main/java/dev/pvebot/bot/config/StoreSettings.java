package dev.pvebot.bot.config;

import dev.pvebot.clusters.secret.Secret;
import dev.pvebot.integrations.secrets.SecretResolver;
import dev.pvebot.integrations.store.StoreConfig;
import java.nio.file.Path;

/// From `store:` in `pvebot.yaml` to the store's own settings.
public final class StoreSettings {
  private static final String SQLITE = "jdbc:sqlite:";

  private StoreSettings() {}

  /// @throws dev.pvebot.integrations.secrets.SecretUnavailable when its password cannot be read
  public static StoreConfig of(BotConfig config, SecretResolver secrets)
      throws InterruptedException {
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
