package dev.pvebot.bot.cli;

import dev.pvebot.bot.config.BotConfig;
import dev.pvebot.bot.local.Call;
import dev.pvebot.bot.local.LocalClient;
import dev.pvebot.bot.local.WireJson;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/// `pvebot health`: whether the bot of a configuration runs and answers. For an image's health
/// check.
@CommandLine.Command(
    name = "health",
    description =
        "Asks the running bot of the configuration for a sign of life; exit 1 without one.",
    mixinStandardHelpOptions = true)
final class HealthCommand implements Callable<Integer> {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @CommandLine.Mixin private Configured.Option config;

  @Override
  public Integer call() throws Configured.Unusable, IOException {
    BotConfig read = Configured.bot(config.file());
    Call ping = new Call("ping", "", Optional.empty(), "console", Optional.empty(), false);
    Optional<Integer> answer =
        new LocalClient(read.socket(), WireJson.mapper()).call(ping, said -> {});
    if (answer.isEmpty()) {
      spec.commandLine()
          .getErr()
          .printf("no bot listens at %s; start it: pvebot serve%n", read.socket());
      return 1;
    }
    return answer.get();
  }
}
