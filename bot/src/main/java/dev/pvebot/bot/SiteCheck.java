package dev.pvebot.bot;

import dev.pvebot.commands.chat.Card;
import dev.pvebot.integrations.pve.check.ApiReport;
import dev.pvebot.runbooks.action.ActionFailure;
import dev.pvebot.runbooks.action.Actions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// The card of `api.check`.
final class SiteCheck implements Supplier<Card> {
  private final Systems systems;
  private final Actions actions;

  SiteCheck(Systems systems, Actions actions) {
    this.systems = systems;
    this.actions = actions;
  }

  @Override
  public Card get() {
    try {
      return card(systems.pve().check(actions).run());
    } catch (ActionFailure failure) {
      return Card.of("failure", Card.Tone.BAD, failure.what(), failure.now().orElse(""));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return Card.of("failure", Card.Tone.BAD, "The check was interrupted", "");
    }
  }

  private static Card card(ApiReport report) {
    List<Card.Field> fields = new ArrayList<>();
    report
        .nodes()
        .forEach(
            node -> fields.add(new Card.Field(node.name().value(), CheckWords.of(node.access()))));
    report
        .quorate()
        .ifPresent(quorate ->
            fields.add(new Card.Field("Quorum", quorate ? "yes" : "NO: changes will fail")));
    report.token().ifPresent(token -> CheckWords.token(token).forEach(fields::add));
    return new Card(
        report.isGood() ? "answer" : "failure",
        report.isGood() ? Card.Tone.GOOD : Card.Tone.BAD,
        report.isGood()
            ? "The API answers and the token may do its work"
            : "Something is wrong with the API or its token",
        List.of(new Card.Fields(fields)),
        List.of(),
        Map.of("good", report.isGood()));
  }
}
