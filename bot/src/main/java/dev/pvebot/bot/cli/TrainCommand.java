package dev.pvebot.bot.cli;

import dev.pvebot.bot.Bot;
import dev.pvebot.bot.config.BotConfig;
import dev.pvebot.bot.local.Call;
import dev.pvebot.integrations.lab.Lab;
import dev.pvebot.integrations.lab.LabServer;
import dev.pvebot.integrations.lab.config.LabConfig;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/// What the launcher runs once after a build, so that the AOT cache knows the classes of a start:
/// every part is started on a lab of its own and asked one thing.
@CommandLine.Command(name = "train", hidden = true)
final class TrainCommand implements Callable<Integer> {
  @CommandLine.Option(names = "--clusters", required = true)
  private Path clusters;

  @Override
  public Integer call() throws Configured.Unusable, IOException, InterruptedException {
    CommandLineRoot.run(
        new String[] {"parse", "--clusters", clusters.toString(), "spin up staging"},
        System.out,
        System.err);
    Path folder = Files.createTempDirectory("pvebot-train");
    try (Lab lab = LabServer.start(LabConfig.isolated(), folder)) {
      BotConfig config = Configured.bot(folder.resolve("pvebot.yaml"));
      try (Bot bot = Bot.open(config, Configured.site(config.site()))) {
        bot.start();
        for (String text : List.of("vm list", "spin up staging")) {
          Call call =
              new Call("say", text, Optional.of("alice"), "console", Optional.empty(), false);
          try (Output output = Output.of(System.out, false, call)) {
            bot.call(call, "train", output);
          }
        }
      }
    } finally {
      delete(folder);
    }
    return 0;
  }

  private static void delete(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(
              Path visited, @org.jspecify.annotations.Nullable IOException failure)
              throws IOException {
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
