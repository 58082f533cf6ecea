package dev.pvebot.bot;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pvebot.bot.cli.CommandLineRoot;
import dev.pvebot.integrations.lab.Lab;
import dev.pvebot.integrations.lab.LabServer;
import dev.pvebot.integrations.lab.config.LabConfig;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Goes once through what people start: the training run of the AOT cache.
///
/// The JVM keeps what it loads and links here, and the launcher starts from that. What a start does
/// not find here is loaded from the jars as ever, so a part that cannot rehearse costs time, never
/// correctness. See `docs/decisions/0003-start-from-an-aot-cache.md`.
final class Rehearsal {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration LOOK_EVERY = Duration.ofMillis(20);

  private final Path folder;
  private final PrintStream silence =
      new PrintStream(OutputStream.nullOutputStream(), false, UTF_8);

  private Rehearsal(Path folder) {
    this.folder = folder;
  }

  /// @param args the folder to work in, which is left behind; and `short` for what answers and
  ///   ends, `long` for what stays. A start loads the whole of its cache, so what is short has a
  ///   small one of its own.
  public static void main(String[] args) throws IOException, InterruptedException {
    if (args.length != 2) {
      System.err.println("usage: java dev.pvebot.bot.Rehearsal FOLDER short|long");
      System.exit(2);
    }
    Rehearsal rehearsal = new Rehearsal(Files.createDirectories(Path.of(args[0])));
    rehearsal.playShort();
    if (args[1].equals("long")) {
      rehearsal.playLong();
    }
    System.exit(0);
  }

  private void playShort() {
    run("--version");
    run("--help");
    run("parse", "show me the status of every cluster");
    System.setIn(new ByteArrayInputStream("vm start 1031\ndon't stop 1031\n".getBytes(UTF_8)));
    run("parse", "--json");
    run("health", "--config", folder.resolve("pvebot.yaml").toString());
  }

  private void playLong() throws InterruptedException {
    Path config = folder.resolve("pvebot.yaml");
    run("lab", "--speed", "0"); // refused, and loaded
    try (Lab _ = LabServer.start(LabConfig.isolated(), folder)) {
      run("check", "--config", config.toString());
      stay("serve", "--config", config.toString());
      for (String text : List.of("help", "status", "vm list", "spin up staging")) {
        run("say", text, "--as", "alice", "--config", config.toString(), "--json");
      }
    }
  }

  private void run(String... commandLine) {
    CommandLineRoot.run(commandLine, silence, silence);
  }

  /// Starts what stays until the process ends, and waits for its first line or its end.
  private void stay(String... commandLine) throws InterruptedException {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(said, true, UTF_8);
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .name(commandLine[0])
            .start(() -> CommandLineRoot.run(commandLine, out, silence));
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (said.size() == 0 && System.nanoTime() < deadline && !thread.join(LOOK_EVERY)) {
      Thread.onSpinWait();
    }
  }
}
