package dev.pvebot.bot.cli;

import dev.pvebot.bot.local.Answer;
import dev.pvebot.bot.local.Call;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.commands.chat.Conversation;
import dev.pvebot.integrations.console.Colours;
import dev.pvebot.integrations.console.ConsolePlatform;
import dev.pvebot.integrations.console.JsonDress;
import dev.pvebot.integrations.console.PlainDress;
import dev.pvebot.integrations.console.Seat;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;

/// Shows the answers to one call: cards for people, or one JSON object a line.
final class Output implements Consumer<Answer>, AutoCloseable {
  private static final int PLAIN_WIDTH = 100;

  private final PrintStream out;
  private final ConsolePlatform console;

  private Output(PrintStream out, ConsolePlatform console) {
    this.out = out;
    this.console = console;
  }

  static Output of(PrintStream out, boolean json, Call call) {
    boolean terminal = System.console() != null && System.console().isTerminal();
    Seat seat = new Seat("cli", call.as().orElse("you"), call.channel(), Seat.Switching.FIXED);
    return new Output(
        out,
        new ConsolePlatform(
            json
                ? new JsonDress(out, Optional.empty())
                : new PlainDress(
                    out,
                    Optional.empty(),
                    width(),
                    Colours.of(System.getenv(), terminal),
                    InstantSource.system()),
            seat));
  }

  /// Shows one card that is no answer to a call.
  static void show(PrintStream out, boolean json, Card card) {
    Call nobody = new Call("", "", Optional.empty(), "console", Optional.empty(), false);
    try (Output output = of(out, json, nobody)) {
      output.console.post(
          new Conversation(ConsolePlatform.NAME, nobody.channel(), Optional.empty()), card);
    }
  }

  private static int width() {
    String columns = System.getenv("COLUMNS");
    return columns != null && columns.matches("[1-9][0-9]{1,3}")
        ? Math.max(30, Integer.parseInt(columns))
        : PLAIN_WIDTH;
  }

  @Override
  public void accept(Answer answer) {
    switch (answer) {
      case Answer.Shown shown -> console.show(shown.posted(), shown.card(), shown.edit());
      case Answer.Line line -> out.println(line.text());
      case Answer.End _ -> {
        // the exit code, which the caller has
      }
    }
  }

  @Override
  public void close() {
    console.close();
    out.flush();
  }
}
