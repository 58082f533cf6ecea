package dev.pvebot.bot.answers;

import dev.pvebot.bot.people.Rights;
import dev.pvebot.bot.router.Answers;
import dev.pvebot.clusters.ClusterName;
import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.fleet.GuestDetail;
import dev.pvebot.clusters.site.ClusterProfile;
import dev.pvebot.clusters.site.Site;
import dev.pvebot.commands.Catalog;
import dev.pvebot.commands.Command;
import dev.pvebot.commands.Risk;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.commands.chat.Person;
import dev.pvebot.runbooks.engine.journal.Journal;
import dev.pvebot.runbooks.operation.Operation;
import dev.pvebot.runbooks.operation.OperationState;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/// Answers the questions that this build can answer.
public final class FleetDesk implements Answers {
  /// A snapshot this old still answers a question; its age is on the card.
  private static final Duration FRESH_ENOUGH = Duration.ofSeconds(2);

  private final Site site;
  private final Catalog catalog;
  private final Fleets fleets;
  private final Journal journal;
  private final FleetAnswers fleetAnswers;
  private final ClusterAnswers clusterAnswers;
  private final RunbookAnswers runbooks;
  private final Rights rights;
  private final Supplier<Card> check;
  private final InstantSource clock;
  private final Supplier<Instant> lastChange;

  /// @param check makes the card of `api.check`
  /// @param lastChange when one of our operations last changed something: an older snapshot is no
  ///   answer
  public FleetDesk(
      Site site,
      Catalog catalog,
      Fleets fleets,
      Journal journal,
      FleetAnswers fleetAnswers,
      ClusterAnswers clusterAnswers,
      RunbookAnswers runbooks,
      Rights rights,
      Supplier<Card> check,
      InstantSource clock,
      Supplier<Instant> lastChange) {
    this.site = site;
    this.catalog = catalog;
    this.fleets = fleets;
    this.journal = journal;
    this.fleetAnswers = fleetAnswers;
    this.clusterAnswers = clusterAnswers;
    this.runbooks = runbooks;
    this.rights = rights;
    this.check = check;
    this.clock = clock;
    this.lastChange = lastChange;
  }

  @Override
  public Optional<Card> answer(Command command, Person asker) throws InterruptedException {
    return switch (command.intent()) {
      case "cluster.list" -> Optional.of(clusterAnswers.list(site, fleet()));
      case "cluster.status" -> Optional.of(status(command));
      case "vm.list" ->
          Optional.of(
              fleetAnswers.vms(
                  fleet(),
                  text(command, "tag"),
                  text(command, "node").map(NodeName::new),
                  text(command, "state").filter("running"::equals).isPresent()));
      case "vm.show" -> Optional.of(vm(command));
      case "node.list" -> Optional.of(fleetAnswers.nodes(fleet()));
      case "template.list" -> Optional.of(fleetAnswers.templates(fleet()));
      case "api.check" -> Optional.of(check.get());
      case "runbook.list" -> Optional.of(runbooks.list());
      case "runbook.show" -> Optional.of(runbooks.show(text(command, "runbook").orElse("")));
      case "help" -> Optional.of(help(asker));
      default -> Optional.empty();
    };
  }

  private Fleet fleet() throws InterruptedException {
    Duration sinceChange = Duration.between(lastChange.get(), clock.instant());
    return fleets.cached(sinceChange.compareTo(FRESH_ENOUGH) < 0 ? Duration.ZERO : FRESH_ENOUGH);
  }

  private Card status(Command command) throws InterruptedException {
    Optional<ClusterProfile> profile =
        text(command, "cluster").map(ClusterName::new).flatMap(site::profile);
    if (profile.isEmpty()) {
      return Card.of(
          "refusal", Card.Tone.WARNING, "Which cluster?", "`cluster list` shows what there is.");
    }
    return clusterAnswers.status(profile.get(), site, fleet(), busyWith(profile.get()));
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

  private Card vm(Command command) throws InterruptedException {
    Optional<Vmid> vmid =
        command.args().get("vm") instanceof List<?> list
                && !list.isEmpty()
                && list.getFirst() instanceof Integer number
            ? Optional.of(new Vmid(number))
            : Optional.empty();
    if (vmid.isEmpty()) {
      return Card.of(
          "refusal",
          Card.Tone.WARNING,
          "Which VM?",
          "Name it by its VMID; `vm list` shows what there is.");
    }
    Fleet fleet = fleet();
    Optional<GuestDetail> detail = fleets.detail(vmid.get());
    return detail
        .map(found -> fleetAnswers.vm(fleet, found))
        .orElseGet(() -> fleetAnswers.unknownVm(fleet, vmid.get()));
  }

  private Card help(Person asker) {
    Risk highest = rights.highestAsk(asker).orElse(Risk.READ);
    Map<String, List<Card.Field>> groups = new TreeMap<>();
    for (Catalog.Entry entry : catalog.commands()) {
      if (entry.risk().compareTo(highest) <= 0 && !entry.examples().isEmpty()) {
        groups
            .computeIfAbsent(entry.intent().replaceFirst("\\..*", ""), _ -> new ArrayList<>())
            .add(new Card.Field(entry.examples().getFirst(), entry.summary()));
      }
    }
    List<Card.Block> body = new ArrayList<>();
    groups.values().forEach(fields -> body.add(new Card.Fields(fields)));
    return new Card("answer", Card.Tone.NEUTRAL, "What you may ask for", body, List.of(), Map.of());
  }

  private static Optional<String> text(Command command, String arg) {
    return Optional.ofNullable(command.args().get(arg)).map(Object::toString);
  }
}
