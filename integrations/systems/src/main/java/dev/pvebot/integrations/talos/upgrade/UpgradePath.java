package dev.pvebot.integrations.talos.upgrade;

import dev.pvebot.integrations.talos.config.TalosVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// The way from one pair of versions to another: one minor of one of the two at a time, and every
/// pair on the way is supported. Kubernetes goes first where both may, since a newer Kubernetes
/// only ever makes the next step of Talos possible and never takes it away.
public final class UpgradePath {
  private final SupportMatrix matrix;
  private final Function<String, Optional<TalosVersion>> newestTalos;
  private final Function<String, Optional<TalosVersion>> newestKubernetes;

  /// @param newestTalos the newest release of a minor (`1.11`) that is to be had: minors in between
  ///   are passed at their last patch
  /// @param newestKubernetes the same of Kubernetes
  public UpgradePath(
      SupportMatrix matrix,
      Function<String, Optional<TalosVersion>> newestTalos,
      Function<String, Optional<TalosVersion>> newestKubernetes) {
    this.matrix = matrix;
    this.newestTalos = newestTalos;
    this.newestKubernetes = newestKubernetes;
  }

  /// What is upgraded.
  public enum Part {
    TALOS,
    KUBERNETES
  }

  /// @param after what the cluster runs then
  public record Step(Part part, VersionPair after) {}

  /// What came of looking for a way.
  public sealed interface Found {
    /// @param steps none when nothing is to be done
    record Way(List<Step> steps) implements Found {
      public Way {
        steps = List.copyOf(steps);
      }
    }

    /// @param why with the rule that stands in the way
    record None(String why) implements Found {}
  }

  public Found between(VersionPair from, VersionPair to) {
    if (to.talos().compareTo(from.talos()) < 0) {
      return backwards("Talos", from.talos(), to.talos());
    }
    if (to.kubernetes().compareTo(from.kubernetes()) < 0) {
      return backwards("Kubernetes", from.kubernetes(), to.kubernetes());
    }
    for (VersionPair end : List.of(from, to)) {
      if (!matrix.supports(end)) {
        return new Found.None(unsupported(end));
      }
    }
    List<Step> steps = new ArrayList<>();
    VersionPair at = from;
    while (!at.equals(to)) {
      Optional<TalosVersion> kubernetes = next(at.kubernetes(), to.kubernetes(), newestKubernetes);
      Optional<TalosVersion> talos = next(at.talos(), to.talos(), newestTalos);
      VersionPair here = at;
      Optional<Step> step =
          kubernetes
              .map(version -> new Step(Part.KUBERNETES, new VersionPair(here.talos(), version)))
              .filter(each -> matrix.supports(each.after()))
              .or(() ->
                  talos
                      .map(version ->
                          new Step(Part.TALOS, new VersionPair(version, here.kubernetes())))
                      .filter(each -> matrix.supports(each.after())));
      if (step.isEmpty()) {
        return new Found.None(
            "from %s neither the next Kubernetes nor the next Talos on the way to %s is both"
                    .formatted(at, to)
                + " released and supported: "
                + unsupported(to));
      }
      steps.add(step.get());
      at = step.get().after();
    }
    return new Found.Way(steps);
  }

  /// The version one minor on, or the target itself when it is of this minor or the next; empty
  /// when the target is reached, or a minor in between has no known release.
  private static Optional<TalosVersion> next(
      TalosVersion at, TalosVersion to, Function<String, Optional<TalosVersion>> newest) {
    if (at.equals(to)) {
      return Optional.empty();
    }
    return to.minor() <= at.minor() + 1
        ? Optional.of(to)
        : newest.apply("%d.%d".formatted(at.major(), at.minor() + 1));
  }

  private static Found backwards(String what, TalosVersion from, TalosVersion to) {
    return new Found.None(
        "%s %s is older than %s, which runs: an upgrade never goes back. Roll back a node or"
                .formatted(what, to, from)
            + " restore a snapshot instead");
  }

  private String unsupported(VersionPair pair) {
    return matrix
        .row(pair.talos())
        .map(row -> "%s is wanted, and %s".formatted(pair, row.words()))
        .orElseGet(() ->
            "nothing is known about Talos %s; known are 1.%d to 1.%d"
                .formatted(
                    pair.talos(),
                    matrix.rows().getFirst().talos(),
                    matrix.rows().getLast().talos()));
  }
}
