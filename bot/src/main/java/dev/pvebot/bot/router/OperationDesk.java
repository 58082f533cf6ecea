package dev.pvebot.bot.router;

import dev.pvebot.bot.gate.GateDesk;
import dev.pvebot.bot.people.Rights;
import dev.pvebot.bot.progress.OperationCards;
import dev.pvebot.bot.progress.ThreadTeller;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.commands.chat.ChatPlatform;
import dev.pvebot.commands.chat.Conversation;
import dev.pvebot.commands.chat.Person;
import dev.pvebot.runbooks.engine.Engine;
import dev.pvebot.runbooks.engine.journal.AuditLog;
import dev.pvebot.runbooks.engine.journal.Journal;
import dev.pvebot.runbooks.engine.journal.Locks;
import dev.pvebot.runbooks.engine.journal.ThreadLog;
import dev.pvebot.runbooks.operation.Answer;
import dev.pvebot.runbooks.operation.Operation;
import dev.pvebot.runbooks.operation.OperationState;
import dev.pvebot.runbooks.operation.Question;
import dev.pvebot.runbooks.operation.StepRecord;
import dev.pvebot.runbooks.plan.Plan;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// What people say about operations: begin, consent, pause, cancel, answer, look.
public final class OperationDesk {
  /// How many operations a list shows.
  private static final int MOST_LISTED = 20;

  private final Journal journal;
  private final Locks locks;
  private final ThreadLog threads;
  private final AuditLog audit;
  private final GateDesk gates;
  private final Rights rights;
  private final OperationCards cards;
  private final ThreadTeller teller;
  private final InstantSource clock;
  private final Engine engine;

  public OperationDesk(
      Journal journal,
      Locks locks,
      ThreadLog threads,
      AuditLog audit,
      GateDesk gates,
      Rights rights,
      OperationCards cards,
      ThreadTeller teller,
      InstantSource clock,
      Engine engine) {
    this.journal = journal;
    this.locks = locks;
    this.threads = threads;
    this.audit = audit;
    this.gates = gates;
    this.rights = rights;
    this.cards = cards;
    this.teller = teller;
    this.clock = clock;
    this.engine = engine;
  }

  /// Makes an operation of a plan and puts it before its gate.
  ///
  /// @return empty when somebody else has taken one of its VMIDs meanwhile: plan again
  Optional<Outcome> begin(Plan plan, Person by, String said, Conversation where, Replier replier) {
    Optional<Journal.Hold> hold = journal.hold();
    if (hold.isPresent()) {
      replier.reply(
          where,
          Card.of(
              "refusal",
              Card.Tone.WARNING,
              "On hold since %s by %s: nothing new begins"
                  .formatted(hold.get().since(), hold.get().by()),
              hold.get().reason() + " `hold off` ends it."));
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
        yield Optional.of(present(operation, gates.open(operation), replier));
      }
    };
  }

  private Outcome present(Operation operation, GateDesk.Result result, Replier replier) {
    Conversation thread = ThreadTeller.thread(operation);
    return switch (result) {
      case GateDesk.Result.StillOpen(Operation asked, GateDesk.Consent consent) -> {
        threads.head(asked.id(), replier.reply(thread, cards.plan(asked, Optional.of(consent))));
        yield Outcome.of(Outcome.NEEDS_CONSENT, asked.id());
      }
      case GateDesk.Result.Released(Operation released) -> {
        ChatPlatform.Posted posted =
            replier.reply(thread, cards.head(released, steps(released), clock.instant()));
        threads.head(released.id(), posted);
        teller.refresh(released.id());
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
      replier.reply(
          where,
          Card.of(
              "refusal",
              Card.Tone.WARNING,
              "There is no operation %d".formatted(word.operation()),
              "`op list` shows what there is."));
      return Outcome.of(Outcome.REFUSED);
    }
    Operation operation = found.get();
    return switch (word.verb()) {
      case APPROVE ->
          consent(
              operation,
              gates.approve(operation, by, word.digest(), word.rest(), word.rest()),
              where,
              replier);
      case DENY -> consent(operation, gates.deny(operation, by, word.rest()), where, replier);
      case CANCEL ->
          order(
              operation,
              "cancel",
              () -> engine.cancel(operation.id(), by, word.rest()),
              by,
              where,
              replier);
      case PAUSE ->
          order(
              operation,
              "pause",
              () -> engine.pause(operation.id(), by, word.rest()),
              by,
              where,
              replier);
      case RESUME ->
          order(operation, "resume", () -> engine.resume(operation.id(), by), by, where, replier);
      case RETRY ->
          operation.state() == OperationState.FAILED
              ? retry(operation, by, where, replier)
              : answer(operation, Answer.RETRY, by, where, replier);
      case SKIP -> answer(operation, Answer.SKIP, by, where, replier);
      case DONE -> answer(operation, Answer.DONE, by, where, replier);
      case STOP -> answer(operation, Answer.STOP, by, where, replier);
      case ROLLBACK -> rollback(operation, where, replier);
      case STEPS -> {
        replier.reply(where, cards.effects(operation));
        yield Outcome.of(Outcome.DONE);
      }
    };
  }

  private Outcome consent(
      Operation before, GateDesk.Result result, Conversation where, Replier replier) {
    return switch (result) {
      case GateDesk.Result.Released(Operation released) -> {
        teller.refresh(released.id());
        replier.reply(
            where,
            Card.of(
                "result",
                Card.Tone.GOOD,
                "Operation %d · %s · goes ahead".formatted(released.id(), released.plan().title()),
                ""));
        yield Outcome.of(Outcome.DONE, released.id());
      }
      case GateDesk.Result.StillOpen(Operation open, GateDesk.Consent consent) -> {
        Card plan = cards.plan(open, Optional.of(consent));
        replier.reply(ThreadTeller.thread(open), plan);
        yield Outcome.of(Outcome.NEEDS_CONSENT, open.id());
      }
      case GateDesk.Result.Denied(Operation denied, String why) -> {
        teller.refresh(denied.id());
        replier.reply(
            where,
            Card.of(
                "result",
                Card.Tone.WARNING,
                "Plan %d denied. Nothing was done.".formatted(denied.id()),
                why));
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

  private Outcome order(
      Operation operation,
      String word,
      Supplier<Engine.Reply> order,
      Person by,
      Conversation where,
      Replier replier) {
    return mayTouch(operation, by)
        ? reply(operation, word, order.get(), where, replier)
        : refuse("You may not %s operation %d.".formatted(word, operation.id()), where, replier);
  }

  private Outcome retry(Operation operation, Person by, Conversation where, Replier replier) {
    Plan plan = operation.plan();
    return rights.mayAsk(by, plan.risk(), GateDesk.target(plan))
        ? reply(operation, "retry", engine.retry(operation.id(), by), where, replier)
        : refuse("You may not ask for %s work here.".formatted(plan.risk().word()), where, replier);
  }

  private Outcome answer(
      Operation operation, Answer answer, Person by, Conversation where, Replier replier) {
    if (!mayTouch(operation, by)) {
      return refuse(
          "You may not answer for operation %d.".formatted(operation.id()), where, replier);
    }
    List<Question> open =
        journal.questions(operation.id()).stream()
            .filter(question -> question.answer().isEmpty() && question.choices().contains(answer))
            .toList();
    if (open.isEmpty()) {
      return refuse(
          "Operation %d (%s) asks nothing that could be answered with %s."
              .formatted(operation.id(), operation.state().words(), answer.word()),
          where,
          replier);
    }
    Outcome last = Outcome.of(Outcome.DONE, operation.id());
    for (Question question : open) {
      audit.append(
          AuditLog.Note.of(by.id(), "question.answer", operation.id())
              .with("step", question.step())
              .with("answer", answer.word()),
          clock.instant());
      last =
          reply(
              operation,
              answer.word(),
              engine.answer(operation.id(), question.step(), answer, by),
              where,
              replier);
    }
    return last;
  }

  private Outcome reply(
      Operation before, String word, Engine.Reply reply, Conversation where, Replier replier) {
    return switch (reply) {
      case Engine.Reply.Accepted(Operation now) -> {
        teller.refresh(now.id());
        replier.reply(
            where,
            Card.of(
                "notice",
                Card.Tone.NEUTRAL,
                "Operation %d · %s: %s · %s"
                    .formatted(now.id(), now.plan().title(), word, now.state().words()),
                now.state() == OperationState.RUNNING ? "What is under way ends first." : ""));
        yield Outcome.of(Outcome.DONE, now.id());
      }
      case Engine.Reply.Refused(String why) -> refuse(why, where, replier);
    };
  }

  private Outcome rollback(Operation operation, Conversation where, Replier replier) {
    return operation.plan().rollback().isEmpty()
        ? refuse(
            "The runbook %s has no rollback. `op show %d` says what was done."
                .formatted(operation.plan().runbook(), operation.id()),
            where,
            replier)
        : refuse(
            "This build cannot roll back yet; `op show %d` says what was done."
                .formatted(operation.id()),
            where,
            replier);
  }

  /// The newest operations, those that are not at their end first.
  Card list() {
    List<Operation> open = journal.operations(Journal.Filter.open());
    List<Operation> shown = new ArrayList<>(open);
    journal.operations(Journal.Filter.all(MOST_LISTED)).stream()
        .filter(op -> open.stream().noneMatch(o -> o.id() == op.id()))
        .forEach(shown::add);
    List<Operation> rows = shown.stream().limit(MOST_LISTED).toList();
    return new Card(
        "answer",
        Card.Tone.NEUTRAL,
        rows.isEmpty()
            ? "No operation yet"
            : "%d operations, %d open".formatted(shown.size(), open.size()),
        rows.isEmpty()
            ? List.of()
            : List.of(
                new Card.Table(
                    List.of("Id", "What", "State", "By"),
                    rows.stream()
                        .map(op ->
                            List.of(
                                Long.toString(op.id()),
                                op.plan().title(),
                                op.state().words(),
                                op.requestedBy().id()))
                        .toList())),
        List.of(),
        Map.of("operations", rows.stream().map(OperationCards::facts).toList()));
  }

  Optional<Card> show(long id) {
    return journal
        .operation(id)
        .map(operation ->
            operation.state() == OperationState.AWAITING_APPROVAL
                ? cards.plan(operation, gates.consent(operation))
                : cards.head(operation, steps(operation), clock.instant()));
  }

  Card locks() {
    List<Locks.Entry> all = locks.all();
    return new Card(
        "answer",
        Card.Tone.NEUTRAL,
        all.isEmpty() ? "Nothing is locked" : "%d locks".formatted(all.size()),
        all.isEmpty()
            ? List.of()
            : List.of(
                new Card.Table(
                    List.of("Lock", "Operation", "What", "Since"),
                    all.stream()
                        .map(entry ->
                            List.of(
                                entry.key().name() + (entry.key().exclusive() ? "" : " (shared)"),
                                Long.toString(entry.operation()),
                                entry.title(),
                                entry.heldSince().map(Object::toString).orElse("waits")))
                        .toList())),
        List.of(),
        Map.of(
            "locks",
            all.stream()
                .map(entry ->
                    Map.of(
                        "lock",
                        entry.key().name(),
                        "operation",
                        entry.operation(),
                        "held",
                        entry.isHeld()))
                .toList()));
  }

  Card holdOn(Person by, String reason) {
    Journal.Hold hold = engine.hold(by, reason);
    return Card.of(
        "notice",
        Card.Tone.WARNING,
        "On hold by %s: every operation pauses at its next safe point, nothing new begins"
            .formatted(hold.by()),
        "`hold off` ends it.");
  }

  Card holdOff(Person by) {
    return Card.of(
        "notice",
        Card.Tone.GOOD,
        engine.release(by).isPresent() ? "The hold is over" : "There was no hold",
        "");
  }

  private boolean mayTouch(Operation operation, Person by) {
    Rights.Target target = GateDesk.target(operation.plan());
    return by.equals(operation.requestedBy())
        || rights.mayAsk(by, operation.plan().risk(), target)
        || rights.mayApprove(by, operation.plan().risk(), target);
  }

  private Map<String, StepRecord> steps(Operation operation) {
    Map<String, StepRecord> steps = new HashMap<>();
    journal.steps(operation.id()).forEach(step -> steps.put(step.key(), step));
    return steps;
  }

  private static Outcome refuse(String why, Conversation where, Replier replier) {
    replier.reply(where, Card.of("refusal", Card.Tone.WARNING, why, ""));
    return Outcome.of(Outcome.REFUSED);
  }
}
