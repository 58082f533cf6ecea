package dev.pvebot.bot.schedule;

import dev.pvebot.bot.answers.Said;
import dev.pvebot.bot.figures.Figures;
import dev.pvebot.bot.people.Rights;
import dev.pvebot.bot.router.Answers;
import dev.pvebot.clusters.Environment;
import dev.pvebot.commands.Command;
import dev.pvebot.commands.Risk;
import dev.pvebot.commands.chat.Button;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.commands.chat.Person;
import dev.pvebot.runbooks.engine.journal.AuditLog;
import dev.pvebot.runbooks.engine.journal.Schedules;
import dev.pvebot.runbooks.engine.journal.Schedules.Schedule;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// `schedule.list`, `schedule.add`, `schedule.remove`. A schedule says a command for somebody who
/// is not there, so it takes nothing above routine.
public final class ScheduleDesk implements Answers {
  private static final DateTimeFormatter WHEN =
      DateTimeFormatter.ofPattern("EEE d MMM HH:mm", Locale.ROOT);

  private final Schedules schedules;
  private final AuditLog audit;
  private final Function<String, Command> interpreter;
  private final Rights rights;
  private final Function<Person, ZoneId> zones;
  private final InstantSource clock;

  /// @param zones in which each person reads and says times
  public ScheduleDesk(
      Schedules schedules,
      AuditLog audit,
      Function<String, Command> interpreter,
      Rights rights,
      Function<Person, ZoneId> zones,
      InstantSource clock) {
    this.schedules = schedules;
    this.audit = audit;
    this.interpreter = interpreter;
    this.rights = rights;
    this.zones = zones;
    this.clock = clock;
  }

  @Override
  public Optional<Card> answer(Command command, Asker asker) {
    return switch (command.intent()) {
      case "schedule.list" -> Optional.of(list(asker.person()));
      case "schedule.add" -> Optional.of(add(command, asker));
      case "schedule.remove" -> Optional.of(remove(command, asker.person()));
      default -> Optional.empty();
    };
  }

  private Card list(Person reader) {
    List<Schedule> all = schedules.all();
    DateTimeFormatter when = WHEN.withZone(zones.apply(reader));
    return new Card(
        "answer",
        Card.Tone.NEUTRAL,
        all.isEmpty() ? "Nothing is scheduled" : "%d schedules".formatted(all.size()),
        all.isEmpty()
            ? List.of(new Card.Text("For example: `schedule back up 1031 every night at 2`."))
            : List.of(
                new Card.Table(
                    List.of("Id", "Command", "When", "Next", "By", "Last time"),
                    all.stream()
                        .map(each ->
                            List.of(
                                Long.toString(each.id()),
                                each.draft().command(),
                                "%s (%s)".formatted(each.draft().when(), each.draft().zone()),
                                when.format(each.nextAt()),
                                each.draft().by().id(),
                                each.lastAt()
                                        .map(at -> Figures.ago(at, clock.instant()) + ": ")
                                        .orElse("")
                                    + each.lastOutcome().orElse("never yet")))
                        .toList())),
        all.stream()
            .limit(3)
            .map(each ->
                Button.plain("Remove %d".formatted(each.id()), "schedule remove " + each.id()))
            .toList(),
        Map.of("schedules", all.stream().map(ScheduleDesk::facts).toList()));
  }

  private static Map<String, Object> facts(Schedule schedule) {
    return Map.of(
        "id", schedule.id(),
        "command", schedule.draft().command(),
        "cron", schedule.draft().cron(),
        "zone", schedule.draft().zone().getId(),
        "by", schedule.draft().by().id(),
        "next_at", schedule.nextAt().toString());
  }

  private Card add(Command command, Asker asker) {
    String text = Said.text(command, "command").orElse("");
    String when = Said.text(command, "when").orElse("");
    Command scheduled = interpreter.apply(text);
    if (scheduled.isNone()) {
      return refusal(
          "I do not understand `%s`, so it cannot be scheduled".formatted(text),
          scheduled.reply().map(Command.Reply::text).orElse("`help` shows what can be said."));
    }
    if (scheduled.risk().compareTo(Risk.ROUTINE) > 0) {
      return refusal(
          "`%s` is %s: only what is routine may be scheduled"
              .formatted(text, scheduled.risk().word()),
          "Nobody would be there to look at its plan. Say it when it is time.");
    }
    if (rights
        .highestAsk(asker.person())
        .filter(most -> most.compareTo(scheduled.risk()) >= 0)
        .isEmpty()) {
      return refusal(
          "You may not ask for %s work yourself".formatted(scheduled.risk().word()),
          "A schedule can do no more than the person who made it.");
    }
    ZoneId zone = zones.apply(asker.person());
    Instant now = clock.instant();
    Optional<Timetable> table = Timetable.read(when, zone, now);
    if (table.isEmpty()) {
      return refusal(
          "I cannot read `%s` as a time".formatted(when),
          "For example: every night at 2, every monday at 03:30, every 6 hours, or five fields of"
              + " cron in quotation marks; not more often than every 5 min.");
    }
    Schedule added =
        schedules.add(
            new Schedules.Draft(
                text, when, table.get().cron(), zone, asker.person(), asker.where()),
            table.get().next(now),
            now);
    note(asker.person(), "schedule.add", added);
    return new Card(
        "result",
        Card.Tone.GOOD,
        "Schedule %d: `%s` %s, next %s (%s)"
            .formatted(
                added.id(), text, when, WHEN.withZone(zone).format(added.nextAt()), zone.getId()),
        List.of(
            new Card.Text(
                "It is said for you, here; what it then asks, it asks you."
                    + " What is missed while I am away is told, not made up for.")),
        List.of(Button.plain("Remove it", "schedule remove " + added.id())),
        facts(added));
  }

  private Card remove(Command command, Person by) {
    Optional<Long> id =
        Said.number(command, "schedule")
            .or(() ->
                Said.text(command, "schedule")
                    .filter(text -> text.matches("\\d{1,9}"))
                    .map(Long::valueOf));
    Optional<Schedule> found =
        id.flatMap(
            number -> schedules.all().stream().filter(each -> each.id() == number).findFirst());
    if (found.isEmpty()) {
      return refusal(
          id.map(number -> "There is no schedule %d".formatted(number)).orElse("Which schedule?"),
          "`schedule list` shows what there is.");
    }
    boolean may =
        found.get().draft().by().equals(by)
            || rights.mayAsk(
                by, Risk.CHANGE, new Rights.Target(Optional.empty(), Environment.PRODUCTION));
    if (!may) {
      return refusal(
          "Schedule %d is %s's; you may not end it"
              .formatted(found.get().id(), found.get().draft().by()),
          "Somebody with a role that may change production can.");
    }
    Optional<Schedule> removed = schedules.remove(found.get().id());
    removed.ifPresent(schedule -> note(by, "schedule.remove", schedule));
    return Card.of(
        "result",
        Card.Tone.NEUTRAL,
        "Schedule %d is ended: `%s` %s"
            .formatted(found.get().id(), found.get().draft().command(), found.get().draft().when()),
        "");
  }

  private void note(Person by, String what, Schedule schedule) {
    audit.append(
        new AuditLog.Note(
            by.id(),
            what,
            Optional.empty(),
            Map.of(
                "schedule", Long.toString(schedule.id()),
                "command", schedule.draft().command(),
                "cron", schedule.draft().cron())),
        clock.instant());
  }

  private static Card refusal(String title, String text) {
    return Card.of("refusal", Card.Tone.WARNING, title, text);
  }
}
