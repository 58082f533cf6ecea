package dev.pvebot.bot.demo;

import dev.pvebot.bot.local.Answer;
import dev.pvebot.bot.local.Call;
import dev.pvebot.bot.router.Outcome;
import dev.pvebot.integrations.console.Colours;
import dev.pvebot.integrations.console.ConsolePlatform;
import dev.pvebot.integrations.console.PlainDress;
import dev.pvebot.integrations.console.Seat;
import dev.pvebot.integrations.lab.Lab;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The scripted tour: real messages to a real `serve` in a process of its own, on the lab.
public final class Tour {
  private static final String CHANNEL = "infra";
  private static final Duration FIRST_EFFECT_WITHIN = Duration.ofSeconds(30);

  private final Lab lab;
  private final ServeProcess serve;
  private final PrintStream out;
  private final PlainDress dress;
  private final ConsolePlatform console;
  private final List<String> surprises = new ArrayList<>();

  public Tour(Lab lab, ServeProcess serve, PrintStream out, int width, Colours colours) {
    this.lab = lab;
    this.serve = serve;
    this.out = out;
    this.dress = new PlainDress(out, Optional.empty(), width, colours, InstantSource.system());
    this.console =
        new ConsolePlatform(dress, new Seat("tour", "you", CHANNEL, Seat.Switching.FIXED));
  }

  /// Plays the tour.
  ///
  /// @return whether everything came as it should
  public boolean play() throws IOException, InterruptedException {
    chapter("Is everything in reach?");
    say("alice", "check the api", Outcome.DONE);
    say("alice", "status staging", Outcome.DONE);

    chapter("A cluster, by its plan. The bot is killed in the middle (kill -9) and resumes.");
    say("alice", "spin up staging", Outcome.NEEDS_CONSENT);
    say("alice", "approve 1", Outcome.DONE);
    awaitEffect("cloned");
    serve.kill();
    note("pvebot was killed while it cloned. Starting it again ...");
    serve.start();
    expect("operation 1", follow(1), Outcome.DONE);
    say("alice", "status staging", Outcome.DONE);

    chapter("The dangerous verb, by somebody who may not.");
    say("eve", "tear down staging", Outcome.REFUSED);
    say("alice", "don't tear down staging", Outcome.USAGE);

    chapter("Production asks for more: a typed name, then a second person.");
    say("alice", "spin up production", Outcome.NEEDS_CONSENT);
    say("alice", "approve 2", Outcome.DONE, true);
    say("bob", "tear down production", Outcome.NEEDS_CONSENT);
    say("bob", "approve 3 talos-productoin", Outcome.REFUSED);
    say("bob", "approve 3 talos-production", Outcome.NEEDS_CONSENT);
    say("bob", "approve 3", Outcome.REFUSED);
    say("carol", "approve 3", Outcome.DONE, true);
    say("alice", "status production", Outcome.DONE);

    chapter("The way back for staging, and the record of it all.");
    say("alice", "tear down staging", Outcome.NEEDS_CONSENT);
    say("alice", "approve 4 talos-staging", Outcome.DONE, true);
    say("alice", "op list", Outcome.DONE);
    expect(
        "the audit",
        call(new Call("audit-verify", "", Optional.empty(), CHANNEL, Optional.empty(), false)),
        Outcome.DONE);
    return finish();
  }

  /// Plays lines of the form `alice: spin up staging`, each followed to its end.
  public boolean play(List<String> script) throws IOException, InterruptedException {
    for (String line : script) {
      int colon = line.indexOf(':');
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      if (colon < 1) {
        note("not understood: a line of a script is PERSON: TEXT");
        surprises.add(line);
        continue;
      }
      String person = line.substring(0, colon).strip();
      String text = line.substring(colon + 1).strip();
      dress.said(person, "#" + CHANNEL, text);
      call(new Call("say", text, Optional.of(person), CHANNEL, Optional.empty(), true));
    }
    return finish();
  }

  private boolean finish() {
    if (!surprises.isEmpty()) {
      note("Not as expected: " + String.join("; ", surprises));
    }
    console.close();
    out.flush();
    return surprises.isEmpty();
  }

  private void say(String person, String text, int expected) throws IOException {
    say(person, text, expected, false);
  }

  private void say(String person, String text, int expected, boolean follow) throws IOException {
    dress.said(person, "#" + CHANNEL, text);
    int exit = call(new Call("say", text, Optional.of(person), CHANNEL, Optional.empty(), follow));
    expect("'%s' by %s".formatted(text, person), exit, expected);
  }

  private int follow(long operation) throws IOException {
    return call(
        new Call(
            "follow", Long.toString(operation), Optional.empty(), CHANNEL, Optional.empty(), true));
  }

  private int call(Call call) throws IOException {
    return serve
        .client()
        .call(
            call,
            answer -> {
              switch (answer) {
                case Answer.Shown shown -> console.show(shown.posted(), shown.card(), shown.edit());
                case Answer.Line line -> note(line.text());
                case Answer.End _ -> {
                  // the client hands the exit code on
                }
              }
            })
        .orElseThrow(() -> new IOException("the bot does not answer"));
  }

  private void expect(String what, int exit, int expected) {
    if (exit != expected) {
      surprises.add("%s gave %d, expected %d".formatted(what, exit, expected));
    }
  }

  /// Waits until the datacenter shows the first effect of a kind, so that the kill meets work that
  /// is under way.
  private void awaitEffect(String what) throws InterruptedException {
    long deadline = System.nanoTime() + FIRST_EFFECT_WITHIN.toNanos();
    while (lab.ledger().effects().stream().noneMatch(effect -> effect.what().equals(what))) {
      if (System.nanoTime() > deadline) {
        surprises.add("nothing was " + what);
        return;
      }
      Thread.sleep(20);
    }
  }

  private void chapter(String title) {
    out.println();
    out.println("== " + title);
    out.println();
  }

  private void note(String text) {
    out.println("         " + text);
  }
}
