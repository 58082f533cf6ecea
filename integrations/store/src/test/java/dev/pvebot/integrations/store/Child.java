package dev.pvebot.integrations.store;

import dev.pvebot.clusters.secret.Secret;
import dev.pvebot.runbooks.engine.journal.Claim;
import dev.pvebot.runbooks.engine.journal.Journal;
import dev.pvebot.runbooks.engine.journal.Journal.Transition;
import dev.pvebot.runbooks.engine.journal.Plans;
import dev.pvebot.runbooks.operation.OperationState;
import dev.pvebot.runbooks.operation.StepEvent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/// Another process, which can be killed. Says on standard output what it did.
final class Child implements AutoCloseable {
  private final Process process;
  private final BufferedReader out;

  private Child(Process process) {
    this.process = process;
    this.out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /// @param what `halt` (commits and halts) or `own` (runs an operation for ever)
  static Child start(String what, StoreConfig config) throws IOException {
    String[] place =
        switch (config.place()) {
          case StoreConfig.Sqlite(Path file) -> new String[] {"sqlite", file.toString(), "-"};
          case StoreConfig.Postgres(String url, String user, Secret _) ->
              new String[] {"postgres", url, user};
        };
    return new Child(
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                what,
                place[0],
                place[1],
                place[2],
                Long.toString(config.lease().toMillis()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start());
  }

  String line() throws IOException {
    String line = out.readLine();
    if (line == null) {
      throw new IOException("the child has ended without saying anything more");
    }
    return line;
  }

  int waitFor() throws InterruptedException {
    return process.waitFor();
  }

  /// As `kill -9`.
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /// As `kill -STOP` and `kill -CONT`.
  void signal(String signal) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }

  static Store open(StoreConfig config) {
    return Store.open(config, Store.Role.OWNER, InstantSource.system());
  }

  static long queued(Store store, String title) {
    long id =
        ((Journal.Creation.Created)
                store.journal().create(Plans.plan(title).reserving(1051).draft(), Instant.now()))
            .operation()
            .id();
    store
        .journal()
        .move(
            id,
            Set.of(OperationState.PLANNED),
            Transition.to(OperationState.QUEUED, Instant.now()));
    return id;
  }

  public static void main(String[] args) throws Exception {
    StoreConfig config =
        (args[1].equals("sqlite")
                ? StoreConfig.sqlite(Path.of(args[2]))
                : StoreConfig.postgres(args[2], args[3], new Secret("pvebot")))
            .lease(
                Duration.ofMillis(Long.parseLong(args[4])),
                Duration.ofMillis(Long.parseLong(args[4]) / 3));
    Store store = open(config);
    long id = queued(store, "from a child");
    if (args[0].equals("halt")) {
      System.out.println(id);
      Runtime.getRuntime().halt(3);
    }
    store
        .dispatch()
        .start(ownership -> {
          Claim claim = ownership.claim();
          store
              .journal()
              .write(claim, List.of(), List.of(new StepEvent.Started("a", "A")), Instant.now());
          System.out.println("runs " + claim.operation() + " epoch " + claim.epoch());
          CountDownLatch never = new CountDownLatch(1);
          while (!never.await(100, java.util.concurrent.TimeUnit.MILLISECONDS)) {
            try {
              ownership.check();
            } catch (dev.pvebot.runbooks.action.RunContext.LeaseLost lost) {
              System.out.println("lost");
              throw lost;
            }
          }
        });
    store.dispatch().due(id);
    Optional<String> forever = Optional.empty();
    synchronized (Child.class) {
      while (forever.isEmpty()) {
        Child.class.wait();
      }
    }
  }
}
