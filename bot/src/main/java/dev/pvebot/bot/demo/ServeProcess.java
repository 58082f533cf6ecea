package dev.pvebot.bot.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pvebot.bot.local.Call;
import dev.pvebot.bot.local.LocalClient;
import dev.pvebot.bot.local.WireJson;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A `serve` in a process of its own, so that it can be killed for real and started again.
public final class ServeProcess implements AutoCloseable {
  private static final Duration READY_WITHIN = Duration.ofSeconds(30);

  private final Path config;
  private final Path socket;
  private final Path log;
  private final ObjectMapper json = WireJson.mapper();
  private Optional<Process> process = Optional.empty();

  /// @param config its `pvebot.yaml`
  /// @param socket the local socket that the configuration names
  /// @param log where its output goes
  public ServeProcess(Path config, Path socket, Path log) {
    this.config = config;
    this.socket = socket;
    this.log = log;
  }

  /// Starts it and waits until it answers.
  ///
  /// @throws IOException when it ends or does not answer in time; its output is in the log
  public void start() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(ownJava());
    command.addAll(List.of("serve", "--config", config.toString()));
    Process started =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    process = Optional.of(started);
    long deadline = System.nanoTime() + READY_WITHIN.toNanos();
    while (ping().isEmpty()) {
      if (!started.isAlive() || System.nanoTime() > deadline) {
        started.destroyForcibly();
        throw new IOException(
            "the bot with %s %s; its output is in %s"
                .formatted(config, started.isAlive() ? "did not get ready" : "ended at once", log));
      }
      started.waitFor(20, TimeUnit.MILLISECONDS);
    }
  }

  /// This JVM, its options and class path, to run the program once more.
  public static List<String> ownJava() {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    for (String option :
        java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (option.startsWith("-X")
          || option.startsWith("--enable-native")
          || option.startsWith("-Dpvebot.")) {
        command.add(option);
      }
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.pvebot.bot.Pvebot"));
    return command;
  }

  /// Kills it as `kill -9` does and waits until it is gone.
  public void kill() throws InterruptedException {
    if (process.isPresent()) {
      process.get().destroyForcibly();
      process.get().waitFor();
      process = Optional.empty();
    }
  }

  public long pid() {
    return process.map(Process::pid).orElseThrow();
  }

  public boolean isAlive() {
    return process.filter(Process::isAlive).isPresent();
  }

  public LocalClient client() {
    return new LocalClient(socket, json);
  }

  private Optional<Integer> ping() {
    try {
      return client()
          .call(
              new Call("ping", "", Optional.empty(), "console", Optional.empty(), false),
              answer -> {});
    } catch (IOException _) {
      return Optional.empty(); // it ended while it was asked; the loop sees that
    }
  }

  /// Ends it in order.
  @Override
  public void close() {
    process.ifPresent(running -> {
      running.destroy();
      try {
        if (!running.waitFor(5, TimeUnit.SECONDS)) {
          running.destroyForcibly();
        }
      } catch (InterruptedException _) {
        running.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    });
    process = Optional.empty();
  }
}
