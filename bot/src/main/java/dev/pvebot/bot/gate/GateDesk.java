package dev.pvebot.bot.gate;

import dev.pvebot.bot.people.Rights;
import dev.pvebot.bot.people.Zones;
import dev.pvebot.commands.BreakGlass;
import dev.pvebot.commands.chat.Person;
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
  private final Rules rules;
  private final Zones zones;
  private final InstantSource clock;
  private final LongConsumer due;
  private final Decided words;

  /// What the site says about consent.
  ///
  /// @param lifetime from the plan's card to the automatic no
  public record Rules(Rights rights, Freezes freezes, Duration lifetime) {}

  /// @param due told the id of an operation that may begin
  public GateDesk(
      Journal journal,
      Approvals approvals,
      AuditLog audit,
      Rules rules,
      Zones zones,
      InstantSource clock,
      LongConsumer due) {
    this.journal = journal;
    this.approvals = approvals;
    this.audit = audit;
    this.rules = rules;
    this.zones = zones;
    this.clock = clock;
    this.due = due;
    this.words = new Decided(approvals, zones);
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
  /// @param asked since when
  /// @param expires when it becomes a no
  /// @param glass what is passed because somebody breaks the glass
  public record Consent(
      Gate gate,
      boolean nameTyped,
      List<Person> approvers,
      Instant asked,
      Instant expires,
      Optional<Glass> glass) {
    public Consent {
      approvers = List.copyOf(approvers);
    }

    /// Half of the time is over.
    Instant half() {
      return asked.plus(Duration.between(asked, expires).dividedBy(2));
    }
  }

  /// A broken glass.
  ///
  /// @param reason what was said for it
  /// @param person whether the second person is passed
  /// @param freeze the freeze that is passed
  public record Glass(String reason, boolean person, Optional<Freezes.Frozen> freeze) {
    /// What it passes, for people.
    public String passes() {
      String frozen = freeze.map(f -> "the freeze (" + f.freeze().reason() + ")").orElse("");
      String second = person ? "the second person" : "";
      return frozen.isEmpty() || second.isEmpty() ? frozen + second : frozen + " and " + second;
    }
  }

  public static Rights.Target target(Plan plan) {
    return new Rights.Target(plan.cluster(), plan.environment());
  }

  /// Whether somebody may stop an operation or decide about it: who asked for it, might have, or
  /// might approve it.
  public static boolean mayTouch(Rights rights, Operation operation, Person by) {
    Plan plan = operation.plan();
    return by.equals(operation.requestedBy())
        || rights.mayAsk(by, plan.risk(), target(plan))
        || rights.mayApprove(by, plan.risk(), target(plan));
  }

  /// The freeze that forbids a plan, unless the glass is broken for it.
  ///
  /// @param said the text that asked for it
  public Optional<Freezes.Frozen> frozen(Plan plan, String said) {
    return reason(said).isPresent() ? Optional.empty() : rules.freezes().forbids(plan);
  }

  /// What an operation passes because whoever asked for it broke the glass; empty when nobody did,
  /// or when there was nothing to pass.
  public Optional<Glass> glass(Operation operation) {
    Plan plan = operation.plan();
    boolean person = Gate.of(plan).asksAnother();
    Optional<Freezes.Frozen> freeze = rules.freezes().forbids(plan);
    return reason(operation.said())
        .filter(_ -> person || freeze.isPresent())
        .map(why -> new Glass(why, person, freeze));
  }

  /// Why the glass was broken, in the text that asked for an operation.
  static Optional<String> reason(String said) {
    return BreakGlass.in(said).flatMap(BreakGlass::reason);
  }

  /// Puts a planned operation before its gate; one that needs no consent is queued at once.
  public Result open(Operation operation) {
    Optional<Glass> glass = glass(operation);
    Gate gate = Gate.of(operation.plan());
    Instant now = clock.instant();
    glass.ifPresent(broken ->
        audit.append(
            AuditLog.Note.of(operation.requestedBy().id(), "break_glass", operation.id())
                .with("reason", broken.reason())
                .with("passes", broken.passes()),
            now));
    Set<Approvals.Kind> kinds = (glass.isPresent() ? gate.alone() : gate).kinds();
    if (kinds.isEmpty()) {
      Journal.Move move =
          journal.move(
              operation.id(),
              EnumSet.of(OperationState.PLANNED),
              Journal.Transition.to(OperationState.QUEUED, now).by(operation.requestedBy()));
      due.accept(operation.id());
      return new Result.Released(move.now());
    }
    approvals.ask(operation.id(), kinds, TRIES, now.plus(rules.lifetime()), now);
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
        rules.rights().approvers(operation.plan().risk(), target(operation.plan())).stream()
            .filter(person -> !person.equals(operation.requestedBy()))
            .toList();
    Set<Approvals.Kind> kinds =
        asked.stream().map(Approval::kind).collect(Collectors.toUnmodifiableSet());
    return asked.stream()
        .min(java.util.Comparator.comparing(Approval::expiresAt))
        .map(first ->
            new Consent(
                Gate.asking(kinds),
                typed,
                others,
                first.askedAt(),
                first.expiresAt(),
                glass(operation)));
  }

  /// Whose consent an operation has, `name typed by bob, approved by carol`; empty when it needed
  /// none.
  public String given(Operation operation) {
    return words.given(operation);
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
      return new Result.Refused(words.tooLate(operation, by));
    }
    if (digest.filter(d -> !plan.digest().startsWith(d)).isPresent()) {
      return new Result.Refused(
          "That was for another plan (digest %s); operation %d now has %s. Nothing was done."
              .formatted(digest.get(), operation.id(), plan.shortDigest()));
    }
    Optional<Freezes.Frozen> frozen = frozen(plan, operation.said());
    if (frozen.isPresent()) {
      return new Result.Refused(
          "There is a freeze until %s: %s. Nothing was done; ask again afterwards."
              .formatted(zones.time(frozen.get().until(), by), frozen.get().freeze().reason()));
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
        .orElseGet(() -> new Result.Refused(words.tooLate(reread(operation), by)));
  }

  /// Takes a no. Whoever may ask for it or approve it may stop it.
  public Result deny(Operation operation, Person by, Optional<String> why) {
    if (!mayTouch(rules.rights(), operation, by)) {
      return new Result.Refused(
          "You may neither ask for this nor approve it, so you cannot deny it either.");
    }
    return decided(operation, by, approvals.deny(operation.id(), by, why, clock.instant()));
  }

  /// Ends what nobody answered in time.
  ///
  /// @return the operations that expired
  public List<Operation> expire() {
    return approvals.expire(clock.instant()).stream()
        .flatMap(id -> journal.operation(id).stream())
        .toList();
  }

  /// Operations that have waited for half of their time.
  public List<Operation> halfOver() {
    Instant now = clock.instant();
    return approvals.pending().stream()
        .map(Approval::operation)
        .distinct()
        .flatMap(id -> journal.operation(id).stream())
        .filter(operation ->
            consent(operation).filter(asked -> !now.isBefore(asked.half())).isPresent())
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
    return decided(
        operation,
        by,
        name.get().strip().equals(wanted)
            ? approvals.give(
                operation.id(), Approvals.Kind.TYPED_NAME, by, Optional.empty(), clock.instant())
            : approvals.miss(operation.id(), by, clock.instant()));
  }

  private Result secondPerson(Operation operation, Person by, Optional<String> why) {
    Plan plan = operation.plan();
    if (by.equals(operation.requestedBy())) {
      return new Result.Refused("You asked for it, so someone else must approve.");
    }
    if (!rules.rights().mayApprove(by, plan.risk(), target(plan))) {
      List<String> roles = rules.rights().approvingRoles(plan.risk(), target(plan));
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
        approvals.give(operation.id(), Approvals.Kind.SECOND_PERSON, by, why, clock.instant()));
  }

  private Result confirm(Operation operation, Person by) {
    Plan plan = operation.plan();
    if (!rules.rights().mayAsk(by, plan.risk(), target(plan))) {
      return new Result.Refused(
          "You may not ask for %s work here, so you cannot confirm it either."
              .formatted(plan.risk().word()));
    }
    return decided(
        operation,
        by,
        approvals.give(
            operation.id(), Approvals.Kind.CONFIRM, by, Optional.empty(), clock.instant()));
  }

  /// What counts is in the audit already, written together with the decision; a miss is not.
  private Result decided(Operation operation, Person by, Approvals.Decision decision) {
    return switch (decision) {
      case Approvals.Decision.Counted(Approval _, boolean complete) ->
          counted(reread(operation), complete);
      case Approvals.Decision.Missed(Approval approval) -> {
        audit.append(AuditLog.Note.of(by.id(), "approval.miss", operation.id()), clock.instant());
        int left = approval.triesLeft();
        yield new Result.Refused(
            "That is not `%s`. Nothing was done; %s left."
                .formatted(
                    operation.plan().confirmName().orElse("the name"),
                    left == 1 ? "one try" : left + " tries"));
      }
      case Approvals.Decision.TooLate _, Approvals.Decision.Expired _ ->
          new Result.Refused(words.tooLate(reread(operation), by));
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

  private Operation reread(Operation operation) {
    return journal.operation(operation.id()).orElseThrow();
  }
}
