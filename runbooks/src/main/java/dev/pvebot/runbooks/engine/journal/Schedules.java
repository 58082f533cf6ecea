package dev.pvebot.runbooks.engine.journal;

import dev.pvebot.commands.chat.Conversation;
import dev.pvebot.commands.chat.Person;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/// Commands that are said again at set times, as if their person said them.
public interface Schedules {
  /// @param command the text that is said
  /// @param when as it was asked for, for people
  /// @param cron five fields, read in `zone`
  /// @param where the conversation that hears what comes of it
  record Draft(
      String command, String when, String cron, ZoneId zone, Person by, Conversation where) {}

  /// @param id counts from 1; people say it
  /// @param nextAt when it is due
  /// @param lastAt when it was said last
  /// @param lastOutcome what came of that, for people
  record Schedule(
      long id,
      Draft draft,
      Instant createdAt,
      Instant nextAt,
      Optional<Instant> lastAt,
      Optional<String> lastOutcome) {}

  /// @param first when it is due first
  Schedule add(Draft draft, Instant first, Instant at);

  /// By id.
  List<Schedule> all();

  /// @return what was removed; empty when there is no such schedule
  Optional<Schedule> remove(long id);

  /// Those whose time has come, the longest overdue first.
  List<Schedule> due(Instant now);

  /// Takes one due time of a schedule: of any number of processes that try, one wins.
  ///
  /// @param due as it was read
  /// @param next when it is due again
  /// @return whether this call took it
  boolean take(Schedule due, Instant next);

  /// Remembers what came of a time that was taken.
  void ended(long id, Instant at, String outcome);
}
