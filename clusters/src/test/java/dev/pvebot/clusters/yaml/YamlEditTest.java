package dev.pvebot.clusters.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class YamlEditTest {
  private static final String TEXT =
      """
      # what this is
      name: lab # the same as the file's name

      talos:
        version: "1.9.6" # without v
        vip: {ip: 10.0.0.50}
      nodes:
        workers:
          count: 2
          assignments: # optional
            - {name: w1, vmid: 301} # the first
            - name: w2
              vmid: 302
      tags: [talos, lab] # all of them
      aliases:
        - one # short
        - two
      # the end
      """;

  private static List<String> changed(String before, String after) {
    List<String> lines = new java.util.ArrayList<>(after.lines().toList());
    before.lines().forEach(lines::remove);
    return lines;
  }

  private static String set(String key, String value) {
    return YamlEdit.of(TEXT).set(key, value).text();
  }

  @Test
  void set_aValueThatIsThere_touchesOnlyItsLine() {
    assertThat(changed(TEXT, set("nodes.workers.count", "3"))).containsExactly("    count: 3");
    assertThat(changed(TEXT, set("talos.version", "1.10.0")))
        .containsExactly("  version: \"1.10.0\" # without v");
    assertThat(changed(TEXT, set("nodes.workers.assignments[0].vmid", "305")))
        .containsExactly("      - {name: w1, vmid: 305} # the first");
    assertThat(changed(TEXT, set("nodes.workers.assignments[1].vmid", "306")))
        .containsExactly("        vmid: 306");
  }

  @Test
  void set_aKeyThatIsNotThere_putsItIntoItsMapping() {
    assertThat(changed(TEXT, set("nodes.workers.cores", "4"))).containsExactly("    cores: 4");
    assertThat(changed(TEXT, set("network.vlan", "20"))).containsExactly("network:", "  vlan: 20");
    assertThat(changed(TEXT, set("talos.vip.interface", "eth0")))
        .containsExactly("  vip: {ip: 10.0.0.50, interface: eth0}");
    assertThat(changed(TEXT, set("nodes.workers.assignments[1].mac", "02:00:00:00:00:01")))
        .containsExactly("        mac: 02:00:00:00:00:01");
    assertThat(YamlEdit.of(set("network.vlan", "20")).scalar("network.vlan")).contains("20");
  }

  @Test
  void lists_inBrackets_andLineByLine_keepTheirRemarks() {
    YamlEdit edit = YamlEdit.of(TEXT);

    assertThat(changed(TEXT, edit.setList("tags", List.of("talos", "lab", "x")).text()))
        .containsExactly("tags: [talos, lab, x] # all of them");
    assertThat(edit.setList("aliases", List.of("one", "three")).text())
        .contains("  - one # short\n  - three\n# the end\n")
        .doesNotContain("two");
    assertThatThrownBy(() -> edit.setList("aliases", List.of("two", "one")))
        .hasMessageContaining("order");
  }

  @Test
  void items_areAddedAtTheEnd_andTakenFromThere() {
    YamlEdit edit = YamlEdit.of(TEXT);
    String key = "nodes.workers.assignments";

    YamlEdit longer = edit.append(key, "{name: w3}");
    assertThat(changed(TEXT, longer.text())).containsExactly("      - {name: w3}");
    assertThat(longer.removeLast(key).text()).isEqualTo(TEXT);
    assertThat(edit.removeLast(key).text()).doesNotContain("w2").contains("# the first\ntags:");
    assertThat(changed(TEXT, edit.append("nodes.machines.assignments", "{name: m1}").text()))
        .containsExactly("  machines:", "    assignments:", "      - {name: m1}");
  }

  @Test
  void remove_takesTheKeyWithItsLine_andNothingElse() {
    assertThat(YamlEdit.of(TEXT).remove("talos.vip").text())
        .isEqualTo(TEXT.replace("  vip: {ip: 10.0.0.50}\n", ""));
    assertThat(YamlEdit.of(TEXT).remove("nodes.workers.assignments[0].vmid").text())
        .isEqualTo(TEXT.replace(", vmid: 301", ""));
    assertThat(YamlEdit.of(TEXT).remove("aliases").text())
        .isEqualTo(TEXT.replace("aliases:\n  - one # short\n  - two\n", ""));
    assertThat(YamlEdit.of(TEXT).remove("storage").text()).isEqualTo(TEXT);
  }

  @Test
  void whatCannotBeDoneHere_isRefusedWithItsKey() {
    YamlEdit edit = YamlEdit.of(TEXT);

    assertThatThrownBy(() -> edit.set("talos", "x")).hasMessageContaining("talos");
    assertThatThrownBy(() -> edit.set("nodes.workers.assignments[7].vmid", "1"))
        .hasMessageContaining("assignments[7]");
    assertThatThrownBy(() -> edit.setList("name", List.of("a"))).hasMessageContaining("name");
    assertThatThrownBy(() -> edit.set("name.first", "a")).hasMessageContaining("name.first");
    assertThatThrownBy(() -> YamlEdit.of("- a\n")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aFileWithoutALastLineBreak_andOneOfWindows_stayReadable() {
    assertThat(YamlEdit.of("a: 1").set("b", "2").text()).isEqualTo("a: 1\nb: 2\n");
    assertThat(YamlEdit.of("a: 1\r\nc:\r\n  d: 1\r\n").set("c.e", "2").text())
        .isEqualTo("a: 1\r\nc:\r\n  d: 1\r\n  e: 2\r\n");
    assertThat(YamlEdit.of("a:\nb: 1\n").set("a", "x").text()).isEqualTo("a: x\nb: 1\n");
  }

  @Property
  void set_anyText_isReadBackAsItWas_andTheRestIsUntouched(
      @ForAll String value, @ForAll @IntRange(min = 0, max = 4) int which) {
    String key =
        List.of("name", "talos.version", "talos.vip.ip", "network.bridge", "talos.vip.interface")
            .get(which);
    String printable = value.replaceAll("\\p{C}|[\\u2028\\u2029\\uFEFF]", "");
    YamlEdit edited = YamlEdit.of(TEXT).set(key, printable);

    YamlReader.Parsed parsed = YamlReader.read("x.yaml", edited.text());
    assertThat(parsed.problems()).isEmpty();
    assertThat(edited.scalar(key)).contains(printable);
    assertThat(changed(TEXT, edited.text())).hasSizeLessThanOrEqualTo(2);
  }
}
