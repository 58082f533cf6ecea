package dev.pvebot.bot.cli;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/// `pvebot plan`: what would happen.
@CommandLine.Command(
    name = "plan",
    description = "Shows the plan of what is said and its effects; changes nothing.",
    mixinStandardHelpOptions = true)
final class PlanCommand implements Callable<Integer> {
  @CommandLine.Mixin private Configured.Option config;

  @CommandLine.Parameters(paramLabel = "TEXT", description = "What would be said.")
  private String text;

  @CommandLine.Option(names = "--as", paramLabel = "PERSON")
  private @Nullable String as;

  @CommandLine.Option(names = "--json", description = "One JSON object a card.")
  private boolean json;

  @Override
  public Integer call() throws Configured.Unusable, IOException, InterruptedException {
    return SayCommand.speak(
        "plan", text, config, Optional.ofNullable(as), "console", Optional.empty(), false, json);
  }
}
