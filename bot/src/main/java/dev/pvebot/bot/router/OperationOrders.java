package dev.pvebot.bot.router;

import dev.pvebot.bot.gate.GateDesk;
import dev.pvebot.bot.people.Rights;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.commands.chat.Conversation;
import dev.pvebot.commands.chat.Person;
import dev.pvebot.runbooks.engine.Engine;
import dev.pvebot.runbooks.engine.journal.AuditLog;
import dev.pvebot.runbooks.engine.journal.Journal;
import dev.pvebot.runbooks.operation.Answer;
import dev.pvebot.runbooks.operation.Operation;
import dev.pvebot.runbooks.operation.OperationState;
import dev.pvebot.runbooks.operation.Question;
import dev.pvebot.runbooks.plan.Plan;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;

/// What people say to operations that are under way or over: pause, resume, cancel, retry, answer,
/// leave it; and the hold, which says it to all of them.
final class OperationOrders {
  private final Journal journal;
  private final AuditLog audit;
  private final Rights rights;
  private final Telling telling;
  private final InstantSource clock;
  private final Engine engine;

  OperationOrders(
      Records records, Rights rights, Telling telling, InstantSource clock, Engine engine) {
    this.journal = records.journal();
    this.audit = records.audit();
    this.rights = rights;
    this.telling = telling;
    this.clock = clock;
    this.engine = engine;
  }

  Outcome say(
      Operation operation, ConsentWord word, Person by, Conversation where, Replier replier) {
    long id = operation.id();
    return switch (word.verb()) {
      case CANCEL ->
          order(operation, "cancel", () -> engine.cancel(id, by, word.rest()), by, where, replier);
      case PAUSE ->
          order(operation, "pause", () -> engine.pause(id, by, word.rest()), by, where, replier);
      case RESUME -> order(operation, "resume", () -> engine.resume(id, by), by, where, replier);
      case RETRY ->
          operation.state() == OperationState.FAILED
              ? retry(operation, by, where, replier)
              : answer(operation, Answer.RETRY, by, where, replier);
      case SKIP -> answer(operation, Answer.SKIP, by, where, replier);
      case DONE -> answer(operation, Answer.DONE, by, where, replier);
      case STOP -> answer(operation, Answer.STOP, by, where, replier);
      case LEAVE -> leave(operation, by, where, replier);
      case APPROVE, DENY, ROLLBACK, STEPS ->
          throw new IllegalArgumentException(word.verb() + " is no order");
    };
  }

  private Outcome order(
      Operation operation,
      String word,
      Supplier<Engine.Reply> order,
      Person by,
      Conversation where,
      Replier replier) {
    return GateDesk.mayTouch(rights, operation, by)
        ? reply(operation, word, order.get(), where, replier)
        : replier.refuse(where, "You may not %s operation %d.".formatted(word, operation.id()));
  }

  private Outcome retry(Operation operation, Person by, Conversation where, Replier replier) {
    Plan plan = operation.plan();
    return rights.mayAsk(by, plan.risk(), GateDesk.target(plan))
        ? reply(operation, "retry", engine.retry(operation.id(), by), where, replier)
        : replier.refuse(where, "You may not ask for %s work here.".formatted(plan.risk().word()));
  }

  private Outcome answer(
      Operation operation, Answer answer, Person by, Conversation where, Replier replier) {
    if (!GateDesk.mayTouch(rights, operation, by)) {
      return replier.refuse(
          where, "You may not answer for operation %d.".formatted(operation.id()));
    }
    List<Question> open =
        journal.questions(operation.id()).stream()
            .filter(question -> question.answer().isEmpty() && question.choices().contains(answer))
            .toList();
    if (open.isEmpty()) {
      return replier.refuse(
          where,
          "Operation %d (%s) asks nothing that could be answered with %s."
              .formatted(operation.id(), operation.state().words(), answer.word()));
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
        boolean ends = word.equals("pause") || word.equals("cancel");
        telling.teller().refresh(now.id());
        replier.reply(
            where,
            Card.of(
                "notice",
                Card.Tone.NEUTRAL,
                "Operation %d · %s: %s".formatted(now.id(), now.plan().title(), word),
                ends && before.state() == OperationState.RUNNING
                    ? "What is under way ends first."
                    : ""));
        yield Outcome.of(Outcome.DONE, now.id());
      }
      case Engine.Reply.Refused(String why) -> replier.refuse(where, why);
    };
  }

  /// Somebody has seen the failure and lets it be; it can still be retried.
  private Outcome leave(Operation operation, Person by, Conversation where, Replier replier) {
    if (operation.state() != OperationState.FAILED) {
      return replier.refuse(
          where,
          "Operation %d is %s; there is nothing to leave as it is."
              .formatted(operation.id(), operation.state().words()));
    }
    if (!GateDesk.mayTouch(rights, operation, by)) {
      return replier.refuse(
          where, "You may not decide about operation %d.".formatted(operation.id()));
    }
    audit.append(AuditLog.Note.of(by.id(), "operation.leave", operation.id()), clock.instant());
    replier.reply(
        where,
        Card.of(
            "notice",
            Card.Tone.NEUTRAL,
            "Operation %d · %s · left as it is by %s"
                .formatted(operation.id(), operation.plan().title(), by),
            "`retry %d` is still there; `op show %d` says what was done."
                .formatted(operation.id(), operation.id())));
    return Outcome.of(Outcome.DONE);
  }

  Card holdOn(Person by, String reason) {
    Journal.Hold hold = engine.hold(by, reason);
    return Card.of(
        "notice",
        Card.Tone.WARNING,
        "On hold by %s since %s: every operation pauses at its next safe point, nothing new begins"
            .formatted(hold.by(), telling.zones().time(hold.since(), by)),
        "`hold off` ends it.");
  }

  Card holdOff(Person by) {
    return Card.of(
        "notice",
        Card.Tone.GOOD,
        engine.release(by).isPresent() ? "The hold is over" : "There was no hold",
        "");
  }
}
