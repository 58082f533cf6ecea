package dev.pvebot.integrations.store;

final class PostgresStoreTest extends SqlStoreContract {
  private final StoreConfig config = PostgresServer.running().database();

  @Override
  StoreConfig config() {
    return config;
  }

  @Override
  Store.Role other() {
    return Store.Role.OWNER;
  }
}
