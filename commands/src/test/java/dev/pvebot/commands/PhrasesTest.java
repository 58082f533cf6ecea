package dev.pvebot.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The share of phrases understood: on lists that were tuned on, and on lists that were written
/// first and not tuned on.
class PhrasesTest {
  private record Score(
      int right,
      int total,
      int commands,
      int dangerous,
      int quiet,
      List<String> wrong,
      List<String> risky) {
    double share() {
      return 100.0 * right / total;
    }
  }

  @Test
  void tunedPhrases_areUnderstoodToNinetyNinePercentAndNoneIsDangerousByMistake() {
    Score score =
        score(
            "tuned on",
            PhraseList.read("tune-example.tsv", Sites.EXAMPLE),
            PhraseList.read("tune-other.tsv", Sites.OTHER));

    assertThat(score.risky()).isEmpty();
    assertThat(score.share()).as(String.join("\n", score.wrong())).isGreaterThanOrEqualTo(99);
  }

  @Test
  void heldOutPhrases_areUnderstoodToNinetySevenPercentAndNoneIsDangerousByMistake() {
    Score score =
        score(
            "held out",
            PhraseList.read("heldout-example.tsv", Sites.EXAMPLE),
            PhraseList.read("heldout-other.tsv", Sites.OTHER));

    assertThat(score.risky()).isEmpty();
    assertThat(score.share()).as(String.join("\n", score.wrong())).isGreaterThanOrEqualTo(97);
  }

  @Test
  void phrasesOfNoCommand_giveAReasonThatFits() {
    Interpreter interpreter = new Interpreter();
    List<String> wrong = new ArrayList<>();
    int quiet = 0;
    for (PhraseList list : lists()) {
      for (PhraseList.Phrase phrase : list.phrases()) {
        Command command = interpreter.interpret(phrase.text(), list.site());
        if (!phrase.isCommand() && command.isNone()) {
          quiet++;
          if (!phrase.reasons().contains(command.reason().orElse(""))) {
            wrong.add(phrase.text() + ": " + command.reason().orElse(""));
          }
        }
      }
    }
    System.out.printf("reasons: %d of %d fit%n", quiet - wrong.size(), quiet);
    assertThat(wrong).hasSizeLessThan(quiet / 20);
  }

  @Test
  void everyPhrase_givesTheSameCommandAgainFromAnotherInterpreter() {
    for (PhraseList list : lists()) {
      Interpreter again = new Interpreter();
      for (PhraseList.Phrase phrase : list.phrases()) {
        assertThat(again.interpret(phrase.text(), list.site()))
            .isEqualTo(new Interpreter().interpret(phrase.text(), list.site()));
      }
    }
  }

  /// The lists that may be looked at line by line.
  static List<PhraseList> tunedLists() {
    return List.of(
        PhraseList.read("tune-example.tsv", Sites.EXAMPLE),
        PhraseList.read("tune-other.tsv", Sites.OTHER));
  }

  static List<PhraseList> lists() {
    return List.of(
        PhraseList.read("tune-example.tsv", Sites.EXAMPLE),
        PhraseList.read("tune-other.tsv", Sites.OTHER),
        PhraseList.read("heldout-example.tsv", Sites.EXAMPLE),
        PhraseList.read("heldout-other.tsv", Sites.OTHER));
  }

  private static Score score(String title, PhraseList... lists) {
    Interpreter interpreter = new Interpreter();
    List<String> wrong = new ArrayList<>();
    List<String> risky = new ArrayList<>();
    int total = 0;
    int commands = 0;
    int dangerous = 0;
    int quiet = 0;
    for (PhraseList list : lists) {
      for (PhraseList.Phrase phrase : list.phrases()) {
        Command command = interpreter.interpret(phrase.text(), list.site());
        total++;
        commands += phrase.isCommand() ? 1 : 0;
        quiet += phrase.isCommand() ? 0 : 1;
        boolean isDangerous = command.risk().compareTo(Risk.DISRUPTIVE) >= 0;
        dangerous += isDangerous && phrase.isCommand() ? 1 : 0;
        if (!phrase.isRight(command)) {
          wrong.add(
              "%s%n    wanted %s %s%n    got    %s %s %s"
                  .formatted(
                      phrase.text(),
                      phrase.intent(),
                      phrase.expected(),
                      command.intent(),
                      PhraseList.json(command.args()),
                      command.reason().orElse("")));
          if (isDangerous) {
            risky.add(phrase.text());
          }
        }
      }
    }
    Score score = new Score(total - wrong.size(), total, commands, dangerous, quiet, wrong, risky);
    System.out.printf(
        "%s: %d of %d right (%.1f %%); %d commands, %d of them dangerous; %d that are none;"
            + " dangerous by mistake: %d%n",
        title, score.right(), total, score.share(), commands, dangerous, quiet, risky.size());
    return score;
  }
}
