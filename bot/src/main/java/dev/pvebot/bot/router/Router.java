package dev.pvebot.bot.router;

import dev.pvebot.bot.gate.Gate;
import dev.pvebot.bot.gate.GateDesk;
import dev.pvebot.bot.people.Rights;
import dev.pvebot.bot.progress.OperationCards;
import dev.pvebot.bot.progress.ThreadTeller;
import dev.pvebot.commands.Command;
import dev.pvebot.commands.Risk;
import dev.pvebot.commands.chat.Button;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.commands.chat.Conversation;
import dev.pvebot.commands.chat.Person;
import dev.pvebot.runbooks.action.ActionFailure;
import dev.pvebot.runbooks.operation.Operation;
import dev.pvebot.runbooks.plan.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// One message in, one outcome out. Nobody gets here without being known.
public final class Router {
  /// How often a plan is made again when somebody else takes its VMIDs meanwhile.
  private static final int MOST_REPLANS = 3;

  /// The intent that rolls an operation back.
  private static final String ROLLBACK = "op.rollback";

  private final UnaryOperator<String> heard;
  private final Function<String, Command> interpreter;
  private final Answers answers;
  private final PlanDesk planner;
  private final OperationDesk operations;
  private final OperationBoard board;
  private final OperationPlans operationPlans;
  private final OperationCards cards;
  private final Rights rights;

  /// @param heard takes secrets out of what was said, before anything keeps it
  public Router(
      UnaryOperator<String> heard,
      Function<String, Command> interpreter,
      Answers answers,
      PlanDesk planner,
      OperationDesk operations,
      OperationBoard board,
      OperationPlans operationPlans,
      OperationCards cards,
      Rights rights) {
    this.heard = heard;
    this.interpreter = interpreter;
    this.answers = answers;
    this.planner = planner;
    this.operations = operations;
    this.board = board;
    this.operationPlans = operationPlans;
    this.cards = cards;
    this.rights = rights;
  }

  /// Does what was said, or says why not.
  public Outcome handle(String said, Person by, Conversation where, Replier replier)
      throws InterruptedException {
    String text = heard.apply(said);
    try {
      Optional<Operation> named = operations.waitsForName(where, by);
      if (named.isPresent() && ConsentWord.read(text).isEmpty() && isOneWord(text)) {
        return operations.say(
            new ConsentWord(
                ConsentWord.Verb.APPROVE,
                named.get().id(),
                Optional.empty(),
                Optional.of(text.strip())),
            by,
            where,
            replier);
      }
      Optional<ConsentWord> word = ConsentWord.read(text);
      if (word.isPresent()) {
        return word.get().verb() == ConsentWord.Verb.ROLLBACK
            ? change(rollback(word.get()), text, by, where, replier)
            : operations.say(word.get(), by, where, replier);
      }
      Command command = interpreter.apply(text);
      return command.isNone()
          ? notACommand(command, where, replier)
          : act(command, text, by, where, replier);
    } catch (ActionFailure failure) {
      replier.reply(where, failureCard(failure));
      return Outcome.of(Outcome.FAILED);
    }
  }

  /// Shows the plan of what was said; changes nothing.
  public Outcome plan(String said, Person by, Conversation where, Replier replier)
      throws InterruptedException {
    String text = heard.apply(said);
    try {
      Command command = interpreter.apply(text);
      if (command.isNone()) {
        return notACommand(command, where, replier);
      }
      return switch (planned(command, by)) {
        case PlanDesk.Planned.Ready(Plan plan) -> {
          replier.reply(where, cards.preview(plan, Gate.of(plan)));
          yield Outcome.of(Outcome.DONE);
        }
        case PlanDesk.Planned.Refused refused -> refused(refused, where, replier);
        case PlanDesk.Planned.NoRunbook _ -> {
          replier.reply(
              where,
              Card.of(
                  "answer",
                  Card.Tone.NEUTRAL,
                  "`%s` changes nothing that could be planned".formatted(command.intent()),
                  ""));
          yield Outcome.of(Outcome.USAGE);
        }
      };
    } catch (ActionFailure failure) {
      replier.reply(where, failureCard(failure));
      return Outcome.of(Outcome.FAILED);
    }
  }

  private Outcome act(Command command, String text, Person by, Conversation where, Replier replier)
      throws InterruptedException {
    Optional<Card> aboutOperations = aboutOperations(command, by);
    if (aboutOperations.isPresent()) {
      replier.reply(where, aboutOperations.get());
      return Outcome.of(
          aboutOperations.get().kind().equals("refusal") ? Outcome.REFUSED : Outcome.DONE);
    }
    Optional<ConsentWord> word = consentWord(command);
    if (word.isPresent()) {
      return operations.say(word.get(), by, where, replier);
    }
    if (rights.highestAsk(by).isEmpty()) {
      return replier.refuse(
          where,
          "You have no role that may ask for anything. Whoever keeps pvebot.yaml can give you"
              + " one.");
    }
    Optional<Card> answer = answers.answer(command, new Answers.Asker(by, where, replier));
    if (answer.isPresent()) {
      replier.reply(where, answer.get());
      return Outcome.of(
          switch (answer.get().kind()) {
            case "refusal" -> Outcome.REFUSED;
            case "failure" -> Outcome.FAILED;
            case "question" -> Outcome.USAGE;
            default -> Outcome.DONE;
          });
    }
    if (command.risk() == Risk.READ) {
      return notYet(command, where, replier);
    }
    return change(command, text, by, where, replier);
  }

  private Outcome change(
      Command command, String text, Person by, Conversation where, Replier replier)
      throws InterruptedException {
    return change(
        () -> planned(command, by),
        () -> notYet(command, where, replier),
        text,
        by,
        command.intent().equals(ROLLBACK) ? operationPlans.thread(command).orElse(where) : where,
        replier,
        _ -> List.of());
  }

  /// Asks again for what a stale operation was to do, in its thread. Nothing is done without a new
  /// consent.
  ///
  /// @param difference what to read before the new plan, which is its argument
  void askAgain(Operation stale, Replier replier, Function<Plan, List<Card.Block>> difference)
      throws InterruptedException {
    Command said = interpreter.apply(stale.said());
    Optional<Command> word = ConsentWord.read(stale.said()).map(Router::rollback);
    Command command =
        said.intent().equals(stale.plan().intent())
            ? said
            : word.orElseGet(() ->
                Command.of(stale.plan().intent(), stale.plan().params(), stale.plan().risk()));
    Conversation thread = ThreadTeller.thread(stale);
    change(
        () -> planned(command, stale.requestedBy()),
        () -> notYet(command, thread, replier),
        stale.said(),
        stale.requestedBy(),
        thread,
        replier,
        difference);
  }

  private static Command rollback(ConsentWord word) {
    return Command.of(ROLLBACK, Map.of("op", (int) word.operation()), Risk.CHANGE);
  }

  private PlanDesk.Planned planned(Command command, Person by) throws InterruptedException {
    Optional<PlanDesk.Planned> own = operationPlans.plan(command, by);
    return own.isPresent() ? own.get() : planner.plan(command);
  }

  /// Plans, perhaps again.
  private interface Planning {
    PlanDesk.Planned plan() throws InterruptedException;
  }

  private Outcome change(
      Planning planning,
      Supplier<Outcome> noRunbook,
      String text,
      Person by,
      Conversation where,
      Replier replier,
      Function<Plan, List<Card.Block>> first)
      throws InterruptedException {
    for (int attempt = 0; attempt < MOST_REPLANS; attempt++) {
      switch (planning.plan()) {
        case PlanDesk.Planned.NoRunbook _ -> {
          return noRunbook.get();
        }
        case PlanDesk.Planned.Refused refused -> {
          return refused(refused, where, replier);
        }
        case PlanDesk.Planned.Ready(Plan plan) -> {
          Rights.Target target = GateDesk.target(plan);
          if (!rights.mayAsk(by, plan.risk(), target)) {
            return replier.refuse(
                where,
                "You may not ask for %s work on %s (%s). Somebody with another role may; `help` shows what you may do."
                    .formatted(
                        plan.risk().word(),
                        target.cluster().orElse("what is in no profile"),
                        target.environment().name().toLowerCase(java.util.Locale.ROOT)));
          }
          Optional<Outcome> begun =
              operations.begin(plan, by, text, where, replier, first.apply(plan));
          if (begun.isPresent()) {
            return begun.get();
          }
        }
      }
    }
    return replier.refuse(
        where,
        "Other operations took the VMIDs of this plan %d times while it was made. Ask again."
            .formatted(MOST_REPLANS));
  }

  private Optional<Card> aboutOperations(Command command, Person by) {
    return switch (command.intent()) {
      case "op.list" -> Optional.of(board.list());
      case "op.show" -> number(command, "op").map(board::show);
      case "lock.list" -> Optional.of(board.locks(by));
      case "hold.on" ->
          Optional.of(operations.holdOn(by, text(command, "reason").orElse("no reason given")));
      case "hold.off" -> Optional.of(operations.holdOff(by));
      default -> Optional.empty();
    };
  }

  /// Commands about an operation that the language found in a longer sentence.
  private static Optional<ConsentWord> consentWord(Command command) {
    Optional<ConsentWord.Verb> verb =
        switch (command.intent()) {
          case "op.approve" -> Optional.of(ConsentWord.Verb.APPROVE);
          case "op.deny" -> Optional.of(ConsentWord.Verb.DENY);
          case "op.cancel" -> Optional.of(ConsentWord.Verb.CANCEL);
          case "op.pause" -> Optional.of(ConsentWord.Verb.PAUSE);
          case "op.resume" -> Optional.of(ConsentWord.Verb.RESUME);
          case "op.retry" -> Optional.of(ConsentWord.Verb.RETRY);
          default -> Optional.empty();
        };
    return verb.flatMap(v ->
        number(command, "op")
            .map(id -> new ConsentWord(v, id, Optional.empty(), text(command, "reason"))));
  }

  static Optional<Long> number(Command command, String arg) {
    return Optional.ofNullable(command.args().get(arg))
        .filter(Number.class::isInstance)
        .map(value -> ((Number) value).longValue());
  }

  private static Optional<String> text(Command command, String arg) {
    return Optional.ofNullable(command.args().get(arg)).map(Object::toString);
  }

  private static Outcome notACommand(Command command, Conversation where, Replier replier) {
    String reason = command.reason().orElse("unknown");
    List<Button> buttons = new ArrayList<>();
    command
        .reply()
        .ifPresent(
            reply -> reply.suggestions().forEach(text -> buttons.add(Button.plain(text, text))));
    replier.reply(
        where,
        new Card(
            "question",
            Card.Tone.NEUTRAL,
            command.reply().map(Command.Reply::text).orElseGet(() -> notUnderstood(reason)),
            List.of(),
            buttons,
            Map.of("intent", Command.NONE, "reason", reason)));
    return Outcome.of(Outcome.USAGE);
  }

  private static String notUnderstood(String reason) {
    return switch (reason) {
      case "negated" -> "You said not to, so I do nothing.";
      case "past" -> "That sounds like something that has happened, so I do nothing.";
      case "question" -> "That sounds like a question, so I do nothing.";
      case "hypothetical" -> "That sounds like a thought, so I do nothing.";
      case "quoted" -> "That sounds like somebody else's words, so I do nothing.";
      case "later" -> "That sounds like something for later, so I do nothing now.";
      case "unsafe" ->
          "There is something in that text that does not belong into a command, so I do nothing.";
      default -> "I did not understand that. `help` shows what can be said.";
    };
  }

  private static Outcome notYet(Command command, Conversation where, Replier replier) {
    replier.reply(
        where,
        Card.of(
            "refusal",
            Card.Tone.WARNING,
            "I understand `%s`, but this build cannot do it yet".formatted(command.intent()),
            "Nothing was done. `help` shows what it can do."));
    return Outcome.of(Outcome.REFUSED);
  }

  private static Outcome refused(
      PlanDesk.Planned.Refused refused, Conversation where, Replier replier) {
    List<Card.Block> body = new ArrayList<>();
    refused.reasons().forEach(reason -> body.add(new Card.Text(reason)));
    replier.reply(
        where,
        new Card(
            refused.done() ? "answer" : "refusal",
            refused.done() ? Card.Tone.GOOD : Card.Tone.WARNING,
            refused.title(),
            body,
            List.of(),
            Map.of("reasons", refused.reasons())));
    return Outcome.of(refused.done() ? Outcome.DONE : Outcome.REFUSED);
  }

  /// What, why, now: the card of something that did not work.
  public static Card failureCard(ActionFailure failure) {
    List<Card.Block> body = new ArrayList<>();
    failure.why().ifPresent(why -> body.add(new Card.Text("Why: " + why)));
    failure.now().ifPresent(now -> body.add(new Card.Text("Now: " + now)));
    return new Card("failure", Card.Tone.BAD, failure.what(), body, List.of(), Map.of());
  }

  private static boolean isOneWord(String text) {
    String word = text.strip();
    return !word.isEmpty() && word.chars().noneMatch(Character::isWhitespace);
  }
}
