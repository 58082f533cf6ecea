package dev.pvebot.integrations.store;

import dev.pvebot.runbooks.engine.journal.Approvals;
import dev.pvebot.runbooks.engine.journal.AuditLog;
import dev.pvebot.runbooks.engine.journal.Dispatch;
import dev.pvebot.runbooks.engine.journal.Journal;
import dev.pvebot.runbooks.engine.journal.JournalUnavailable;
import dev.pvebot.runbooks.engine.journal.Leases;
import dev.pvebot.runbooks.engine.journal.Locks;
import dev.pvebot.runbooks.engine.journal.Schedules;
import dev.pvebot.runbooks.engine.journal.ThreadLog;
import dev.pvebot.runbooks.engine.journal.Watches;
import java.time.InstantSource;
import java.util.Optional;

/// Everything that survives, in one database.
///
/// ```java
/// try (Store store = Store.open(StoreConfig.sqlite(file), Store.Role.OWNER, clock)) {
///   new Engine(new Engine.Ports(store.journal(), store.locks(), store.dispatch(), …)).start();
/// }
/// ```
///
/// Thread-safe. Opening brings the schema up to date; a schema that is newer than this program is
/// refused.
public final class Store implements AutoCloseable {

  /// What a process means to do.
  public enum Role {
    /// It runs operations. On SQLite only one process can.
    OWNER,
    /// It reads, asks and consents; somebody else runs operations. Its [Store#dispatch] may not be
    /// started.
    BESIDE
  }

  private final Database database;
  private final Optional<OwnedFile> file;
  private final Journal journal;
  private final Locks locks;
  private final Approvals approvals;
  private final AuditLog audit;
  private final ThreadLog threads;
  private final Leases leases;
  private final Watches watches;
  private final Schedules schedules;
  private final Dispatch dispatch;

  private Store(
      Database database, Optional<OwnedFile> file, StoreConfig config, InstantSource clock) {
    this.database = database;
    this.file = file;
    this.journal = new SqlJournal(database);
    this.locks = new SqlLocks(database);
    this.approvals = new SqlApprovals(database);
    this.audit = new SqlAudit(database);
    this.threads = new SqlThreads(database);
    this.leases = new SqlLeases(database, clock);
    this.watches = new SqlWatches(database);
    this.schedules = new SqlSchedules(database);
    this.dispatch = new SchedulerDispatch(database, config, clock, file);
  }

  /// @throws JournalUnavailable [JournalUnavailable.Kind#IN_USE] when another process owns the
  ///   SQLite file, and for every other reason for which the store cannot be used
  public static Store open(StoreConfig config, Role role, InstantSource clock) {
    Optional<OwnedFile> file =
        role == Role.OWNER && config.place() instanceof StoreConfig.Sqlite(var path)
            ? Optional.of(OwnedFile.take(path))
            : Optional.empty();
    try {
      return new Store(Database.open(Dialect.of(config.place())), file, config, clock);
    } catch (RuntimeException failed) {
      file.ifPresent(OwnedFile::close);
      throw failed;
    }
  }

  /// Looks whether the store can be used and what it holds; brings no schema up to date.
  ///
  /// @return the version of its schema, 0 when there is none yet
  /// @throws JournalUnavailable when it cannot be used
  public static int look(StoreConfig config) {
    return Database.look(Dialect.of(config.place()));
  }

  public Journal journal() {
    return journal;
  }

  public Locks locks() {
    return locks;
  }

  public Approvals approvals() {
    return approvals;
  }

  public AuditLog audit() {
    return audit;
  }

  public ThreadLog threads() {
    return threads;
  }

  public Leases leases() {
    return leases;
  }

  public Watches watches() {
    return watches;
  }

  public Schedules schedules() {
    return schedules;
  }

  public Dispatch dispatch() {
    return dispatch;
  }

  @Override
  public void close() {
    dispatch.stop();
    database.close();
    file.ifPresent(OwnedFile::close);
  }
}
