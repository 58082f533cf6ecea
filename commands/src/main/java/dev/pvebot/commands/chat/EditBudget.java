package dev.pvebot.commands.chat;

import dev.pvebot.commands.chat.ChatPlatform.Posted;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Decides which posted card is edited next, when a platform allows only so many edits.
///
/// Of several states of one card only the newest is shown. Final states come before progress; among
/// progress, the card comes first that was edited longest ago, so no operation starves another.
/// When more cards move than can be edited usefully, their progress is folded into one summary card
/// for each channel until fewer move; a final state is always shown on its own card.
///
/// Decides only; the adapter edits and says what came of it. Thread-safe.
public final class EditBudget {
  /// @param perCard least time between two edits of one card
  /// @param perMinute most edits in any 60 s, over all cards
  /// @param foldAbove how many cards may move within a minute before they are folded
  public record Limits(Duration perCard, int perMinute, int foldAbove) {}

  /// What is to be done next.
  public sealed interface Next {
    /// Show this card there.
    record Edit(Posted posted, Card card) implements Next {}

    /// Post a summary in that channel and give its place to [EditBudget#summaryAt].
    record Summarize(Conversation channel, Card summary) implements Next {}

    /// Nothing can be done before then, unless something is offered.
    record Wait(Optional<Instant> until) implements Next {}
  }

  private record Pending(Posted posted, Card card, boolean last, Instant since) {}

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final int MOST_NAMED = 40;

  private final Limits limits;
  private final Map<String, Pending> pending = new LinkedHashMap<>();
  private final Map<String, Instant> edited = new HashMap<>();
  private final Map<String, Pending> moving = new LinkedHashMap<>();
  private final Deque<Instant> spent = new ArrayDeque<>();
  private final Map<Conversation, Posted> summaries = new HashMap<>();
  private final Map<Conversation, Instant> summarized = new HashMap<>();
  private Instant pausedUntil = Instant.MIN;
  private boolean folded;

  public EditBudget(Limits limits) {
    this.limits = limits;
  }

  /// Asks for an edit. It replaces what was asked for the same card and not shown yet.
  public synchronized void offer(Posted posted, Card card, Instant now) {
    boolean last = !card.kind().equals("progress");
    Pending asked = new Pending(posted, card, last, now);
    pending.remove(posted.id());
    pending.put(posted.id(), asked);
    if (last) {
      moving.remove(posted.id());
    } else {
      moving.put(posted.id(), asked);
    }
  }

  /// Takes the next edit. It counts as spent; what fails is offered again by [#failed].
  public synchronized Next next(Instant now) {
    forget(now);
    if (now.isBefore(pausedUntil)) {
      return new Next.Wait(Optional.of(pausedUntil));
    }
    if (spent.size() >= limits.perMinute()) {
      return new Next.Wait(Optional.of(spent.peekFirst().plus(MINUTE)));
    }
    folded = folded ? moving.size() > limits.foldAbove() / 2 : moving.size() > limits.foldAbove();
    Optional<Pending> due =
        pending.values().stream()
            .filter(edit -> edit.last() || !folded)
            .filter(edit -> !now.isBefore(dueAt(edit)))
            .min(
                Comparator.comparing((Pending edit) -> !edit.last())
                    .thenComparing(edit ->
                        edit.last()
                            ? edit.since()
                            : edited.getOrDefault(edit.posted().id(), Instant.MIN))
                    .thenComparing(Pending::since));
    if (due.isPresent()) {
      Pending edit = due.get();
      pending.remove(edit.posted().id());
      return spend(new Next.Edit(edit.posted(), edit.card()), edit.posted().id(), now);
    }
    Optional<Next> summary = summary(now);
    return summary.orElseGet(() -> new Next.Wait(earliest(now)));
  }

  /// Says where the summary of a channel stands.
  public synchronized void summaryAt(Posted posted) {
    summaries.put(posted.where(), posted);
  }

  /// Gives an edit back that did not arrive; if a newer one was offered meanwhile, that one counts.
  ///
  /// @param retryAt before then nothing at all is edited
  public synchronized void failed(Next.Edit edit, Instant retryAt) {
    pause(retryAt);
    pending.putIfAbsent(
        edit.posted().id(),
        new Pending(
            edit.posted(), edit.card(), !edit.card().kind().equals("progress"), Instant.MIN));
  }

  /// Says that nothing may be edited before then.
  public synchronized void pause(Instant until) {
    pausedUntil = pausedUntil.isAfter(until) ? pausedUntil : until;
  }

  /// Ends a pause early, for example because the platform is back.
  public synchronized void resume() {
    pausedUntil = Instant.MIN;
  }

  /// What waits, for a last attempt before the process ends.
  public synchronized List<Next.Edit> drain() {
    List<Next.Edit> left =
        pending.values().stream()
            .sorted(Comparator.comparing((Pending edit) -> !edit.last()))
            .map(edit -> new Next.Edit(edit.posted(), edit.card()))
            .toList();
    pending.clear();
    return left;
  }

  private <T extends Next> T spend(T next, String id, Instant now) {
    spent.addLast(now);
    edited.put(id, now);
    return next;
  }

  private Instant dueAt(Pending edit) {
    return Optional.ofNullable(edited.get(edit.posted().id()))
        .map(before -> before.plus(limits.perCard()))
        .orElse(Instant.MIN);
  }

  private void forget(Instant now) {
    while (!spent.isEmpty() && !now.isBefore(spent.peekFirst().plus(MINUTE))) {
      spent.removeFirst();
    }
    edited.values().removeIf(at -> !now.isBefore(at.plus(MINUTE)));
    moving.values().removeIf(card -> !now.isBefore(card.since().plus(MINUTE)));
  }

  /// One summary for each channel where progress is folded; and one more when it no longer is.
  private Optional<Next> summary(Instant now) {
    Map<Conversation, List<Pending>> channels = new LinkedHashMap<>();
    if (folded) {
      moving
          .values()
          .forEach(card ->
              channels.computeIfAbsent(channel(card), _ -> new java.util.ArrayList<>()).add(card));
    }
    Optional<Posted> ended =
        summaries.values().stream()
            .filter(place -> !channels.containsKey(place.where()))
            .findFirst();
    if (ended.isPresent()) {
      summaries.remove(ended.get().where());
      summarized.remove(ended.get().where());
      return Optional.of(spend(new Next.Edit(ended.get(), unfolded()), ended.get().id(), now));
    }
    for (Map.Entry<Conversation, List<Pending>> channel : channels.entrySet()) {
      Instant due =
          Optional.ofNullable(summarized.get(channel.getKey()))
              .map(at -> at.plus(limits.perCard()))
              .orElse(Instant.MIN);
      if (now.isBefore(due)) {
        continue;
      }
      summarized.put(channel.getKey(), now);
      Card summary = summary(channel.getValue());
      Optional<Posted> place = Optional.ofNullable(summaries.get(channel.getKey()));
      return Optional.of(
          place.isPresent()
              ? spend(new Next.Edit(place.get(), summary), place.get().id(), now)
              : new Next.Summarize(channel.getKey(), summary));
    }
    return Optional.empty();
  }

  private static Conversation channel(Pending card) {
    Conversation where = card.posted().where();
    return new Conversation(where.platform(), where.channel(), Optional.empty());
  }

  private Optional<Instant> earliest(Instant now) {
    Optional<Instant> edit =
        pending.values().stream()
            .filter(p -> p.last() || !folded)
            .map(this::dueAt)
            .min(Instant::compareTo);
    Optional<Instant> summary =
        folded || !summaries.isEmpty() ? Optional.of(now.plus(limits.perCard())) : Optional.empty();
    return java.util.stream.Stream.of(edit, summary)
        .flatMap(Optional::stream)
        .min(Instant::compareTo);
  }

  private static Card summary(List<Pending> cards) {
    List<List<String>> rows =
        cards.stream().limit(MOST_NAMED).map(card -> List.of(card.card().title())).toList();
    return new Card(
        "progress",
        Card.Tone.NEUTRAL,
        "%d operations are running".formatted(cards.size()),
        List.of(
            new Card.Text(
                "Too many to follow one by one: their cards stand still until they end. `op show N`"
                    + " shows one."),
            new Card.Table(List.of("Operation"), rows)),
        List.of(),
        Map.of("operations", cards.size()));
  }

  private static Card unfolded() {
    return Card.of(
        "result", Card.Tone.NEUTRAL, "Fewer operations run now; each card moves again", "");
  }
}
