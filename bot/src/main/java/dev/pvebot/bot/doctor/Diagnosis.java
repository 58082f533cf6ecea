package dev.pvebot.bot.doctor;

import dev.pvebot.commands.chat.Card;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// All findings of one examination.
public record Diagnosis(List<Finding> findings) {
  public Diagnosis {
    findings = List.copyOf(findings);
  }

  /// Whether nothing is wrong; notes do not count.
  public boolean isGood() {
    return count(Finding.Level.WRONG) == 0;
  }

  private long count(Finding.Level level) {
    return findings.stream().filter(finding -> finding.level() == level).count();
  }

  /// What is wrong comes first, each with its mending; then what is worth knowing; then the rest.
  public Card card() {
    List<Card.Block> body = new ArrayList<>();
    List<String> lastMending = List.of();
    List<Finding> wrong = of(Finding.Level.WRONG);
    for (int i = 0; i < wrong.size(); i++) {
      Finding finding = wrong.get(i);
      body.add(new Card.Text("x  %s: %s".formatted(finding.subject(), finding.what())));
      lastMending = finding.mending();
      boolean sameFollows = i + 1 < wrong.size() && wrong.get(i + 1).mending().equals(lastMending);
      if (!lastMending.isEmpty() && !sameFollows) {
        body.add(new Card.Literal(String.join("\n", lastMending)));
      }
    }
    for (Finding finding : of(Finding.Level.NOTE)) {
      body.add(new Card.Text("!  %s: %s".formatted(finding.subject(), finding.what())));
      if (!finding.mending().isEmpty()) {
        body.add(new Card.Literal(String.join("\n", finding.mending())));
      }
    }
    List<Finding> good = of(Finding.Level.GOOD);
    if (!good.isEmpty()) {
      body.add(
          new Card.Fields(
              good.stream()
                  .map(finding -> new Card.Field(finding.subject(), finding.what()))
                  .toList()));
    }
    return new Card(
        isGood() ? "answer" : "failure",
        isGood() ? Card.Tone.GOOD : Card.Tone.BAD,
        title(),
        body,
        List.of(),
        facts());
  }

  private String title() {
    long wrong = count(Finding.Level.WRONG);
    if (wrong > 0) {
      return wrong == 1 ? "1 thing is wrong" : wrong + " things are wrong";
    }
    long notes = count(Finding.Level.NOTE);
    return notes == 0 ? "Nothing is wrong" : "Nothing is wrong; %d worth knowing".formatted(notes);
  }

  private List<Finding> of(Finding.Level level) {
    return findings.stream().filter(finding -> finding.level() == level).toList();
  }

  private Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("good", isGood());
    facts.put("findings", findings.stream().map(Diagnosis::facts).toList());
    return facts;
  }

  private static Map<String, Object> facts(Finding finding) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("subject", finding.subject());
    facts.put("level", finding.level().name().toLowerCase(Locale.ROOT));
    facts.put("what", finding.what());
    facts.put("mending", finding.mending());
    return facts;
  }
}
