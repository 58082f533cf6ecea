package dev.pvebot.bot.cli;

import dev.pvebot.bot.local.Call;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/// `pvebot say`: one message, as from a chat.
@CommandLine.Command(
    name = "say",
    description = "Says one message, as from a chat, and shows what comes back.",
    mixinStandardHelpOptions = true)
final class SayCommand implements Callable<Integer> {
  @CommandLine.Mixin private Configured.Option config;

  @CommandLine.Parameters(paramLabel = "TEXT", description = "What is said.")
  private String text;

  @CommandLine.Option(
      names = "--as",
      paramLabel = "PERSON",
      description = "Speak as this person; only where the configuration trusts its console.")
  private @Nullable String as;

  @CommandLine.Option(names = "--channel", paramLabel = "C", defaultValue = "console")
  private String channel;

  @CommandLine.Option(
      names = "--thread",
      paramLabel = "T",
      description = "In a thread, for example op-42.")
  private @Nullable String thread;

  @CommandLine.Option(names = "--json", description = "One JSON object a card.")
  private boolean json;

  @CommandLine.Option(
      names = "--wait",
      description = "Follow the operation to its end; exit 0 only if it succeeded.")
  private boolean wait;

  @Override
  public Integer call() throws Configured.Unusable, IOException, InterruptedException {
    return speak(
        "say",
        text,
        config,
        Optional.ofNullable(as),
        channel,
        Optional.ofNullable(thread),
        wait,
        json);
  }

  static int speak(
      String verb,
      String text,
      Configured.Option config,
      Optional<String> as,
      String channel,
      Optional<String> thread,
      boolean wait,
      boolean json)
      throws Configured.Unusable, IOException, InterruptedException {
    if (text.length() > Call.MAX_TEXT) {
      System.err.printf(
          "pvebot %s: %d characters are too many; at most %d are read%n",
          verb, text.length(), Call.MAX_TEXT);
      return 2;
    }
    Call call = new Call(verb, text, as, channel, thread, wait);
    try (Output output = Output.of(System.out, json, call)) {
      return Speaking.make(config.file(), call, output);
    }
  }
}
