package dev.pvebot.integrations.console;

import dev.pvebot.commands.chat.Conversation;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Optional;

/// Shows one card in lines and as JSON, as a `say` does; for [StartTest].
final class PlainMain {
  private PlainMain() {}

  public static void main(String[] args) {
    var out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    var seat = new Seat("m", "alice", "#infra", Seat.Switching.FIXED);
    var where = new Conversation(ConsolePlatform.NAME, "#infra", Optional.empty());
    var lines = new PlainDress(out, Optional.empty(), 80, Colours.NONE, InstantSource.system());
    try (var console = new ConsolePlatform(lines, seat)) {
      console.post(where, SampleCards.plan());
      console.post(where, SampleCards.failure());
    }
    try (var console = new ConsolePlatform(new JsonDress(out, Optional.empty()), seat)) {
      console.post(where, SampleCards.plan());
    }
  }
}
