package dev.pvebot.bot.answers.history;

import dev.pvebot.bot.answers.FleetAnswers;
import dev.pvebot.bot.answers.Said;
import dev.pvebot.bot.answers.Sight;
import dev.pvebot.bot.router.Answers;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.commands.Command;
import dev.pvebot.commands.chat.Button;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.commands.chat.Person;
import dev.pvebot.runbooks.engine.journal.Journal;
import dev.pvebot.runbooks.operation.Operation;
import dev.pvebot.runbooks.operation.OperationState;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `why`: why a guest is locked, stopped or where it is; why an operation waits or failed; why a
/// node or cluster is busy. Without a name: what there is to ask about.
public final class Why implements Answers {
  private static final int MOST_BUTTONS = 5;

  private final Sight sight;
  private final Journal journal;
  private final WhyGuest guests;
  private final WhyOperation operations;
  private final FleetAnswers fleetAnswers;

  public Why(
      Sight sight,
      Journal journal,
      WhyGuest guests,
      WhyOperation operations,
      FleetAnswers fleetAnswers) {
    this.sight = sight;
    this.journal = journal;
    this.guests = guests;
    this.operations = operations;
    this.fleetAnswers = fleetAnswers;
  }

  @Override
  public Optional<Card> answer(Command command, Asker asker) throws InterruptedException {
    if (!command.intent().equals("why")) {
      return Optional.empty();
    }
    Optional<Long> operation = Said.number(command, "op");
    Optional<Vmid> vmid = Said.vm(command);
    if (operation.isPresent()) {
      return Optional.of(
          journal
              .operation(operation.get())
              .map(found -> operations.card(found, asker.person()))
              .orElseGet(() ->
                  Card.of(
                      "refusal",
                      Card.Tone.WARNING,
                      "There is no operation %d".formatted(operation.get()),
                      "`op list` shows what there is.")));
    }
    Sight.Seen seen = sight.fleetNow();
    if (vmid.isPresent()) {
      Optional<Fleet.Guest> guest = seen.fleet().guest(vmid.get());
      return Optional.of(
          guest.isPresent()
              ? guests.card(guest.get(), seen, asker.person())
              : fleetAnswers.unknownVm(seen.fleet(), vmid.get()));
    }
    return Optional.of(
        Said.node(command)
            .map(node -> busy("node/" + node, node.value(), seen, asker.person()))
            .or(() ->
                Said.text(command, "cluster")
                    .map(cluster -> busy("cluster/" + cluster, cluster, seen, asker.person())))
            .orElseGet(() -> whatToAsk(seen)));
  }

  /// Who works on a node or cluster.
  private Card busy(String lock, String name, Sight.Seen seen, Person reader) {
    List<Card.Field> fields = new ArrayList<>(operations.holders(lock, reader));
    List<Button> buttons = new ArrayList<>();
    seen.fleet().nodes().stream()
        .filter(node -> node.name().value().equals(name) && !node.online())
        .forEach(node ->
            fields.addFirst(
                new Card.Field(name, "the node is OFFLINE", Optional.of("<- look here first"))));
    buttons.add(
        lock.startsWith("node/")
            ? Button.plain("Status", "node status " + name)
            : Button.plain("Status", "cluster status " + name));
    return new Card(
        "answer",
        Card.Tone.NEUTRAL,
        fields.isEmpty()
            ? "Nobody works on %s through me%s".formatted(name, seen.age())
            : name + seen.age(),
        fields.isEmpty() ? List.of() : List.of(new Card.Fields(fields)),
        buttons,
        Map.of("lock", lock));
  }

  private Card whatToAsk(Sight.Seen seen) {
    List<Button> buttons = new ArrayList<>();
    journal
        .operations(
            new Journal.Filter(
                EnumSet.of(
                    OperationState.FAILED,
                    OperationState.PAUSED,
                    OperationState.QUEUED,
                    OperationState.AWAITING_APPROVAL),
                Optional.empty(),
                MOST_BUTTONS))
        .stream()
        .map(Why::button)
        .forEach(buttons::add);
    seen.fleet().guests().stream()
        .filter(guest -> guest.lock().isPresent())
        .limit(MOST_BUTTONS)
        .map(guest ->
            Button.plain(
                "%s %s is locked".formatted(guest.vmid(), guest.name()), "why " + guest.vmid()))
        .forEach(buttons::add);
    return new Card(
        "question",
        Card.Tone.NEUTRAL,
        buttons.isEmpty() ? "Why what? Nothing waits, failed or is locked." : "Why what?",
        List.of(),
        buttons.stream().limit(MOST_BUTTONS).toList(),
        Map.of());
  }

  private static Button button(Operation operation) {
    return Button.plain(
        "Operation %d %s".formatted(operation.id(), operation.state().words()),
        "why op " + operation.id());
  }
}
