package dev.pvebot.integrations.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pvebot.commands.chat.Card;
import dev.pvebot.commands.chat.Card.StepLine;
import dev.pvebot.commands.chat.Card.Tone;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CardTextTest {
  @ParameterizedTest
  @ValueSource(ints = {80, 40})
  void card_ofEachKind_readsAsInItsGoldenFile(int width) {
    var text = new StringBuilder();
    SampleCards.all()
        .forEach((name, card) -> {
          text.append("--- ").append(name).append('\n');
          new CardText(width).plain(card).forEach(l -> text.append(l).append('\n'));
        });
    Golden.check("cards." + width + ".txt", text.toString());
  }

  @ParameterizedTest
  @ValueSource(ints = {30, 31, 39, 40, 47, 60, 80, 100, 120, 300})
  void card_ofAnyWidth_staysInside(int width) {
    SampleCards.all()
        .forEach((name, card) ->
            assertThat(new CardText(width).plain(card))
                .as(name)
                .allMatch(l -> Columns.of(l) <= width));
  }

  @Property(tries = 300)
  void text_whateverItHolds_staysInsideAndSendsNoControlCharacter(
      @ForAll @IntRange(min = 30, max = 100) int width,
      @ForAll String title,
      @ForAll @Size(max = 4) List<List<String>> rows,
      @ForAll String text) {
    var card =
        new Card(
            "answer",
            Tone.NEUTRAL,
            title,
            List.of(
                new Card.Table(List.of("a", title), rows),
                new Card.Text(text),
                new Card.Literal(text),
                new Card.Fields(List.of(new Card.Field(text, title))),
                new Card.Effects(List.of(new Card.EffectLine('+', text))),
                new Card.Steps(List.of(new StepLine("ok", title, "0:01", text)))),
            List.of(),
            Map.of());
    assertThat(new CardText(width).plain(card))
        .allMatch(l -> Columns.of(l) <= width)
        .allMatch(l -> l.codePoints().noneMatch(CardTextTest::commandsATerminal));
  }

  private static boolean commandsATerminal(int cp) {
    return switch (Character.getType(cp)) {
      case Character.CONTROL, Character.FORMAT, Character.SURROGATE -> true;
      default -> false;
    };
  }

  @Test
  void name_withEscapeSequences_isShownAndObeyedByNobody() {
    String text = String.join("\n", new CardText(80).coloured(SampleCards.hostile(), Colours.MANY));
    assertThat(text).contains("␛[2J").doesNotContain("\u001b[2J", "\u009b", "\u202e", "\u0007");
  }

  @Test
  void narrowerThanReadable_isRefusedWithTheWayOut() {
    assertThatThrownBy(() -> new CardText(29))
        .hasMessageContaining("30 columns")
        .hasMessageContaining("fitting");
    assertThat(CardText.fitting(7).plain(SampleCards.question())).isNotEmpty();
  }

  @Test
  void noColours_meansNoEscapeAtAll() {
    SampleCards.all().values().stream()
        .flatMap(c -> new CardText(80).coloured(c, Colours.NONE).stream())
        .forEach(l -> assertThat(l).doesNotContain("\u001b"));
  }

  @Test
  void literal_keepsItsLinesAndBlanks() {
    var card =
        new Card(
            "answer",
            Tone.NEUTRAL,
            "log",
            List.of(new Card.Literal("a   b\n\n  indented\n" + "x".repeat(40))),
            List.of(),
            Map.of());
    assertThat(new CardText(30).plain(card))
        .containsExactly(
            "log",
            "    a   b",
            "",
            "      indented",
            "    " + "x".repeat(26),
            "    " + "x".repeat(14));
  }

  @ParameterizedTest
  @ValueSource(strings = {"GOOD", "WARNING", "BAD", "CHOICE"})
  void ink_isReadableOnBlackAndOnWhite(String ink) {
    double light = luminance(Ink.valueOf(ink).colour);
    assertThat((light + 0.05) / 0.05).as("on black").isGreaterThanOrEqualTo(3.5);
    assertThat(1.05 / (light + 0.05)).as("on white").isGreaterThanOrEqualTo(3.5);
  }

  /// Relative luminance of WCAG 2.2 of a colour in xterm's 6 x 6 x 6 cube.
  private static double luminance(int index) {
    int[] levels = {0, 95, 135, 175, 215, 255};
    int cube = index - 16;
    double[] rgb =
        Stream.of(cube / 36, cube / 6 % 6, cube % 6)
            .mapToDouble(i -> levels[i] / 255.0)
            .map(c -> c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4))
            .toArray();
    return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2];
  }

  @Test
  void colours_followTheTerminalAndThePerson() {
    assertThat(Colours.of(Map.of("TERM", "xterm-256color"), true)).isEqualTo(Colours.MANY);
    assertThat(Colours.of(Map.of("TERM", "xterm"), true)).isEqualTo(Colours.EIGHT);
    assertThat(Colours.of(Map.of("TERM", "xterm-256color", "NO_COLOR", "1"), true))
        .isEqualTo(Colours.NONE);
    assertThat(Colours.of(Map.of("TERM", "xterm-256color"), false)).isEqualTo(Colours.NONE);
    assertThat(Colours.of(Map.of("TERM", "dumb"), true)).isEqualTo(Colours.NONE);
    assertThat(Colours.of(Map.of(), true)).isEqualTo(Colours.NONE);
  }
}
