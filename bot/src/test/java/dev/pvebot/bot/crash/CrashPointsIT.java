package dev.pvebot.bot.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pvebot.bot.InstructionSet;
import dev.pvebot.commands.Risk;
import dev.pvebot.runbooks.action.Action;
import dev.pvebot.runbooks.format.Library;
import dev.pvebot.runbooks.format.Runbook;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Kills the shipped `serve` at every mutating call of every action: before the call is read, after
/// it acted and before the reply, and after the reply and before the journal's row; and at random.
///
/// Which calls those are is not written down anywhere: an undisturbed performance of each story
/// shows them. The stories have to run every runbook of the library and every action that changes
/// something; what is new and in no story fails here, and what is in none yet is named.
class CrashPointsIT {
  private static final Path DIST =
      Path.of(System.getProperty("pvebot.root", "..")).toAbsolutePath().resolve("target/dist");
  private static final int AT_RANDOM = 10;

  /// What no story plays yet. Both shrink only: what is new belongs into a story, and what is in
  /// one does not belong here.
  private static final Set<String> ACTIONS_WITHOUT_A_STORY =
      Set.of(
          "pve.backup.delete",
          "pve.backup.overwrite",
          "pve.backup.restore",
          "pve.ct.migrate",
          "pve.ct.reboot",
          "pve.ct.shutdown",
          "pve.ct.snapshot",
          "pve.ct.start",
          "pve.ct.stop",
          "pve.disk.delete",
          "pve.disk.move",
          "pve.image.download",
          "pve.iso.delete",
          "pve.task.stop",
          "pve.vm.create",
          "pve.vm.eject",
          "pve.vm.template");

  private static final Set<String> RUNBOOKS_WITHOUT_A_STORY =
      Set.of(
          "backup-delete",
          "backup-restore",
          "ct-migrate",
          "ct-reboot",
          "ct-snapshot",
          "ct-start",
          "ct-stop",
          "disk-delete",
          "disk-move",
          "iso-delete",
          "iso-upload",
          "node-evacuate",
          "node-return",
          "task-stop",
          "template-create",
          "vm-unlock");

  /// What changes files of ours and calls no system: a strike at a call cannot hit it. What a
  /// successor finds of it, `ProfileActionsTest` shows.
  private static final Set<String> ACTIONS_ON_FILES =
      Set.of("profile.create", "profile.edit", "profile.regrade", "profile.commit", "profile.load");

  private static final Set<String> RUNBOOKS_ON_FILES = Set.of("profile-edit", "profile-new");

  @TempDir static Path folder;

  private static final Map<Story, FutureTask<Trace>> UNDISTURBED = new EnumMap<>(Story.class);

  @BeforeAll
  static void playUndisturbed() throws IOException, InterruptedException {
    Serve.makeStartsQuick(DIST, folder.resolve("rehearsal"));
    for (Story story : Story.values()) {
      FutureTask<Trace> play =
          new FutureTask<>(() ->
              Performance.play(
                  DIST, folder.resolve("undisturbed-" + story), story, Strikes.none()));
      UNDISTURBED.put(story, play);
      Thread.ofVirtual().name("undisturbed-" + story).start(play);
    }
  }

  private static Trace undisturbed(Story story) throws InterruptedException, ExecutionException {
    return java.util.Objects.requireNonNull(UNDISTURBED.get(story)).get();
  }

  @ParameterizedTest
  @EnumSource
  @Execution(ExecutionMode.CONCURRENT)
  void killedAtEveryMutatingCall_atEveryMoment_itDoesEverythingOnce(Story story)
      throws IOException, InterruptedException, ExecutionException {
    Trace undisturbed = undisturbed(story);
    Strikes.Planned strikes = new Strikes.Planned(story, undisturbed.calls());
    assertThat(strikes.uncovered()).as("calls that the story makes too seldom").isEmpty();

    Trace disturbed = Performance.play(DIST, folder.resolve("struck-" + story), story, strikes);

    assertThat(strikes.missed()).as("calls that were never made").isEmpty();
    assertThat(disturbed.differences(undisturbed)).isEmpty();
    System.out.printf("%s: %d deaths%n", story.title(), strikes.deaths());
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void killedAtRandom_itDoesEverythingOnce()
      throws IOException, InterruptedException, ExecutionException {
    long seed = new Random().nextLong(1_000_000);
    System.out.println("killed at random: seed " + seed);
    Story story = Story.TALOS_CLUSTER;
    Strikes strikes = new Strikes.AtRandom(new Random(seed), AT_RANDOM);

    Trace disturbed = Performance.play(DIST, folder.resolve("random"), story, strikes);

    assertThat(disturbed.differences(undisturbed(story))).as("seed " + seed).isEmpty();
    assertThat(strikes.deaths()).as("deaths with seed " + seed).isPositive();
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void storiesRunEveryRunbook_andEveryActionThatChangesSomething()
      throws InterruptedException, ExecutionException {
    TreeSet<String> actions = new TreeSet<>();
    TreeSet<String> runbooks = new TreeSet<>();
    List<String> breaches = new ArrayList<>();
    for (Story story : Story.values()) {
      Trace trace = undisturbed(story);
      actions.addAll(trace.actions());
      runbooks.addAll(trace.runbooks());
      breaches.addAll(trace.breaches());
    }

    assertThat(breaches).isEmpty();
    TreeSet<String> unplayedActions =
        InstructionSet.declarations().all().stream()
            .filter(action -> action.traits().risk() != Risk.READ)
            .map(Action::name)
            .filter(name -> !actions.contains(name) && !ACTIONS_ON_FILES.contains(name))
            .collect(Collectors.toCollection(TreeSet::new));
    TreeSet<String> unplayedRunbooks =
        Library.load().all().stream()
            .map(Runbook::name)
            .filter(name -> !runbooks.contains(name) && !RUNBOOKS_ON_FILES.contains(name))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(unplayedActions).containsExactlyInAnyOrderElementsOf(ACTIONS_WITHOUT_A_STORY);
    assertThat(unplayedRunbooks).containsExactlyInAnyOrderElementsOf(RUNBOOKS_WITHOUT_A_STORY);
  }
}
