package dev.pvebot.clusters.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class YamlNoiseTest {
  @Property(tries = 2000)
  void noise_neverThrows(@ForAll String text) {
    assertThat(YamlReader.read("x.yaml", text).problems())
        .allMatch(problem -> problem.at().file().equals("x.yaml"));
  }

  @Property(tries = 5000)
  void yamlLikeNoise_neverThrowsAndIsReadTheSameTwice(@ForAll("pieces") List<String> pieces) {
    String text = String.join("", pieces);
    assertThat(YamlReader.read("x.yaml", text)).isEqualTo(YamlReader.read("x.yaml", text));
  }

  @Property(tries = 2000)
  void shapes_neverThrowForAnyTree(@ForAll("pieces") List<String> pieces) {
    Problems problems = new Problems();
    Shape<Integer> shape =
        Shape.mapping(fields -> {
          fields.optional("a", Shape.integer(0, 10));
          fields.required("k", Shape.listOf(Shape.mapOf(Shape.text())));
          fields.optional("b", Shape.oneOf(YamlNode.Kind.class));
          return fields.build(() -> 1);
        });
    YamlReader.read("x.yaml", String.join("", pieces))
        .root()
        .ifPresent(root ->
            assertThat(shape.read(root, "", problems).isEmpty()).isEqualTo(!problems.isEmpty()));
  }

  @Provide
  Arbitrary<List<String>> pieces() {
    return Arbitraries.of(
            "a",
            "b",
            "k",
            ": ",
            ":",
            "\n",
            "\n  ",
            "\n    ",
            "- ",
            "? ",
            "[",
            "]",
            "{",
            "}",
            ",",
            "&x ",
            "*x",
            "!!str ",
            "!",
            "|",
            ">",
            "'",
            "\"",
            "\\",
            "#",
            "%YAML 1.1\n",
            "---\n",
            "...\n",
            "\t",
            " ",
            "<<",
            "~",
            "12",
            "99999999999999999999",
            "1.5",
            "true",
            "\r\n",
            "\u2028",
            "@",
            "`",
            "é")
        .list()
        .ofMaxSize(40);
  }
}
