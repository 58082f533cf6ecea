package dev.pvebot.bot.gate;

import dev.pvebot.clusters.Environment;
import dev.pvebot.commands.Risk;
import dev.pvebot.runbooks.action.Effect;
import dev.pvebot.runbooks.engine.journal.Approvals;
import dev.pvebot.runbooks.plan.Plan;
import java.util.EnumSet;
import java.util.Set;

/// The consent that a plan needs before it may run.
///
/// The table (risk by environment) is the one in the README; [#required] is its only form in code.
public enum Gate {
  /// Runs at once.
  NONE,
  /// The person who asked presses Confirm.
  CONFIRM,
  /// Somebody else with the right approves.
  APPROVAL,
  /// The person who asked types the target's name.
  TYPED_NAME,
  /// The person who asked types the target's name, then somebody else approves.
  TYPED_NAME_AND_APPROVAL;

  /// More targets than this ask for a confirmation even where a routine command would just run.
  static final int MANY_TARGETS = 5;

  /// What a plan needs.
  public static Gate of(Plan plan) {
    return required(plan.risk(), plan.environment(), targets(plan));
  }

  /// @param targets how many guests, nodes or clusters the plan touches
  public static Gate required(Risk risk, Environment environment, int targets) {
    boolean production = environment == Environment.PRODUCTION;
    return switch (risk) {
      case READ -> NONE;
      case ROUTINE -> production || targets > MANY_TARGETS ? CONFIRM : NONE;
      case CHANGE -> CONFIRM;
      case DISRUPTIVE -> production ? APPROVAL : CONFIRM;
      case DESTRUCTIVE -> production ? TYPED_NAME_AND_APPROVAL : TYPED_NAME;
    };
  }

  /// The same without the second person. Whoever breaks the glass still says yes, and still types
  /// the name.
  Gate alone() {
    return switch (this) {
      case NONE, CONFIRM, TYPED_NAME -> this;
      case APPROVAL -> CONFIRM;
      case TYPED_NAME_AND_APPROVAL -> TYPED_NAME;
    };
  }

  public boolean asksName() {
    return this == TYPED_NAME || this == TYPED_NAME_AND_APPROVAL;
  }

  public boolean asksAnother() {
    return this == APPROVAL || this == TYPED_NAME_AND_APPROVAL;
  }

  /// Whose words it takes.
  Set<Approvals.Kind> kinds() {
    return switch (this) {
      case NONE -> Set.of();
      case CONFIRM -> EnumSet.of(Approvals.Kind.CONFIRM);
      case APPROVAL -> EnumSet.of(Approvals.Kind.SECOND_PERSON);
      case TYPED_NAME -> EnumSet.of(Approvals.Kind.TYPED_NAME);
      case TYPED_NAME_AND_APPROVAL ->
          EnumSet.of(Approvals.Kind.TYPED_NAME, Approvals.Kind.SECOND_PERSON);
    };
  }

  /// The gate that was asked for: the table may have changed since.
  static Gate asking(Set<Approvals.Kind> kinds) {
    for (Gate gate : Gate.values()) {
      if (gate.kinds().equals(kinds)) {
        return gate;
      }
    }
    throw new IllegalStateException("no gate asks for " + kinds);
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
