package dev.pvebot.bot.cli;

import dev.pvebot.bot.Bot;
import dev.pvebot.bot.config.BotConfig;
import dev.pvebot.bot.local.LocalServer;
import dev.pvebot.bot.local.WireJson;
import dev.pvebot.bot.metrics.MetricsServer;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;

/// `pvebot serve`: the bot.
@CommandLine.Command(
    name = "serve",
    description = "Runs the bot until it is stopped.",
    mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @CommandLine.Mixin private Configured.Option config;

  @Override
  public Integer call() throws Configured.Unusable, IOException, InterruptedException {
    BotConfig read = Configured.bot(config.file());
    CountDownLatch stopped = new CountDownLatch(1);
    try (Bot bot = Bot.open(read, Configured.site(read.site()))) {
      bot.start();
      Optional<MetricsServer> metrics = metrics(read, bot);
      try (LocalServer server = LocalServer.listen(read.socket(), WireJson.mapper(), bot::call)) {
        Thread main = Thread.currentThread();
        Runtime.getRuntime()
            .addShutdownHook(
                new Thread(
                    () -> {
                      stopped.countDown();
                      try {
                        main.join(5_000);
                      } catch (InterruptedException _) {
                        Thread.currentThread().interrupt();
                      }
                    },
                    "stop"));
        spec.commandLine().getOut().println("pvebot is ready; it listens at " + read.socket());
        spec.commandLine().getOut().flush();
        stopped.await();
      } finally {
        metrics.ifPresent(MetricsServer::close);
      }
    }
    return 0;
  }

  private static Optional<MetricsServer> metrics(BotConfig config, Bot bot) throws IOException {
    return config.metrics().isPresent()
        ? Optional.of(MetricsServer.listen(config.metrics().get(), bot.measures()))
        : Optional.empty();
  }
}
