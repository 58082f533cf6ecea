package dev.pvebot.bot.profiles;

import dev.pvebot.bot.profiles.ProfileActions.Place;
import dev.pvebot.clusters.ClusterName;
import dev.pvebot.clusters.Environment;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.placement.Membership;
import dev.pvebot.clusters.site.ClusterProfile;
import dev.pvebot.clusters.site.ProfileDraft;
import dev.pvebot.clusters.site.ProfileEdit;
import dev.pvebot.clusters.site.Site;
import dev.pvebot.clusters.yaml.Problem;
import dev.pvebot.clusters.yaml.YamlReader;
import dev.pvebot.commands.Risk;
import dev.pvebot.integrations.git.TextDiff;
import dev.pvebot.runbooks.action.ActionFailure;
import dev.pvebot.runbooks.action.Effect;
import dev.pvebot.runbooks.action.Intent;
import dev.pvebot.runbooks.action.Observation;
import dev.pvebot.runbooks.action.Planning;
import dev.pvebot.runbooks.action.Preview;
import dev.pvebot.runbooks.action.RunContext;
import dev.pvebot.runbooks.action.Started;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Writes the file of a profile. The plan holds the whole new text and what the old one was: what
/// is written is what was approved, or nothing.
abstract class ProfileWrite extends ProfileAction<ProfileWrite.Inputs, ProfileWrite.Output> {
  private static final Duration ABOUT = Duration.ofSeconds(1);
  private static final int MOST_PROBLEMS = 5;

  /// @param profile its name
  /// @param set settings as people say them, with blanks between; see [ProfileEdit]
  /// @param was digest of the text before, pinned by the plan; absent when there is no file
  /// @param text the whole new text, pinned by the plan
  public record Inputs(
      String profile, Optional<String> set, Optional<String> was, Optional<String> text) {
    ClusterName name() {
      return ProfileActions.name(profile);
    }

    List<String> settings() {
      return set.map(ProfileEdit::settings).orElse(List.of());
    }

    /// @throws IllegalStateException when no plan has pinned it
    String wanted() {
      return text.orElseThrow(() -> new IllegalStateException("the plan holds no text"));
    }
  }

  /// @param file the file's name
  public record Output(String file) {}

  ProfileWrite(String name, Risk risk, Supplier<Place> place) {
    super(name, risk, Inputs.class, Output.class, place);
  }

  /// The new text.
  ///
  /// @param before the text that the file has
  abstract String text(Inputs inputs, Optional<String> before, Site site);

  /// @throws ActionFailure when this action is not the one for that
  abstract void admit(ClusterName name, Optional<ClusterProfile> before, ClusterProfile after);

  @Override
  public Preview<Inputs> preview(Inputs inputs, Planning planning) {
    LiveSite live = place().site();
    ClusterName profile = inputs.name();
    String file = LiveSite.file(profile);
    Optional<String> before = read(live, profile);
    String wanted = inputs.text().orElseGet(() -> text(inputs, before, live.get()));
    if (before.equals(Optional.of(wanted))) {
      return preview(
          inputs,
          before,
          wanted,
          List.of(keeps(profile, "%s says all that already".formatted(file))),
          planning);
    }
    if (inputs.text().isPresent() && !before.map(LiveSite::digest).equals(inputs.was())) {
      throw ActionFailure.refused(
          "%s was changed by somebody else since this was planned".formatted(file),
          "Say it again: the new plan shows what it changes now.");
    }
    return switch (live.check(profile, wanted)) {
      case LiveSite.Checked.Bad(List<Problem> problems) -> throw invalid(file, problems);
      case LiveSite.Checked.Good(Site after) -> {
        Optional<ClusterProfile> known = live.get().profile(profile);
        ClusterProfile next = after.profile(profile).orElseThrow();
        admit(profile, known, next);
        List<Effect> effects = new ArrayList<>();
        effects.add(writes(profile, inputs, before, wanted));
        known.ifPresent(old -> members(old, next, after, planning.fleet(), effects));
        effects.add(keeps(profile, wayBack(inputs, before, wanted)));
        yield preview(inputs, before, wanted, effects, planning);
      }
    };
  }

  private static Preview<Inputs> preview(
      Inputs inputs,
      Optional<String> before,
      String wanted,
      List<Effect> effects,
      Planning planning) {
    Inputs pinned =
        new Inputs(
            inputs.profile(), inputs.set(), before.map(LiveSite::digest), Optional.of(wanted));
    return new Preview<>(pinned, effects, List.of(), planning.fleet(), ABOUT);
  }

  private static Optional<String> read(LiveSite live, ClusterName profile) {
    try {
      return live.text(profile);
    } catch (UncheckedIOException e) {
      throw ActionFailure.refused(
          "reading %s: %s".formatted(LiveSite.file(profile), why(e)),
          "Make the site's folder readable for pvebot's user.");
    }
  }

  private static ActionFailure invalid(String file, List<Problem> problems) {
    boolean here = problems.stream().anyMatch(problem -> problem.at().file().equals(file));
    String all =
        problems.stream()
            .limit(MOST_PROBLEMS)
            .map(Problem::sentence)
            .collect(Collectors.joining("\n"));
    int more = problems.size() - MOST_PROBLEMS;
    return ActionFailure.refused(
        "%s:\n%s%s"
            .formatted(
                here
                    ? "%s would not be valid".formatted(file)
                    : "%s cannot be held against all the other profiles".formatted(file),
                all,
                more > 0 ? "\nand %d more".formatted(more) : ""),
        here ? "Nothing was written." : "Mend those first; nothing was written.");
  }

  private static Effect writes(
      ClusterName profile, Inputs inputs, Optional<String> before, String wanted) {
    String diff = TextDiff.unified(before.orElse(""), wanted, 1);
    String what =
        before.isPresent() ? inputs.set().orElse("") : "%d lines".formatted(wanted.lines().count());
    return new Effect(
        before.isPresent() ? Effect.Kind.CHANGE : Effect.Kind.CREATE,
        new Effect.Subject.Cluster(profile.value()),
        "%s: %s\n%s".formatted(LiveSite.file(profile), what, diff.stripTrailing()));
  }

  /// Guests that come to the cluster or leave it by what the profile says: teardown follows that.
  private void members(
      ClusterProfile old, ClusterProfile next, Site after, Fleet fleet, List<Effect> effects) {
    var made = place().made().apply(old.name());
    List<Fleet.Guest> before = Membership.of(old, place().site().get(), fleet, made).members();
    List<Fleet.Guest> then = Membership.of(next, after, fleet, made).members();
    before.stream()
        .filter(guest -> !then.contains(guest))
        .forEach(guest ->
            effects.add(
                membership(
                    guest, "is no machine of %s any more, and goes on".formatted(old.name()))));
    then.stream()
        .filter(guest -> !before.contains(guest))
        .forEach(guest ->
            effects.add(membership(guest, "becomes a machine of %s".formatted(old.name()))));
  }

  private static Effect membership(Fleet.Guest guest, String what) {
    return new Effect(
        Effect.Kind.CHANGE,
        new Effect.Subject.Guest(guest.vmid(), guest.node()),
        "VM %s %s %s".formatted(guest.vmid(), guest.name(), what));
  }

  private static Effect keeps(ClusterName profile, String text) {
    return new Effect(Effect.Kind.KEEP, new Effect.Subject.Cluster(profile.value()), text);
  }

  private static String wayBack(Inputs inputs, Optional<String> before, String wanted) {
    if (before.isEmpty()) {
      return "way back: remove %s; no VM is made or touched by this"
          .formatted(LiveSite.file(inputs.name()));
    }
    return ProfileEdit.back(before.get(), inputs.settings())
        .filter(back -> ProfileEdit.apply(wanted, back).equals(before.get()))
        .map(back ->
            "way back: `profile edit %s %s`".formatted(inputs.profile(), String.join(" ", back)))
        .orElse("way back: the lines above that begin with -");
  }

  @Override
  public Map<String, String> prepare(Inputs inputs, RunContext context) {
    return Map.of("was", inputs.was().orElse("no file"));
  }

  @Override
  public Started run(Inputs inputs, Intent intent, RunContext context) {
    ClusterName profile = inputs.name();
    String file = LiveSite.file(profile);
    context.beforeCall();
    try {
      switch (place().site().write(profile, inputs.was(), inputs.wanted())) {
        case LiveSite.Written.Done _ -> {
          return new Started.Immediately();
        }
        case LiveSite.Written.Changed _ ->
            throw ActionFailure.refused(
                "writing %s: somebody else has changed it meanwhile".formatted(file),
                "Look at it, then plan again.");
        case LiveSite.Written.Bad(List<Problem> problems) -> throw invalid(file, problems);
      }
    } catch (UncheckedIOException e) {
      throw ActionFailure.refused(
          "writing %s: %s".formatted(file, why(e)),
          "Let pvebot's user write to the site's folder, then retry; or make the change by hand.");
    }
  }

  @Override
  public Observation<Output> observe(Inputs inputs, Intent intent) {
    ClusterName profile = inputs.name();
    String file = LiveSite.file(profile);
    try {
      Optional<String> now = place().site().text(profile);
      if (now.equals(Optional.of(inputs.wanted()))) {
        return new Observation.Done<>(new Output(file));
      }
      return now.map(LiveSite::digest).equals(inputs.was())
          ? new Observation.NotDone<>("%s is as it was".formatted(file))
          : new Observation.Foreign<>(
              "%s is neither what it was nor what was planned: somebody else has changed it"
                  .formatted(file));
    } catch (UncheckedIOException e) {
      return new Observation.Unknown<>("reading %s: %s".formatted(file, why(e)));
    }
  }

  /// Whether work there asks for more than in dev, so that leaving it needs consent.
  private static boolean guarded(Environment environment) {
    return environment != Environment.DEV;
  }

  /// Makes the file of a new profile.
  static final class Create extends ProfileWrite {
    Create(Supplier<Place> place) {
      super("profile.create", Risk.CHANGE, place);
    }

    @Override
    String text(Inputs inputs, Optional<String> before, Site site) {
      String file = LiveSite.file(inputs.name());
      if (before.isPresent()) {
        throw ActionFailure.refused(
            "%s is there already".formatted(file),
            "`profile edit %s` changes it; or choose another name.".formatted(inputs.profile()));
      }
      try {
        return switch (ProfileDraft.of(inputs.name(), inputs.settings(), site)) {
          case ProfileDraft.Result.Text(String yaml) -> yaml;
          case ProfileDraft.Result.Needs(ProfileDraft.Need need) ->
              throw ActionFailure.refused(
                  "%s is missing".formatted(need.key()),
                  "`profile new %s` asks for all that is needed.".formatted(inputs.profile()));
        };
      } catch (IllegalArgumentException e) {
        throw ActionFailure.refused(
            "%s: %s".formatted(file, e.getMessage()), "Say that one differently.");
      }
    }

    @Override
    void admit(ClusterName name, Optional<ClusterProfile> before, ClusterProfile after) {
      // whatever it says, nothing that is there is less guarded than before
    }
  }

  /// Changes lines of a profile.
  static class Edit extends ProfileWrite {
    Edit(Supplier<Place> place) {
      this("profile.edit", Risk.CHANGE, place);
    }

    private Edit(String name, Risk risk, Supplier<Place> place) {
      super(name, risk, place);
    }

    @Override
    final String text(Inputs inputs, Optional<String> before, Site site) {
      String file = LiveSite.file(inputs.name());
      if (before.isEmpty()) {
        throw ActionFailure.refused(
            "%s does not exist".formatted(file),
            "`profile new %s` makes it.".formatted(inputs.profile()));
      }
      List<Problem> broken = YamlReader.read(file, before.get()).problems();
      if (!broken.isEmpty()) {
        throw ActionFailure.refused(
            "%s cannot be read as it is: %s".formatted(file, broken.getFirst().sentence()),
            "Mend it by hand first.");
      }
      try {
        return ProfileEdit.apply(before.get(), inputs.settings());
      } catch (IllegalArgumentException e) {
        throw ActionFailure.refused(
            "%s: %s".formatted(file, e.getMessage()), "Say that one differently.");
      }
    }

    @Override
    void admit(ClusterName name, Optional<ClusterProfile> before, ClusterProfile after) {
      if (before
          .map(ClusterProfile::environment)
          .filter(was -> guarded(was) && was != after.environment())
          .isPresent()) {
        throw ActionFailure.refused(
            "%s does not change the environment of %s".formatted(name(), name),
            "profile.regrade does: the environment decides who has to consent to what.");
      }
    }
  }

  /// The same where the environment changes: from then on other people have to consent.
  static final class Regrade extends Edit {
    Regrade(Supplier<Place> place) {
      super("profile.regrade", Risk.DISRUPTIVE, place);
    }

    @Override
    void admit(ClusterName name, Optional<ClusterProfile> before, ClusterProfile after) {
      // that is what it is for
    }
  }
}
