package dev.pvebot.bot.schedule;

import dev.pvebot.bot.people.Rights;
import dev.pvebot.bot.router.Outcome;
import dev.pvebot.bot.router.Replier;
import dev.pvebot.commands.chat.Button;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.commands.chat.Conversation;
import dev.pvebot.commands.chat.Person;
import dev.pvebot.runbooks.engine.EngineClock;
import dev.pvebot.runbooks.engine.journal.Schedules;
import dev.pvebot.runbooks.engine.journal.Schedules.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Says scheduled commands when their time has come, as their person, where they were asked for. A
/// time that passed while nobody ran is told of and left: ten missed nights are not ten backups at
/// noon.
public final class ScheduleRunner {
  private static final Logger log = LoggerFactory.getLogger(ScheduleRunner.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

  /// Later than this it is missed.
  private static final Duration LATE = Duration.ofMinutes(5);

  private static final int MOST_COUNTED = 1000;
  private static final DateTimeFormatter WHEN =
      DateTimeFormatter.ofPattern("EEE d MMM HH:mm", Locale.ROOT);

  /// Does what was said, as for a person.
  public interface Speaker {
    Outcome say(String text, Person by, Conversation where, Replier replier)
        throws InterruptedException;
  }

  private final Schedules schedules;
  private final Speaker speaker;
  private final Rights rights;
  private final Replier chat;
  private final EngineClock clock;

  /// @param chat shows cards where a schedule was asked for
  public ScheduleRunner(
      Schedules schedules, Speaker speaker, Rights rights, Replier chat, EngineClock clock) {
    this.schedules = schedules;
    this.speaker = speaker;
    this.rights = rights;
    this.chat = chat;
    this.clock = clock;
  }

  /// Looks at the schedules on a thread of its own.
  ///
  /// @param end done when it is to stop
  public void start(CompletableFuture<Void> end) {
    Thread.ofVirtual().name("schedules").start(() -> run(end));
  }

  private void run(CompletableFuture<Void> end) {
    try {
      while (!end.isDone()) {
        look();
        clock.sleep(LOOK_EVERY, end);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Says what is due now.
  void look() throws InterruptedException {
    try {
      for (Schedule due : schedules.due(clock.instant())) {
        Instant now = clock.instant();
        Timetable table = new Timetable(due.draft().cron(), due.draft().zone());
        Instant next = table.next(now);
        if (schedules.take(due, next)) {
          if (due.nextAt().plus(LATE).isBefore(now)) {
            missed(due, table, next);
          } else {
            Thread.ofVirtual().name("schedule-" + due.id()).start(() -> say(due));
          }
        }
      }
    } catch (RuntimeException failure) {
      log.warn("schedules could not be looked at: {}", failure.getMessage());
    }
  }

  private void say(Schedule due) {
    Schedules.Draft draft = due.draft();
    Instant now = clock.instant();
    if (!rights.knows(draft.by())) {
      String why = "%s is not known any more".formatted(draft.by());
      schedules.ended(due.id(), now, "refused: " + why);
      chat.reply(draft.where(), notice(due, "not said: " + why));
      return;
    }
    chat.reply(draft.where(), notice(due, "says it for " + draft.by()));
    try {
      Outcome outcome = speaker.say(draft.command(), draft.by(), draft.where(), chat);
      schedules.ended(due.id(), now, words(outcome));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException failure) {
      log.warn("schedule {} failed", due.id(), failure);
      schedules.ended(due.id(), now, "failed");
      chat.reply(draft.where(), notice(due, "failed, see the log"));
    }
  }

  private void missed(Schedule due, Timetable table, Instant next) {
    int times = 0;
    for (Instant at = due.nextAt();
        at.isBefore(clock.instant()) && times < MOST_COUNTED;
        at = table.next(at)) {
      times++;
    }
    DateTimeFormatter when = WHEN.withZone(due.draft().zone());
    schedules.ended(due.id(), clock.instant(), "missed while I was away");
    chat.reply(
        due.draft().where(),
        new Card(
            "notice",
            Card.Tone.WARNING,
            "Schedule %d · `%s` · missed %s while I was away, from %s; not made up for"
                .formatted(
                    due.id(),
                    due.draft().command(),
                    times == 1 ? "once" : times + " times",
                    when.format(due.nextAt())),
            List.of(new Card.Text("Next: " + when.format(next))),
            List.of(Button.plain("Say it now", due.draft().command())),
            Map.of("schedule", due.id(), "missed", times)));
  }

  private static String words(Outcome outcome) {
    String operation =
        outcome.operation().isPresent()
            ? " (operation %d)".formatted(outcome.operation().getAsLong())
            : "";
    return switch (outcome.exit()) {
          case Outcome.DONE -> "done";
          case Outcome.NEEDS_CONSENT -> "waits for consent";
          case Outcome.REFUSED -> "refused";
          case Outcome.USAGE -> "not understood";
          default -> "failed";
        }
        + operation;
  }

  private static Card notice(Schedule due, String what) {
    return new Card(
        "notice",
        Card.Tone.NEUTRAL,
        "Schedule %d · `%s` · %s".formatted(due.id(), due.draft().command(), what),
        List.of(),
        List.of(),
        Map.of("schedule", due.id()));
  }
}
