package dev.pvebot.runbooks.engine.journal;

final class InMemoryStoreTest extends JournalContract {
  private final InMemoryStore store = new InMemoryStore();

  @Override
  protected Door open() {
    return new Door(store, store, store, store, store);
  }

  @Override
  protected Door again() {
    return open();
  }

  @Override
  protected Claim pickUp(long operation) {
    return store.pickUp(operation);
  }
}
