package dev.pvebot.bot.profiles;

import dev.pvebot.bot.profiles.ProfileActions.Place;
import dev.pvebot.clusters.yaml.Problem;
import dev.pvebot.commands.Risk;
import dev.pvebot.runbooks.action.ActionFailure;
import dev.pvebot.runbooks.action.Intent;
import dev.pvebot.runbooks.action.Observation;
import dev.pvebot.runbooks.action.Planning;
import dev.pvebot.runbooks.action.Preview;
import dev.pvebot.runbooks.action.RunContext;
import dev.pvebot.runbooks.action.Started;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Takes the site's files into use. One bad file and the site that is in force stays: a profile
/// that cannot be read might be the one that another must be kept apart from.
final class ProfileLoad extends ProfileAction<ProfileLoad.Inputs, ProfileLoad.Output> {
  private static final String NAME = "profile.load";

  /// @param profile the one that has to be in force afterwards
  public record Inputs(String profile) {}

  public record Output() {}

  ProfileLoad(Supplier<Place> place) {
    super(NAME, Risk.ROUTINE, Inputs.class, Output.class, place);
  }

  @Override
  public Preview<Inputs> preview(Inputs inputs, Planning planning) {
    return new Preview<>(inputs, List.of(), List.of(), planning.fleet(), Duration.ZERO);
  }

  @Override
  public Map<String, String> prepare(Inputs inputs, RunContext context) {
    return Map.of();
  }

  @Override
  public Started run(Inputs inputs, Intent intent, RunContext context) {
    context.beforeCall();
    List<Problem> problems;
    try {
      problems = place().site().load();
    } catch (UncheckedIOException e) {
      throw refused(why(e));
    }
    if (!problems.isEmpty()) {
      throw refused(
          problems.getFirst().sentence()
              + (problems.size() > 1 ? " And %d more.".formatted(problems.size() - 1) : ""));
    }
    return new Started.Immediately();
  }

  private static ActionFailure refused(String why) {
    return new ActionFailure(
        ActionFailure.Kind.REFUSED,
        "the files are not taken into use: the site stays as it was",
        Optional.of(why),
        Optional.of("mend that file, then retry; `cluster validate` shows all that is wrong"));
  }

  @Override
  public Observation<Output> observe(Inputs inputs, Intent intent) {
    try {
      return place().site().isInForce(ProfileActions.name(inputs.profile()))
          ? new Observation.Done<>(new Output())
          : new Observation.NotDone<>("the profile that is in force is another one");
    } catch (UncheckedIOException e) {
      return new Observation.Unknown<>(why(e));
    }
  }
}
