package dev.pvebot.bot.router;

import dev.pvebot.bot.locks.LockPlans;
import dev.pvebot.bot.progress.ThreadTeller;
import dev.pvebot.commands.Command;
import dev.pvebot.commands.chat.Conversation;
import dev.pvebot.commands.chat.Person;
import dev.pvebot.runbooks.engine.journal.Journal;
import dev.pvebot.runbooks.operation.Operation;
import dev.pvebot.runbooks.operation.OperationState;
import java.util.List;
import java.util.Optional;

/// Plans what is done to other operations: rolling one back, taking the locks of one.
public final class OperationPlans {
  private final Journal journal;
  private final PlanDesk plans;
  private final LockPlans locks;

  public OperationPlans(Journal journal, PlanDesk plans, LockPlans locks) {
    this.journal = journal;
    this.plans = plans;
    this.locks = locks;
  }

  /// @return empty when the command is about no other operation
  Optional<PlanDesk.Planned> plan(Command command, Person by) throws InterruptedException {
    return switch (command.intent()) {
      case "op.rollback" -> Optional.of(rollback(command));
      case LockPlans.INTENT -> Optional.of(steal(command, by));
      default -> Optional.empty();
    };
  }

  /// The thread of the operation that a command is about.
  Optional<Conversation> thread(Command command) {
    return Router.number(command, "op").flatMap(journal::operation).map(ThreadTeller::thread);
  }

  private PlanDesk.Planned rollback(Command command) throws InterruptedException {
    Optional<Long> id = Router.number(command, "op");
    Optional<Operation> found = id.flatMap(journal::operation);
    if (found.isEmpty()) {
      return refused(
          id.map(number -> "There is no operation " + number).orElse("Which operation?"),
          "`op list` shows what there is.");
    }
    Operation operation = found.get();
    boolean ended =
        operation.state() == OperationState.FAILED || operation.state() == OperationState.CANCELLED;
    if (!ended || operation.startedAt().isEmpty()) {
      return refused(
          "Operation %d is %s; only what failed or was cancelled on its way is rolled back"
              .formatted(operation.id(), operation.state().words()),
          "`op show %d` says what was done.".formatted(operation.id()));
    }
    return plans.rollback(operation);
  }

  private PlanDesk.Planned steal(Command command, Person by) {
    Optional<Long> named = Router.number(command, "op");
    Optional<String> lock = lock(command);
    Optional<Long> holder = named.or(() -> lock.flatMap(locks::holder));
    return holder
        .flatMap(id ->
            locks.steal(
                id,
                by,
                Optional.ofNullable(command.args().get("reason"))
                    .map(Object::toString)
                    .or(command::breakGlass)
                    .orElse("asked for by " + by)))
        .<PlanDesk.Planned>map(PlanDesk.Planned.Ready::new)
        .orElseGet(() ->
            refused(
                named
                    .map(id -> "Operation %d holds no lock".formatted(id))
                    .or(() -> lock.map("No single operation holds %s"::formatted))
                    .orElse("Which lock?"),
                "`lock list` shows who holds what; `lock steal op 42` takes the locks of operation"
                    + " 42."));
  }

  private static Optional<String> lock(Command command) {
    Optional<String> vm =
        command.args().get("vm") instanceof List<?> list && list.size() == 1
            ? Optional.of("vm/" + list.getFirst())
            : Optional.empty();
    return vm.or(
            () -> Optional.ofNullable(command.args().get("cluster")).map("cluster/%s"::formatted))
        .or(() -> Optional.ofNullable(command.args().get("node")).map("node/%s"::formatted));
  }

  private static PlanDesk.Planned refused(String title, String now) {
    return new PlanDesk.Planned.Refused(title, List.of(now), false);
  }
}
