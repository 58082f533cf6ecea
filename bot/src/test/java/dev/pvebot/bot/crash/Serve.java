package dev.pvebot.bot.crash;

import dev.pvebot.bot.local.Answer;
import dev.pvebot.bot.local.Call;
import dev.pvebot.bot.local.LocalClient;
import dev.pvebot.bot.local.WireJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// `pvebot serve` as it is shipped, in a process that can be killed.
final class Serve implements AutoCloseable {
  private static final Duration READY_WITHIN = Duration.ofSeconds(60);
  private static final Duration LOOK_EVERY = Duration.ofMillis(20);

  private final ProcessBuilder command;
  private final LocalClient client;
  private volatile Optional<Process> process = Optional.empty();

  /// @param dist `target/dist`
  /// @param folder where the lab wrote `pvebot.yaml`
  Serve(Path dist, Path folder) {
    command =
        new ProcessBuilder(
                dist.resolve("bin/pvebot").toString(),
                "serve",
                "--config",
                folder.resolve("pvebot.yaml").toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("serve.log").toFile()));
    ownJava(command);
    client = new LocalClient(folder.resolve("pvebot.sock"), WireJson.mapper());
  }

  /// Makes the cache from which it starts quickly, unless it is there: dozens of starts follow.
  static void makeStartsQuick(Path dist, Path rehearsal) throws IOException, InterruptedException {
    Path cache = dist.resolve("long.aot");
    if (Files.exists(cache)) {
      return;
    }
    Path fresh = dist.resolve("long.aot.new");
    ProcessBuilder training =
        new ProcessBuilder(dist.resolve("bin/pvebot").toString(), rehearsal.toString(), "long")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    training.environment().put("PVEBOT_TRAIN", fresh.toString());
    ownJava(training);
    training.start().waitFor();
    if (Files.exists(fresh)) {
      Files.move(fresh, cache);
    }
  }

  private static void ownJava(ProcessBuilder process) {
    ProcessHandle.current()
        .info()
        .command()
        .ifPresent(java -> process.environment().put("PVEBOT_JAVA", java));
  }

  /// Starts it, and again if it was killed before it was ready, until it answers.
  void start() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + READY_WITHIN.toNanos();
    Process started = command.start();
    process = Optional.of(started);
    while (!answers()) {
      if (System.nanoTime() > deadline) {
        throw new IOException("serve did not get ready within " + READY_WITHIN);
      }
      if (!started.isAlive()) {
        if (!wasKilled(started)) {
          throw new IOException("serve ended by itself with " + started.exitValue());
        }
        started = command.start();
        process = Optional.of(started);
      }
      started.waitFor(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /// Starts it if it is dead.
  void revive() throws IOException, InterruptedException {
    Process last = process.orElseThrow();
    // the connection breaks a moment before the process is gone
    if (last.waitFor(1, TimeUnit.SECONDS)) {
      if (!wasKilled(last)) {
        throw new IOException("serve ended by itself with " + last.exitValue());
      }
      start();
    }
  }

  private static boolean wasKilled(Process process) {
    return process.exitValue() == 128 + 9;
  }

  private boolean answers() {
    try {
      return call("ping", "", Optional.empty(), _ -> {}).isPresent();
    } catch (IOException _) {
      return false; // killed while it was asked; the loop sees that
    }
  }

  /// @return the exit code, or empty when it does not listen
  /// @throws IOException when it dies before its answer is complete
  Optional<Integer> call(String verb, String text, Optional<String> as, Consumer<Answer> answers)
      throws IOException {
    return client.call(new Call(verb, text, as, "infra", Optional.empty(), false), answers);
  }

  /// The process that runs now.
  ProcessHandle handle() {
    return process.orElseThrow().toHandle();
  }

  /// Kills a process as `kill -9` does, and returns when it is dead. Another one that was started
  /// meanwhile lives on.
  static void kill(ProcessHandle victim) {
    victim.destroyForcibly();
    victim.onExit().join();
  }

  /// Stops a process where it is, so that it can do nothing with what arrives before it is killed.
  static void freeze(ProcessHandle victim) {
    try {
      int exit =
          new ProcessBuilder("/bin/sh", "-c", "kill -STOP " + victim.pid())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor();
      if (exit != 0 && victim.isAlive()) {
        throw new IllegalStateException("kill -STOP %d gave %d".formatted(victim.pid(), exit));
      }
    } catch (IOException failed) {
      throw new IllegalStateException("kill -STOP could not be started", failed);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    process.map(Process::toHandle).ifPresent(Serve::kill);
  }
}
