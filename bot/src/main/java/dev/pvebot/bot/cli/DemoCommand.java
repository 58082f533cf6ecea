package dev.pvebot.bot.cli;

import dev.pvebot.bot.Bot;
import dev.pvebot.bot.config.BotConfig;
import dev.pvebot.bot.demo.DemoConsole;
import dev.pvebot.bot.demo.ServeProcess;
import dev.pvebot.bot.demo.Tour;
import dev.pvebot.integrations.console.Colours;
import dev.pvebot.integrations.lab.Lab;
import dev.pvebot.integrations.lab.LabServer;
import dev.pvebot.integrations.lab.config.LabConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/// `pvebot demo`: the lab and the bot, with a console or a scripted tour.
@CommandLine.Command(
    name = "demo",
    description =
        "Lab and console in one; without a terminal it plays a scripted tour and exits 0.",
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  private static final int WIDTH = 96;

  @CommandLine.Option(
      names = "--speed",
      defaultValue = "60",
      description = "Seconds of lab time in a second (default: ${DEFAULT-VALUE}).")
  private double speed;

  @CommandLine.Option(
      names = "--script",
      paramLabel = "FILE",
      description = "Play these lines (PERSON: TEXT) in place of the tour.")
  private @Nullable Path script;

  @Override
  public Integer call() throws Configured.Unusable, IOException, InterruptedException {
    if (!(speed >= 1)) {
      System.err.println("--speed must be at least 1, for example 60");
      return 2;
    }
    Path folder = Files.createTempDirectory("pvebot-demo");
    boolean terminal = System.console() != null && System.console().isTerminal();
    LabConfig config = LabConfig.isolated().withSpeed(speed);
    try (Lab lab = LabServer.start(config, folder)) {
      if (terminal && script == null) {
        BotConfig read = Configured.bot(folder.resolve("pvebot.yaml"));
        try (Bot bot = Bot.open(read, Configured.site(read.site()))) {
          bot.start();
          System.out.printf(
              "A datacenter in a box (x%.0f). You are alice; `as bob: …` speaks as bob. Try: status"
                  + " staging, spin up staging, help. Ctrl-D leaves.%n",
              speed);
          new DemoConsole(bot, folder.resolve("history")).talk();
        }
        return 0;
      }
      try (ServeProcess serve =
          new ServeProcess(
              folder.resolve("pvebot.yaml"),
              folder.resolve("pvebot.sock"),
              folder.resolve("serve.log"))) {
        serve.start();
        Tour tour = new Tour(lab, serve, System.out, WIDTH, Colours.of(System.getenv(), false));
        boolean good = script == null ? tour.play() : tour.play(Files.readAllLines(script));
        if (!good) {
          System.out.println("The bot's log is in " + folder.resolve("serve.log"));
        }
        return good ? 0 : 1;
      }
    }
  }
}
