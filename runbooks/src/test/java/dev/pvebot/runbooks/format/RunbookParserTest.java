package dev.pvebot.runbooks.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pvebot.clusters.yaml.Position;
import dev.pvebot.commands.Catalog;
import dev.pvebot.commands.Risk;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class RunbookParserTest {
  private static final String GOOD =
      """
      ---
      name: web-restart
      summary: Restart the web servers
      risk: change
      intent: web.restart
      phrases: ["restart {vm}"]
      params:
        vm: {type: vms, required: true}
        grace: {type: duration, default: 2m}
      tested_with: {proxmox: "9.1"}
      ---
      # Restart the web servers
      What people read.

      ## Prerequisites
      - One is enough.
        ```yaml check
        that: "vms.size() > 0"
        else: "No VM was named"
        ```
      ## Steps
      ### 1. Each server
      ```yaml step
      for_each: vms
      as: v
      parallel: 2
      ```
      #### 1.1 Shut it down
      Prose, and a command that people may know:
      ```bash
      qm shutdown 100
      ```
      ```yaml step
      do: pve.vm.shutdown
      with: {vm: "{{ v.vmid }}", timeout: "{{ grace }}"}
      ```
      #### Look at it
      Look at the dashboard.
      ```yaml step
      manual: true
      ```
      ## Rollback
      ### Start them
      ```yaml step
      for_each: vms
      as: v
      do: pve.vm.start
      with: {vm: "{{ v.vmid }}"}
      ```
      ## Notes
      Nothing.
      """;

  private static List<String> problems(String text) {
    return RunbookParser.parse("x.md", text).problems().stream().map(Object::toString).toList();
  }

  private static List<String> broken(String find, String replace) {
    assertThat(GOOD).contains(find);
    RunbookParser.Parsed parsed = RunbookParser.parse("x.md", GOOD.replace(find, replace));
    assertThat(parsed.runbook()).isEmpty();
    return parsed.problems().stream().map(Object::toString).toList();
  }

  private static Runbook good() {
    RunbookParser.Parsed parsed = RunbookParser.parse("x.md", GOOD);
    assertThat(parsed.problems()).isEmpty();
    return parsed.runbook().orElseThrow();
  }

  @Test
  void goodRunbook_hasEverythingThatWasWritten() {
    Runbook runbook = good();
    assertThat(runbook.name()).isEqualTo("web-restart");
    assertThat(runbook.risk()).isEqualTo(Risk.CHANGE);
    assertThat(runbook.testedWith()).containsEntry("proxmox", "9.1");
    assertThat(runbook.param("grace").orElseThrow().fallback()).contains("2m");
    assertThat(runbook.checks()).hasSize(1);
    assertThat(runbook.checks().getFirst().that().at()).isEqualTo(new Position("x.md", 18, 10));
    assertThat(runbook.allSteps().map(Step::id))
        .containsExactly("each-server", "shut-it-down", "look-at-it", "start-them");
    assertThat(runbook.rollback()).hasSize(1);
    assertThat(runbook.prose()).isEqualTo("What people read.");
  }

  @Test
  void manualStep_showsTheProseUnderItsHeading() {
    Step.Group group = (Step.Group) good().steps().getFirst();
    assertThat(((Step.Manual) group.children().get(1)).text().text())
        .isEqualTo("Look at the dashboard.");
  }

  @Test
  void catalogEntry_takesParamsAndPhrases() {
    Catalog.Entry entry = good().toCatalogEntry().orElseThrow();
    assertThat(entry.intent()).isEqualTo("web.restart");
    assertThat(entry.params()).extracting(Catalog.Param::name).containsExactly("vm", "grace");
    assertThat(entry.phrases()).containsExactly("restart {vm}");
  }

  @Test
  void renumberedHeading_keepsItsId() {
    Runbook renumbered =
        RunbookParser.parse("x.md", GOOD.replace("### 1. Each", "### 7) Each"))
            .runbook()
            .orElseThrow();
    assertThat(renumbered.steps().getFirst().id()).isEqualTo("each-server");
    assertThat(renumbered.digest()).isNotEqualTo(good().digest());
  }

  @Test
  void windowsLineEnds_readTheSame() {
    assertThat(problems(GOOD.replace("\n", "\r\n"))).isEmpty();
  }

  @Test
  void unknownStepKey_isRefusedWithTheNearestKnownOne() {
    assertThat(broken("do: pve.vm.shutdown", "doo: pve.vm.shutdown"))
        .containsExactlyInAnyOrder(
            "x.md:34:1: doo: found an unknown key; expected one of as, do, every, for_each, id,"
                + " manual, on_failure, parallel, register, retries, timeout, until, when, with,"
                + " within. Did you mean 'do'?",
            "x.md:34:1: do: found neither `do` nor `manual`; expected one of them. A step calls one"
                + " action, or a person does it.");
  }

  @Test
  void keyOfACheckInAnIndentedBlock_isShownAtItsColumnInTheFile() {
    assertThat(broken("  else: \"No", "  otherwise: \"No"))
        .contains(
            "x.md:19:3: otherwise: found an unknown key; expected one of else, that. Remove it.");
  }

  @Test
  void secondBlockUnderAHeading_isRefused() {
    assertThat(broken("## Rollback", "```yaml step\nmanual: more\n```\n## Rollback"))
        .containsExactly(
            "x.md:42:1: Look at it: found a second block 'yaml step'; expected one for each"
                + " heading. Give it a heading of its own.");
  }

  @Test
  void headingWithoutABlock_isRefused() {
    assertThat(broken("#### Look at it\n", "#### Nothing\n\n#### Look at it\n"))
        .containsExactly(
            "x.md:37:1: Nothing: found a heading without a block; expected a block ```yaml step. If"
                + " a person does this step, write `manual: true` in it.");
  }

  @Test
  void headingWithChildren_mayNotCallAnAction() {
    assertThat(broken("parallel: 2", "parallel: 2\ndo: pve.vm.stop"))
        .containsExactly(
            "x.md:27:1: do: found this key; expected only id, for_each, as, parallel and when in a"
                + " heading with steps below it. Give the action a heading of its own.");
  }

  @Test
  void sameTitleTwice_needsAnId() {
    assertThat(broken("### Start them", "### Each server"))
        .containsExactly(
            "x.md:43:1: Each server: found the id 'each-server' a second time; expected an id of"
                + " its own. It is that of the step on line 22; change the title or write an"
                + " `id`.");
  }

  @Test
  void nearlyRightFence_isNotSilentlyProse() {
    assertThat(broken("```yaml step\nmanual", "```yaml steps\nmanual"))
        .contains(
            "x.md:39:1: found a block marked 'yaml steps'; expected 'yaml step', 'yaml check', or"
                + " no second word. Did you mean 'yaml step'?");
  }

  @Test
  void fenceThatDoesNotEnd_isRefused() {
    assertThat(broken("```\n## Notes\n", "\n## Notes\n"))
        .contains(
            "x.md:44:1: found a block that does not end; expected a closing fence. Everything"
                + " behind it would be swallowed. Write ``` on a line of its own.");
  }

  @Test
  void duplicateKey_isRefused() {
    assertThat(broken("manual: true", "manual: true\nmanual: true"))
        .hasSize(1)
        .first()
        .asString()
        .startsWith("x.md:41:1: ");
  }

  @Test
  void anchorsAndTags_areRefused() {
    assertThat(broken("manual: true", "manual: &a true"))
        .hasSize(1)
        .first()
        .asString()
        .startsWith("x.md:40:");
    assertThat(broken("manual: true", "manual: !!str true"))
        .hasSize(1)
        .first()
        .asString()
        .startsWith("x.md:40:");
  }

  @Test
  void stepBlockInProse_isRefused() {
    assertThat(broken("Nothing.", "```yaml step\nmanual: x\n```"))
        .containsExactly(
            "x.md:51:1: Notes: found a block 'yaml step'; expected none here. Blocks run only in ##"
                + " Prerequisites, ## Steps and ## Rollback.");
  }

  @Test
  void nearlyRightSection_isNotSilentlyProse() {
    assertThat(broken("## Steps", "## Step"))
        .contains(
            "x.md:21:1: Step: found a section of this name; expected Prerequisites, Steps,"
                + " Rollback, Notes. Did you mean 'Steps'? Choose a name that is less alike for"
                + " prose.",
            "x.md: found no section ## Steps; expected one. Without steps there is nothing to"
                + " run.");
  }

  @Test
  void fifthLevel_isRefused() {
    assertThat(broken("#### Look", "##### Look"))
        .contains(
            "x.md:37:1: Look at it: found a heading #####; expected ### or ####. A step is ###, a"
                + " step inside it ####, and there is nothing deeper.");
  }

  @Test
  void bothDoAndManual_isRefused() {
    assertThat(broken("manual: true", "manual: true\ndo: pve.vm.start"))
        .containsExactly(
            "x.md:41:5: do: found both `do` and `manual`; expected one of them. A step calls one"
                + " action, or a person does it.");
  }

  @Test
  void loopWithoutName_andParallelWithoutLoop_areRefused() {
    assertThat(broken("as: v\nparallel: 2", "parallel: 2"))
        .containsExactly(
            "x.md:24:1: as: found nothing; expected a name for the item. Say `as: m` to use it as"
                + " `m`.");
    assertThat(broken("manual: true", "manual: true\nparallel: 3"))
        .containsExactly(
            "x.md:41:11: parallel: found this key; expected it beside `for_each`. Without a loop"
                + " there is nothing to do side by side.");
  }

  @Test
  void paramWithoutType_isRefused() {
    assertThat(broken("vm: {type: vms, required: true}", "vm: {required: true}"))
        .containsExactly(
            "x.md:8:7: params.vm.type: found nothing; expected a value. This key is required.");
  }

  @Test
  void paramOfUnknownType_getsTheNearest() {
    assertThat(broken("type: vms", "type: vmss"))
        .singleElement()
        .asString()
        .startsWith(
            "x.md:8:14: params.vm.type: found 'vmss'; expected one of profile, node, vm, vms,")
        .endsWith("Did you mean 'vms'?");
  }

  @Test
  void defaultOfAnotherType_isRefused() {
    assertThat(broken("default: 2m", "default: soon"))
        .containsExactly(
            "x.md:9:36: params.grace.default: found 'soon'; expected a value of type duration.");
  }

  @Test
  void targetsAreNeverDefaulted() {
    assertThat(broken("{type: vms, required: true}", "{type: vm, default: 100}"))
        .containsExactly("x.md:8:27: params.vm.default: found '100'; expected a value of type vm.");
  }

  @Test
  void missingFrontmatter_isSaidOnce() {
    assertThat(problems("# Hello"))
        .containsExactly(
            "x.md:1:1: found no frontmatter; expected --- on the first line. It says name, summary"
                + " and risk.");
    assertThat(problems("---\nname: x\n"))
        .containsExactly(
            "x.md:1:1: found frontmatter that does not end; expected --- on a line of its own.");
  }

  @Test
  void allFaultsAtOnce() {
    assertThat(
            problems(
                GOOD.replace("risk: change", "risk: chang")
                    .replace("do: pve.vm.start", "do: start")))
        .containsExactly(
            "x.md:4:7: risk: found 'chang'; expected read or routine or change or disruptive or"
                + " destructive. Did you mean 'change'?",
            "x.md:47:5: do: found 'start'; expected the name of an action, for example"
                + " pve.vm.start.");
  }

  @Test
  void hugeFile_isRefusedUnread() {
    assertThat(problems("x".repeat(RunbookParser.MAX_LENGTH + 1)))
        .containsExactly(
            "x.md: found 524289 characters; expected at most 524288. Split it into several"
                + " runbooks.");
  }

  @Property(tries = 300)
  void noise_neverThrows(@ForAll String noise, @ForAll int at) {
    int cut = Math.floorMod(at, GOOD.length());
    assertThat(RunbookParser.parse("x.md", GOOD.substring(0, cut) + noise + GOOD.substring(cut)))
        .isNotNull();
    assertThat(RunbookParser.parse("x.md", noise)).isNotNull();
  }
}
