package dev.pvebot.integrations.console;

import dev.pvebot.commands.chat.Card;
import dev.pvebot.commands.chat.Card.StepLine;
import dev.pvebot.commands.chat.Card.Tone;
import dev.pvebot.commands.chat.ChatPlatform.Posted;
import dev.pvebot.commands.chat.Conversation;
import dev.pvebot.commands.chat.Message;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// A console with a bot that knows a few words, for [TerminalConsoleTest] and for a look by hand.
final class ConsoleMain {
  private static final List<String> WORDS =
      List.of("status", "start", "stop", "steal", "run", "tick", "done");
  private static final Conversation INFRA = new Conversation("console", "#infra", Optional.empty());

  private Optional<Posted> head = Optional.empty();
  private int ticks;

  private ConsoleMain() {}

  public static void main(String[] args) throws Exception {
    Colours colours = Colours.of(System.getenv(), true);
    var dress =
        TerminalDress.onThisTerminal(
            ConsoleMain::complete, Stream.of(args).map(Path::of).findFirst(), colours);
    try (var console =
        new ConsolePlatform(dress, new Seat("m", "alice", "#infra", Seat.Switching.ALLOWED))) {
      console.post(
          INFRA, Card.of("notice", Tone.NEUTRAL, "Lab of two nodes, ready", "Ctrl-D leaves."));
      var bot = new ConsoleMain();
      console.listen(message -> bot.hear(console, message));
    }
    System.out.println("left");
  }

  private static List<Completer.Candidate> complete(String prefix) {
    String word = prefix.substring(prefix.lastIndexOf(' ') + 1);
    return WORDS.stream()
        .filter(w -> w.startsWith(word))
        .map(w -> new Completer.Candidate(w, "does " + w))
        .toList();
  }

  private void hear(ConsolePlatform console, Message message) {
    String words =
        switch (message.content()) {
          case Message.Text text -> text.text();
          case Message.Press press ->
              "press " + press.command() + press.input().map(i -> " with " + i).orElse("");
        };
    switch (words) {
      case "status" -> console.post(message.where(), SampleCards.status());
      case "plan" -> console.post(message.where(), SampleCards.plan());
      case "danger" -> console.post(message.where(), SampleCards.danger());
      case "run" -> head = Optional.of(console.post(message.where(), running()));
      case "tick" -> tick(console);
      case "by itself" -> Thread.ofVirtual().start(() -> tickFor(console));
      case "done" -> head.ifPresent(h -> console.edit(h, SampleCards.result()));
      default ->
          console.post(
              message.where(),
              Card.of("answer", Tone.NEUTRAL, message.speaker().id() + ": " + words, ""));
    }
  }

  private void tickFor(ConsolePlatform console) {
    try {
      for (int i = 0; i < 60; i++) {
        Thread.sleep(15);
        tick(console);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void tick(ConsolePlatform console) {
    ticks++;
    head.ifPresent(h -> console.edit(h, running()));
    if (ticks % 20 == 0) {
      Card line =
          Card.of(
              "notice", Tone.NEUTRAL, "0:%02d  machine %d is up".formatted(ticks, ticks / 20), "");
      console.post(INFRA.inThread("op-42"), line);
    }
  }

  private Card running() {
    var steps = new ArrayList<StepLine>();
    steps.add(new StepLine("ok", "1 Check the template", "0:01", ""));
    steps.add(
        new StepLine(
            "..", "2 Provision the machines", "0:%02d".formatted(ticks), ticks + " % of 3"));
    steps.add(new StepLine("", "3 Bootstrap Talos", "", ""));
    return new Card(
        "progress",
        Tone.NEUTRAL,
        "Operation 42 · create talos-staging · running",
        List.of(new Card.Steps(steps)),
        SampleCards.progress("", "", "", "", "").buttons(),
        Map.of());
  }
}
