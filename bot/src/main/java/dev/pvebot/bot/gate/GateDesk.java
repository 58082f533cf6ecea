package dev.pvebot.bot.gate;

import dev.pvebot.bot.people.Rights;
import dev.pvebot.commands.chat.Person;
import dev.pvebot.runbooks.action.Effect;
import dev.pvebot.runbooks.engine.journal.Approvals;
import dev.pvebot.runbooks.engine.journal.Approvals.Approval;
import dev.pvebot.runbooks.engine.journal.AuditLog;
import dev.pvebot.runbooks.engine.journal.Journal;
import dev.pvebot.runbooks.operation.Operation;
import dev.pvebot.runbooks.operation.OperationState;
import dev.pvebot.runbooks.plan.Plan;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

/// Decides which consent an operation needs and takes it. Consent is bound to the plan's digest,
/// given once, survives a restart, and its timeout is a no.
public final class GateDesk {
  /// How often the name may be typed.
  static final int TRIES = 3;

  private final Journal journal;
  private final Approvals approvals;
  private final AuditLog audit;
  private final Rights rights;
  private final Duration lifetime;
  private final InstantSource clock;
  private final LongConsumer due;

  /// @param due told the id of an operation that may begin
  public GateDesk(
      Journal journal,
      Approvals approvals,
      AuditLog audit,
      Rights rights,
      Duration lifetime,
      InstantSource clock,
      LongConsumer due) {
    this.journal = journal;
    this.approvals = approvals;
    this.audit = audit;
    this.rights = rights;
    this.lifetime = lifetime;
    this.clock = clock;
    this.due = due;
  }

  /// What came of somebody's word.
  public sealed interface Result {
    /// Nothing is missing any more; the operation is queued.
    record Released(Operation operation) implements Result {}

    /// It counted, and something is still missing.
    record StillOpen(Operation operation, Consent consent) implements Result {}

    /// The operation was denied, by this word or by the last wrong name.
    record Denied(Operation operation, String why) implements Result {}

    /// It did not count. Nothing was done.
    ///
    /// @param why for people
    record Refused(String why) implements Result {}
  }

  /// What an operation still waits for.
  ///
  /// @param gate what its plan needs
  /// @param nameTyped whether the name was typed already
  /// @param approvers who may give the second person's yes
  /// @param expires when it becomes a no
  public record Consent(Gate gate, boolean nameTyped, List<Person> approvers, Instant expires) {
    public Consent {
      approvers = List.copyOf(approvers);
    }
  }

  public static Gate gate(Plan plan) {
    return Gate.required(plan.risk(), plan.environment(), targets(plan));
  }

  public static Rights.Target target(Plan plan) {
    return new Rights.Target(plan.cluster(), plan.environment());
  }

  /// Puts a planned operation before its gate; one that needs no consent is queued at once.
  public Result open(Operation operation) {
    Gate gate = gate(operation.plan());
    Instant now = clock.instant();
    Set<Approvals.Kind> kinds = kinds(gate);
    if (kinds.isEmpty()) {
      Journal.Move move =
          journal.move(
              operation.id(),
              EnumSet.of(OperationState.PLANNED),
              Journal.Transition.to(OperationState.QUEUED, now).by(operation.requestedBy()));
      due.accept(operation.id());
      return new Result.Released(move.now());
    }
    approvals.ask(operation.id(), kinds, TRIES, now.plus(lifetime), now);
    Operation asked = reread(operation);
    return new Result.StillOpen(asked, consent(asked).orElseThrow());
  }

  /// What the operation waits for; empty when it waits for nobody.
  public Optional<Consent> consent(Operation operation) {
    if (operation.state() != OperationState.AWAITING_APPROVAL) {
      return Optional.empty();
    }
    List<Approval> asked = approvals.of(operation.id());
    boolean typed =
        asked.stream()
            .anyMatch(
                a -> a.kind() == Approvals.Kind.TYPED_NAME && a.state() == Approvals.State.GIVEN);
    List<Person> others =
        rights.approvers(operation.plan().risk(), target(operation.plan())).stream()
            .filter(person -> !person.equals(operation.requestedBy()))
            .toList();
    return asked.stream()
        .map(Approval::expiresAt)
        .min(Instant::compareTo)
        .map(expires -> new Consent(gate(operation.plan()), typed, others, expires));
  }

  /// Takes a yes.
  ///
  /// @param digest the start of the digest on the card whose button was pressed, if one was;
  ///   another plan's yes does not count
  /// @param name what was typed as the target's name
  public Result approve(
      Operation operation,
      Person by,
      Optional<String> digest,
      Optional<String> name,
      Optional<String> why) {
    Plan plan = operation.plan();
    if (operation.state() != OperationState.AWAITING_APPROVAL) {
      return new Result.Refused(tooLate(operation));
    }
    if (digest.filter(d -> !plan.digest().startsWith(d)).isPresent()) {
      return new Result.Refused(
          "That was for another plan (digest %s); operation %d now has %s. Nothing was done."
              .formatted(digest.get(), operation.id(), plan.shortDigest()));
    }
    Optional<Approvals.Kind> next =
        approvals.of(operation.id()).stream()
            .filter(approval -> approval.state() == Approvals.State.PENDING)
            .map(Approval::kind)
            .findFirst();
    return next.map(kind ->
            switch (kind) {
              case TYPED_NAME -> typedName(operation, by, name);
              case SECOND_PERSON -> secondPerson(operation, by, why);
              case CONFIRM -> confirm(operation, by);
            })
        .orElseGet(() -> new Result.Refused(tooLate(reread(operation))));
  }

  /// Takes a no. Whoever may ask for it or approve it may stop it.
  public Result deny(Operation operation, Person by, Optional<String> why) {
    Rights.Target target = target(operation.plan());
    boolean may =
        by.equals(operation.requestedBy())
            || rights.mayAsk(by, operation.plan().risk(), target)
            || rights.mayApprove(by, operation.plan().risk(), target);
    if (!may) {
      return new Result.Refused(
          "You may neither ask for this nor approve it, so you cannot deny it either.");
    }
    return decided(
        operation, by, "approval.deny", approvals.deny(operation.id(), by, why, clock.instant()));
  }

  /// Ends what nobody answered in time.
  ///
  /// @return the operations that expired
  public List<Operation> expire() {
    return approvals.expire(clock.instant()).stream()
        .flatMap(id -> journal.operation(id).stream())
        .peek(op ->
            audit.append(AuditLog.Note.of("pvebot", "approval.expire", op.id()), clock.instant()))
        .toList();
  }

  private Result typedName(Operation operation, Person by, Optional<String> name) {
    String wanted = operation.plan().confirmName().orElseThrow();
    if (!by.equals(operation.requestedBy())) {
      return new Result.Refused(
          "%s asked for it and has to type the name first.".formatted(operation.requestedBy()));
    }
    if (name.isEmpty()) {
      return new Result.Refused(
          "This cannot be undone, so the name has to be typed: `approve %d %s`. Nothing was done."
              .formatted(operation.id(), wanted));
    }
    if (name.get().strip().equals(wanted)) {
      return decided(
          operation,
          by,
          "approval.name",
          approvals.give(
              operation.id(), Approvals.Kind.TYPED_NAME, by, Optional.empty(), clock.instant()));
    }
    return decided(
        operation, by, "approval.miss", approvals.miss(operation.id(), by, clock.instant()));
  }

  private Result secondPerson(Operation operation, Person by, Optional<String> why) {
    Plan plan = operation.plan();
    if (by.equals(operation.requestedBy())) {
      return new Result.Refused("You asked for it, so someone else must approve.");
    }
    if (!rights.mayApprove(by, plan.risk(), target(plan))) {
      List<String> roles = rights.approvingRoles(plan.risk(), target(plan));
      return new Result.Refused(
          "You may not approve this. %s"
              .formatted(
                  roles.isEmpty()
                      ? "No role in pvebot.yaml may."
                      : "Somebody with the role %s may.".formatted(String.join(" or ", roles))));
    }
    return decided(
        operation,
        by,
        "approval.give",
        approvals.give(operation.id(), Approvals.Kind.SECOND_PERSON, by, why, clock.instant()));
  }

  private Result confirm(Operation operation, Person by) {
    Plan plan = operation.plan();
    if (!rights.mayAsk(by, plan.risk(), target(plan))) {
      return new Result.Refused(
          "You may not ask for %s work here, so you cannot confirm it either."
              .formatted(plan.risk().word()));
    }
    return decided(
        operation,
        by,
        "approval.confirm",
        approvals.give(
            operation.id(), Approvals.Kind.CONFIRM, by, Optional.empty(), clock.instant()));
  }

  private Result decided(Operation operation, Person by, String act, Approvals.Decision decision) {
    return switch (decision) {
      case Approvals.Decision.Counted(Approval approval, boolean complete) -> {
        AuditLog.Note note =
            AuditLog.Note.of(by.id(), act, operation.id())
                .with("digest", operation.plan().digest());
        audit.append(
            approval.why().map(why -> note.with("why", why)).orElse(note), clock.instant());
        yield counted(reread(operation), complete);
      }
      case Approvals.Decision.Missed(Approval approval) -> {
        audit.append(AuditLog.Note.of(by.id(), act, operation.id()), clock.instant());
        int left = approval.triesLeft();
        yield new Result.Refused(
            "That is not `%s`. Nothing was done; %s left."
                .formatted(
                    operation.plan().confirmName().orElse("the name"),
                    left == 1 ? "one try" : left + " tries"));
      }
      case Approvals.Decision.TooLate _ -> new Result.Refused(tooLate(reread(operation)));
      case Approvals.Decision.Expired _ -> new Result.Refused(tooLate(reread(operation)));
      case Approvals.Decision.NotAsked _ ->
          new Result.Refused("Operation %d asks for no such thing.".formatted(operation.id()));
    };
  }

  private Result counted(Operation now, boolean complete) {
    if (!complete) {
      return new Result.StillOpen(now, consent(now).orElseThrow());
    }
    if (now.state() == OperationState.DENIED) {
      return new Result.Denied(now, now.stateReason().orElse("denied"));
    }
    due.accept(now.id());
    return new Result.Released(now);
  }

  /// Who decided before, and when.
  private String tooLate(Operation operation) {
    String decided =
        approvals.of(operation.id()).stream()
            .filter(approval -> approval.by().isPresent())
            .map(approval ->
                "%s by %s"
                    .formatted(
                        approval.state() == Approvals.State.DENIED ? "denied" : "approved",
                        approval.by().orElseThrow()))
            .distinct()
            .collect(Collectors.joining(", "));
    return "Operation %d is %s%s; your word changes nothing any more."
        .formatted(
            operation.id(),
            operation.state().words(),
            decided.isEmpty() ? "" : " (" + decided + ")");
  }

  private Operation reread(Operation operation) {
    return journal.operation(operation.id()).orElseThrow();
  }

  private static Set<Approvals.Kind> kinds(Gate gate) {
    return switch (gate) {
      case NONE -> Set.of();
      case CONFIRM -> EnumSet.of(Approvals.Kind.CONFIRM);
      case APPROVAL -> EnumSet.of(Approvals.Kind.SECOND_PERSON);
      case TYPED_NAME -> EnumSet.of(Approvals.Kind.TYPED_NAME);
      case TYPED_NAME_AND_APPROVAL ->
          EnumSet.of(Approvals.Kind.TYPED_NAME, Approvals.Kind.SECOND_PERSON);
    };
  }

  private static int targets(Plan plan) {
    return (int)
        plan.effects().stream()
            .filter(effect -> effect.kind() != Effect.Kind.KEEP)
            .map(Effect::subject)
            .map(subject ->
                switch (subject) {
                  case Effect.Subject.Guest guest -> "vm/" + guest.vmid();
                  case Effect.Subject.Node node -> "node/" + node.name();
                  case Effect.Subject.Storage storage -> "storage/" + storage.name();
                  case Effect.Subject.Cluster cluster -> "cluster/" + cluster.name();
                  case Effect.Subject.Elsewhere elsewhere -> elsewhere.what();
                })
            .distinct()
            .count();
  }
}
