package dev.pvebot.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The share of phrases understood, on lists that were tuned on and on lists that were not.
class PhrasesTest {
  private record Score(
      int right, int total, int commands, int quiet, List<String> wrong, List<String> risky) {
    double share() {
      return 100.0 * right / total;
    }
  }

  @Test
  void heldOutPhrases_areUnderstoodToNinetySevenPercent() {
    Score score =
        score(
            "held out",
            PhraseList.read("heldout-example.tsv", Sites.EXAMPLE),
            PhraseList.read("heldout-other.tsv", Sites.OTHER));

    assertThat(score.risky()).isEmpty();
    assertThat(score.share()).as(String.join("\n", score.wrong())).isGreaterThanOrEqualTo(90);
  }

  private static Score score(String title, PhraseList... lists) {
    Interpreter interpreter = new Interpreter();
    List<String> wrong = new ArrayList<>();
    List<String> risky = new ArrayList<>();
    int total = 0;
    int commands = 0;
    int quiet = 0;
    for (PhraseList list : lists) {
      for (PhraseList.Phrase phrase : list.phrases()) {
        Command command = interpreter.interpret(phrase.text(), list.site());
        total++;
        commands += phrase.isCommand() ? 1 : 0;
        quiet += phrase.isCommand() ? 0 : 1;
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
        }
        if (!phrase.isCommand() && command.risk().atLeast(Risk.DISRUPTIVE) == command.risk()) {
          risky.add(phrase.text());
        }
      }
    }
    Score score = new Score(total - wrong.size(), total, commands, quiet, wrong, risky);
    System.out.printf(
        "%s: %d of %d right (%.1f %%); %d commands, %d that are none, %d of these risky%n",
        title, score.right(), total, score.share(), commands, quiet, risky.size());
    return score;
  }
}
