package dev.pvebot.bot.crash;

import dev.pvebot.bot.local.Answer;
import dev.pvebot.bot.router.Outcome;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.integrations.lab.Lab;
import dev.pvebot.integrations.lab.LabServer;
import dev.pvebot.integrations.lab.config.LabConfig;
import dev.pvebot.integrations.store.Store;
import dev.pvebot.integrations.store.StoreConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/// One performance of a story: a lab, a `serve` that dies as the strikes say and is started again,
/// and the people who say their lines until they are heard.
final class Performance {
  private static final double SPEED = 100;
  private static final Duration LINE_WITHIN = Duration.ofMinutes(2);

  private final Story story;
  private final Strikes strikes;
  private final Path folder;
  private final Lab lab;
  private final Serve serve;
  private final Queue<Trace.Told> told = new ConcurrentLinkedQueue<>();

  /// What was answered to what was said last.
  private final Queue<String> answers = new ConcurrentLinkedQueue<>();

  /// Numbers of the ledger at which the lines begin.
  private final List<Long> beginnings = new ArrayList<>();

  private final List<Map<Integer, String>> states = new ArrayList<>();
  private final List<Integer> deathsInLines = new ArrayList<>();

  private Performance(Story story, Strikes strikes, Path folder, Lab lab, Serve serve) {
    this.story = story;
    this.strikes = strikes;
    this.folder = folder;
    this.lab = lab;
    this.serve = serve;
  }

  /// Plays the story to its end.
  ///
  /// @param dist `target/dist`
  /// @param folder empty or not there; everything of this performance goes into it
  /// @throws AssertionError when a line does not come to a good end
  static Trace play(Path dist, Path folder, Story story, Strikes strikes)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    try (Lab lab = LabServer.start(LabConfig.isolated().withSpeed(SPEED), folder);
        Serve serve = new Serve(dist, folder)) {
      threeMachines(folder);
      strikes.aimAt(serve::handle);
      serve.start();
      Performance performance = new Performance(story, strikes, folder, lab, serve);
      lab.faults().crashBy(strikes);
      performance.playLines();
      lab.faults().disarmAll();
      return performance.trace();
    }
  }

  /// The lab's generic cluster has two machines; three share the moments of a death better.
  private static void threeMachines(Path folder) throws IOException {
    Path profile = folder.resolve("site/lab-web.yaml");
    Files.writeString(profile, Files.readString(profile).replace("count: 2", "count: 3"));
  }

  private void playLines() throws InterruptedException {
    for (int i = 0; i < story.lines().size(); i++) {
      int line = i;
      strikes.begin(line);
      beginnings.add(lab.ledger().next());
      FutureTask<Void> played =
          new FutureTask<>(() -> {
            play(story.lines().get(line), line + 1);
            return null;
          });
      Thread.ofVirtual().name("line-" + line).start(played);
      try {
        played.get(LINE_WITHIN.toSeconds(), TimeUnit.SECONDS);
      } catch (ExecutionException failed) {
        throw new AssertionError(
            describe(line, String.valueOf(failed.getCause())), failed.getCause());
      } catch (TimeoutException late) {
        throw new AssertionError(describe(line, "not at its end within " + LINE_WITHIN), late);
      }
      states.add(Trace.guests(lab));
      deathsInLines.add(strikes.deathsInLine());
    }
  }

  private String describe(int line, String what) {
    return "%s, line %d '%s', killed %d times: %s%nFiles: %s%nThread:%n%s"
        .formatted(
            story.title(),
            line,
            story.lines().get(line).wish().text(),
            strikes.deaths(),
            what,
            folder,
            threadOf(line + 1L));
  }

  private String threadOf(long operation) {
    return told.stream()
        .filter(each -> each.operation() == operation)
        .map(each -> "  " + each.text())
        .collect(Collectors.joining("\n"));
  }

  private void play(Story.Line line, long operation) throws IOException, InterruptedException {
    wish(line.wish(), operation);
    for (Story.Said consent : line.consents()) {
      consent(consent, operation);
    }
    int end = follow(operation);
    if (end != Outcome.DONE) {
      throw new IllegalStateException("followed to its end, which is exit " + end);
    }
  }

  /// Says a wish, and again only when it is certain that no operation came of it.
  private void wish(Story.Said wish, long operation) throws IOException, InterruptedException {
    while (true) {
      try {
        Optional<Integer> exit = say(wish, operation);
        if (exit.isPresent()) {
          heard(wish, exit.get());
          return;
        }
        serve.revive();
      } catch (IOException _) {
        serve.revive();
        if (exists(operation)) {
          return;
        }
      }
    }
  }

  /// Gives consent, and again when the bot died before it answered: who gives it twice is told so.
  private void consent(Story.Said consent, long operation)
      throws IOException, InterruptedException {
    boolean again = false;
    while (true) {
      try {
        Optional<Integer> exit = say(consent, operation);
        if (exit.isPresent()) {
          if (!again) {
            heard(consent, exit.get());
          }
          return;
        }
      } catch (IOException _) {
        again = true;
      }
      serve.revive();
    }
  }

  private void heard(Story.Said said, int exit) {
    if (exit != Outcome.DONE && exit != Outcome.NEEDS_CONSENT) {
      throw new IllegalStateException(
          "'%s' by %s gave exit %d: %s".formatted(said.text(), said.person(), exit, answers));
    }
  }

  private Optional<Integer> say(Story.Said said, long operation) throws IOException {
    answers.clear();
    return serve.call(
        "say",
        said.about(operation),
        Optional.of(said.person()),
        answer -> {
          if (answer instanceof Answer.Shown(var _, Card card, var _)) {
            answers.add(card.title() + " " + card.body());
          }
        });
  }

  private boolean exists(long operation) throws IOException, InterruptedException {
    while (true) {
      try {
        Optional<Integer> exit =
            serve.call("say", "op show " + operation, Optional.of("alice"), _ -> {});
        if (exit.isPresent()) {
          return exit.get() == Outcome.DONE;
        }
      } catch (IOException _) {
        // asked again below
      }
      serve.revive();
    }
  }

  private int follow(long operation) throws IOException, InterruptedException {
    while (true) {
      try {
        Optional<Integer> exit =
            serve.call(
                "follow",
                Long.toString(operation),
                Optional.empty(),
                answer -> hear(operation, answer));
        if (exit.isPresent()) {
          return exit.get();
        }
      } catch (IOException _) {
        // it died; what it had told is kept
      }
      serve.revive();
    }
  }

  private void hear(long operation, Answer answer) {
    if (answer instanceof Answer.Shown(var posted, Card card, boolean edit)
        && !edit
        && posted.where().thread().equals(Optional.of("op-" + operation))) {
      told.add(new Trace.Told(operation, card.kind(), card.title()));
    }
  }

  private Trace trace() {
    serve.close();
    try (Store store =
        Store.open(
            StoreConfig.sqlite(folder.resolve("pvebot.db")),
            Store.Role.BESIDE,
            InstantSource.system())) {
      return Trace.of(lab, store, beginnings, states, deathsInLines, List.copyOf(told));
    }
  }
}
