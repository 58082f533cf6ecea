package dev.pvebot.bot.router;

import dev.pvebot.bot.gate.GateDesk;
import dev.pvebot.bot.progress.OperationCards;
import dev.pvebot.bot.progress.ThreadTeller;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.runbooks.operation.Operation;
import java.time.InstantSource;
import java.util.stream.Stream;

/// Looks after consents that nobody gives: reminds at half of their time, says so when it is over.
public final class GateWatch {
  /// Names the reminders in the memory of what was done once.
  private static final String REMINDERS = "pvebot-reminders";

  private final GateDesk gates;
  private final Records records;
  private final Telling telling;
  private final InstantSource clock;

  public GateWatch(GateDesk gates, Records records, Telling telling, InstantSource clock) {
    this.gates = gates;
    this.records = records;
    this.telling = telling;
    this.clock = clock;
  }

  /// One look; cheap when nobody is waited for.
  public void look() {
    for (Operation operation : gates.expire()) {
      telling.teller().catchUp(operation);
      telling.teller().refresh(operation.id());
    }
    for (Operation operation : gates.halfOver()) {
      gates
          .consent(operation)
          .filter(_ ->
              records
                  .threads()
                  .firstTime(REMINDERS, Long.toString(operation.id()), clock.instant()))
          .ifPresent(consent ->
              telling
                  .announcer()
                  .post(ThreadTeller.thread(operation), reminder(operation, consent)));
    }
  }

  private Card reminder(Operation operation, GateDesk.Consent consent) {
    Card plan = telling.cards().plan(operation, java.util.Optional.of(consent));
    boolean asksAnother =
        consent.gate().asksAnother() && (consent.nameTyped() || !consent.gate().asksName());
    Stream<dev.pvebot.commands.chat.Person> whom =
        asksAnother ? consent.approvers().stream() : Stream.of(operation.requestedBy());
    String until =
        String.join(
            ", ",
            whom.map(person ->
                    "%s until %s"
                        .formatted(person, telling.zones().time(consent.expires(), person)))
                .toList());
    return new Card(
        "approval",
        Card.Tone.WARNING,
        "Plan %d · %s · still waits".formatted(operation.id(), operation.plan().title()),
        java.util.List.of(
            new Card.Text(OperationCards.needs(operation, consent)),
            new Card.Text("Half of the time is over. %s; then it is a no.".formatted(until))),
        plan.buttons(),
        OperationCards.facts(operation));
  }
}
