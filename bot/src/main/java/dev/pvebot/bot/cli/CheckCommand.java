package dev.pvebot.bot.cli;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/// `pvebot check`: what is wrong, and how to mend it.
@CommandLine.Command(
    name = "check",
    description = "Checks configuration, secrets, reachability, TLS and the token's rights.",
    mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
  @CommandLine.Mixin private Configured.Option config;

  @CommandLine.Option(names = "--as", paramLabel = "PERSON")
  private @Nullable String as;

  @CommandLine.Option(names = "--json", description = "One JSON object a card.")
  private boolean json;

  @Override
  public Integer call() throws Configured.Unusable, IOException, InterruptedException {
    if (Configured.bot(config.file()).trustConsole()) {
      System.err.println(
          "console: {trust: true} believes anybody's --as; that is for labs, take it out"
              + " elsewhere");
    }
    return SayCommand.speak(
        "say",
        "api check",
        config,
        Optional.ofNullable(as),
        "console",
        Optional.empty(),
        false,
        json);
  }
}
