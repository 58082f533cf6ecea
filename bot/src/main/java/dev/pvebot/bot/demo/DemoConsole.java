package dev.pvebot.bot.demo;

import dev.pvebot.bot.Bot;
import dev.pvebot.bot.local.Answer;
import dev.pvebot.bot.local.Call;
import dev.pvebot.commands.chat.Message;
import dev.pvebot.integrations.console.Colours;
import dev.pvebot.integrations.console.Completer;
import dev.pvebot.integrations.console.ConsolePlatform;
import dev.pvebot.integrations.console.Seat;
import dev.pvebot.integrations.console.TerminalDress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The demo as a console to talk to: the bot in this process, the lab beside it.
public final class DemoConsole {
  private final Bot bot;
  private final Path history;

  public DemoConsole(Bot bot, Path history) {
    this.bot = bot;
    this.history = history;
  }

  /// Talks until the person leaves.
  public void talk() throws IOException {
    Completer none = prefix -> List.of();
    try (ConsolePlatform console =
        new ConsolePlatform(
            TerminalDress.onThisTerminal(
                none, Optional.of(history), Colours.of(System.getenv(), true)),
            new Seat("demo", "alice", "infra", Seat.Switching.ALLOWED))) {
      bot.hub().attachToAll(console::show);
      console.listen(message -> Thread.ofVirtual().start(() -> hear(message, console)));
    }
  }

  private void hear(Message message, ConsolePlatform console) {
    String text =
        switch (message.content()) {
          case Message.Text(String said) -> said;
          case Message.Press(String command, Optional<String> input) ->
              command + input.map(words -> " " + words).orElse("");
        };
    Call call =
        new Call(
            "say",
            text,
            Optional.of(message.speaker().id()),
            message.where().channel(),
            message.where().thread(),
            false);
    try {
      bot.call(
          call,
          System.getProperty("user.name"),
          answer -> {
            if (answer instanceof Answer.Shown shown) {
              console.show(shown.posted(), shown.card(), shown.edit());
            }
          });
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
