package dev.pvebot.bot.progress;

import dev.pvebot.bot.figures.Figures;
import dev.pvebot.bot.gate.Gate;
import dev.pvebot.bot.gate.GateDesk.Consent;
import dev.pvebot.bot.people.Zones;
import dev.pvebot.commands.Risk;
import dev.pvebot.commands.chat.Button;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.commands.chat.Person;
import dev.pvebot.runbooks.operation.Event;
import dev.pvebot.runbooks.operation.Operation;
import dev.pvebot.runbooks.operation.OperationState;
import dev.pvebot.runbooks.operation.StepRecord;
import dev.pvebot.runbooks.operation.StepState;
import dev.pvebot.runbooks.plan.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Makes the cards of an operation from its journal rows; the same rows give the same card, so that
/// a restarted bot shows what a living one would.
public final class OperationCards {
  private final Zones zones;
  private final FailureCards failures;

  public OperationCards(Zones zones, FailureCards failures) {
    this.zones = zones;
    this.failures = failures;
  }

  /// The plan, with the buttons that its gate asks for.
  public Card plan(Operation operation, Optional<Consent> consent) {
    return plan(operation, consent, List.of());
  }

  /// The same, with something to read before it.
  public Card plan(Operation operation, Optional<Consent> consent, List<Card.Block> first) {
    Plan plan = operation.plan();
    boolean open = operation.state() == OperationState.AWAITING_APPROVAL && consent.isPresent();
    List<Card.Block> body = new ArrayList<>(first);
    body.addAll(PlanLines.body(plan));
    List<Button> buttons = new ArrayList<>();
    if (open) {
      Consent asked = consent.get();
      asked
          .glass()
          .ifPresent(glass ->
              body.add(
                  new Card.Text(
                      "Breaks the glass: %s. It passes %s; everyone is told."
                          .formatted(glass.reason(), glass.passes()))));
      body.add(new Card.Text(needs(operation, asked)));
      body.add(
          new Card.Text(
              "expires %s, digest %s"
                  .formatted(
                      zones.time(asked.expires(), operation.requestedBy()), plan.shortDigest())));
      buttons.add(consentButton(operation, asked));
      buttons.add(Button.plain("Steps", "steps " + operation.id()));
      buttons.add(
          asked.gate().asksAnother()
              ? new Button(
                  "Deny",
                  "deny " + operation.id(),
                  Button.Style.PLAIN,
                  Optional.of("Why not? (optional)"))
              : Button.plain("Cancel", "cancel " + operation.id()));
    } else {
      operation.stateReason().ifPresent(reason -> body.add(new Card.Text(reason)));
    }
    return new Card(
        "plan",
        plan.risk() == Risk.DESTRUCTIVE ? Card.Tone.WARNING : Card.Tone.NEUTRAL,
        "Plan %d · %s".formatted(operation.id(), PlanLines.title(plan)),
        body,
        buttons,
        facts(operation));
  }

  /// A plan that is only shown: it has no number and no buttons.
  public Card preview(Plan plan, Gate gate) {
    List<Card.Block> body = PlanLines.body(plan);
    body.add(new Card.Text("Nothing was changed. Digest %s.".formatted(plan.shortDigest())));
    Map<String, Object> facts = new LinkedHashMap<>(planFacts(plan));
    facts.put("gate", word(gate));
    return new Card(
        "plan", Card.Tone.NEUTRAL, "Plan · " + PlanLines.title(plan), body, List.of(), facts);
  }

  /// The head of the operation's thread.
  ///
  /// @param steps journal rows by step key
  public Card head(Operation operation, Map<String, StepRecord> steps, Instant now) {
    Plan plan = operation.plan();
    List<Card.Block> body = new ArrayList<>();
    body.add(new Card.Steps(StepLines.of(plan, steps, operation, now)));
    operation.stateReason().ifPresent(reason -> body.add(new Card.Text(reason)));
    List<Button> buttons = new ArrayList<>();
    long id = operation.id();
    boolean asking = steps.values().stream().anyMatch(step -> step.state() == StepState.ASKING);
    switch (operation.state()) {
      case RUNNING -> {
        buttons.add(Button.plain("Pause after this step", "pause " + id));
        buttons.add(Button.plain("Cancel", "cancel " + id));
      }
      case QUEUED -> buttons.add(Button.plain("Cancel", "cancel " + id));
      case PAUSED -> {
        if (asking) {
          buttons.add(Button.primary("Retry", "retry " + id));
          buttons.add(Button.plain("Skip this step", "skip " + id));
        } else {
          buttons.add(Button.primary("Resume", "resume " + id));
        }
        buttons.add(Button.plain("Cancel", "cancel " + id));
      }
      case FAILED -> buttons.addAll(failures.buttons(operation));
      case SUCCEEDED, SUCCEEDED_WITH_WARNINGS ->
          plan.cluster()
              .ifPresent(cluster -> buttons.add(Button.plain("Status", "status " + cluster)));
      case PLANNED, AWAITING_APPROVAL, CANCELLED, DENIED, EXPIRED, STALE -> {
        // nothing to press
      }
    }
    Map<String, Object> facts = facts(operation);
    facts.put(
        "steps",
        StepLines.inOrder(plan.steps())
            .map(step -> StepLines.facts(step, Optional.ofNullable(steps.get(step.key()))))
            .toList());
    return new Card(
        kind(operation.state()),
        tone(operation.state()),
        headTitle(operation, now),
        body,
        buttons,
        facts);
  }

  /// What, why, how the targets stand now, and the ways on.
  ///
  /// @param events what happened, oldest first
  Card failure(
      Operation operation, Map<String, StepRecord> steps, List<Event> events, Instant now) {
    return failures.of(operation, steps, events, now);
  }

  /// The facts of an operation for `--json`.
  public static Map<String, Object> facts(Operation operation) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("operation", operation.id());
    facts.put("state", operation.state().words());
    facts.put("requested_by", operation.requestedBy().id());
    operation.stateReason().ifPresent(reason -> facts.put("reason", reason));
    facts.putAll(planFacts(operation.plan()));
    return facts;
  }

  private static Map<String, Object> planFacts(Plan plan) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("intent", plan.intent());
    facts.put("runbook", plan.runbook());
    facts.put("title", plan.title());
    facts.put("risk", plan.risk().word());
    facts.put("environment", plan.environment().name().toLowerCase(java.util.Locale.ROOT));
    facts.put("digest", plan.digest());
    facts.put("estimate_seconds", plan.estimate().toSeconds());
    facts.put(
        "effects",
        plan.effects().stream()
            .map(effect ->
                Map.of("sign", String.valueOf(effect.kind().sign()), "text", effect.text()))
            .toList());
    facts.put("locks", plan.locks().stream().map(Plan.LockKey::name).toList());
    facts.put("notes", plan.notes());
    return facts;
  }

  /// Every effect of an operation's plan, in order.
  public Card effects(Operation operation) {
    return new Card(
        "answer",
        Card.Tone.NEUTRAL,
        "Every effect of plan %d · %s".formatted(operation.id(), operation.plan().title()),
        PlanLines.every(operation.plan()),
        List.of(),
        facts(operation));
  }

  /// What is missing, and from whom.
  public static String needs(Operation operation, Consent consent) {
    String asker = operation.requestedBy().id();
    String others =
        consent.approvers().isEmpty()
            ? "somebody else who may approve it (nobody in pvebot.yaml may)"
            : consent.approvers().size() == 1
                ? consent.approvers().getFirst().id()
                : "one of "
                    + consent.approvers().stream()
                        .map(Person::id)
                        .collect(Collectors.joining(", "));
    String name = operation.plan().confirmName().map(n -> "`" + n + "`").orElse("the name");
    return switch (consent.gate()) {
      case NONE -> "Needs nothing.";
      case CONFIRM -> "Asked by %s. Needs: a Confirm.".formatted(asker);
      case APPROVAL -> "Asked by %s. Needs: the approval of %s.".formatted(asker, others);
      case TYPED_NAME -> "Needs: %s typed by %s.".formatted(name, asker);
      case TYPED_NAME_AND_APPROVAL ->
          consent.nameTyped()
              ? "Waiting for %s.".formatted(others)
              : "Needs: %s typed by %s, then %s.".formatted(name, asker, others);
    };
  }

  private static Button consentButton(Operation operation, Consent consent) {
    String command = "approve %d %s".formatted(operation.id(), operation.plan().shortDigest());
    boolean askName = consent.gate().asksName() && !consent.nameTyped();
    if (askName) {
      return new Button(
          "Type the name…",
          command,
          Button.Style.DANGER,
          Optional.of("Type " + operation.plan().confirmName().orElse("the name") + " to go on"));
    }
    return consent.gate().asksAnother()
        ? new Button("Approve", command, Button.Style.DANGER, Optional.empty())
        : Button.primary("Confirm", command);
  }

  private String headTitle(Operation operation, Instant now) {
    Plan plan = operation.plan();
    String head = "Operation %d · %s · ".formatted(operation.id(), plan.title());
    Duration ran =
        operation
            .startedAt()
            .map(start -> Duration.between(start, operation.endedAt().orElse(now)))
            .orElse(Duration.ZERO);
    return head
        + switch (operation.state()) {
          case RUNNING ->
              "running %s of %s".formatted(Figures.clock(ran), Figures.about(plan.estimate()));
          case PAUSED -> "PAUSED after " + Figures.clock(ran);
          case SUCCEEDED -> "done in " + Figures.clock(ran);
          case SUCCEEDED_WITH_WARNINGS -> "done with warnings in " + Figures.clock(ran);
          case FAILED -> "FAILED after " + Figures.clock(ran);
          case CANCELLED -> "cancelled after " + Figures.clock(ran);
          case PLANNED, AWAITING_APPROVAL, QUEUED, DENIED, EXPIRED, STALE ->
              operation.state().words();
        }
        + " · by "
        + operation.requestedBy();
  }

  private static String kind(OperationState state) {
    return switch (state) {
      case SUCCEEDED, SUCCEEDED_WITH_WARNINGS, CANCELLED, DENIED, EXPIRED, STALE -> "result";
      case FAILED -> "failure";
      case PLANNED, AWAITING_APPROVAL, QUEUED, RUNNING, PAUSED -> "progress";
    };
  }

  private static Card.Tone tone(OperationState state) {
    return switch (state) {
      case SUCCEEDED -> Card.Tone.GOOD;
      case SUCCEEDED_WITH_WARNINGS, PAUSED, CANCELLED, DENIED, EXPIRED, STALE -> Card.Tone.WARNING;
      case FAILED -> Card.Tone.BAD;
      case PLANNED, AWAITING_APPROVAL, QUEUED, RUNNING -> Card.Tone.NEUTRAL;
    };
  }

  private static String word(Gate gate) {
    return gate.name().toLowerCase(java.util.Locale.ROOT);
  }
}
