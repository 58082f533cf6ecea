package dev.pvebot.bot.answers.task;

import dev.pvebot.bot.answers.Said;
import dev.pvebot.bot.figures.Figures;
import dev.pvebot.bot.router.Answers;
import dev.pvebot.clusters.Upid;
import dev.pvebot.commands.Command;
import dev.pvebot.commands.chat.Button;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.commands.chat.ChatPlatform;
import dev.pvebot.commands.chat.Conversation;
import dev.pvebot.runbooks.action.Tasks;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;

/// `task.wait`: waits until a task has ended and tells on the way how it goes, in a thread. The
/// task's own end is not touched: who stops waiting stops nothing.
public final class TaskWait implements Answers {
  private static final Duration LONGEST = Duration.ofHours(1);

  /// Between two remarks that are told.
  private static final Duration PACE = Duration.ofSeconds(10);

  private final Tasks tasks;
  private final UnaryOperator<String> redact;
  private final InstantSource clock;

  /// @param redact takes secrets out of a text
  public TaskWait(Tasks tasks, UnaryOperator<String> redact, InstantSource clock) {
    this.tasks = tasks;
    this.redact = redact;
    this.clock = clock;
  }

  @Override
  public Optional<Card> answer(Command command, Asker asker) throws InterruptedException {
    if (!command.intent().equals("task.wait")) {
      return Optional.empty();
    }
    Optional<Upid> upid = Said.upid(command);
    return Optional.of(upid.isEmpty() ? TaskAnswers.noUpid() : await(upid.get(), command, asker));
  }

  private Card await(Upid upid, Command command, Asker asker) throws InterruptedException {
    ChatPlatform.Posted head =
        asker
            .replier()
            .reply(
                asker.where(),
                Card.of(
                    "progress",
                    Card.Tone.NEUTRAL,
                    "Waiting for %s, begun %s"
                        .formatted(
                            TaskWords.of(upid), Figures.ago(upid.startedAt(), clock.instant())),
                    ""));
    Conversation thread =
        head.where().thread().isPresent() ? head.where() : head.where().inThread(head.id());
    Remarks remarks = new Remarks(thread, asker);
    Duration patience = Said.number(command, "timeout").map(Duration::ofSeconds).orElse(LONGEST);
    try {
      return ended(upid, tasks.await(upid, patience, remarks::tell));
    } catch (TimeoutException _) {
      return new Card(
          "failure",
          Card.Tone.WARNING,
          "%s still runs after %s; it goes on"
              .formatted(TaskWords.of(upid), Figures.clock(patience)),
          List.of(),
          List.of(
              Button.plain("Wait on", "task wait " + upid),
              Button.plain("Log", "task log " + upid)),
          Map.of("upid", upid.value(), "state", "running"));
    }
  }

  private Card ended(Upid upid, Tasks.End end) {
    String took = Figures.clock(Duration.between(upid.startedAt(), clock.instant()));
    List<Card.Block> body = new ArrayList<>();
    if (!end.logTail().isEmpty()) {
      body.add(new Card.Literal(redact.apply(String.join("\n", end.logTail()))));
    }
    return new Card(
        end.outcome() == Tasks.Outcome.FAILED ? "failure" : "result",
        switch (end.outcome()) {
          case OK -> Card.Tone.GOOD;
          case WARNINGS -> Card.Tone.WARNING;
          case FAILED -> Card.Tone.BAD;
        },
        switch (end.outcome()) {
          case OK -> "%s · done, begun %s ago".formatted(TaskWords.of(upid), took);
          case WARNINGS ->
              "%s · %s, begun %s ago"
                  .formatted(TaskWords.of(upid), TaskWords.state(end.status()), took);
          case FAILED ->
              "%s · FAILED: %s".formatted(TaskWords.of(upid), redact.apply(end.status()));
        },
        body,
        end.outcome() == Tasks.Outcome.OK
            ? List.of()
            : List.of(Button.plain("Whole log", "task log " + upid)),
        Map.of("upid", upid.value(), "state", redact.apply(end.status())));
  }

  /// Tells what is new, not more often than people can read.
  private final class Remarks {
    private final Conversation thread;
    private final Asker asker;
    private Optional<Instant> toldAt = Optional.empty();
    private String told = "";

    private Remarks(Conversation thread, Asker asker) {
      this.thread = thread;
      this.asker = asker;
    }

    private void tell(String remark) {
      Instant now = clock.instant();
      boolean due = toldAt.map(at -> !at.plus(PACE).isAfter(now)).orElse(true);
      // a percentage comes again in a moment, anything else would be lost
      if (remark.equals(told) || (!due && remark.endsWith("%"))) {
        return;
      }
      told = remark;
      toldAt = Optional.of(now);
      asker
          .replier()
          .reply(thread, Card.of("progress", Card.Tone.NEUTRAL, redact.apply(remark), ""));
    }
  }
}
