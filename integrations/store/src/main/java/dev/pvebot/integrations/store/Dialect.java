package dev.pvebot.integrations.store;

import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.jdbc.JdbcCustomization;
import com.github.kagkarlsson.scheduler.jdbc.PostgreSqlJdbcCustomization;
import com.github.kagkarlsson.scheduler.jdbc.SqliteJdbcCustomization;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.pvebot.runbooks.engine.journal.JournalUnavailable;
import dev.pvebot.runbooks.engine.journal.JournalUnavailable.Kind;
import java.sql.SQLException;
import java.time.Duration;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;

/// Everything in which SQLite and PostgreSQL differ.
sealed interface Dialect {

  /// The folder of its migrations, on the class path.
  String migrations();

  /// The pool for what writes. SQLite has one writer, whose transactions begin as writing ones: a
  /// reading transaction that turns into a writing one fails at once when somebody else wrote
  /// meanwhile, whatever the busy timeout says.
  HikariDataSource writer();

  /// The pool for what reads only; may be the same.
  HikariDataSource reader(HikariDataSource writer);

  JdbcCustomization scheduler();

  SchedulerBuilder polling(SchedulerBuilder builder);

  /// SQL for milliseconds since 1970 by the clock that all processes share; `:now` is this
  /// process's clock.
  String now();

  /// What a failure means, from the code that the database gave.
  Kind kind(SQLException failure);

  /// The place, for people.
  String place();

  /// What to do about a failure.
  String advice(Kind kind);

  static Dialect of(StoreConfig.Place place) {
    return switch (place) {
      case StoreConfig.Sqlite sqlite -> new Sqlite(sqlite);
      case StoreConfig.Postgres postgres -> new Postgres(postgres);
    };
  }

  record Sqlite(StoreConfig.Sqlite where) implements Dialect {
    @Override
    public String migrations() {
      return "classpath:dev/pvebot/integrations/store/sqlite";
    }

    @Override
    public HikariDataSource writer() {
      HikariConfig pool = pool(false);
      pool.setMaximumPoolSize(1);
      pool.setPoolName("journal-writer");
      return new HikariDataSource(pool);
    }

    @Override
    public HikariDataSource reader(HikariDataSource writer) {
      HikariConfig pool = pool(true);
      pool.setMaximumPoolSize(4);
      pool.setMinimumIdle(1);
      pool.setPoolName("journal-readers");
      return new HikariDataSource(pool);
    }

    private HikariConfig pool(boolean reading) {
      SQLiteConfig config = new SQLiteConfig();
      config.setJournalMode(SQLiteConfig.JournalMode.WAL);
      config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
      config.setBusyTimeout(10_000);
      config.enforceForeignKeys(true);
      config.setTransactionMode(
          reading ? SQLiteConfig.TransactionMode.DEFERRED : SQLiteConfig.TransactionMode.IMMEDIATE);
      SQLiteDataSource source = new SQLiteDataSource(config);
      source.setUrl("jdbc:sqlite:" + where.file());
      HikariConfig pool = new HikariConfig();
      pool.setDataSource(source);
      pool.setConnectionTimeout(30_000);
      pool.setMaxLifetime(0);
      pool.setIdleTimeout(0);
      return pool;
    }

    @Override
    public JdbcCustomization scheduler() {
      return new SqliteJdbcCustomization();
    }

    @Override
    public SchedulerBuilder polling(SchedulerBuilder builder) {
      // Death is noticed by the file lock, so heartbeats are of no use here; they are made rare,
      // not written often.
      return builder.pollUsingFetchAndLockOnExecute(0.5, 1).heartbeatInterval(Duration.ofHours(1));
    }

    @Override
    public String now() {
      return ":now";
    }

    @Override
    public Kind kind(SQLException failure) {
      int code = failure.getErrorCode() & 0xff;
      if (code == SQLiteErrorCode.SQLITE_FULL.code) {
        return Kind.FULL;
      }
      if (code == SQLiteErrorCode.SQLITE_READONLY.code) {
        return Kind.READ_ONLY;
      }
      if (code == SQLiteErrorCode.SQLITE_BUSY.code || code == SQLiteErrorCode.SQLITE_LOCKED.code) {
        return Kind.IN_USE;
      }
      if (code == SQLiteErrorCode.SQLITE_CORRUPT.code
          || code == SQLiteErrorCode.SQLITE_NOTADB.code) {
        return Kind.CORRUPT;
      }
      return code == SQLiteErrorCode.SQLITE_CANTOPEN.code
              || code == SQLiteErrorCode.SQLITE_IOERR.code
          ? Kind.UNREACHABLE
          : Kind.OTHER;
    }

    @Override
    public String place() {
      return where.file().toString();
    }

    @Override
    public String advice(Kind kind) {
      return switch (kind) {
        case FULL -> "make room on its disk";
        case READ_ONLY -> "make the file and its folder writable for this user";
        case IN_USE -> "another process is writing; try again, or end the process that holds it";
        case CORRUPT -> "restore it from a backup, or name another file";
        case NEWER_SCHEMA -> "start the newer pvebot, or restore a backup from before it";
        case UNREACHABLE -> "see that its folder exists and can be written";
        case OTHER -> "see the cause";
      };
    }
  }

  record Postgres(StoreConfig.Postgres where) implements Dialect {
    @Override
    public String migrations() {
      return "classpath:dev/pvebot/integrations/store/postgresql";
    }

    @Override
    public HikariDataSource writer() {
      HikariConfig pool = new HikariConfig();
      pool.setJdbcUrl(where.url());
      pool.setUsername(where.user());
      pool.setPassword(where.password().reveal());
      pool.setMaximumPoolSize(10);
      pool.setMinimumIdle(1);
      pool.setConnectionTimeout(10_000);
      pool.setPoolName("journal");
      pool.addDataSourceProperty("ApplicationName", "pvebot");
      pool.addDataSourceProperty("connectTimeout", "5");
      pool.addDataSourceProperty("socketTimeout", "20");
      pool.addDataSourceProperty("tcpKeepAlive", "true");
      return new HikariDataSource(pool);
    }

    @Override
    public HikariDataSource reader(HikariDataSource writer) {
      return writer;
    }

    @Override
    public JdbcCustomization scheduler() {
      return new PostgreSqlJdbcCustomization(false, false);
    }

    @Override
    public SchedulerBuilder polling(SchedulerBuilder builder) {
      // Death is noticed by the lease of the whole process, one row each; these are the second
      // line.
      return builder.pollUsingLockAndFetch(0.5, 1).heartbeatInterval(Duration.ofMinutes(10));
    }

    @Override
    public String now() {
      return "cast(extract(epoch from clock_timestamp()) * 1000 as bigint)";
    }

    @Override
    public Kind kind(SQLException failure) {
      String state = String.valueOf(failure.getSQLState());
      return switch (state) {
        case "53100", "53200" -> Kind.FULL;
        case "25006" -> Kind.READ_ONLY;
        case "XX001", "XX002" -> Kind.CORRUPT;
        case "53300", "57P01", "57P02", "57P03" -> Kind.UNREACHABLE;
        default -> state.startsWith("08") || state.startsWith("28") ? Kind.UNREACHABLE : Kind.OTHER;
      };
    }

    @Override
    public String place() {
      return where.url();
    }

    @Override
    public String advice(Kind kind) {
      return switch (kind) {
        case FULL -> "make room on the server's disk";
        case READ_ONLY -> "connect to the primary server";
        case IN_USE -> "try again";
        case CORRUPT -> "restore the database from a backup";
        case NEWER_SCHEMA -> "start the newer pvebot, or restore a backup from before it";
        case UNREACHABLE ->
            "see that the server runs and that address, user and password are right";
        case OTHER -> "see the cause";
      };
    }
  }

  /// A failure as people read it.
  default JournalUnavailable unavailable(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        Kind kind = kind(sql);
        return new JournalUnavailable(
            kind,
            "the journal at %s: %s; %s".formatted(place(), sql.getMessage(), advice(kind)),
            failure);
      }
    }
    return new JournalUnavailable(
        Kind.OTHER,
        "the journal at %s: %s; see the cause".formatted(place(), failure.getMessage()),
        failure);
  }
}
