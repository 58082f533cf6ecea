package dev.pvebot.integrations.store;

import dev.pvebot.clusters.secret.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/// Debian's PostgreSQL in a temporary folder, one for the whole test run; each test gets a database
/// of its own.
public final class PostgresServer {
  private static final AtomicInteger DATABASES = new AtomicInteger();
  private static PostgresServer server;

  private final int port;
  private final Process process;
  private final Path folder;

  private PostgresServer(int port, Process process, Path folder) {
    this.port = port;
    this.process = process;
    this.folder = folder;
  }

  public static synchronized PostgresServer running() {
    if (server == null) {
      server = start();
      server.makeTemplate();
      Runtime.getRuntime().addShutdownHook(new Thread(server::stop));
    }
    return server;
  }

  /// Migrates once, so that each test's database is a mere copy.
  private void makeTemplate() {
    StoreConfig template = create("template0");
    Store.open(template, Store.Role.OWNER, java.time.InstantSource.system()).close();
  }

  /// A new database with an empty store.
  public StoreConfig database() {
    return create("journal1");
  }

  private StoreConfig create(String like) {
    String name = "journal" + DATABASES.incrementAndGet();
    try (Connection connection = connect("postgres");
        Statement statement = connection.createStatement()) {
      statement.execute("create database %s template %s".formatted(name, like));
    } catch (SQLException failed) {
      throw new IllegalStateException(failed);
    }
    return StoreConfig.postgres(url(name), "pvebot", new Secret("pvebot"));
  }

  private String url(String database) {
    return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, database);
  }

  private Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(url(database), "pvebot", "pvebot");
  }

  private static PostgresServer start() {
    try {
      Path binaries = binaries();
      Path folder = Files.createTempDirectory(Path.of("/tmp"), "pvebot-pg");
      boolean root = "root".equals(System.getProperty("user.name"));
      if (root) {
        run(List.of("chown", "postgres", folder.toString()));
      }
      Path data = folder.resolve("data");
      run(
          as(
              root,
              binaries.resolve("initdb").toString(),
              "--username=pvebot",
              "--auth=trust",
              "--no-sync",
              "--encoding=UTF8",
              "--locale=C",
              data.toString()));
      int port;
      try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        port = free.getLocalPort();
      }
      Process process =
          new ProcessBuilder(
                  as(
                      root,
                      binaries.resolve("postgres").toString(),
                      "-D",
                      data.toString(),
                      "-p",
                      Integer.toString(port),
                      "-c",
                      "listen_addresses=127.0.0.1",
                      "-c",
                      "unix_socket_directories=" + folder,
                      "-c",
                      "max_connections=200"))
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("log").toFile())
              .start();
      PostgresServer started = new PostgresServer(port, process, folder);
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .pollInterval(Duration.ofMillis(50))
          .ignoreExceptionsMatching(SQLException.class::isInstance)
          .until(() -> {
            try (Connection connection = started.connect("postgres")) {
              return connection.isValid(1);
            }
          });
      return started;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static Path binaries() throws IOException {
    List<Path> folders = new ArrayList<>();
    Path debian = Path.of("/usr/lib/postgresql");
    if (Files.isDirectory(debian)) {
      try (Stream<Path> versions = Files.list(debian)) {
        versions
            .sorted(Comparator.reverseOrder())
            .map(version -> version.resolve("bin"))
            .forEach(folders::add);
      }
    }
    for (String folder : System.getenv("PATH").split(":", -1)) {
      folders.add(Path.of(folder));
    }
    return folders.stream()
        .filter(folder -> Files.isExecutable(folder.resolve("initdb")))
        .filter(folder -> Files.isExecutable(folder.resolve("postgres")))
        .findFirst()
        .orElseThrow(() ->
            new IllegalStateException(
                "PostgreSQL is not installed: no initdb under /usr/lib/postgresql/*/bin or on"
                    + " the PATH; install it (Debian: apt-get install postgresql)"));
  }

  /// PostgreSQL refuses to run as root.
  private static List<String> as(boolean root, String... command) {
    List<String> all = new ArrayList<>();
    if (root) {
      all.addAll(
          List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"));
    }
    all.addAll(List.of(command));
    return all;
  }

  private static void run(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException(String.join(" ", command) + ":\n" + said);
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", stop);
    }
  }

  private void stop() {
    process.destroy(); // SIGTERM to setpriv, which has become postgres: a smart shutdown
    try {
      if (!process.waitFor(2, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
      run(List.of("rm", "-rf", folder.toString()));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }
}
