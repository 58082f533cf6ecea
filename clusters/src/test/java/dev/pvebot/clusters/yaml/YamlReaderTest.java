package dev.pvebot.clusters.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.pvebot.clusters.yaml.YamlNode.Kind;
import dev.pvebot.clusters.yaml.YamlNode.Mapping;
import dev.pvebot.clusters.yaml.YamlNode.Scalar;
import dev.pvebot.clusters.yaml.YamlNode.Sequence;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlReaderTest {
  private static List<String> problems(String text) {
    return YamlReader.read("x.yaml", text).problems().stream().map(Problem::sentence).toList();
  }

  private static YamlNode root(String text) {
    YamlReader.Parsed parsed = YamlReader.read("x.yaml", text);
    assertThat(parsed.problems()).isEmpty();
    return parsed.root().orElseThrow();
  }

  private static Scalar scalar(String text) {
    return (Scalar) ((Sequence) root("- " + text)).items().getFirst();
  }

  @Test
  void tree_keepsOrderAndPositions() {
    Mapping mapping = (Mapping) root("a: 1\nb:\n  - x\n  - {c: d}\n");

    assertThat(mapping.entries()).extracting(YamlNode.Entry::key).containsExactly("a", "b");
    assertThat(mapping.positionOf("a")).isEqualTo(new Position("x.yaml", 1, 4));
    assertThat(mapping.positionOf("b")).isEqualTo(new Position("x.yaml", 2, 1));
    assertThat(mapping.positionOf("b[0]")).isEqualTo(new Position("x.yaml", 3, 5));
    assertThat(mapping.positionOf("b[1].c")).isEqualTo(new Position("x.yaml", 4, 9));
  }

  @Test
  void positionOf_absentKey_isItsNearestParent() {
    Mapping mapping = (Mapping) root("a:\n  b:\n    c: 1\n");

    assertThat(mapping.positionOf("a.b.z")).isEqualTo(new Position("x.yaml", 2, 3));
    assertThat(mapping.positionOf("a.b.c.d")).isEqualTo(new Position("x.yaml", 3, 8));
    assertThat(mapping.positionOf("nowhere[7]")).isEqualTo(new Position("x.yaml", 1, 1));
  }

  @Test
  void partOfAFile_reportsTheLinesOfTheFile() {
    YamlReader.Parsed parsed = YamlReader.read("runbook.md", "a: 1\na: 2\n", 41);

    assertThat(parsed.problems())
        .singleElement()
        .extracting(Problem::at)
        .hasToString("runbook.md:42:1");
    assertThat(YamlReader.read("runbook.md", "a: \0", 41).problems().getFirst().at())
        .hasToString("runbook.md:41:4");
  }

  @ParameterizedTest
  @CsvSource({
    "1, INTEGER",
    "-5, INTEGER",
    "010, TEXT",
    "0x1f, TEXT",
    "1_000, TEXT",
    "1.10, DECIMAL",
    "1.9.6, TEXT",
    "12:30:45, TEXT",
    "02:54:00:00:01:51, TEXT",
    "true, BOOLEAN",
    "yes, TEXT",
    "no, TEXT",
    "off, TEXT",
    "null, NULL",
    "~, NULL",
    "2026-01-01, TEXT"
  })
  void plainScalar_meansWhatYaml12SaysAndKeepsItsText(String text, Kind kind) {
    assertThat(scalar(text).kind()).isEqualTo(kind);
    assertThat(scalar(text).text()).isEqualTo(text);
  }

  @Test
  void quotedScalar_isAlwaysText() {
    assertThat(scalar("\"1\"").kind()).isEqualTo(Kind.TEXT);
    assertThat(scalar("'true'").kind()).isEqualTo(Kind.TEXT);
    assertThat(scalar("''").kind()).isEqualTo(Kind.TEXT);
  }

  @Test
  void emptyText_isNoDocumentAndNoProblem() {
    assertThat(YamlReader.read("x.yaml", "# nothing\n"))
        .isEqualTo(new YamlReader.Parsed(java.util.Optional.empty(), List.of()));
  }

  @Test
  void byteOrderMark_isSkipped() {
    assertThat(((Mapping) root("\uFEFFa: 1")).entry("a")).isPresent();
  }

  @Test
  void emptyCollections_areFine() {
    assertThat(((Sequence) root("[]")).items()).isEmpty();
    assertThat(((Mapping) root("{}")).entries()).isEmpty();
  }

  @Test
  void duplicateKeys_areAllReportedWithTheFirstLine() {
    assertThat(problems("a: 1\nb: {c: 1, c: 2}\na: 3\n"))
        .containsExactly(
            "x.yaml:2:11: b.c: found the key a second time; expected each key once. The first is on"
                + " line 2; remove one of them.",
            "x.yaml:3:1: a: found the key a second time; expected each key once. The first is on"
                + " line 1; remove one of them.");
  }

  @Test
  void anchorsAliasesAndMergeKeys_areRefused() {
    assertThat(problems("a: &x {k: 1}\nb: *x\nc:\n  <<: {k: 2}\n&y d: 1\n"))
        .containsExactly(
            "x.yaml:1:4: a: found the anchor &x; expected no anchor. Anchors and aliases are not"
                + " used here; write the value out.",
            "x.yaml:2:4: b: found the alias *x; expected the value itself. Anchors and aliases are"
                + " not used here; write the value out.",
            "x.yaml:4:3: c.<<: found a merge key; expected the keys themselves. Merging is not used"
                + " here; write the keys out.",
            "x.yaml:5:1: found the anchor &y; expected no anchor. Anchors and aliases are not used"
                + " here; write the value out.");
  }

  @Test
  void tags_areRefusedOnValuesCollectionsAndKeys() {
    assertThat(problems("a: !!str 1\nb: !!java.net.URL [x]\n!!str c: 1\n! d: 1\n"))
        .containsExactly(
            "x.yaml:1:4: a: found the tag tag:yaml.org,2002:str; expected no tag. Remove it; quote"
                + " a value that must stay text.",
            "x.yaml:2:4: b: found the tag tag:yaml.org,2002:java.net.URL; expected no tag. Remove"
                + " it; quote a value that must stay text.",
            "x.yaml:3:1: found the tag tag:yaml.org,2002:str; expected no tag. Remove it; quote a"
                + " value that must stay text.",
            "x.yaml:4:1: found the tag !; expected no tag. Remove it; quote a value that must stay"
                + " text.");
  }

  @Test
  void secondDocument_isRefused() {
    assertThat(problems("a: 1\n---\nb: 2\n"))
        .containsExactly(
            "x.yaml:2:1: found a second document; expected one document in a file. Remove the line"
                + " ---.");
  }

  @Test
  void tabs_areRefusedWithAdvice() {
    assertThat(problems("a:\n\tb: 1\n"))
        .containsExactly(
            "x.yaml:2:1: found a tab; expected spaces. YAML is indented by spaces only; replace the"
                + " tab.");
  }

  @Test
  void brokenYaml_namesTheLine() {
    assertThat(problems("a: [1, 2\nb: 3\n"))
        .singleElement()
        .asString()
        .startsWith("x.yaml:2:2: found broken YAML: expected ',' or ']', but got :")
        .endsWith("Look at this line and the one above it: indentation, a missing colon or quote.");
  }

  @Test
  void keysThatAreNoWords_areRefused() {
    assertThat(problems("[1, 2]: x\n? {a: b}\n: y\n~: z\n"))
        .hasSize(3)
        .allMatch(p -> p.contains("as a key"));
  }

  @Test
  void fiftyLevels_areReadAndOneMoreIsRefused() {
    assertThat(problems("[".repeat(50) + "]".repeat(50))).isEmpty();
    assertThat(problems("[".repeat(51) + "]".repeat(51)))
        .containsExactly(
            "x.yaml:1:51: found more than 50 levels of nesting; expected at most 50. Flatten this"
                + " part.");
  }

  @Test
  void millionBrackets_areRefusedAtOnce() {
    assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () ->
            assertThat(problems("[".repeat(1_000_000)))
                .singleElement()
                .asString()
                .contains("50 levels"));
  }

  @Test
  void billionLaughs_isRefusedAtOnce() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [lol, lol]\n");
    for (int i = 1; i < 30; i++) {
      bomb.append(
          "a%d: &a%d [*a%d, *a%d, *a%d, *a%d]\n".formatted(i, i, i - 1, i - 1, i - 1, i - 1));
    }
    assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () ->
            assertThat(problems(bomb.toString()))
                .hasSize(Problems.LIMIT + 1)
                .last()
                .asString()
                .contains("46 more problems"));
  }

  @Test
  void controlCharacters_areRefusedWithTheirPlace() {
    assertThat(problems("a: 1\nb: x\0y\n"))
        .containsExactly(
            "x.yaml:2:5: found the control character U+0000; expected printable text."
                + " Remove it; inside double quotes write it as an escape.");
    assertThat(problems("\u001b[31m")).singleElement().asString().contains("U+001B");
    assertThat(problems("a: \ud800")).singleElement().asString().contains("U+D800");
  }

  @Test
  void charactersBeyondTheBasicPlane_areRead() {
    assertThat(scalar("🛠").text()).isEqualTo("🛠");
  }

  @Test
  void tenMegabytes_areRefusedBeforeReading(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("big.yaml");
    try (RandomAccessFile big = new RandomAccessFile(file.toFile(), "rw")) {
      big.setLength(10_000_000);
    }
    assertThat(YamlReader.read(file, "big.yaml").problems())
        .extracting(Problem::sentence)
        .containsExactly(
            "big.yaml: found 9.5 MiB; expected at most 1 MiB. No file that people maintain is that"
                + " long; is it the right one?");
  }

  @Test
  void bytesThatAreNotUtf8_areRefusedWithTheirPlace(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("latin.yaml");
    Files.write(file, "a: 1\nb: caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));

    assertThat(YamlReader.read(file, "latin.yaml").problems())
        .extracting(Problem::sentence)
        .containsExactly(
            "latin.yaml:2:7: found bytes that are not UTF-8; expected UTF-8 text. Save the file as"
                + " UTF-8.");
  }

  @Test
  void missingFileAndFolder_areProblems(@TempDir Path folder) {
    assertThat(YamlReader.read(folder.resolve("none.yaml"), "none.yaml").problems())
        .singleElement()
        .extracting(Problem::sentence)
        .asString()
        .startsWith("none.yaml: found no such file; expected a readable file.");
    assertThat(YamlReader.read(folder).problems()).hasSize(1);
  }
}
