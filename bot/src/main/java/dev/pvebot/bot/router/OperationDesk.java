package dev.pvebot.bot.router;

import dev.pvebot.bot.gate.GateDesk;
import dev.pvebot.bot.people.Rights;
import dev.pvebot.bot.progress.OperationCards;
import dev.pvebot.bot.progress.ThreadTeller;
import dev.pvebot.commands.chat.Button;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.commands.chat.ChatPlatform;
import dev.pvebot.commands.chat.Conversation;
import dev.pvebot.commands.chat.Person;
import dev.pvebot.runbooks.engine.Engine;
import dev.pvebot.runbooks.engine.journal.AuditLog;
import dev.pvebot.runbooks.engine.journal.Journal;
import dev.pvebot.runbooks.engine.journal.ThreadLog;
import dev.pvebot.runbooks.operation.Operation;
import dev.pvebot.runbooks.operation.OperationState;
import dev.pvebot.runbooks.plan.Plan;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What people say about operations: begin, consent, look. What they say to operations under way is
/// for [OperationOrders].
public final class OperationDesk {
  private final Journal journal;
  private final ThreadLog threads;
  private final AuditLog audit;
  private final GateDesk gates;
  private final OperationCards cards;
  private final Telling telling;
  private final OperationBoard board;
  private final InstantSource clock;
  private final OperationOrders orders;

  public OperationDesk(
      Records records,
      GateDesk gates,
      Rights rights,
      Telling telling,
      OperationBoard board,
      InstantSource clock,
      Engine engine) {
    this.journal = records.journal();
    this.threads = records.threads();
    this.audit = records.audit();
    this.gates = gates;
    this.cards = telling.cards();
    this.telling = telling;
    this.board = board;
    this.clock = clock;
    this.orders = new OperationOrders(records, rights, telling, clock, engine);
  }

  /// Makes an operation of a plan and puts it before its gate.
  ///
  /// @param first what is to be read before the plan
  /// @return empty when somebody else has taken one of its VMIDs meanwhile: plan again
  Optional<Outcome> begin(
      Plan plan,
      Person by,
      String said,
      Conversation where,
      Replier replier,
      List<Card.Block> first) {
    Optional<Card> closed = closed(plan, by, said);
    if (closed.isPresent()) {
      replier.reply(where, closed.get());
      return Optional.of(Outcome.of(Outcome.REFUSED));
    }
    Journal.Creation creation =
        journal.create(new Journal.Draft(plan, by, said, where), clock.instant());
    return switch (creation) {
      case Journal.Creation.VmidTaken _ -> Optional.empty();
      case Journal.Creation.Created(Operation operation) -> {
        audit.append(
            AuditLog.Note.of(by.id(), "operation.plan", operation.id())
                .with("title", plan.title())
                .with("said", said)
                .with("digest", plan.digest()),
            clock.instant());
        yield Optional.of(present(operation, gates.open(operation), replier, first));
      }
    };
  }

  /// Why nothing of the kind begins now: the hold, a freeze.
  private Optional<Card> closed(Plan plan, Person by, String said) {
    Optional<Card> hold =
        journal
            .hold()
            .map(on ->
                Card.of(
                    "refusal",
                    Card.Tone.WARNING,
                    "On hold since %s by %s: nothing new begins"
                        .formatted(telling.zones().time(on.since(), by), on.by()),
                    on.reason() + ". `hold off` ends it."));
    return hold.or(() ->
        gates
            .frozen(plan, said)
            .map(frozen ->
                Card.of(
                    "refusal",
                    Card.Tone.WARNING,
                    "Frozen until %s: %s"
                        .formatted(
                            telling.zones().time(frozen.until(), by), frozen.freeze().reason()),
                    "%s is %s and was not begun. If it cannot wait: `%s --break-glass \"reason\"` passes the freeze, and everyone is told."
                        .formatted(plan.title(), plan.risk().word(), said))));
  }

  private Outcome present(
      Operation operation, GateDesk.Result result, Replier replier, List<Card.Block> first) {
    Conversation thread = ThreadTeller.thread(operation);
    return switch (result) {
      case GateDesk.Result.StillOpen(Operation asked, GateDesk.Consent consent) -> {
        threads.head(
            asked.id(), replier.reply(thread, cards.plan(asked, Optional.of(consent), first)));
        yield Outcome.of(Outcome.NEEDS_CONSENT, asked.id());
      }
      case GateDesk.Result.Released(Operation released) -> {
        ChatPlatform.Posted posted =
            replier.reply(thread, cards.head(released, board.steps(released), clock.instant()));
        threads.head(released.id(), posted);
        telling.teller().refresh(released.id());
        tellOfGlass(released);
        yield Outcome.of(Outcome.DONE, released.id());
      }
      case GateDesk.Result.Denied(Operation denied, String why) -> {
        replier.reply(
            thread,
            Card.of("result", Card.Tone.WARNING, "Plan %d denied".formatted(denied.id()), why));
        yield Outcome.of(Outcome.REFUSED, denied.id());
      }
      case GateDesk.Result.Refused(String why) -> {
        replier.reply(thread, Card.of("refusal", Card.Tone.WARNING, why, ""));
        yield Outcome.of(Outcome.REFUSED, operation.id());
      }
    };
  }

  /// The operation whose name a person would be typing in this thread, if one waits for it.
  Optional<Operation> waitsForName(Conversation where, Person by) {
    return where
        .thread()
        .flatMap(thread ->
            journal
                .operations(
                    new Journal.Filter(
                        EnumSet.of(OperationState.AWAITING_APPROVAL),
                        Optional.empty(),
                        Integer.MAX_VALUE))
                .stream()
                .filter(op -> op.requestedBy().equals(by))
                .filter(op -> ThreadTeller.thread(op).thread().filter(thread::equals).isPresent())
                .filter(op ->
                    gates
                        .consent(op)
                        .filter(c -> c.gate().asksName() && !c.nameTyped())
                        .isPresent())
                .findFirst());
  }

  Outcome say(ConsentWord word, Person by, Conversation where, Replier replier) {
    Optional<Operation> found = journal.operation(word.operation());
    if (found.isEmpty()) {
      replier.reply(where, OperationBoard.unknown(word.operation()));
      return Outcome.of(Outcome.REFUSED);
    }
    Operation operation = found.get();
    return switch (word.verb()) {
      case APPROVE ->
          consent(
              operation,
              gates.approve(operation, by, word.digest(), word.rest(), word.rest()),
              by,
              where,
              replier);
      case DENY -> consent(operation, gates.deny(operation, by, word.rest()), by, where, replier);
      case CANCEL, PAUSE, RESUME, RETRY, SKIP, DONE, STOP, LEAVE ->
          orders.say(operation, word, by, where, replier);
      case ROLLBACK ->
          throw new IllegalStateException("a rollback is planned, not said to its operation");
      case STEPS -> {
        replier.reply(where, cards.effects(operation));
        yield Outcome.of(Outcome.DONE);
      }
    };
  }

  /// Whoever breaks the glass does it in the sight of everyone.
  private void tellOfGlass(Operation operation) {
    gates
        .glass(operation)
        .ifPresent(glass ->
            telling
                .announcer()
                .everyone(
                    operation.where(),
                    new Card(
                        "notice",
                        Card.Tone.BAD,
                        "%s broke the glass: operation %d · %s goes ahead"
                            .formatted(
                                operation.requestedBy(), operation.id(), operation.plan().title()),
                        List.of(
                            new Card.Text("Reason: " + glass.reason()),
                            new Card.Text("Passed: %s.".formatted(glass.passes()))),
                        List.of(
                            Button.plain("Pause", "pause " + operation.id()),
                            Button.plain("Show", "op show " + operation.id())),
                        Map.of("operation", operation.id(), "reason", glass.reason()))));
  }

  private Outcome consent(
      Operation before, GateDesk.Result result, Person by, Conversation where, Replier replier) {
    return switch (result) {
      case GateDesk.Result.Released(Operation released) -> {
        Optional<String> queue = board.queue(released, by);
        telling.teller().refresh(released.id());
        tellOfGlass(released);
        replier.reply(
            where,
            Card.of(
                "result",
                Card.Tone.GOOD,
                "Operation %d · %s · %s, %s"
                    .formatted(
                        released.id(),
                        released.plan().title(),
                        queue.isPresent() ? "is queued" : "goes ahead",
                        gates.given(released)),
                queue.orElse("")));
        yield Outcome.of(Outcome.DONE, released.id());
      }
      case GateDesk.Result.StillOpen(Operation open, GateDesk.Consent consent) -> {
        Card plan = cards.plan(open, Optional.of(consent));
        replier.reply(ThreadTeller.thread(open), plan);
        yield Outcome.of(Outcome.NEEDS_CONSENT, open.id());
      }
      case GateDesk.Result.Denied(Operation denied, String why) -> {
        telling.teller().catchUp(denied);
        telling.teller().refresh(denied.id());
        Card card =
            Card.of(
                "result",
                Card.Tone.WARNING,
                "Plan %d · %s · %s. Nothing was done."
                    .formatted(denied.id(), denied.plan().title(), why),
                "");
        replier.reply(where, card);
        Conversation thread = ThreadTeller.thread(denied);
        if (!thread.equals(where)) {
          telling.announcer().post(thread, card);
        }
        yield Outcome.of(Outcome.DONE, denied.id());
      }
      case GateDesk.Result.Refused(String why) -> {
        replier.reply(where, Card.of("refusal", Card.Tone.WARNING, why, ""));
        boolean open =
            journal
                .operation(before.id())
                .filter(op -> op.state() == OperationState.AWAITING_APPROVAL)
                .isPresent();
        yield new Outcome(
            Outcome.REFUSED,
            open ? java.util.OptionalLong.empty() : java.util.OptionalLong.of(before.id()));
      }
    };
  }

  Card holdOn(Person by, String reason) {
    return orders.holdOn(by, reason);
  }

  Card holdOff(Person by) {
    return orders.holdOff(by);
  }
}
