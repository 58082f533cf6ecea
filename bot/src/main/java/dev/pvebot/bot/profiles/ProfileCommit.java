package dev.pvebot.bot.profiles;

import dev.pvebot.bot.profiles.ProfileActions.Place;
import dev.pvebot.commands.Risk;
import dev.pvebot.integrations.git.GitFolder;
import dev.pvebot.integrations.git.GitFolder.Commit;
import dev.pvebot.integrations.git.GitFolder.GitFailure;
import dev.pvebot.runbooks.action.ActionFailure;
import dev.pvebot.runbooks.action.Effect;
import dev.pvebot.runbooks.action.Intent;
import dev.pvebot.runbooks.action.Observation;
import dev.pvebot.runbooks.action.Planning;
import dev.pvebot.runbooks.action.Preview;
import dev.pvebot.runbooks.action.RunContext;
import dev.pvebot.runbooks.action.Started;
import dev.pvebot.runbooks.operation.Operation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Commits the file of a profile where the site's folder is in a git repository; elsewhere there is
/// nothing to do. The person who asked is the author.
final class ProfileCommit extends ProfileAction<ProfileCommit.Inputs, ProfileCommit.Output> {
  private static final String NAME = "profile.commit";
  private static final Duration ABOUT = Duration.ofSeconds(1);

  /// @param profile its name
  /// @param subject the commit's first line
  public record Inputs(String profile, String subject) {
    String file() {
      return LiveSite.file(ProfileActions.name(profile));
    }
  }

  /// @param commit its id; absent where there is no repository
  /// @param remark how to take it back
  public record Output(Optional<String> commit, Optional<String> remark) {
    static Output of(Commit commit) {
      return new Output(
          Optional.of(commit.id()),
          Optional.of(
              "committed as %s; `git revert %s` takes it back"
                  .formatted(commit.shortId(), commit.shortId())));
    }
  }

  ProfileCommit(Supplier<Place> place) {
    super(NAME, Risk.ROUTINE, Inputs.class, Output.class, place);
  }

  @Override
  public Preview<Inputs> preview(Inputs inputs, Planning planning) {
    Effect effect =
        switch (state(inputs)) {
          case GitFolder.State.NoRepository _ ->
              effect(Effect.Kind.KEEP, "no commit: the site's folder is in no git repository");
          case GitFolder.State.Busy(String why) ->
              throw ActionFailure.refused(
                  "%s cannot be committed: %s".formatted(inputs.file(), why),
                  "Finish or abort that, then plan again.");
          case GitFolder.State.Ready(var _, String branch, boolean dirty) ->
              effect(
                  Effect.Kind.CHANGE,
                  "commit on %s: %s%s"
                      .formatted(
                          branch,
                          GitFolder.subject(inputs.subject()),
                          dirty ? " (with what was changed in the file by hand)" : ""));
        };
    return new Preview<>(inputs, List.of(effect), List.of(), planning.fleet(), ABOUT);
  }

  private static Effect effect(Effect.Kind kind, String text) {
    return new Effect(kind, new Effect.Subject.Elsewhere("git"), text);
  }

  private GitFolder.State state(Inputs inputs) {
    try {
      return place().git().state(inputs.file());
    } catch (GitFailure failure) {
      throw ActionFailure.refused(
          String.valueOf(failure.getMessage()), "Let pvebot's user read and write the repository.");
    }
  }

  @Override
  public Map<String, String> prepare(Inputs inputs, RunContext context) {
    return Map.of("file", inputs.file());
  }

  @Override
  public Started run(Inputs inputs, Intent intent, RunContext context) {
    Operation operation = place().journal().operation(context.operation()).orElseThrow();
    String message =
        "%s\n\nOperation %d of pvebot, asked for by %s:\n%s\n"
            .formatted(
                GitFolder.subject(inputs.subject()),
                operation.id(),
                operation.requestedBy(),
                operation.said());
    context.beforeCall();
    try {
      place()
          .git()
          .commit(inputs.file(), message, operation.requestedBy().id(), context.clock().instant());
      return new Started.Immediately();
    } catch (GitFailure failure) {
      throw ActionFailure.refused(
          String.valueOf(failure.getMessage()),
          "%s is written all the same: commit it by hand.".formatted(inputs.file()));
    }
  }

  @Override
  public Observation<Output> observe(Inputs inputs, Intent intent) {
    try {
      GitFolder git = place().git();
      if (git.state(inputs.file()) instanceof GitFolder.State.NoRepository) {
        return new Observation.Done<>(new Output(Optional.empty(), Optional.empty()));
      }
      Optional<Commit> commit = git.committed(inputs.file());
      return commit.isPresent()
          ? new Observation.Done<>(Output.of(commit.get()))
          : new Observation.NotDone<>(
              "what is committed is not what %s says".formatted(inputs.file()));
    } catch (GitFailure failure) {
      return new Observation.Unknown<>(String.valueOf(failure.getMessage()));
    }
  }
}
