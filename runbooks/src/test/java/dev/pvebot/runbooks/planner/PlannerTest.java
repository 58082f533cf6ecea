package dev.pvebot.runbooks.planner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pvebot.clusters.Environment;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.fleet.GuestDetail;
import dev.pvebot.commands.Risk;
import dev.pvebot.runbooks.action.Actions;
import dev.pvebot.runbooks.action.Effect;
import dev.pvebot.runbooks.engine.Staleness;
import dev.pvebot.runbooks.expression.Expressions;
import dev.pvebot.runbooks.expression.StoredExpressions;
import dev.pvebot.runbooks.format.Library;
import dev.pvebot.runbooks.format.Runbook;
import dev.pvebot.runbooks.format.RunbookParser;
import dev.pvebot.runbooks.linter.Linter;
import dev.pvebot.runbooks.plan.Plan;
import dev.pvebot.runbooks.plan.PlanJson;
import dev.pvebot.runbooks.plan.PlanStep;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlannerTest {
  private static final Actions ACTIONS = FakePve.actions();
  private static final Expressions EXPRESSIONS = new Expressions();
  private static final Library LIBRARY = Library.load();
  private final Planner planner = new Planner(ACTIONS, EXPRESSIONS);
  private final FakeWorld world = FakeWorld.example();

  private Planned planned(String intent, Map<String, ?> said, PlanningWorld where) {
    return planned(LIBRARY.forIntent(intent).orElseThrow(), said, where);
  }

  private Planned planned(Runbook runbook, Map<String, ?> said, PlanningWorld where) {
    try {
      return planner.plan(runbook, said, where);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private Plan plan(String intent, Map<String, ?> said, PlanningWorld where) {
    Planned planned = planned(intent, said, where);
    assertThat(planned).isInstanceOf(Planned.Ready.class);
    return ((Planned.Ready) planned).plan();
  }

  private List<String> refusal(String intent, Map<String, ?> said, PlanningWorld where) {
    Planned planned = planned(intent, said, where);
    assertThat(planned).isInstanceOf(Planned.Refused.class);
    return ((Planned.Refused) planned).reasons().stream().map(Planned.Reason::sentence).toList();
  }

  private static List<String> lines(Plan plan) {
    return plan.effects().stream()
        .map(effect -> effect.kind().sign() + " " + effect.text())
        .toList();
  }

  private static List<String> outline(List<PlanStep> steps) {
    List<String> lines = new ArrayList<>();
    for (PlanStep step : steps) {
      switch (step) {
        case PlanStep.Group group -> {
          lines.add(group.key() + " x" + group.parallel());
          lines.addAll(outline(group.children()));
        }
        case PlanStep.Act act -> lines.add(act.key() + " " + act.action() + " " + act.inputs());
        case PlanStep.Manual manual -> lines.add(manual.key() + " by hand: " + manual.text());
      }
    }
    return lines;
  }

  private static List<PlanStep.Act> acts(List<PlanStep> steps) {
    List<PlanStep.Act> acts = new ArrayList<>();
    for (PlanStep step : steps) {
      switch (step) {
        case PlanStep.Group group -> acts.addAll(acts(group.children()));
        case PlanStep.Act act -> acts.add(act);
        case PlanStep.Manual _ -> {}
      }
    }
    return acts;
  }

  private static List<String> locks(Plan plan) {
    return plan.locks().stream().map(lock -> lock.name() + (lock.exclusive() ? "!" : "")).toList();
  }

  // --- create
  // ---------------------------------------------------------------------------------------------------------

  @Test
  void create_writesOutAChainForEachMachine() {
    Plan plan = plan("cluster.create", Map.of("cluster", "staging"), world);
    assertThat(plan.title()).isEqualTo("create talos-staging");
    assertThat(plan.params()).isEqualTo(Map.of("cluster", "talos-staging", "boot_timeout", 300L));
    assertThat(plan.risk()).isEqualTo(Risk.CHANGE);
    assertThat(plan.environment()).isEqualTo(Environment.STAGING);
    assertThat(plan.confirmName()).isEmpty();
    assertThat(plan.reserved()).containsExactly(new Vmid(1051), new Vmid(1052), new Vmid(1053));
    assertThat(plan.targets()).isEmpty();
    assertThat(locks(plan))
        .containsExactly(
            "cluster/talos-staging!",
            "node/pve01",
            "node/pve02",
            "node/pve03",
            "vm/1051!",
            "vm/1052!",
            "vm/1053!");
    assertThat(plan.notes()).anyMatch(note -> note.startsWith("Memory after"));
    golden("create-staging.txt", plan);
  }

  @Test
  void create_clonesOnTheTemplatesNode_andMovesOnlyThoseThatBelongElsewhere() {
    Plan plan = plan("cluster.create", Map.of("cluster", "staging"), world);
    assertThat(acts(plan.steps()).stream().filter(act -> act.action().equals("pve.vm.migrate")))
        .extracting(act -> act.inputs().get("vm"))
        .containsExactly(1052L, 1053L);
    assertThat(acts(plan.steps()).stream().filter(act -> act.action().equals("pve.vm.clone")))
        .allSatisfy(act -> assertThat(act.inputs()).doesNotContainKey("node"));
  }

  @Test
  void create_takesWorkersToo_eachWithItsOwnSizeAddressAndMac() {
    Plan plan = plan("cluster.create", Map.of("cluster", "talos-production"), world);
    List<PlanStep.Act> configured =
        acts(plan.steps()).stream().filter(act -> act.action().equals("pve.vm.configure")).toList();
    assertThat(configured).hasSize(6);
    assertThat(configured).extracting(act -> act.inputs().get("mac")).doesNotHaveDuplicates();
    assertThat(configured).extracting(act -> act.inputs().get("ip")).doesNotHaveDuplicates();
    assertThat(configured.stream().map(act -> act.inputs().get("memory")).distinct())
        .hasSizeGreaterThan(1);
  }

  @Test
  void create_whereSomeOfItExists_isRefused() {
    assertThat(refusal("cluster.create", Map.of("cluster", "staging"), world.withStaging()))
        .containsExactly(
            "talos-staging has VMs already: 1051 ts01, 1052 ts02, 1053 ts03. `tear down"
                + " talos-staging` removes them, `rebuild talos-staging` replaces them.");
  }

  @Test
  void create_withoutTemplate_saysSo() {
    assertThat(refusal("cluster.create", Map.of("cluster", "staging"), world.withoutGuest(101)))
        .containsExactly(
            "Template 101 does not exist. Make it first, or name another in profile"
                + " talos-staging.");
  }

  @Test
  void create_whereAVmidIsTakenOrReserved_isRefusedForEach() {
    assertThat(
            refusal(
                "cluster.create",
                Map.of("cluster", "staging"),
                world
                    .withGuest(FakeWorld.guest(1052, "stranger", "pve01", false, false))
                    .withReserved(1053)))
        .containsExactly(
            "VMID 1052 for ts02 is taken by stranger on pve01. Give ts02 another VMID in the"
                + " profile.",
            "VMID 1053 for ts03 is reserved by another operation. Wait for it, or cancel it.");
  }

  @Test
  void create_withAnUnknownCluster_offersTheNearest() {
    assertThat(refusal("cluster.create", Map.of("cluster", "talos-stagin"), world))
        .containsExactly("No cluster is called 'talos-stagin'. Did you mean talos-staging?");
  }

  @Test
  void create_withAFilteredView_isRefused() {
    assertThat(refusal("cluster.create", Map.of("cluster", "staging"), world.blind()))
        .first()
        .asString()
        .startsWith("The API token does not see every guest");
  }

  @Test
  void createOfAGenericCluster_waitsForItsSshPort() {
    Plan plan = plan("cluster.create", Map.of("cluster", "web-dev"), world);
    assertThat(acts(plan.steps()).stream().filter(act -> act.action().equals("net.port.wait")))
        .isNotEmpty()
        .allSatisfy(act -> assertThat(act.inputs()).containsEntry("port", 22L));
  }

  @Test
  void anotherSiteWithOtherNames_worksAsWell(@TempDir Path folder) throws java.io.IOException {
    Files.writeString(
        folder.resolve("cluster-config.yaml"),
        """
        cluster:
          name: example.org
          nodes: [{name: alpha, host: alpha.example.org}]
        defaults: {storage: fast, network_bridge: vmbr7}
        vmid_ranges: {templates: "500-599", vms: "600-699"}
        credentials: {pass_path: example.org/token, ssh_user: root}
        """);
    Files.writeString(
        folder.resolve("blue.yaml"),
        """
        name: blue
        type: generic
        environment: dev
        nodes:
          machines: {count: 2, name_prefix: b, cores: 2, memory: 2048, disk: 20G, start_vmid: auto}
        template: 500
        tags: [blue]
        """);
    FakeWorld other =
        FakeWorld.of(
            FakeWorld.site(folder),
            List.of("alpha"),
            List.of(
                FakeWorld.guest(500, "debian", "alpha", true, false),
                FakeWorld.guest(600, "x", "alpha", false, true)));
    Plan plan = plan("cluster.create", Map.of("cluster", "blue"), other.withReserved(601));
    assertThat(plan.reserved()).containsExactly(new Vmid(602), new Vmid(603));
    assertThat(plan.environment()).isEqualTo(Environment.DEV);
  }

  // --- teardown
  // -------------------------------------------------------------------------------------------------------

  @Test
  void teardown_shutsDownWithGrace_deletes_andLooksAgain() {
    Plan plan = plan("cluster.teardown", Map.of("cluster", "staging"), world.withStaging());
    assertThat(plan.risk()).isEqualTo(Risk.DESTRUCTIVE);
    assertThat(plan.confirmName()).contains("talos-staging");
    assertThat(plan.targets())
        .extracting(GuestDetail.Identity::vmid)
        .containsExactly(new Vmid(1051), new Vmid(1052), new Vmid(1053));
    assertThat(plan.reserved()).isEmpty();
    golden("teardown-staging.txt", plan);
  }

  @Test
  void teardown_neverTouchesWhatMatchesOnlyInPart() {
    FakeWorld crowded =
        world
            .withStaging()
            .withGuest(
                FakeWorld.guest(
                    2044, "grafana", "pve01", false, true, "talos", "kubernetes", "staging"))
            .withGuest(FakeWorld.guest(1054, "other", "pve01", false, true, "staging"));
    Plan plan = plan("cluster.teardown", Map.of("cluster", "staging"), crowded);
    assertThat(plan.targets()).hasSize(3);
    assertThat(plan.notes())
        .contains(
            "Will not be touched: VM 2044 grafana on pve01, has all tags, but is not in the profile"
                + " and was not made by pvebot.")
        .anyMatch(note -> note.startsWith("Will not be touched: VM 1054 other on pve01"));
  }

  @Test
  void teardown_takesWhatPvebotMade_thoughTheProfileNamesNoVmid() {
    FakeWorld grown =
        world
            .withStaging()
            .withGuest(
                FakeWorld.guest(
                    1070, "tw01", "pve01", false, true, "talos", "kubernetes", "staging"))
            .withCreated("talos-staging", 1070);
    assertThat(plan("cluster.teardown", Map.of("cluster", "staging"), grown).targets())
        .extracting(GuestDetail.Identity::vmid)
        .contains(new Vmid(1070));
  }

  @Test
  void teardown_withAProtectedMachine_isRefusedAsAWhole() {
    FakeWorld guarded =
        world
            .withStaging()
            .withGuest(
                FakeWorld.guest(
                    1052,
                    "ts02",
                    "pve02",
                    false,
                    true,
                    "talos",
                    "kubernetes",
                    "staging",
                    "protected"));
    assertThat(refusal("cluster.teardown", Map.of("cluster", "staging"), guarded))
        .containsExactly(
            "VM 1052 (ts02) is tagged `protected`: nothing that destroys touches it. To do it all"
                + " the same, take the tag off first: `tag remove 1052 protected`.");
    assertThat(
            refusal(
                "cluster.teardown",
                Map.of("cluster", "staging"),
                world.withStaging().withFlag(1051)))
        .containsExactly(
            "VM 1051 (ts01) has Proxmox VE's protection flag, which blocks its removal. To do it"
                + " all the same, take the flag off in Proxmox VE first.");
  }

  @Test
  void teardown_ofPvebotsOwnVm_isRefused() {
    assertThat(
            refusal(
                "cluster.teardown",
                Map.of("cluster", "staging"),
                world.withStaging().withOwnVm(1053)))
        .containsExactly(
            "VM 1053 (ts03) is the one that pvebot runs in. Nobody saws off the branch they sit"
                + " on.");
  }

  @Test
  void teardown_ofNothing_saysSoInsteadOfAsking() {
    Planned.Refused refused =
        (Planned.Refused) planned("cluster.teardown", Map.of("cluster", "staging"), world);
    assertThat(refused.done()).isTrue();
    assertThat(refused.title()).isEqualTo("tear down talos-staging");
    assertThat(refused.reasons().getFirst().what())
        .isEqualTo("talos-staging has no VMs; there is nothing to tear down.");
  }

  @Test
  void teardown_withANodeAway_isRefused_soThatNoGhostIsLeft() {
    assertThat(
            refusal(
                "cluster.teardown",
                Map.of("cluster", "staging"),
                world.withStaging().withOffline("pve02")))
        .containsExactly(
            "A node with VMs of talos-staging is offline: pve02. Its VMs would become ghosts. Bring"
                + " it back first.");
  }

  @Test
  void teardown_withAFilteredView_isRefused() {
    assertThat(
            refusal("cluster.teardown", Map.of("cluster", "staging"), world.withStaging().blind()))
        .first()
        .asString()
        .startsWith(
            "The API token does not see every guest, so VMs of talos-staging may be missing");
  }

  @Test
  void rebuild_usesTheSameVmids_andLetsThemRest() {
    Plan plan = plan("cluster.rebuild", Map.of("cluster", "staging"), world.withStaging());
    assertThat(plan.reserved()).containsExactly(new Vmid(1051), new Vmid(1052), new Vmid(1053));
    assertThat(plan.targets()).hasSize(3);
    assertThat(lines(plan).stream().filter(line -> line.startsWith("- ") || line.startsWith("+ ")))
        .hasSize(6);
    assertThat(acts(plan.steps()).stream().map(PlanStep.Act::action))
        .containsSubsequence("pve.vm.gone", "time.wait", "pve.vm.clone");
    assertThat(plan.confirmName()).contains("talos-staging");
  }

  @Test
  void moreVmsThanTheSiteAllows_areNotDestroyedByOneOperation() {
    FakeWorld full = world;
    List<Integer> vmids = new ArrayList<>();
    for (int vmid = 3000; vmid < 3011; vmid++) {
      full = full.withGuest(FakeWorld.guest(vmid, "vm" + vmid, "pve01", false, false));
      vmids.add(vmid);
    }
    assertThat(refusal("vm.delete", Map.of("vm", vmids), full))
        .containsExactly(
            "This would destroy 11 VMs; the site allows 10 in one operation. Name fewer, or raise"
                + " limits.destroys in cluster-config.yaml.");
  }

  // --- VMs
  // ------------------------------------------------------------------------------------------------------------

  @Test
  void startOfSeveral_leavesOutWhatRunsAlready() {
    Plan plan = plan("vm.start", Map.of("vm", List.of(1031, 1032)), world);
    assertThat(plan.title()).isEqualTo("start 1031 1032");
    assertThat(lines(plan)).containsExactly("~ VM 1032 web2: started");
    assertThat(outline(plan.steps()))
        .containsExactly("start x4", "start[1032] pve.vm.start {vm=1032}");
    assertThat(plan.environment()).isEqualTo(Environment.PRODUCTION);
    assertThat(locks(plan)).containsExactly("node/pve02", "vm/1032!");
  }

  @Test
  void startOfWhatRuns_isDoneAlready() {
    Planned.Refused refused =
        (Planned.Refused) planned("vm.start", Map.of("vm", List.of(1031)), world);
    assertThat(refused.done()).isTrue();
    assertThat(refused.reasons().getFirst().what())
        .isEqualTo("Nothing to do: 1031 web1 runs already.");
  }

  @Test
  void aTagSelectsVms_andTheSelectionIsAPrecondition() {
    Plan plan = plan("snapshot.create", Map.of("tag", "web", "name", "pre-os"), world);
    assertThat(plan.targets())
        .extracting(GuestDetail.Identity::vmid)
        .containsExactly(new Vmid(1031), new Vmid(1032));
    assertThat(
            compare(
                plan, world.withGuest(FakeWorld.guest(1034, "web3", "pve01", false, true, "web"))))
        .contains("The VMs tagged `web` are not the same as when this was planned");
  }

  @Test
  void whatIsMissingOrContradicts_isRefused() {
    assertThat(refusal("vm.start", Map.of(), world))
        .containsExactly("No VM was named. Name VMs by their VMIDs, or a tag.");
    assertThat(refusal("vm.start", Map.of("vm", List.of(1031), "tag", "web"), world))
        .containsExactly("Both VMs and a tag were named. Name one or the other.");
    assertThat(refusal("vm.start", Map.of("tag", "wbe"), world))
        .containsExactly("No VM is tagged `wbe`. Tags in use: protected, web.");
    assertThat(refusal("vm.start", Map.of("vm", List.of(9999)), world))
        .containsExactly("VM 9999 does not exist. `vm list` shows which do.");
    assertThat(refusal("vm.start", Map.of("vm", List.of(101)), world))
        .containsExactly("101 (talos) is a template, not a VM. Name a VM, or clone it first.");
    assertThat(refusal("vm.start", Map.of("vm", List.of(1031), "forse", true), world))
        .containsExactly("vm-start has no parameter 'forse'. It has cluster, tag, vm.");
    assertThat(refusal("vm.migrate", Map.of("vm", List.of(1031), "node", "pve0"), world))
        .containsExactly("No node is called 'pve0'. Did you mean pve01?");
    assertThat(refusal("vm.resize", Map.of("vm", List.of(1031, 1032), "size", "+50G"), world))
        .containsExactly("vm-resize takes one VM, not 2. Say it for each of them.");
  }

  @Test
  void deleteOfARunningVm_isRefused_andOfAProtectedOneToo() {
    assertThat(refusal("vm.delete", Map.of("vm", List.of(1031)), world))
        .containsExactly("Still running: 1031 web1. Stop it first.");
    assertThat(refusal("vm.delete", Map.of("vm", List.of(1033)), world))
        .containsExactly(
            "VM 1033 (db1) is tagged `protected`: nothing that destroys touches it. To do it all"
                + " the same, take the tag off first: `tag remove 1033 protected`.");
  }

  @Test
  void deleteOfOne_wantsItsName() {
    Plan plan = plan("vm.delete", Map.of("vm", List.of(1040)), world);
    assertThat(plan.confirmName()).contains("test-vm");
    assertThat(plan.risk()).isEqualTo(Risk.DESTRUCTIVE);
  }

  @Test
  void removingProtected_isDestructive_andRemovingAnotherTagIsNot() {
    assertThat(plan("tag.remove", Map.of("vm", List.of(1033), "remove", "protected"), world).risk())
        .isEqualTo(Risk.DESTRUCTIVE);
    assertThat(plan("tag.remove", Map.of("vm", List.of(1031), "remove", "web"), world).risk())
        .isEqualTo(Risk.CHANGE);
  }

  @Test
  void relativeSize_becomesAbsolute() {
    Plan plan = plan("vm.resize", Map.of("vm", List.of(1031), "size", "+50G"), world);
    assertThat(acts(plan.steps()).getFirst().inputs()).containsEntry("size", "150G");
  }

  @Test
  void clone_withoutVmid_takesTheLowestFreeOne() {
    Plan plan =
        plan(
            "vm.clone",
            Map.of("template", 102, "name", "box", "node", "pve03"),
            world.withReserved(1000, 1001));
    assertThat(plan.reserved()).containsExactly(new Vmid(1002));
    assertThat(plan.title()).isEqualTo("clone 102 ubuntu to 1002 box");
    assertThat(acts(plan.steps()))
        .extracting(PlanStep.Act::action)
        .containsExactly("pve.vm.clone", "pve.vm.migrate");
    assertThat(
            refusal("vm.clone", Map.of("template", 102, "name", "box", "vm", List.of(1031)), world))
        .containsExactly(
            "VMID 1031 is taken by web1 on pve01. Choose another, or leave it out to have one"
                + " chosen.");
  }

  @Test
  void lockedVm_isRefusedWithItsLock() {
    Fleet.Guest g = FakeWorld.guest(1040, "test-vm", "pve02", false, false);
    Fleet.Guest locked =
        new Fleet.Guest(
            g.vmid(),
            g.kind(),
            g.name(),
            g.node(),
            g.power(),
            false,
            g.tags(),
            g.cores(),
            g.memoryBytes(),
            0,
            g.diskBytes(),
            0,
            Optional.of("backup"),
            Optional.empty());
    assertThat(refusal("vm.start", Map.of("vm", List.of(1040)), world.withGuest(locked)))
        .containsExactly("VM 1040 test-vm is locked. Wait for it.");
  }

  @Test
  void whatCannotWorkInABulk_isLeftOutAndSaid_theOthersGoOn() {
    Fleet.Guest g = world.fleet().guest(new Vmid(1040)).orElseThrow();
    Fleet.Guest locked =
        new Fleet.Guest(
            g.vmid(),
            g.kind(),
            g.name(),
            g.node(),
            g.power(),
            false,
            g.tags(),
            g.cores(),
            g.memoryBytes(),
            0,
            g.diskBytes(),
            0,
            Optional.of("backup"),
            Optional.empty());
    Plan plan = plan("vm.start", Map.of("vm", List.of(1032, 1040)), world.withGuest(locked));
    assertThat(lines(plan)).containsExactly("~ VM 1032 web2: started");
    assertThat(plan.notes()).contains("Left out: VM 1040 test-vm is locked. Wait for it.");
  }

  // --- known after a step
  // -----------------------------------------------------------------------------------------------

  private static final String LATER =
      """
      ---
      name: later
      summary: Later
      risk: RISK
      params:
        cluster: {type: profile, required: true}
      ---
      ## Steps
      ### Each
      ```yaml step
      for_each: machines.filter(m, m.vmid < 1053)
      as: m
      ```
      #### Copy
      ```yaml step
      do: pve.vm.clone
      with: {template: 101, vmid: "{{ m.vmid }}", name: "{{ m.name }}"}
      register: copied
      ```
      #### Find it
      ```yaml step
      do: net.port.wait
      with: {vm: "{{ m.vmid }}", port: 22}
      register: found
      ```
      #### Ask it again
      ```yaml step
      when: copied.mac.hasValue()
      do: net.port.wait
      with: {address: "{{ found.address }}", port: 80}
      ```
      ### Tell
      ```yaml step
      do: DO
      with: {WITH}
      ```
      """;

  private static Runbook later(String risk, String action, String with) {
    RunbookParser.Parsed parsed =
        RunbookParser.parse(
            "later.md", LATER.replace("RISK", risk).replace("DO", action).replace("WITH", with));
    assertThat(parsed.problems()).isEmpty();
    Runbook runbook = parsed.runbook().orElseThrow();
    assertThat(Linter.lint(runbook, ACTIONS, EXPRESSIONS)).isEmpty();
    return runbook;
  }

  @Test
  void valueOfALaterStep_isAnExpressionWithTypeAndBound() {
    Runbook runbook =
        later(
            "change",
            "net.port.wait",
            "port: 25, address: \"{{ found['ts01'].address + '.' + cluster.name }}\"");
    Plan plan = ((Planned.Ready) planned(runbook, Map.of("cluster", "staging"), world)).plan();
    List<PlanStep.Act> acts = acts(plan.steps());
    PlanStep.Act again =
        acts.stream()
            .filter(act -> act.key().equals("each[ts02]/ask-it-again"))
            .findFirst()
            .orElseThrow();
    assertThat(again.onlyIf())
        .contains("cel.bind(copied, __copied['ts02'], copied.mac.hasValue())");
    assertThat(again.inputs().get("address"))
        .isEqualTo(
            new PlanStep.Deferred(
                "cel.bind(found, __found['ts02'], found.address)",
                "string",
                Optional.of("inCidr(value, '10.0.0.0/24')")));
    PlanStep.Deferred told =
        (PlanStep.Deferred)
            java.util.Objects.requireNonNull(acts.getLast().inputs().get("address"));
    StoredExpressions stored = new StoredExpressions(EXPRESSIONS);
    Map<String, Object> outputs =
        Map.of(
            "found",
                Map.of(
                    "ts01", Map.of("address", "10.0.0.9"), "ts02", Map.of("address", "10.0.0.8")),
            "copied", Map.of("ts02", Map.of("mac", Optional.of("AA"))));
    assertThat(stored.evaluate(told.expression(), outputs)).isEqualTo("10.0.0.9.talos-staging");
    assertThat(stored.evaluate(again.onlyIf().orElseThrow(), outputs)).isEqualTo(true);
    assertThat(stored.evaluate("inCidr(value, '10.0.0.0/24')", Map.of("value", "10.9.0.9")))
        .isEqualTo(false);
  }

  @Test
  void destructiveStepWithAnUnknownTarget_isRefused() {
    Runbook runbook =
        later(
            "destructive",
            "pve.snapshot.delete",
            "vm: 1040, name: \"{{ found['ts01'].address }}\"");
    Planned.Refused refused =
        (Planned.Refused) planned(runbook, Map.of("cluster", "staging"), world);
    assertThat(refused.reasons())
        .extracting(Planned.Reason::sentence)
        .containsExactly(
            "Tell: name is known only after an earlier step, and this step destroys. A destructive"
                + " step needs a target that the plan can name; change the runbook.");
  }

  // --- staleness
  // --------------------------------------------------------------------------------------------------------

  private List<String> compare(Plan plan, PlanningWorld now) {
    Replanner replanner = new Replanner(ACTIONS, new StoredExpressions(EXPRESSIONS), () -> now);
    try {
      return switch (replanner.check(PlanJson.read(PlanJson.write(plan)))) {
        case Staleness.Verdict.Same() -> List.of();
        case Staleness.Verdict.Different(List<String> differences) -> differences;
      };
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void everyPlanOfTheLibrary_isTheSameInTheSameWorld() {
    FakeWorld staged = world.withStaging();
    assertThat(compare(plan("cluster.create", Map.of("cluster", "staging"), world), world))
        .isEmpty();
    assertThat(compare(plan("cluster.create", Map.of("cluster", "talos-production"), world), world))
        .isEmpty();
    assertThat(compare(plan("cluster.teardown", Map.of("cluster", "staging"), staged), staged))
        .isEmpty();
    assertThat(compare(plan("cluster.rebuild", Map.of("cluster", "staging"), staged), staged))
        .isEmpty();
    assertThat(compare(plan("vm.start", Map.of("vm", List.of(1032)), world), world)).isEmpty();
    assertThat(
            compare(plan("vm.resize", Map.of("vm", List.of(1031), "size", "+50G"), world), world))
        .isEmpty();
    assertThat(compare(plan("vm.clone", Map.of("template", 102, "name", "box"), world), world))
        .isEmpty();
  }

  @Test
  void freeMemoryThatMoved_isNoDifference() {
    Plan plan = plan("cluster.create", Map.of("cluster", "staging"), world);
    FakeWorld busier = world.withMemoryUsed("pve02", 40);
    assertThat(compare(plan, busier)).isEmpty();
    assertThat(plan("cluster.create", Map.of("cluster", "staging"), busier).digest())
        .isEqualTo(plan.digest());
  }

  @Test
  void vmidTakenMeanwhile_isADifference() {
    Plan plan = plan("cluster.create", Map.of("cluster", "staging"), world);
    assertThat(
            compare(
                plan, world.withGuest(FakeWorld.guest(1052, "stranger", "pve01", false, false))))
        .contains("VMID 1052 is taken. Choose another.");
  }

  @Test
  void anotherVmUnderTheSameVmid_isADifference() {
    FakeWorld staged = world.withStaging();
    Plan plan = plan("cluster.teardown", Map.of("cluster", "staging"), staged);
    assertThat(compare(plan, staged.withUuid(1052, "another")))
        .containsExactly(
            "VM 1052 is another one than when this was planned: it was ts02, uuid uuid-1052, MAC"
                + " 02:00:00:00:04:1C, it is ts02, uuid another, MAC 02:00:00:00:04:1C");
  }

  @Test
  void memberAddedOrGone_isADifference() {
    FakeWorld staged = world.withStaging();
    Plan plan = plan("cluster.teardown", Map.of("cluster", "staging"), staged);
    assertThat(compare(plan, staged.withoutGuest(1053)))
        .contains(
            "The VMs of talos-staging are not the same as when this was planned",
            "no longer: - VM 1053 ts03 on pve03",
            "VM 1053 (ts03) does not exist any more");
    FakeWorld grown =
        staged
            .withGuest(
                FakeWorld.guest(
                    1070, "tw01", "pve01", false, true, "talos", "kubernetes", "staging"))
            .withCreated("talos-staging", 1070);
    assertThat(compare(plan, grown))
        .containsExactly("The VMs of talos-staging are not the same as when this was planned");
  }

  @Test
  void protectionPutOnMeanwhile_isADifference() {
    Plan plan = plan("vm.delete", Map.of("vm", List.of(1040)), world);
    assertThat(
            compare(
                plan,
                world.withGuest(
                    FakeWorld.guest(1040, "test-vm", "pve02", false, false, "protected"))))
        .containsExactly(
            "VM 1040 (test-vm) is tagged `protected`: nothing that destroys touches it. To do it"
                + " all the same, take the tag off first: `tag remove 1040 protected`.");
  }

  // --- digests and storage
  // ------------------------------------------------------------------------------------------------

  @Property(tries = 30)
  void sameInput_givesTheSamePlan_andItSurvivesStorage(
      @ForAll Set<@IntRange(min = 3000, max = 3020) Integer> vmids, @ForAll boolean running) {
    FakeWorld where = world;
    for (int vmid : vmids) {
      where = where.withGuest(FakeWorld.guest(vmid, "vm" + vmid, "pve01", false, running, "load"));
    }
    String intent = running ? "vm.stop" : "vm.start";
    Planned first = planned(intent, Map.of("tag", "load"), where);
    assertThat(planned(intent, Map.of("tag", "load"), where)).isEqualTo(first);
    if (first instanceof Planned.Ready(Plan plan)) {
      Plan read = PlanJson.read(PlanJson.write(plan));
      assertThat(read).isEqualTo(plan);
      assertThat(PlanJson.seal(read).digest()).isEqualTo(plan.digest());
      Effect effect = plan.effects().getFirst();
      List<Effect> changed = new ArrayList<>(plan.effects());
      changed.set(0, new Effect(effect.kind(), effect.subject(), effect.text() + "!"));
      assertThat(PlanJson.seal(withEffects(plan, changed)).digest()).isNotEqualTo(plan.digest());
    } else {
      assertThat(vmids).isEmpty();
    }
  }

  private static Plan withEffects(Plan p, List<Effect> effects) {
    return new Plan(
        p.runbook(),
        p.runbookDigest(),
        p.intent(),
        p.title(),
        p.params(),
        p.risk(),
        p.environment(),
        p.confirmName(),
        p.cluster(),
        p.checks(),
        p.steps(),
        p.rollback(),
        effects,
        p.targets(),
        p.reserved(),
        p.made(),
        p.locks(),
        p.notes(),
        p.estimate(),
        p.digest());
  }

  @Test
  void planWithDeferredValues_survivesStorage() {
    Runbook runbook =
        later("change", "net.port.wait", "port: 25, address: \"{{ found['ts01'].address }}\"");
    Plan plan = ((Planned.Ready) planned(runbook, Map.of("cluster", "staging"), world)).plan();
    assertThat(PlanJson.read(PlanJson.write(plan))).isEqualTo(plan);
    assertThat(PlanJson.write(plan)).contains("\"$deferred\"");
    assertThat(plan.shortDigest()).hasSize(6);
  }

  @Test
  void estimate_isTheCriticalPath() {
    Plan one = plan("vm.start", Map.of("vm", List.of(1032)), world);
    Plan two = plan("vm.start", Map.of("vm", List.of(1032, 1040)), world);
    assertThat(two.estimate()).isEqualTo(one.estimate());
  }

  private void golden(String file, Plan plan) {
    List<String> text = new ArrayList<>();
    text.add(
        "%s · %s · %s · %s"
            .formatted(plan.title(), plan.risk().word(), plan.environment(), plan.estimate()));
    text.addAll(lines(plan));
    text.add("checks");
    plan.checks().forEach(check -> text.add("  " + check.that()));
    text.add("steps");
    outline(plan.steps()).forEach(line -> text.add("  " + line));
    try (var in = PlannerTest.class.getResourceAsStream(file)) {
      String expected =
          in == null ? "" : new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
      assertThat(String.join("\n", text) + "\n").isEqualTo(expected);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
