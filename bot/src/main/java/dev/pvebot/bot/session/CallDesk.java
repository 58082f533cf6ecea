package dev.pvebot.bot.session;

import dev.pvebot.bot.local.Answer;
import dev.pvebot.bot.local.Call;
import dev.pvebot.bot.people.Rights;
import dev.pvebot.bot.progress.ThreadTeller;
import dev.pvebot.bot.router.Outcome;
import dev.pvebot.bot.router.Replier;
import dev.pvebot.bot.router.Router;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.commands.chat.Conversation;
import dev.pvebot.commands.chat.Person;
import dev.pvebot.runbooks.engine.journal.AuditChain;
import dev.pvebot.runbooks.engine.journal.AuditLog;
import dev.pvebot.runbooks.engine.journal.Journal;
import dev.pvebot.runbooks.engine.journal.JournalUnavailable;
import dev.pvebot.runbooks.operation.Operation;
import dev.pvebot.runbooks.operation.OperationState;
import dev.pvebot.runbooks.operation.Question;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers one call of the command line, from another process or from this one: says something as
/// somebody, and follows the operation that comes of it.
public final class CallDesk {
  private static final Logger log = LoggerFactory.getLogger(CallDesk.class);

  /// How often a follower looks whether its operation has ended.
  private static final long LOOK_EVERY_MILLIS = 50;

  /// How long a follower waits for the last lines of its operation, should their telling be late.
  private static final Duration LAST_LINES_WITHIN = Duration.ofSeconds(5);

  private final Router router;
  private final ConsoleHub hub;
  private final ThreadTeller teller;
  private final Journal journal;
  private final AuditLog audit;
  private final Rights rights;
  private final boolean trustConsole;
  private final Map<String, Person> consoleUsers;

  public CallDesk(
      Router router,
      ConsoleHub hub,
      ThreadTeller teller,
      Journal journal,
      AuditLog audit,
      Rights rights,
      boolean trustConsole,
      Map<String, Person> consoleUsers) {
    this.router = router;
    this.hub = hub;
    this.teller = teller;
    this.journal = journal;
    this.audit = audit;
    this.rights = rights;
    this.trustConsole = trustConsole;
    this.consoleUsers = Map.copyOf(consoleUsers);
  }

  /// @param user the Unix user of the calling process
  /// @return the calling process's exit code
  public int handle(Call call, String user, Consumer<Answer> answers) throws InterruptedException {
    try {
      return switch (call.verb()) {
        case "ping" -> Outcome.DONE;
        case "audit-verify" -> verify(call.text(), answers);
        case "audit-export" -> export(answers);
        case "say", "plan" -> speak(call, user, answers);
        case "follow" -> watch(call, answers);
        default -> {
          answers.accept(new Answer.Line("no such call: " + call.verb()));
          yield Outcome.USAGE;
        }
      };
    } catch (JournalUnavailable unavailable) {
      // a guard that cannot be asked says no
      log.warn("refused a call because the store cannot be asked: {}", unavailable.getMessage());
      show(
          answers,
          new Conversation(ConsoleHub.PLATFORM, call.channel(), call.thread()),
          Card.of(
              "failure",
              Card.Tone.BAD,
              "The journal cannot be asked, so nothing is done",
              String.valueOf(unavailable.getMessage())));
      return Outcome.FAILED;
    }
  }

  private int speak(Call call, String user, Consumer<Answer> answers) throws InterruptedException {
    Conversation where = new Conversation(ConsoleHub.PLATFORM, call.channel(), call.thread());
    Optional<Person> person = person(call, user);
    if (person.isEmpty()) {
      show(answers, where, stranger(call, user));
      return Outcome.REFUSED;
    }
    try (ConsoleHub.Attachment seat =
        hub.attach((posted, card, edit) -> answers.accept(new Answer.Shown(posted, card, edit)))) {
      Replier replier =
          (conversation, card) -> {
            var posted = hub.place(conversation);
            answers.accept(new Answer.Shown(posted, card, false));
            return posted;
          };
      if (call.verb().equals("plan")) {
        return router.plan(call.text(), person.get(), where, replier).exit();
      }
      Outcome outcome = router.handle(call.text(), person.get(), where, replier);
      if (!call.follow() || outcome.exit() != Outcome.DONE || outcome.operation().isEmpty()) {
        return outcome.exit();
      }
      return follow(outcome.operation().getAsLong(), seat);
    }
  }

  /// Follows an operation that began before, from the lines that were told last.
  private int watch(Call call, Consumer<Answer> answers) throws InterruptedException {
    if (!call.text().matches("[0-9]{1,9}")
        || journal.operation(Long.parseLong(call.text())).isEmpty()) {
      answers.accept(new Answer.Line("there is no operation " + call.text()));
      return Outcome.USAGE;
    }
    try (ConsoleHub.Attachment seat =
        hub.attachWithRecent(
            (posted, card, edit) -> answers.accept(new Answer.Shown(posted, card, edit)))) {
      return follow(Long.parseLong(call.text()), seat);
    }
  }

  /// Stays until the operation has ended or waits for a person.
  private int follow(long id, ConsoleHub.Attachment seat) throws InterruptedException {
    Operation operation = journal.operation(id).orElseThrow();
    seat.follow(ThreadTeller.thread(operation).thread().orElseThrow());
    while (true) {
      operation = journal.operation(id).orElseThrow();
      if (operation.state().isFinal()) {
        awaitTold(id);
        return operation.state().isSuccess() ? Outcome.DONE : exit(operation.state());
      }
      if (operation.state() == OperationState.PAUSED || asks(id)) {
        awaitTold(id);
        return Outcome.NEEDS_CONSENT;
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
    }
  }

  private void awaitTold(long id) throws InterruptedException {
    try {
      teller.told(id).get(LAST_LINES_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException _) {
      log.warn("the last lines of operation {} are late; they are in its thread", id);
    } catch (ExecutionException impossible) {
      throw new IllegalStateException("telling does not fail, it is tried again", impossible);
    }
  }

  private boolean asks(long id) {
    return journal.questions(id).stream().map(Question::answer).anyMatch(Optional::isEmpty);
  }

  private static int exit(OperationState state) {
    return state == OperationState.DENIED || state == OperationState.EXPIRED
        ? Outcome.REFUSED
        : Outcome.FAILED;
  }

  private Optional<Person> person(Call call, String user) {
    Optional<Person> own = Optional.ofNullable(consoleUsers.get(user));
    if (call.as().isEmpty()) {
      return own;
    }
    if (!trustConsole) {
      return own.filter(person -> person.id().equals(call.as().get()));
    }
    return call.as()
        .filter(id -> id.matches("[a-z0-9][a-z0-9._-]{0,62}"))
        .map(Person::new)
        .filter(rights::knows);
  }

  private Card stranger(Call call, String user) {
    if (call.as().isPresent() && !trustConsole) {
      return Card.of(
          "refusal",
          Card.Tone.BAD,
          "You cannot speak as %s here".formatted(call.as().get()),
          "The Unix user '%s' speaks for itself. `--as` is believed only where pvebot.yaml says console: {trust: true}, which is for labs."
              .formatted(user));
    }
    return Card.of(
        "refusal",
        Card.Tone.BAD,
        call.as().isPresent()
            ? "I do not know %s".formatted(call.as().get())
            : "I do not know the Unix user '%s'".formatted(user),
        "Whoever keeps pvebot.yaml can add a person under `people`.");
  }

  private int verify(String expectedHead, Consumer<Answer> answers) {
    Optional<String> expected = Optional.of(expectedHead.strip()).filter(head -> !head.isEmpty());
    return switch (audit.verify(expected)) {
      case AuditLog.Verdict.Intact(long rows, String head) -> {
        answers.accept(new Answer.Line("audit intact: %d rows, head %s".formatted(rows, head)));
        yield Outcome.DONE;
      }
      case AuditLog.Verdict.Broken(long row, String why) -> {
        answers.accept(
            new Answer.Line(
                row == 0
                    ? "audit BROKEN: " + why
                    : "audit BROKEN at row %d: %s".formatted(row, why)));
        yield Outcome.FAILED;
      }
    };
  }

  private int export(Consumer<Answer> answers) {
    audit.export(entry -> answers.accept(new Answer.Line(AuditChain.line(entry))));
    return Outcome.DONE;
  }

  private void show(Consumer<Answer> answers, Conversation where, Card card) {
    answers.accept(new Answer.Shown(hub.place(where), card, false));
  }
}
