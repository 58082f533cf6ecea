package dev.pvebot.bot.gate;

import dev.pvebot.bot.people.Zones;
import dev.pvebot.commands.chat.Person;
import dev.pvebot.runbooks.engine.journal.Approvals;
import dev.pvebot.runbooks.engine.journal.Approvals.Approval;
import dev.pvebot.runbooks.operation.Operation;
import java.util.stream.Collectors;

/// Says who decided about an operation, and when.
final class Decided {
  private final Approvals approvals;
  private final Zones zones;

  Decided(Approvals approvals, Zones zones) {
    this.approvals = approvals;
    this.zones = zones;
  }

  /// Who decided before, and when.
  String tooLate(Operation operation, Person reader) {
    String decided =
        approvals.of(operation.id()).stream()
            .filter(approval -> approval.by().isPresent() && approval.decidedAt().isPresent())
            .map(approval ->
                "%s by %s at %s"
                    .formatted(
                        verb(approval),
                        approval.by().orElseThrow(),
                        zones.time(approval.decidedAt().orElseThrow(), reader)))
            .collect(Collectors.joining(", "));
    return "Operation %d is %s%s; your word changes nothing any more."
        .formatted(
            operation.id(),
            operation.state().words(),
            decided.isEmpty() ? "" : " (" + decided + ")");
  }

  /// Whose consent an operation has, `name typed by bob, approved by carol`; empty when it needed
  /// none.
  String given(Operation operation) {
    return approvals.of(operation.id()).stream()
        .filter(approval -> approval.state() == Approvals.State.GIVEN)
        .flatMap(approval -> approval.by().map(by -> verb(approval) + " by " + by).stream())
        .collect(Collectors.joining(", "));
  }

  private static String verb(Approval approval) {
    if (approval.state() == Approvals.State.DENIED) {
      return "denied";
    }
    return switch (approval.kind()) {
      case CONFIRM -> "confirmed";
      case TYPED_NAME -> "name typed";
      case SECOND_PERSON -> "approved";
    };
  }
}
