package dev.pvebot.bot.gate;

import dev.pvebot.clusters.Environment;
import dev.pvebot.commands.Risk;
import dev.pvebot.runbooks.plan.Plan;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/// The freezes of a site, held against plans.
public final class Freezes {
  private static final String CLUSTER_LOCK = "cluster/";

  private final List<Freeze> freezes;
  private final ZoneId site;
  private final Function<String, Optional<Environment>> environments;
  private final InstantSource clock;

  /// @param site zone of the local times
  /// @param environments of the profiles, by name
  public Freezes(
      List<Freeze> freezes,
      ZoneId site,
      Function<String, Optional<Environment>> environments,
      InstantSource clock) {
    this.freezes = List.copyOf(freezes);
    this.site = site;
    this.environments = environments;
    this.clock = clock;
  }

  /// A freeze that is on.
  public record Frozen(Freeze freeze, Instant until) {}

  /// The freeze that forbids a plan now; the one that lasts longest when there are several.
  public Optional<Frozen> forbids(Plan plan) {
    if (plan.risk().compareTo(Risk.DISRUPTIVE) < 0) {
      return Optional.empty();
    }
    Set<String> touched = clusters(plan);
    Set<Environment> where = EnumSet.of(plan.environment());
    touched.stream().flatMap(name -> environments.apply(name).stream()).forEach(where::add);
    Instant now = clock.instant();
    return freezes.stream()
        .filter(freeze -> freeze.covers(touched, where))
        .flatMap(freeze ->
            freeze.window().openUntil(now, site).map(until -> new Frozen(freeze, until)).stream())
        .max(java.util.Comparator.comparing(Frozen::until));
  }

  /// The cluster it is about, and those whose VMs it touches: their locks name them.
  private static Set<String> clusters(Plan plan) {
    Set<String> names = new TreeSet<>();
    plan.cluster().ifPresent(names::add);
    plan.locks().stream()
        .map(Plan.LockKey::name)
        .filter(name -> name.startsWith(CLUSTER_LOCK))
        .forEach(name -> names.add(name.substring(CLUSTER_LOCK.length())));
    return names;
  }
}
