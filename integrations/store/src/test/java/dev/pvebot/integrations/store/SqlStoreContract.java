package dev.pvebot.integrations.store;

import dev.pvebot.runbooks.engine.journal.Claim;
import dev.pvebot.runbooks.engine.journal.JournalContract;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/// The contract on a database; `again` is a second store on the same one, with connections of its
/// own.
abstract class SqlStoreContract extends JournalContract {
  private final List<Store> stores = new ArrayList<>();
  private final List<Database> databases = new ArrayList<>();

  abstract StoreConfig config() throws Exception;

  abstract Store.Role other();

  @Override
  protected Door open() throws Exception {
    return door(Store.Role.OWNER);
  }

  @Override
  protected Door again() throws Exception {
    return door(other());
  }

  private Door door(Store.Role role) throws Exception {
    Store store = Store.open(config(), role, InstantSource.system());
    stores.add(store);
    return new Door(
        store.journal(), store.locks(), store.approvals(), store.audit(), store.threads());
  }

  Database database() {
    if (databases.isEmpty()) {
      try {
        databases.add(Database.open(Dialect.of(config().place())));
      } catch (Exception failed) {
        throw new IllegalStateException(failed);
      }
    }
    return databases.getFirst();
  }

  @Override
  protected Claim pickUp(long operation) {
    return database()
        .write(handle ->
            new Claim(
                operation,
                handle
                    .createQuery(
                        "update operations set epoch = epoch + 1 where id = :id returning epoch")
                    .bind("id", operation)
                    .mapTo(Long.class)
                    .one()));
  }

  @AfterEach
  void closeStores() {
    databases.forEach(Database::close);
    stores.reversed().forEach(Store::close);
  }
}
