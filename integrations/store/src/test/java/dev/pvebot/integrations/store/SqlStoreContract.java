package dev.pvebot.integrations.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pvebot.commands.chat.Conversation;
import dev.pvebot.runbooks.engine.journal.Claim;
import dev.pvebot.runbooks.engine.journal.Journal;
import dev.pvebot.runbooks.engine.journal.JournalContract;
import dev.pvebot.runbooks.engine.journal.Plans;
import dev.pvebot.runbooks.engine.journal.Schedules;
import dev.pvebot.runbooks.engine.journal.Watches;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The contract on a database; `again` is a second store on the same one, with connections of its
/// own.
abstract class SqlStoreContract extends JournalContract {
  private static final Instant NOW = Instant.parse("2026-03-02T14:01:00Z");

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

  private Store beside() throws Exception {
    Store store = Store.open(config(), other(), InstantSource.system());
    stores.add(store);
    return store;
  }

  @Test
  void watch_isKeptOnceForAConversation_andSeenByOthers() throws Exception {
    Conversation channel = new Conversation("console", "oncall", Optional.empty());
    Conversation thread = channel.inThread("t1");
    long operation = planned();
    Watches watches = stores.getFirst().watches();

    assertThat(watches.add(operation, channel, Plans.ALICE, NOW)).isTrue();
    assertThat(watches.add(operation, channel, Plans.ALICE, NOW)).isFalse();
    assertThat(watches.add(operation, thread, Plans.ALICE, NOW.plusSeconds(1))).isTrue();
    assertThat(beside().watches().of(operation)).containsExactly(channel, thread);

    assertThat(watches.remove(operation, channel)).isTrue();
    assertThat(watches.remove(operation, channel)).isFalse();
    assertThat(watches.of(operation)).containsExactly(thread);
    assertThat(watches.of(operation + 1)).isEmpty();
  }

  private long planned() {
    return ((Journal.Creation.Created)
            stores.getFirst().journal().create(Plans.plan("watched").draft(), NOW))
        .operation()
        .id();
  }

  private static Schedules.Draft nightly(String command) {
    return new Schedules.Draft(
        command,
        "every night at 2",
        "0 2 * * *",
        ZoneId.of("Europe/Berlin"),
        Plans.ALICE,
        new Conversation("console", "infra", Optional.of("t")));
  }

  @Test
  void schedule_isSeenByOthers_asItWasMade() throws Exception {
    Schedules schedules = stores.getFirst().schedules();
    Schedules.Schedule first = schedules.add(nightly("backup 1031"), NOW.plusSeconds(60), NOW);
    Schedules.Schedule second = schedules.add(nightly("status"), NOW.plusSeconds(30), NOW);

    assertThat(second.id()).isEqualTo(first.id() + 1);
    assertThat(beside().schedules().all()).containsExactly(first, second);
    assertThat(schedules.due(NOW)).isEmpty();
    assertThat(schedules.due(NOW.plusSeconds(30))).containsExactly(second);
    assertThat(schedules.due(NOW.plusSeconds(90))).containsExactly(second, first);

    assertThat(schedules.remove(first.id())).contains(first);
    assertThat(schedules.remove(first.id())).isEmpty();
    assertThat(schedules.all()).containsExactly(second);
  }

  @Test
  void dueTime_isTakenByOneOfTwo_andLeavesWhatCameOfIt() throws Exception {
    Schedules one = stores.getFirst().schedules();
    Schedules other = beside().schedules();
    one.add(nightly("backup 1031"), NOW, NOW);
    Schedules.Schedule seenByOne = one.due(NOW).getFirst();
    Schedules.Schedule seenByOther = other.due(NOW).getFirst();
    Instant next = NOW.plusSeconds(86_400);

    assertThat(one.take(seenByOne, next)).isTrue();
    assertThat(other.take(seenByOther, next)).isFalse();
    assertThat(other.due(NOW)).isEmpty();

    one.ended(seenByOne.id(), NOW, "done (operation 7)");
    Schedules.Schedule after = other.all().getFirst();
    assertThat(after.nextAt()).isEqualTo(next);
    assertThat(after.lastAt()).contains(NOW);
    assertThat(after.lastOutcome()).contains("done (operation 7)");
  }

  @AfterEach
  void closeStores() {
    databases.forEach(Database::close);
    stores.reversed().forEach(Store::close);
  }
}
