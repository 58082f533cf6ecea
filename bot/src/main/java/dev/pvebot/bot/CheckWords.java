package dev.pvebot.bot;

import dev.pvebot.commands.chat.Card;
import dev.pvebot.integrations.pve.check.ApiReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The findings of a check in words, each with its mending.
final class CheckWords {
  /// A clock this far off makes task times and certificates lie.
  private static final Duration TOLERATED_SKEW = Duration.ofSeconds(5);

  private CheckWords() {}

  static String of(ApiReport.Access access) {
    return switch (access) {
      case ApiReport.Access.Good good ->
          "ok, Proxmox VE "
              + good.version()
              + good.ahead()
                  .filter(ahead -> ahead.abs().compareTo(TOLERATED_SKEW) > 0)
                  .map(
                      ahead -> "; its clock is %d s off: mend its NTP".formatted(ahead.toSeconds()))
                  .orElse("");
      case ApiReport.Access.Bad bad -> joined(bad.what(), bad.why(), bad.now());
      case ApiReport.Access.Mistrusted mistrusted ->
          joined(
              mistrusted.what(),
              mistrusted
                  .presented()
                  .map(c ->
                      "it shows %s of %s, valid until %s"
                          .formatted(c.sha256(), c.subject(), c.validUntil())),
              Optional.of(mistrusted.now()));
    };
  }

  static List<Card.Field> token(ApiReport.Token token) {
    List<Card.Field> fields = new ArrayList<>();
    fields.add(
        new Card.Field(
            "Token",
            token.missing().isEmpty()
                ? token.id() + " has every right that the actions need"
                : token.id() + " lacks rights"));
    for (ApiReport.Missing missing : token.missing()) {
      fields.add(
          new Card.Field(
              "Missing",
              "%s on %s, needed by %s"
                  .formatted(
                      missing.privilege().name(),
                      missing.privilege().path(),
                      String.join(", ", missing.actions()))));
    }
    for (ApiReport.Missing partial : token.partial()) {
      fields.add(
          new Card.Field(
              "Partial",
              "%s only somewhere: the rest is invisible".formatted(partial.privilege().name())));
    }
    if (!token.dangerous().isEmpty()) {
      fields.add(
          new Card.Field(
              "Too much",
              String.join(", ", token.dangerous())
                  + ": no action needs it; take it from the role"));
    }
    if (!token.seesEveryGuest()) {
      fields.add(
          new Card.Field(
              "View",
              "VM.Audit on /vms is missing: an absent VMID may still exist, so nothing is created"
                  + " or removed"));
    }
    return fields;
  }

  private static String joined(String what, Optional<String> why, Optional<String> now) {
    return what + why.map(text -> "; " + text).orElse("") + now.map(text -> ". " + text).orElse("");
  }
}
