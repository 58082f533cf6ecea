package dev.pvebot.bot;

import dev.pvebot.bot.doctor.Diagnosis;
import dev.pvebot.bot.doctor.PveExamination;
import dev.pvebot.commands.chat.Card;
import java.util.function.Supplier;

/// The card of `api.check`: what `pvebot check` says of Proxmox VE, asked from a chat.
final class SiteCheck implements Supplier<Card> {
  private final PveExamination examination;

  SiteCheck(PveExamination examination) {
    this.examination = examination;
  }

  @Override
  public Card get() {
    try {
      return new Diagnosis(examination.examine()).card();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return Card.of("failure", Card.Tone.BAD, "The check was interrupted", "");
    }
  }
}
