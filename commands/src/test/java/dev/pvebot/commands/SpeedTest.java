package dev.pvebot.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Distinct phrases a second on one thread, a third of them misspelt, about a third no command.
class SpeedTest {
  private static final int PHRASES = 20_000;

  @Test
  void interpreter_readsFiveThousandNewPhrasesASecond() {
    List<String> phrases = List.copyOf(phrases());
    Interpreter interpreter = new Interpreter();
    double best = 0;
    for (int round = 0; round < 4; round++) {
      int from = round * PHRASES / 4;
      long start = cpuNanos();
      for (String phrase : phrases.subList(from, from + PHRASES / 4)) {
        interpreter.interpret(phrase, Sites.EXAMPLE);
      }
      best = Math.max(best, PHRASES / 4 * 1e9 / (cpuNanos() - start));
    }
    System.out.printf("speed: %.0f distinct phrases a second on one thread%n", best);
    assertThat(best).isGreaterThan(5_000);
  }

  /// Time that this thread has really run: what else the machine does has no part in it.
  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static Set<String> phrases() {
    Random random = new Random(7);
    List<String> base =
        PhrasesTest.lists().stream()
            .filter(list -> list.site() == Sites.EXAMPLE)
            .flatMap(list -> list.phrases().stream())
            .map(PhraseList.Phrase::text)
            .filter(text -> text.length() > 5)
            .toList();
    Set<String> phrases = new LinkedHashSet<>();
    for (int i = 0; phrases.size() < PHRASES; i++) {
      String text = base.get(random.nextInt(base.size()));
      String other = text.replace("1031", Integer.toString(1000 + random.nextInt(8000)));
      int at = random.nextInt(other.length() - 1);
      phrases.add(
          i % 3 == 0
              ? other.substring(0, at)
                  + other.charAt(at + 1)
                  + other.charAt(at)
                  + other.substring(at + 2)
              : other);
    }
    return phrases;
  }
}
