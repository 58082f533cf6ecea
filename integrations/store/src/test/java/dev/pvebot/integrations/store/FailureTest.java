package dev.pvebot.integrations.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pvebot.clusters.secret.Secret;
import dev.pvebot.runbooks.engine.journal.AuditLog;
import dev.pvebot.runbooks.engine.journal.JournalUnavailable;
import dev.pvebot.runbooks.engine.journal.JournalUnavailable.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A store that cannot be used says so, and says what to do.
final class FailureTest {
  @TempDir Path folder;

  private static void fails(ThrowingCallable call, Kind kind, String... words) {
    assertThatThrownBy(call)
        .isInstanceOf(JournalUnavailable.class)
        .hasMessageContainingAll(words)
        .satisfies(failure -> assertThat(((JournalUnavailable) failure).kind()).isEqualTo(kind));
  }

  private Path file() {
    return folder.resolve("pvebot.db");
  }

  private static Store open(Path file) {
    return Store.open(StoreConfig.sqlite(file), Store.Role.OWNER, InstantSource.system());
  }

  @Test
  void fileThatIsNoDatabase_isCorrupt() throws Exception {
    byte[] noise = new byte[8192];
    new Random(1).nextBytes(noise);
    Files.write(file(), noise);

    fails(() -> open(file()), Kind.CORRUPT, file().toString(), "restore it from a backup");
  }

  @Test
  void damagedDatabase_isCorrupt() throws Exception {
    open(file()).close();
    byte[] bytes = Files.readAllBytes(file());
    java.util.Arrays.fill(bytes, 100, bytes.length, (byte) 0x5a);
    Files.write(file(), bytes);

    fails(() -> open(file()), Kind.CORRUPT, "restore it from a backup");
  }

  @Test
  void missingFolder_isUnreachable() {
    fails(() -> open(folder.resolve("no/such/folder.db")), Kind.UNREACHABLE, "folder exists");
  }

  @Test
  void newerSchema_isRefused_andLeftAlone() throws Exception {
    open(file()).close();
    try (Database database = Database.open(Dialect.of(StoreConfig.sqlite(file()).place()))) {
      database.write(handle ->
          handle.execute(
              "insert into flyway_schema_history (installed_rank, version, description, type,"
                  + " script, installed_by, execution_time, success) values (99, '7', 'x',"
                  + " 'SQL', 'x', 'x', 1, 1)"));
    }

    fails(() -> open(file()), Kind.NEWER_SCHEMA, "has schema 7", "start the newer pvebot");
  }

  @Test
  void fullDisk_isTold_andNothingIsWritten() {
    try (Store store = open(file());
        Database database = Database.open(Dialect.of(StoreConfig.sqlite(file()).place()))) {
      long rows = store.audit().newest(10).size();
      assertThatThrownBy(() ->
              database.write(handle -> {
                handle.execute("pragma max_page_count = 1");
                for (int i = 0; i < 200; i++) {
                  Rows.audit(handle, AuditLog.Note.of("alice", "x".repeat(4000), 1), Instant.EPOCH);
                }
                return 0;
              }))
          .isInstanceOf(JournalUnavailable.class)
          .hasMessageContaining("make room on its disk")
          .satisfies(f -> assertThat(((JournalUnavailable) f).kind()).isEqualTo(Kind.FULL));
      assertThat(store.audit().newest(10)).hasSize((int) rows);
    }
  }

  @Test
  void writeToAReadOnlyDatabase_isTold() {
    try (Database database = Database.open(Dialect.of(StoreConfig.sqlite(file()).place()))) {
      database.read(handle -> handle.execute("select 1"));
      fails(
          () ->
              database.read(handle -> {
                handle.execute("pragma query_only = true");
                return handle.execute("insert into resting (vmid, until) values (100, 1)");
              }),
          Kind.READ_ONLY,
          "writable");
    }
  }

  @Test
  void unreachableServer_isTold_withoutThePassword() {
    StoreConfig config =
        StoreConfig.postgres(
            "jdbc:postgresql://127.0.0.1:1/pvebot", "bot", new Secret("canary-77"));

    assertThatThrownBy(() -> Store.open(config, Store.Role.OWNER, InstantSource.system()))
        .isInstanceOf(JournalUnavailable.class)
        .hasMessageContainingAll("127.0.0.1:1", "see that the server runs")
        .hasMessageNotContaining("canary")
        .satisfies(f -> assertThat(((JournalUnavailable) f).kind()).isEqualTo(Kind.UNREACHABLE));
    assertThat(config.toString()).doesNotContain("canary");
  }

  @Test
  void schemaNumber_isThatOfTheNewestMigration() throws Exception {
    for (String place : new String[] {"sqlite", "postgresql"}) {
      Path folder = Path.of(getClass().getResource(place + "/V1__journal.sql").toURI()).getParent();
      try (Stream<Path> files = Files.list(folder)) {
        assertThat(
                files
                    .map(file -> file.getFileName().toString())
                    .mapToInt(name -> Integer.parseInt(name.substring(1, name.indexOf('_'))))
                    .max())
            .hasValue(Database.SCHEMA);
      }
    }
  }

  @Test
  void secondOpening_migratesNothing() {
    open(file()).close();
    long begin = System.nanoTime();
    try (Store store = open(file())) {
      assertThat(store.journal().unfinished()).isEmpty();
    }
    assertThat(System.nanoTime() - begin).isLessThan(2_000_000_000L);
  }
}
