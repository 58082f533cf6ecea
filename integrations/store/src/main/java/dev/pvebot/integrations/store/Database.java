package dev.pvebot.integrations.store;

import com.zaxxer.hikari.HikariDataSource;
import dev.pvebot.runbooks.engine.journal.JournalUnavailable;
import dev.pvebot.runbooks.engine.journal.JournalUnavailable.Kind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/// Connections, transactions, and the schema's version.
final class Database implements AutoCloseable {
  /// Version of the newest migration; a test holds it against the files.
  static final int SCHEMA = 3;

  final Dialect dialect;
  final HikariDataSource writer;
  private final HikariDataSource reader;
  private final Jdbi writing;
  private final Jdbi reading;

  private Database(Dialect dialect, HikariDataSource writer, HikariDataSource reader) {
    this.dialect = dialect;
    this.writer = writer;
    this.reader = reader;
    this.writing = Jdbi.create(writer);
    this.reading = Jdbi.create(reader);
  }

  static Database open(Dialect dialect) {
    HikariDataSource writer;
    try {
      writer = dialect.writer();
    } catch (RuntimeException unreachable) {
      throw dialect.unavailable(unreachable);
    }
    try {
      migrate(dialect, writer);
      return new Database(dialect, writer, dialect.reader(writer));
    } catch (RuntimeException failed) {
      writer.close();
      throw failed instanceof JournalUnavailable ? failed : dialect.unavailable(failed);
    }
  }

  /// The version of a schema that this program can use or bring up to date; 0 without one.
  static int look(Dialect dialect) {
    try (HikariDataSource writer = dialect.writer()) {
      return usable(dialect, writer);
    } catch (RuntimeException failed) {
      throw failed instanceof JournalUnavailable ? failed : dialect.unavailable(failed);
    }
  }

  private static int usable(Dialect dialect, HikariDataSource writer) {
    int version = version(dialect, writer);
    if (version > SCHEMA) {
      throw new JournalUnavailable(
          Kind.NEWER_SCHEMA,
          "the journal at %s has schema %d, this pvebot knows up to %d; %s"
              .formatted(dialect.place(), version, SCHEMA, dialect.advice(Kind.NEWER_SCHEMA)));
    }
    return version;
  }

  /// Flyway is only started when there is something to migrate: looking first costs one query.
  private static void migrate(Dialect dialect, HikariDataSource writer) {
    int version = usable(dialect, writer);
    if (version < SCHEMA) {
      try {
        Flyway.configure(Database.class.getClassLoader())
            .loggers("slf4j")
            .dataSource(writer)
            .locations(dialect.migrations())
            .load()
            .migrate();
      } catch (FlywayException failed) {
        throw dialect.unavailable(failed);
      }
    }
  }

  private static int version(Dialect dialect, HikariDataSource writer) {
    try (Connection connection = writer.getConnection()) {
      try (ResultSet tables =
          connection.getMetaData().getTables(null, null, "flyway_schema_history", null)) {
        if (!tables.next()) {
          return 0;
        }
      }
      try (Statement statement = connection.createStatement();
          ResultSet versions =
              statement.executeQuery(
                  "select max(cast(version as integer)) from flyway_schema_history where success"
                      + " and version is not null")) {
        return versions.next() ? versions.getInt(1) : 0;
      }
    } catch (SQLException failed) {
      throw dialect.unavailable(failed);
    }
  }

  /// Writes, all or nothing; committed when it returns.
  <T> T write(HandleCallback<T, RuntimeException> work) {
    try {
      return writing.inTransaction(work);
    } catch (JdbiException failed) {
      throw dialect.unavailable(failed);
    }
  }

  <T> T read(HandleCallback<T, RuntimeException> work) {
    try {
      return reading.withHandle(work);
    } catch (JdbiException failed) {
      throw dialect.unavailable(failed);
    }
  }

  /// Raises a counter. Also a mutex: until the transaction ends, others who raise it wait.
  static long next(Handle handle, String counter) {
    return handle
        .createQuery("update counters set value = value + 1 where name = :name returning value")
        .bind("name", counter)
        .mapTo(Long.class)
        .one();
  }

  @Override
  public void close() {
    reader.close();
    writer.close();
  }
}
