package dev.pvebot.bot.answers;

import dev.pvebot.bot.figures.Figures;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.integrations.pve.api.PveFailure;
import dev.pvebot.integrations.pve.fleet.Gathering;
import dev.pvebot.runbooks.action.ActionFailure;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/// Looks at the site for an answer, and never for long: the fleet and what else is wanted come
/// within five seconds together, or the answer says what did not come. Each with its age.
public final class Sight {
  /// A snapshot this old still answers a question; its age is on the card.
  private static final Duration FRESH_ENOUGH = Duration.ofSeconds(2);

  /// Longest time that looking at the fleet takes.
  private static final Duration FOR_THE_FLEET = Duration.ofMillis(2600);

  /// Longest time that looking takes in all.
  private static final Duration MOST = Duration.ofMillis(4600);

  private static final Duration LEAST = Duration.ofMillis(200);

  private final Fleets fleets;
  private final InstantSource clock;
  private final Supplier<Instant> lastChange;

  /// @param lastChange when one of our operations last changed something: an older snapshot is no
  ///   answer
  public Sight(Fleets fleets, InstantSource clock, Supplier<Instant> lastChange) {
    this.fleets = fleets;
    this.clock = clock;
    this.lastChange = lastChange;
  }

  /// The fleet as it was seen.
  ///
  /// @param why it could not be seen now, when this is an older look
  /// @param age for the title, ` (seen 3 s ago)`
  /// @param until when all that belongs to the same answer has to be there, by [System#nanoTime]
  public record Seen(Fleet fleet, Optional<String> why, String age, long until) {}

  /// The fleet now, or as it was seen last when it cannot be seen now.
  ///
  /// @throws ActionFailure when it was never seen and cannot be seen now
  public Seen fleet() throws InterruptedException {
    Duration sinceChange = Duration.between(lastChange.get(), clock.instant());
    Duration age = sinceChange.compareTo(FRESH_ENOUGH) < 0 ? Duration.ZERO : FRESH_ENOUGH;
    long until = System.nanoTime() + MOST.toNanos();
    Gathering.Part<Look> now =
        Objects.requireNonNull(
            Gathering.<String, Look>read(Map.of("fleet", () -> look(age)), FOR_THE_FLEET)
                .get("fleet"));
    Optional<PveFailure> failure = now.found().flatMap(Look::failure);
    Optional<String> why = now.missing().or(() -> failure.map(Gathering::why));
    Optional<Fleet> seen = now.found().flatMap(Look::fleet).or(fleets::newest);
    if (seen.isEmpty()) {
      throw failure
          .map(PveFailure::toActionFailure)
          .orElseGet(() ->
              new ActionFailure(
                  ActionFailure.Kind.RETRYABLE,
                  "reading what the cluster has: " + why.orElse("nothing came"),
                  Optional.empty(),
                  Optional.of("Ask again in a moment; `check the api` says which node answers.")));
    }
    return seen(seen.get(), why, until);
  }

  private record Look(Optional<Fleet> fleet, Optional<PveFailure> failure) {}

  private Look look(Duration age) throws InterruptedException {
    try {
      return new Look(Optional.of(fleets.cached(age)), Optional.empty());
    } catch (PveFailure failure) {
      return new Look(Optional.empty(), Optional.of(failure));
    }
  }

  private Seen seen(Fleet fleet, Optional<String> why, long until) {
    return new Seen(
        fleet, why, " (seen %s)".formatted(Figures.ago(fleet.seenAt(), clock.instant())), until);
  }

  /// Reads more for the same answer side by side; what does not come in time is missing with its
  /// reason.
  public <K, T> Map<K, Gathering.Part<T>> parts(
      Seen seen, Map<K, ? extends Callable<? extends T>> readings) throws InterruptedException {
    Duration left = Duration.ofNanos(seen.until() - System.nanoTime());
    return Gathering.read(readings, left.compareTo(LEAST) < 0 ? LEAST : left);
  }

  public Instant now() {
    return clock.instant();
  }
}
