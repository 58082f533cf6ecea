package dev.pvebot.runbooks.linter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pvebot.clusters.yaml.Problem;
import dev.pvebot.commands.Risk;
import dev.pvebot.runbooks.action.Actions;
import dev.pvebot.runbooks.expression.Expressions;
import dev.pvebot.runbooks.format.Runbook;
import dev.pvebot.runbooks.format.RunbookParser;
import dev.pvebot.runbooks.planner.FakePve;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class LinterTest {
  private static final Actions ACTIONS = FakePve.actions();
  private static final Expressions EXPRESSIONS = new Expressions();
  private static final String GOOD =
      """
      ---
      name: move
      summary: Move things
      title: "move {{ vms.size() }} VMs to {{ node }}"
      risk: change
      intent: vm.move
      phrases: ["move {vm} to {node}"]
      params:
        vm: {type: vms, required: true}
        node: {type: node, required: true}
        size: {type: size}
      ---
      ## Prerequisites
      ```yaml check
      that: "vms.all(v, v.running)"
      else: "{{ vms.filter(v, !v.running).map(v, v.name).join(', ') }} do not run"
      ```
      ## Steps
      ### Each
      ```yaml step
      for_each: vms
      as: v
      parallel: "{{ limits.migrations }}"
      ```
      #### Move
      ```yaml step
      when: v.node != node
      do: pve.vm.migrate
      with: {vm: "{{ v.vmid }}", node: "{{ node }}", online: true}
      retries: 2
      register: moved
      ```
      #### Wait
      ```yaml step
      do: net.port.wait
      with: {vm: "{{ v.vmid }}", port: 22}
      when: moved.hasValue()
      until: output.address != ''
      timeout: "{{ 60 * 5 }}"
      register: found
      ```
      ### Tag
      ```yaml step
      do: pve.vm.tag
      with: {vm: "{{ vms[0].vmid }}", add: ["{{ found['1031'].value().address }}", moved]}
      within: {add: "value.size() > 0"}
      ```
      """;

  private static List<String> lint(String text) {
    RunbookParser.Parsed parsed = RunbookParser.parse("x.md", text);
    assertThat(parsed.problems()).isEmpty();
    return Linter.lint(parsed.runbook().orElseThrow(), ACTIONS, EXPRESSIONS).stream()
        .map(Problem::toString)
        .toList();
  }

  private static List<String> broken(String find, String replace) {
    assertThat(GOOD).contains(find);
    return lint(GOOD.replace(find, replace));
  }

  @Test
  void soundRunbook_hasNoProblems() {
    assertThat(lint(GOOD)).isEmpty();
  }

  @Test
  void unknownAction_getsTheNearest() {
    assertThat(broken("do: pve.vm.migrate", "do: pve.vm.migrat"))
        .contains(
            "x.md:28:5: do: found 'pve.vm.migrat'; expected an action. Did you mean"
                + " 'pve.vm.migrate'?");
  }

  @Test
  void unknownMissingAndWronglyTypedInputs_areShownAtTheirPlaces() {
    assertThat(
            broken(
                "vm: \"{{ v.vmid }}\", node: \"{{ node }}\", online: true",
                "vn: \"{{ v.vmid }}\", node: \"{{ v.vmid }}\", online: 1"))
        .containsExactly(
            "x.md:28:5: with.vm: found nothing; expected a value of type int. pve.vm.migrate needs"
                + " it.",
            "x.md:29:8: with.vn: found an unknown input of pve.vm.migrate; expected one of vm,"
                + " node, online. Did you mean 'vm'?",
            "x.md:29:35: with.node: found '{{ v.vmid }}', which is of type int; expected a value of"
                + " type string.",
            "x.md:29:58: with.online: found 1, a value of type int; expected a value of type"
                + " optional(bool).");
  }

  @Test
  void optionalWhereAValueIsNeeded_isRefusedWithAdvice() {
    assertThat(broken("node: \"{{ node }}\", online", "node: \"{{ size }}\", online"))
        .containsExactly(
            "x.md:29:35: with.node: found '{{ size }}', which is of type optional(string); expected"
                + " a value of type string. It may be absent: add .orValue(…).");
  }

  @Test
  void expressionThatDoesNotTypeCheck_isShownAtItsColumn() {
    assertThat(broken("v.node != node", "v.nod != node"))
        .containsExactly(
            "x.md:27:8: when: found `v.nod != node`: it has no part 'nod'; did you mean 'node'?;"
                + " expected an expression that type-checks.");
    assertThat(broken("port: 22", "port: \"{{  nope }}\""))
        .singleElement()
        .asString()
        .startsWith(
            "x.md:36:39: with.port: found `nope`: nothing is called 'nope' here; did you mean"
                + " 'node'?;");
  }

  @Test
  void conditionThatIsNoCondition_isRefused() {
    assertThat(broken("that: \"vms.all(v, v.running)\"", "that: vms.size()"))
        .containsExactly(
            "x.md:15:7: that: found 'vms.size()', which is of type int; expected a value of type"
                + " bool.");
  }

  @Test
  void skippedStepsOutput_isAnOptional_andALoopsOutputsAreAMap() {
    assertThat(broken("when: moved.hasValue()", "when: moved.node != ''"))
        .singleElement()
        .asString()
        .startsWith("x.md:37:18: when: found `moved.node != ''`");
    assertThat(broken("found['1031'].value().address", "found.address.size()")).isNotEmpty();
  }

  @Test
  void laterOutput_cannotDecideALoop() {
    assertThat(
            broken("### Tag\n```yaml step\n", "### Tag\n```yaml step\nfor_each: moved\nas: item\n"))
        .containsExactly(
            "x.md:44:11: for_each: found `moved`, which is known only after an earlier step;"
                + " expected something that is known when the plan is made. The plan lists"
                + " everything that will happen.");
  }

  @Test
  void loopOverSomethingElse_isRefused() {
    assertThat(broken("for_each: vms", "for_each: node"))
        .contains(
            "x.md:21:11: for_each: found 'node', which is of type string; expected a value of type"
                + " list.");
  }

  @Test
  void declaredRiskBelowTheReachableOne_isRefused() {
    assertThat(broken("risk: change", "risk: routine"))
        .containsExactly(
            "x.md:5:7: risk: found 'routine'; expected at least 'change'. The step \"Move\" can do"
                + " that.");
    assertThat(broken("### Tag\n", "### Look\n```yaml step\nmanual: look\n```\n### Tag\n"))
        .containsExactly(
            "x.md:5:7: risk: found 'change'; expected at least 'disruptive'. The step \"Look\" can"
                + " do that.");
  }

  @Test
  void retriesOfWhatDestroys_areRefused() {
    String destroys =
        GOOD.replace("risk: change", "risk: destructive")
            .replace("do: pve.vm.tag\n", "do: pve.vm.delete\nretries: 1\n")
            .replace(", add: [\"{{ found['1031'].value().address }}\", moved]", "")
            .replace("within: {add: \"value.size() > 0\"}\n", "when: found.size() > 0\n");
    assertThat(lint(destroys))
        .containsExactly(
            "x.md:45:10: retries: found 1 for pve.vm.delete, which destroys; expected no retries. A"
                + " destructive call is never repeated blindly; a person decides.");
  }

  @Test
  void untilOfWhatChanges_isRefused() {
    assertThat(broken("retries: 2", "until: output.node == node"))
        .containsExactly(
            "x.md:30:8: until: found a condition for pve.vm.migrate, which changes something;"
                + " expected it only for an action that reads. It would be done again and again.");
  }

  @Test
  void phraseWithAnUnknownParameter_orUnbalanced_isRefused() {
    assertThat(broken("move {vm} to {node}", "move {vmm} (to {node}"))
        .containsExactly(
            "x.md:7:17: phrases: found '{vmm}'; expected one of node, size, vm. Did you mean"
                + " '{vm}'?",
            "x.md:7:23: phrases: found '(' without its partner; expected (a|b), [optional] and"
                + " {param}.");
  }

  @Test
  void registerThatNothingUses_isRefused() {
    assertThat(broken(", add: [\"{{ found['1031'].value().address }}\", moved]", ", add: [x]"))
        .containsExactly(
            "x.md:40:11: register: found 'found', which no step uses; expected a later step that"
                + " uses it. Remove it.");
  }

  @Test
  void namesThatHideOthers_areRefused() {
    assertThat(broken("as: v\n", "as: node\n"))
        .contains(
            "x.md:22:5: as: found 'node'; expected a name that nothing has here. It would hide the"
                + " other.");
    assertThat(broken("  size: {type: size}", "  inventory: {type: size}"))
        .contains(
            "x.md:11:3: inventory: found a parameter of this name; expected another name. The world"
                + " uses it already.");
  }

  @Test
  void bracesThatDoNotClose_areRefused() {
    assertThat(broken("port: 22", "port: \"{{ 22\""))
        .containsExactly("x.md:36:35: with.port: found '{{' without '}}'; expected both.");
  }

  @Test
  void reachableRisk_isTheHighestOfAllSteps() {
    Runbook runbook = RunbookParser.parse("x.md", GOOD).runbook().orElseThrow();
    assertThat(Linter.reachableRisk(runbook.steps(), ACTIONS)).isEqualTo(Risk.CHANGE);
    assertThat(Linter.reachableRisk(runbook.rollback(), ACTIONS)).isEqualTo(Risk.READ);
  }

  @Property(tries = 200)
  void noiseInExpressions_neverThrows(@ForAll String noise) {
    String text = GOOD.replace("v.node != node", "'" + noise.replaceAll("[\\p{Cntrl}']", "") + "'");
    RunbookParser.parse("x.md", text)
        .runbook()
        .ifPresent(runbook -> assertThat(Linter.lint(runbook, ACTIONS, EXPRESSIONS)).isNotNull());
  }
}
