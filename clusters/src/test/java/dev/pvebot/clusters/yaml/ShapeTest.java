package dev.pvebot.clusters.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ShapeTest {
  private enum Color {
    RED,
    DARK_BLUE
  }

  private record Door(
      String name, int height, List<Color> colors, boolean open, Map<String, Integer> locks) {
    Door {
      if (open && height < 10) {
        throw new IllegalArgumentException(
            "an open door is at least 10 high, this one %d".formatted(height));
      }
    }
  }

  private static final Shape<Door> DOOR =
      Shape.mapping(fields -> {
        Optional<String> name = fields.required("name", Shape.text());
        Optional<Integer> height = fields.required("height", Shape.integer(1, 300));
        Optional<List<Color>> colors =
            fields.optional("colors", Shape.listOf(Shape.oneOf(Color.class)));
        Optional<Boolean> open = fields.optional("open", Shape.flag());
        Optional<Map<String, Integer>> locks =
            fields.optional("locks", Shape.mapOf(Shape.integer(0, 9)));
        fields.refuse("heigth_mm", "height", "Heights are in centimetres.");
        return fields.build(() ->
            new Door(
                name.orElseThrow(),
                height.orElseThrow(),
                colors.orElse(List.of()),
                open.orElse(false),
                locks.orElse(Map.of())));
      });

  private final Problems problems = new Problems();

  private Optional<Door> door(String text) {
    return DOOR.read(YamlReader.read("door.yaml", text).root().orElseThrow(), "", problems);
  }

  private List<String> sentences() {
    return problems.list().stream().map(Problem::sentence).toList();
  }

  @Test
  void everythingRight_makesTheValue() {
    assertThat(
            door("name: 1.10\nheight: 200\ncolors: [red, dark-blue]\nopen: true\nlocks: {a: 1}\n"))
        .contains(new Door("1.10", 200, List.of(Color.RED, Color.DARK_BLUE), true, Map.of("a", 1)));
    assertThat(problems.isEmpty()).isTrue();
  }

  @Test
  void allFaults_areReportedAtOnceInOrder() {
    assertThat(door("name: true\nheight: tall\ncolours: [red]\nopen: yes\nlocks: {a: 1, b: 10}\n"))
        .isEmpty();
    assertThat(sentences())
        .containsExactly(
            "door.yaml:1:7: name: found true; expected a text. Put it in quotes if it is meant as"
                + " text.",
            "door.yaml:2:9: height: found 'tall'; expected a whole number from 1 to 300.",
            "door.yaml:3:1: colours: found an unknown key; expected one of colors, height,"
                + " heigth_mm, locks, name, open. Did you mean 'colors'?",
            "door.yaml:4:7: open: found 'yes'; expected true or false.",
            "door.yaml:5:18: locks.b: found 10; expected a whole number from 0 to 9.");
  }

  @Test
  void missingAndEmptyKeys_areReportedWhereTheyBelong() {
    assertThat(door("\nopen: false\nname:\n")).isEmpty();
    assertThat(sentences())
        .containsExactly(
            "door.yaml:2:1: height: found nothing; expected a value. This key is required.",
            "door.yaml:3:1: name: found nothing; expected a value. This key is required.");
  }

  @Test
  void wrongWord_isAnsweredWithTheNearest() {
    assertThat(door("name: x\nheight: '20'\ncolors: [redd, 7, {}]\n")).isEmpty();
    assertThat(sentences())
        .containsExactly(
            "door.yaml:2:9: height: found '20'; expected a whole number from 1 to 300. Remove the"
                + " quotes.",
            "door.yaml:3:10: colors[0]: found 'redd'; expected red or dark-blue. Did you mean"
                + " 'red'?",
            "door.yaml:3:16: colors[1]: found 7; expected red or dark-blue.",
            "door.yaml:3:19: colors[2]: found a mapping; expected red or dark-blue.");
  }

  @Test
  void constructorsRefusal_isAProblem() {
    assertThat(door("name: x\nheight: 5\nopen: true\n")).isEmpty();
    assertThat(sentences())
        .containsExactly(
            "door.yaml:1:1: found values that do not fit together; expected others."
                + " an open door is at least 10 high, this one 5.");
  }

  @Test
  void refusedKey_hasItsOwnAdvice() {
    assertThat(door("name: x\nheight: 5\nheigth_mm: 3\n")).isEmpty();
    assertThat(sentences())
        .containsExactly(
            "door.yaml:3:1: heigth_mm: found this key; expected height. Heights are in"
                + " centimetres.");
  }

  @Test
  void notAMapping_isSaidOnce() {
    assertThat(door("- x\n")).isEmpty();
    assertThat(sentences()).containsExactly("door.yaml:1:1: found a list; expected a mapping.");
  }

  @Test
  void hugeNumber_isRefusedNotOverflowed() {
    assertThat(door("name: x\nheight: 99999999999999999999\n")).isEmpty();
    assertThat(sentences()).singleElement().asString().contains("found 99999999999999999999");
  }

  @Test
  void nearest_forgivesOneErrorInThreeLetters() {
    assertThat(Nearest.to("cuont", List.of("count", "cores"))).contains("count");
    assertThat(Nearest.to("MEMORY", List.of("memory"))).contains("memory");
    assertThat(Nearest.to("colour", List.of("color"))).contains("color");
    assertThat(Nearest.to("zebra", List.of("count", "cores"))).isEmpty();
  }
}
