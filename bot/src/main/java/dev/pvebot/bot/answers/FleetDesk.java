package dev.pvebot.bot.answers;

import dev.pvebot.bot.router.Answers;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.site.ClusterProfile;
import dev.pvebot.clusters.site.Site;
import dev.pvebot.commands.Command;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.runbooks.engine.journal.Journal;
import dev.pvebot.runbooks.operation.Operation;
import dev.pvebot.runbooks.operation.OperationState;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Answers the questions that this build can answer: the small ones itself, the others by who
/// knows.
public final class FleetDesk implements Answers {
  private final Supplier<Site> site;
  private final Sight sight;
  private final Journal journal;
  private final Chosen chosen;
  private final FleetAnswers fleetAnswers;
  private final ClusterAnswers clusterAnswers;
  private final RunbookAnswers runbooks;
  private final Supplier<Card> check;
  private final List<Answers> others;

  /// @param check makes the card of `api.check`
  /// @param others asked in turn for what is not answered here
  public FleetDesk(
      Supplier<Site> site,
      Sight sight,
      Journal journal,
      FleetAnswers fleetAnswers,
      ClusterAnswers clusterAnswers,
      RunbookAnswers runbooks,
      Supplier<Card> check,
      List<Answers> others) {
    this.site = site;
    this.sight = sight;
    this.journal = journal;
    this.chosen = new Chosen(site, journal);
    this.fleetAnswers = fleetAnswers;
    this.clusterAnswers = clusterAnswers;
    this.runbooks = runbooks;
    this.check = check;
    this.others = List.copyOf(others);
  }

  @Override
  public Optional<Card> answer(Command command, Asker asker) throws InterruptedException {
    return switch (command.intent()) {
      case "cluster.list" -> Optional.of(clusterAnswers.list(site.get(), fleet()));
      case "cluster.status" -> Optional.of(status(command));
      case "node.list" -> Optional.of(fleetAnswers.nodes(fleet()));
      case "template.list" -> Optional.of(fleetAnswers.templates(fleet()));
      case "api.check" -> Optional.of(check.get());
      case "runbook.list" -> Optional.of(runbooks.list());
      case "runbook.show" -> Optional.of(runbooks.show(Said.text(command, "runbook").orElse("")));
      default -> others(command, asker);
    };
  }

  private Optional<Card> others(Command command, Asker asker) throws InterruptedException {
    for (Answers other : others) {
      Optional<Card> answer = other.answer(command, asker);
      if (answer.isPresent()) {
        return answer;
      }
    }
    return Optional.empty();
  }

  private Fleet fleet() throws InterruptedException {
    return sight.fleet().fleet();
  }

  private Card status(Command command) throws InterruptedException {
    Optional<ClusterProfile> profile = chosen.profile(command);
    return profile.isPresent()
        ? clusterAnswers.status(profile.get(), site.get(), fleet(), busyWith(profile.get()))
        : Card.of(
            "refusal", Card.Tone.WARNING, "Which cluster?", "`cluster list` shows what there is.");
  }

  /// The operation that is changing a cluster now.
  private Optional<Operation> busyWith(ClusterProfile profile) {
    return journal
        .operations(
            new Journal.Filter(
                EnumSet.of(OperationState.RUNNING, OperationState.PAUSED),
                Optional.of(profile.name().value()),
                1))
        .stream()
        .findFirst();
  }
}
