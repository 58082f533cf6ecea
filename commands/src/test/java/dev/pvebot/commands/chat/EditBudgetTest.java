package dev.pvebot.commands.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pvebot.commands.chat.Card.Tone;
import dev.pvebot.commands.chat.ChatPlatform.Posted;
import dev.pvebot.commands.chat.EditBudget.Limits;
import dev.pvebot.commands.chat.EditBudget.Next;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class EditBudgetTest {
  private static final Limits LIMITS = new Limits(Duration.ofSeconds(4), 40, 30);
  private static final Instant START = Instant.parse("2026-03-02T14:01:00Z");

  private record Made(Instant at, Posted posted, Card card) {}

  private final EditBudget budget = new EditBudget(LIMITS);
  private final List<Made> made = new ArrayList<>();
  private Instant now = START;

  @Test
  void newestStateWins() {
    budget.offer(place(1), progress(1, "10 %"), now);
    budget.offer(place(1), progress(1, "20 %"), now);
    run(Duration.ofSeconds(1));
    assertThat(made).extracting(m -> m.card().title()).containsExactly("op 1 20 %");
  }

  @Test
  void oneCard_isEditedEveryFourSecondsAtMost() {
    for (int tick = 0; tick < 60; tick++) {
      budget.offer(place(1), progress(1, tick + " %"), now);
      run(Duration.ofSeconds(1));
    }
    assertThat(made).hasSizeBetween(14, 16);
    for (int i = 1; i < made.size(); i++) {
      assertThat(Duration.between(made.get(i - 1).at(), made.get(i).at()))
          .isGreaterThanOrEqualTo(LIMITS.perCard());
    }
  }

  @Test
  void finalState_goesBeforeProgressThatWaitsLonger() {
    spendAll();
    IntStream.range(0, 5).forEach(i -> budget.offer(place(i), progress(i, "x"), now));
    budget.offer(place(9), result(9), now);
    now = now.plus(Duration.ofMinutes(1));
    assertThat(budget.next(now))
        .isInstanceOfSatisfying(Next.Edit.class, e -> assertThat(e.posted()).isEqualTo(place(9)));
  }

  @Test
  void progress_isSharedFairly() {
    Map<String, Integer> edits = new HashMap<>();
    for (int tick = 0; tick < 180; tick++) {
      for (int op = 0; op < 20; op++) {
        budget.offer(place(op), progress(op, tick + " %"), now);
      }
      run(Duration.ofSeconds(1));
    }
    made.forEach(m -> edits.merge(m.posted().id(), 1, Integer::sum));
    assertThat(edits).hasSize(20);
    assertThat(edits.values()).allSatisfy(n -> assertThat(n).isBetween(5, 7));
  }

  @Test
  void veryMany_areFoldedIntoOneSummary_andEndOnTheirOwnCards() {
    for (int tick = 0; tick < 120; tick++) {
      for (int op = 0; op < 200; op++) {
        budget.offer(place(op), progress(op, tick + " %"), now);
      }
      run(Duration.ofSeconds(1));
    }
    assertThat(made).extracting(m -> m.card().title()).contains("200 operations are running");
    assertThat(made.stream().filter(m -> m.at().isAfter(START.plusSeconds(5))))
        .allSatisfy(m -> assertThat(m.card().title()).contains("operations are running"));
    made.clear();
    budget.offer(place(7), result(7), now);
    run(Duration.ofMinutes(2));
    assertThat(made).extracting(m -> m.card().title()).contains("op 7 done");
  }

  @Test
  void whatWasFolded_isUpToDateAgainWhenFewerRun() {
    for (int op = 0; op < 50; op++) {
      budget.offer(place(op), progress(op, "1 %"), now);
    }
    run(Duration.ofSeconds(10));
    for (int op = 10; op < 50; op++) {
      budget.offer(place(op), result(op), now);
    }
    run(Duration.ofMinutes(5));
    Map<String, String> shown = new HashMap<>();
    made.forEach(m -> shown.put(m.posted().id(), m.card().title()));
    assertThat(shown).containsEntry("3", "op 3 1 %").containsEntry("42", "op 42 done");
    assertThat(shown.get("summary")).startsWith("Fewer operations run now");
  }

  @Test
  void failedEdit_isTriedAgainUnlessANewerCame() {
    budget.offer(place(1), progress(1, "1 %"), now);
    Next.Edit edit = (Next.Edit) budget.next(now);
    budget.failed(edit, now.plusSeconds(30));
    budget.offer(place(1), progress(1, "2 %"), now);
    assertThat(budget.next(now)).isEqualTo(new Next.Wait(Optional.of(now.plusSeconds(30))));
    run(Duration.ofMinutes(1));
    assertThat(made).extracting(m -> m.card().title()).containsExactly("op 1 2 %");
  }

  @Property(tries = 50)
  void neverMoreThanTheWorkspaceAllows_andTheEndIsAlwaysShown(
      @ForAll @IntRange(min = 1, max = 250) int operations,
      @ForAll @IntRange(min = 1, max = 120) int seconds) {
    EditBudgetTest run = new EditBudgetTest();
    for (int tick = 0; tick < seconds; tick++) {
      for (int op = 0; op < operations; op++) {
        run.budget.offer(place(op), progress(op, tick + " %"), run.now);
      }
      run.run(Duration.ofSeconds(1));
    }
    for (int op = 0; op < operations; op++) {
      run.budget.offer(place(op), result(op), run.now);
    }
    run.run(Duration.ofMinutes(8));
    for (Made edit : run.made) {
      long inAMinute =
          run.made.stream()
              .filter(m -> !m.at().isBefore(edit.at()))
              .filter(m -> m.at().isBefore(edit.at().plusSeconds(60)))
              .count();
      assertThat(inAMinute).isLessThanOrEqualTo(40);
    }
    Set<String> ended = new HashSet<>();
    run.made.stream()
        .filter(m -> m.card().title().endsWith("done"))
        .forEach(m -> ended.add(m.posted().id()));
    assertThat(ended).hasSize(operations);
  }

  private void spendAll() {
    IntStream.range(100, 140).forEach(i -> budget.offer(place(i), result(i), now));
    run(Duration.ofMillis(100));
    assertThat(made).hasSize(40);
  }

  /// Does what there is to do until then.
  private void run(Duration time) {
    Instant end = now.plus(time);
    while (now.isBefore(end)) {
      switch (budget.next(now)) {
        case Next.Edit(Posted posted, Card card) -> made.add(new Made(now, posted, card));
        case Next.Summarize(Conversation channel, Card summary) -> {
          Posted posted = new Posted(channel, "summary");
          budget.summaryAt(posted);
        }
        case Next.Wait(Optional<Instant> until) ->
            now = until.filter(at -> at.isBefore(end)).orElse(end);
      }
    }
  }

  private static Posted place(int id) {
    return new Posted(new Conversation("slack", "C1", Optional.empty()), Integer.toString(id));
  }

  private static Card progress(int id, String state) {
    return Card.of("progress", Tone.NEUTRAL, "op %d %s".formatted(id, state), "");
  }

  private static Card result(int id) {
    return Card.of("result", Tone.GOOD, "op %d done".formatted(id), "");
  }
}
