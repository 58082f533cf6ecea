package dev.pvebot.bot.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pvebot.bot.people.Rights;
import dev.pvebot.bot.router.Outcome;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.commands.chat.ChatPlatform;
import dev.pvebot.commands.chat.Conversation;
import dev.pvebot.commands.chat.Person;
import dev.pvebot.integrations.store.Store;
import dev.pvebot.integrations.store.StoreConfig;
import dev.pvebot.runbooks.engine.EngineClock;
import dev.pvebot.runbooks.engine.journal.Schedules;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// On a real store; the clock stands until it is moved.
class ScheduleRunnerTest {
  private static final Person ALICE = new Person("alice");
  private static final Conversation INFRA = new Conversation("fake", "infra", Optional.empty());

  private final List<String> said = new CopyOnWriteArrayList<>();
  private final List<Card> posted = new CopyOnWriteArrayList<>();
  private Instant now = Instant.parse("2026-03-02T14:01:00Z");
  private Store store;
  private Schedules schedules;

  @BeforeEach
  void open(@TempDir Path folder) {
    store = Store.open(StoreConfig.sqlite(folder.resolve("s.db")), Store.Role.OWNER, clock());
    schedules = store.schedules();
  }

  @AfterEach
  void close() {
    store.close();
  }

  private EngineClock clock() {
    return new EngineClock() {
      @Override
      public Instant instant() {
        return now;
      }

      @Override
      public void sleep(Duration duration, CompletableFuture<?> wake) {
        wake.join();
      }
    };
  }

  private ChatPlatform.Posted post(Conversation where, Card card) {
    posted.add(card);
    return new ChatPlatform.Posted(where, String.valueOf(posted.size()));
  }

  private ScheduleRunner runner(Outcome outcome, Set<Person> known) {
    Map<Person, Set<String>> people = new java.util.HashMap<>();
    known.forEach(person -> people.put(person, Set.of()));
    return new ScheduleRunner(
        schedules,
        (text, by, where, replier) -> {
          said.add("%s: %s in %s".formatted(by, text, where.channel()));
          return outcome;
        },
        new Rights(Map.of(), people),
        this::post,
        clock());
  }

  private Schedules.Schedule daily(String command) {
    Timetable table = Timetable.read("every day at 15:00", ZoneId.of("UTC"), now).orElseThrow();
    return schedules.add(
        new Schedules.Draft(
            command, "every day at 15:00", table.cron(), table.zone(), ALICE, INFRA),
        table.next(now),
        now);
  }

  private List<String> titles() {
    return posted.stream().map(Card::title).toList();
  }

  private void until(String outcome) {
    Awaitility.await()
        .until(() -> schedules.all().getFirst().lastOutcome().equals(Optional.of(outcome)));
  }

  @Test
  void beforeItsTime_nothingIsSaid() throws InterruptedException {
    daily("backup 1031");

    runner(Outcome.of(Outcome.DONE), Set.of(ALICE)).look();

    assertThat(said).isEmpty();
    assertThat(posted).isEmpty();
  }

  @Test
  void atItsTime_itIsSaidOnceAsItsPerson_andDueAgainTheNextDay() throws InterruptedException {
    daily("backup 1031");
    now = Instant.parse("2026-03-02T15:00:02Z");
    ScheduleRunner runner = runner(Outcome.of(Outcome.DONE, 7), Set.of(ALICE));

    runner.look();
    runner.look();
    until("done (operation 7)");

    assertThat(said).containsExactly("alice: backup 1031 in infra");
    assertThat(schedules.all().getFirst().nextAt())
        .isEqualTo(Instant.parse("2026-03-03T15:00:00Z"));
    assertThat(titles()).containsExactly("Schedule 1 · `backup 1031` · says it for alice");
  }

  @Test
  void missedDays_areToldOnce_andNotMadeUpFor() throws InterruptedException {
    daily("backup 1031");
    now = Instant.parse("2026-03-05T16:00:00Z");

    runner(Outcome.of(Outcome.DONE), Set.of(ALICE)).look();

    assertThat(said).isEmpty();
    assertThat(titles())
        .containsExactly(
            "Schedule 1 · `backup 1031` · missed 4 times while I was away, from Mon 2 Mar 15:00;"
                + " not made up for");
    assertThat(posted.getFirst().buttons().getFirst().command()).isEqualTo("backup 1031");
    assertThat(schedules.all().getFirst().nextAt())
        .isEqualTo(Instant.parse("2026-03-06T15:00:00Z"));
    assertThat(schedules.all().getFirst().lastOutcome()).contains("missed while I was away");
  }

  @Test
  void whoIsNotKnownAnyMore_isNotSpokenFor() throws InterruptedException {
    daily("backup 1031");
    now = Instant.parse("2026-03-02T15:00:02Z");

    runner(Outcome.of(Outcome.DONE), Set.of()).look();
    until("refused: alice is not known any more");

    assertThat(said).isEmpty();
    assertThat(titles())
        .containsExactly("Schedule 1 · `backup 1031` · not said: alice is not known any more");
  }

  @Test
  void consentThatIsMissing_isWhatCameOfIt() throws InterruptedException {
    daily("backup 1031");
    now = Instant.parse("2026-03-02T15:00:02Z");

    runner(Outcome.of(Outcome.NEEDS_CONSENT, 9), Set.of(ALICE)).look();

    until("waits for consent (operation 9)");
  }
}
