package dev.pvebot.bot.cli;

import dev.pvebot.bot.Bot;
import dev.pvebot.bot.config.BotConfig;
import dev.pvebot.bot.local.Answer;
import dev.pvebot.bot.local.Call;
import dev.pvebot.bot.local.LocalClient;
import dev.pvebot.bot.local.WireJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/// Makes a call to the running bot of a configuration, or, when none runs, to one in this process.
final class Speaking {
  private Speaking() {}

  /// @return the exit code
  static int make(Path configFile, Call call, Consumer<Answer> answers)
      throws Configured.Unusable, IOException, InterruptedException {
    BotConfig config = Configured.bot(configFile);
    Optional<Integer> exit =
        new LocalClient(config.socket(), WireJson.mapper()).call(call, answers);
    if (exit.isPresent()) {
      return exit.get();
    }
    try (Bot bot = Bot.open(config, Configured.site(config.site()))) {
      bot.start();
      Call whole =
          new Call(call.verb(), call.text(), call.as(), call.channel(), call.thread(), true);
      return bot.call(whole, System.getProperty("user.name"), answers);
    }
  }
}
