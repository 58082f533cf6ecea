package dev.pvebot.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Noise never crashes the interpreter and never comes out as something dangerous.
class NoiseTest {
  private static final int LINES = 100_000;
  private static final long SEED = 20_260_101;

  @Test
  void hundredThousandLinesOfNoise_neverCrashAndNeverAct() {
    Interpreter interpreter = new Interpreter();
    Random random = new Random(SEED);
    List<String> risky = new ArrayList<>();
    for (int i = 0; i < LINES; i++) {
      String line =
          switch (i % 4) {
            case 0 -> anything(random, 0x2FFF);
            case 1 -> anything(random, 0x7E);
            case 2 -> letters(random);
            default -> shuffled(random);
          };
      if (interpreter.interpret(line, Sites.EXAMPLE).risk() != Risk.READ) {
        risky.add(line);
      }
    }
    assertThat(risky).isEmpty();
  }

  @Test
  void veryLongText_isNoCommand() {
    String text = "start 1031 ".repeat(20_000);

    assertThat(new Interpreter().interpret(text, Sites.EXAMPLE).isNone()).isTrue();
  }

  private static String anything(Random random, int highest) {
    StringBuilder out = new StringBuilder();
    int length = 1 + random.nextInt(60);
    for (int i = 0; i < length; i++) {
      out.appendCodePoint(1 + random.nextInt(highest));
    }
    return out.toString();
  }

  private static String letters(Random random) {
    StringBuilder out = new StringBuilder();
    int words = 1 + random.nextInt(10);
    for (int i = 0; i < words; i++) {
      int length = 1 + random.nextInt(9);
      for (int j = 0; j < length; j++) {
        out.append((char) ('a' + random.nextInt(26)));
      }
      out.append(' ');
    }
    return out.toString();
  }

  /// Everyday words without any order.
  private static String shuffled(Random random) {
    List<String> words = EVERYDAY;
    StringBuilder out = new StringBuilder();
    int length = 2 + random.nextInt(10);
    for (int i = 0; i < length; i++) {
      out.append(words.get(random.nextInt(words.size()))).append(' ');
    }
    return out.toString();
  }

  private static final List<String> EVERYDAY =
      Resource.lines("common.txt").stream()
          .flatMap(line -> Resource.split(line, ' ').stream())
          .toList();
}
