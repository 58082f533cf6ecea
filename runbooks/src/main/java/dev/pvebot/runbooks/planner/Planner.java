package dev.pvebot.runbooks.planner;

import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.fleet.GuestDetail;
import dev.pvebot.clusters.placement.Machine;
import dev.pvebot.clusters.placement.Membership;
import dev.pvebot.clusters.placement.Placement;
import dev.pvebot.clusters.placement.Relocation;
import dev.pvebot.clusters.placement.TemplateFacts;
import dev.pvebot.clusters.site.ClusterProfile;
import dev.pvebot.clusters.site.Site;
import dev.pvebot.commands.Risk;
import dev.pvebot.runbooks.action.ActionFailure;
import dev.pvebot.runbooks.action.Actions;
import dev.pvebot.runbooks.action.Effect;
import dev.pvebot.runbooks.expression.Compiled;
import dev.pvebot.runbooks.expression.Data;
import dev.pvebot.runbooks.expression.Expressions;
import dev.pvebot.runbooks.expression.Result;
import dev.pvebot.runbooks.expression.Scope;
import dev.pvebot.runbooks.expression.Template;
import dev.pvebot.runbooks.format.Runbook;
import dev.pvebot.runbooks.format.Source;
import dev.pvebot.runbooks.format.Step;
import dev.pvebot.runbooks.format.Value;
import dev.pvebot.runbooks.plan.Plan;
import dev.pvebot.runbooks.plan.PlanJson;
import dev.pvebot.runbooks.plan.PlanStep;
import dev.pvebot.runbooks.planner.Planned.Ready;
import dev.pvebot.runbooks.planner.Planned.Reason;
import dev.pvebot.runbooks.planner.Planned.Refused;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Makes plans. The same runbook, words and world give the same plan; nothing is changed by
/// planning. Thread-safe.
public final class Planner {
  /// The intent of a plan that rolls back what another one left half done.
  public static final String ROLLBACK = "op.rollback";

  private final Actions actions;
  private final Expressions expressions;

  public Planner(Actions actions, Expressions expressions) {
    this.actions = actions;
    this.expressions = expressions;
  }

  /// @param said the command's arguments: parameters by name
  public Planned plan(Runbook runbook, Map<String, ?> said, PlanningWorld world)
      throws InterruptedException {
    return new Run(runbook, said, world, false).plan();
  }

  /// The same for the rollback of an operation that failed: its steps are those of the section
  /// Rollback, its intent is [#ROLLBACK]. The prerequisites are those of the steps and do not count
  /// here.
  public Planned planRollback(Runbook runbook, Map<String, ?> said, PlanningWorld world)
      throws InterruptedException {
    return new Run(runbook, said, world, true).plan();
  }

  /// One planning.
  private final class Run {
    private final Runbook runbook;
    private final PlanningWorld world;
    private final List<Reason> reasons = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final List<Plan.Check> checks = new ArrayList<>();
    private final Spoken spoken;
    private final Scope scope;
    private final Map<String, Object> known = new HashMap<>();
    private final Map<String, String> live = new LinkedHashMap<>();
    private final boolean back;
    private Optional<Membership> membership = Optional.empty();

    Run(Runbook runbook, Map<String, ?> said, PlanningWorld world, boolean back) {
      this.runbook = runbook;
      this.back = back;
      this.world = world;
      this.spoken = new Spoken.Reader(runbook, said, world, reasons).read();
      this.scope = Vocabulary.of(runbook);
    }

    Planned plan() throws InterruptedException {
      return back ? plan(runbook.rollback(), List.of()) : plan(runbook.steps(), runbook.rollback());
    }

    private Planned plan(List<Step> steps, List<Step> rollback) throws InterruptedException {
      if (!reasons.isEmpty()) {
        return refused();
      }
      try {
        lookAtTheWorld();
        checkPrerequisites(false);
        if (reasons.isEmpty() && uses(Vocabulary.MACHINES)) {
          place();
          checkPrerequisites(true);
        }
      } catch (ActionFailure failure) {
        reasons.add(new Reason(failure.what(), failure.why(), failure.now()));
      }
      if (!reasons.isEmpty()) {
        return refused();
      }
      Env env = new Env(scope, Map.copyOf(known), Map.of());
      Projection projection = new Projection(world);
      Optional<String> network =
          spoken.profile().flatMap(ClusterProfile::nodeNetwork).map(Object::toString);
      Expansion expansion =
          new Expansion(actions, expressions, projection, world, network, reasons, notes);
      List<PlanStep> planned = expansion.expand(steps, env);
      limitDestruction(projection);
      if (!reasons.isEmpty()) {
        return refused();
      }
      boolean changes =
          projection.effects().stream().anyMatch(effect -> effect.kind() != Effect.Kind.KEEP);
      if (!changes) {
        String text =
            back
                ? "Nothing to roll back: nothing of it is left"
                : runbook
                    .nothingToDo()
                    .map(this::rendered)
                    .orElse("Nothing to do: everything is as it should be");
        List<Reason> already = new ArrayList<>(List.of(Reason.of(text)));
        if (!back && runbook.nothingToDo().isEmpty()) {
          projection.effects().forEach(effect -> already.add(Reason.of(effect.text())));
        }
        return new Refused(title(), already, true);
      }
      return new Ready(sealed(planned, rollbackSteps(rollback, env), projection, expansion.risk()));
    }

    private Refused refused() {
      return new Refused(title(), reasons.stream().distinct().toList(), false);
    }

    /// The rollback is only shown; when it is chosen it is planned anew, on the world as it is
    /// then.
    private List<PlanStep> rollbackSteps(List<Step> rollback, Env env) throws InterruptedException {
      List<Reason> ignored = new ArrayList<>();
      Projection now = new Projection(world);
      List<PlanStep> steps =
          new Expansion(
                  actions, expressions, now, world, Optional.empty(), ignored, new ArrayList<>())
              .expand(rollback, env);
      return ignored.isEmpty() ? steps : List.of();
    }

    private Plan sealed(
        List<PlanStep> steps, List<PlanStep> rollback, Projection projection, Risk reached) {
      Risk risk = runbook.risk().atLeast(reached);
      Belonging belonging = new Belonging(world, spoken.profile(), projection);
      Optional<String> profile = spoken.profile().map(known -> known.name().value());
      Optional<String> cluster = belonging.cluster().map(known -> known.name().value());
      List<GuestDetail.Identity> targets = projection.targets();
      Optional<String> confirmName =
          risk == Risk.DESTRUCTIVE
              ? profile.or(() ->
                  targets.size() == 1
                      ? Optional.of(targets.getFirst().name())
                      : Optional.of(
                          targets.isEmpty()
                              ? runbook.name()
                              : targets.stream()
                                  .map(t -> t.vmid().toString())
                                  .collect(Collectors.joining(" "))))
              : Optional.empty();
      return PlanJson.seal(
          new Plan(
              runbook.name(),
              runbook.digest(),
              back ? ROLLBACK : runbook.intent().orElse("runbook.run"),
              title(),
              new TreeMap<>(spoken.data()),
              risk,
              belonging.environment(),
              confirmName,
              cluster,
              checks,
              steps,
              rollback,
              projection.effects(),
              targets,
              projection.created(),
              projection.made(),
              belonging.locks(runbook, spoken.data()),
              notes,
              Estimates.of(steps),
              ""));
    }

    // --- the world
    // --------------------------------------------------------------------------------------------------

    private void lookAtTheWorld() throws InterruptedException {
      Site site = world.site();
      known.putAll(spoken.values());
      known.put(
          Vocabulary.SITE,
          Data.ofRecord(
              new World.SiteFacts(
                  site.name(),
                  site.defaults().storage(),
                  site.defaults().networkBridge(),
                  site.defaults().guestAgent(),
                  site.nodes().stream().map(node -> node.name().value()).toList(),
                  world.inRepository())));
      known.put(
          Vocabulary.LIMITS,
          Data.ofRecord(
              new World.Limits(
                  site.limits().clones(), site.limits().migrations(), site.limits().destroys())));
      known.put(Vocabulary.INVENTORY, Data.ofRecord(World.Inventory.of(world.fleet())));
      live.put(Vocabulary.INVENTORY, "");
      if (runbook.params().stream()
          .anyMatch(p -> p.type() == dev.pvebot.commands.Catalog.Type.VMS)) {
        known.put(
            Vocabulary.VMS,
            spoken.selected().stream().map(guest -> (Object) guest(guest)).toList());
        live.put(
            Vocabulary.VMS,
            "inventory.guests.filter(g, g.vmid in %s)"
                .formatted(
                    Expressions.literal(
                        spoken.selected().stream().map(g -> g.vmid().value()).toList())));
        spoken.tag().ifPresent(this::selectionStays);
      }
      spoken
          .guests()
          .forEach((name, guest) -> {
            known.put(name, guest(guest));
            live.put(name, "inventory.vms.filter(g, g.vmid == %s)[0]".formatted(guest.vmid()));
          });
      for (Map.Entry<String, Fleet.Guest> template : spoken.templates().entrySet()) {
        known.put(template.getKey(), template(template.getValue()));
      }
      saved();
      relocations();
      if (spoken.profile().isPresent()) {
        profile(spoken.profile().get());
      }
    }

    private void saved() throws InterruptedException {
      if (uses(Vocabulary.SNAPSHOTS)) {
        List<Object> snapshots = new ArrayList<>();
        for (Vmid vmid : spoken.saved()) {
          if (world.fleet().guest(vmid).isPresent()) {
            snapshots.addAll(World.Snapshot.of(world.snapshots(vmid)));
          }
        }
        known.put(Vocabulary.SNAPSHOTS, snapshots);
      }
      if (uses(Vocabulary.BACKUPS)) {
        List<Object> backups = new ArrayList<>();
        for (Vmid vmid : spoken.saved()) {
          backups.addAll(World.SavedGuest.of(world.backups(vmid)));
        }
        known.put(Vocabulary.BACKUPS, backups);
      }
    }

    /// Where the guests of a node go, and which come home to it.
    private void relocations() throws InterruptedException {
      Optional<NodeName> node =
          Optional.ofNullable(spoken.data().get(Vocabulary.NODE))
              .map(name -> new NodeName(String.valueOf(name)));
      if (node.isEmpty()) {
        return;
      }
      Relocations relocations = new Relocations(world, node.get());
      if (uses(Vocabulary.LEAVING)) {
        Optional<NodeName> target =
            Optional.ofNullable(spoken.data().get("target"))
                .map(name -> new NodeName(String.valueOf(name)));
        know(Vocabulary.LEAVING, relocations.leaving(target, notes));
      }
      if (uses(Vocabulary.RETURNING)) {
        know(Vocabulary.RETURNING, relocations.returning(notes));
      }
    }

    private void know(String name, Relocation.Decision decision) {
      known.put(
          name,
          decision.chains().stream()
              .map(chain -> (Object) Data.ofRecord(World.Chain.of(chain)))
              .toList());
      known.put(
          Vocabulary.STAYING,
          decision.staying().stream()
              .map(stays -> (Object) Data.ofRecord(World.Stays.of(stays)))
              .toList());
    }

    private void profile(ClusterProfile profile) throws InterruptedException {
      runbook.params().stream()
          .filter(param -> param.type() == dev.pvebot.commands.Catalog.Type.PROFILE)
          .forEach(param -> known.put(param.name(), Data.ofRecord(World.Cluster.of(profile))));
      Membership found =
          Membership.of(profile, world.site(), world.fleet(), world.createdByUs(profile.name()));
      membership = Optional.of(found);
      known.put(
          Vocabulary.MEMBERS,
          found.members().stream().map(guest -> (Object) guest(guest)).toList());
      live.put(Vocabulary.MEMBERS, "");
      known.put(Vocabulary.MACHINES, List.of());
      Optional<Fleet.Guest> template =
          world.fleet().guest(profile.template()).filter(Fleet.Guest::template);
      if (template.isPresent()) {
        known.put(Vocabulary.TEMPLATE, template(template.get()));
      }
      if (uses(Vocabulary.MEMBERS)) {
        if (!found.complete()) {
          reasons.add(
              Reason.of(
                  "The API token does not see every guest, so VMs of %s may be missing"
                      .formatted(profile.name()),
                  "Grant it VM.Audit on /vms, propagated, then plan again."));
        }
        found
            .untouched()
            .forEach(other ->
                notes.add(
                    "Will not be touched: VM %s %s on %s, %s."
                        .formatted(
                            other.guest().vmid(),
                            other.guest().name(),
                            other.guest().node(),
                            other.why())));
        checks.add(
            new Plan.Check(
                "members.map(m, m.vmid) == %s"
                    .formatted(
                        Expressions.literal(
                            found.members().stream().map(g -> g.vmid().value()).toList())),
                "The VMs of %s are not the same as when this was planned"
                    .formatted(profile.name())));
      }
    }

    private void selectionStays(String tag) {
      checks.add(
          new Plan.Check(
              "inventory.vms.filter(v, %s in v.tags).map(v, v.vmid) == %s"
                  .formatted(
                      Expressions.literal(tag),
                      Expressions.literal(
                          spoken.selected().stream().map(g -> g.vmid().value()).toList())),
              "The VMs tagged `%s` are not the same as when this was planned".formatted(tag)));
    }

    private static Map<String, Object> guest(Fleet.Guest guest) {
      return Data.ofRecord(World.Guest.of(guest));
    }

    private Map<String, Object> template(Fleet.Guest template) throws InterruptedException {
      return Data.ofRecord(World.Template.of(facts(template), template.name()));
    }

    private TemplateFacts facts(Fleet.Guest template) throws InterruptedException {
      Optional<GuestDetail.Disk> disk =
          world.detail(template.vmid()).stream()
              .flatMap(detail -> detail.disks().stream())
              .filter(candidate ->
                  !candidate.key().startsWith("efidisk") && !candidate.key().startsWith("tpmstate"))
              .findFirst();
      return new TemplateFacts(
          template.vmid(),
          template.node(),
          disk.map(GuestDetail.Disk::storage).orElse(world.site().defaults().storage()),
          disk.map(GuestDetail.Disk::sizeBytes).orElse(template.diskBytes()));
    }

    /// Machines are placed as if the members were gone: whoever creates where they are destroys
    /// them first, or is refused by a prerequisite that says so better.
    private void place() throws InterruptedException {
      ClusterProfile profile = spoken.profile().orElseThrow();
      Set<Vmid> leaving = new HashSet<>();
      if (uses(Vocabulary.MEMBERS)) {
        membership.ifPresent(found -> found.members().forEach(guest -> leaving.add(guest.vmid())));
      }
      Fleet fleet = without(world.fleet(), leaving);
      Optional<Fleet.Guest> template = fleet.guest(profile.template());
      TemplateFacts facts =
          template.isPresent()
              ? facts(template.get())
              : new TemplateFacts(
                  profile.template(), world.site().nodes().getFirst().name(), profile.storage(), 0);
      Set<Vmid> reserved = new HashSet<>(world.reserved());
      reserved.removeAll(leaving);
      switch (Placement.place(profile, world.site(), fleet, reserved, facts)) {
        case Placement.Outcome.Refused(List<String> why) ->
            why.forEach(reason -> reasons.add(Reason.of(reason)));
        case Placement.Outcome.Placed(
                List<Machine> machines,
                List<String> explanation,
                List<String> warnings) -> {
          known.put(
              Vocabulary.MACHINES,
              machines.stream()
                  .map(machine -> (Object) Data.ofRecord(World.NewMachine.of(machine)))
                  .toList());
          notes.addAll(explanation);
          notes.addAll(warnings);
        }
      }
    }

    private static Fleet without(Fleet fleet, Set<Vmid> leaving) {
      if (leaving.isEmpty()) {
        return fleet;
      }
      Map<NodeName, Long> freed = new HashMap<>();
      fleet.guests().stream()
          .filter(guest -> leaving.contains(guest.vmid()))
          .forEach(guest -> freed.merge(guest.node(), guest.memoryUsedBytes(), Long::sum));
      return new Fleet(
          fleet.seenAt(),
          fleet.completeView(),
          fleet.quorate(),
          fleet.version(),
          fleet.nodes().stream()
              .map(node ->
                  new Fleet.Node(
                      node.name(),
                      node.online(),
                      node.cores(),
                      node.cpu(),
                      node.memoryBytes(),
                      Math.max(0, node.memoryUsedBytes() - freed.getOrDefault(node.name(), 0L)),
                      node.uptimeSeconds()))
              .toList(),
          fleet.guests().stream().filter(guest -> !leaving.contains(guest.vmid())).toList(),
          fleet.storages());
    }

    /// Whether any expression of the runbook names a variable.
    private boolean uses(String name) {
      Pattern word = Pattern.compile("\\b" + name + "\\b");
      Stream<String> texts =
          back
              ? runbook.allRollbackSteps().flatMap(Planner::expressionsOf)
              : expressionsOf(runbook);
      return texts.anyMatch(text -> word.matcher(text).find());
    }

    // --- prerequisites and words
    // ------------------------------------------------------------------------------------

    /// @param afterPlacing whether those that name `machines` are meant, or the others
    private void checkPrerequisites(boolean afterPlacing) {
      if (back) {
        return;
      }
      for (Runbook.Check check : runbook.checks()) {
        if (check.that().text().matches("(?s).*\\bmachines\\b.*") == afterPlacing) {
          check(check);
        }
      }
    }

    private void check(Runbook.Check check) {
      switch (expressions.compile(check.that().text(), scope)) {
        case Compiled.Rejected rejected ->
            reasons.add(
                Reason.of(
                    rejected.why(), "`pvebot runbook lint` shows what is wrong with the runbook."));
        case Compiled.Checked checked -> {
          String otherwise = rendered(check.otherwise());
          switch (expressions.evaluate(checked, known)) {
            case Result.Value(Object value) when value.equals(true) ->
                checks.add(
                    new Plan.Check(
                        expressions.close(checked, liveBindings(), pinned()), otherwise));
            case Result.Value _ -> reasons.add(Reason.of(otherwise));
            case Result.Failed(String why) ->
                reasons.add(new Reason(otherwise, Optional.of(why), Optional.empty()));
          }
        }
      }
    }

    private Map<String, String> liveBindings() {
      Map<String, String> bindings = new LinkedHashMap<>(live);
      bindings.values().removeIf(String::isEmpty);
      return bindings;
    }

    /// What is known and does not move.
    private Map<String, Object> pinned() {
      Map<String, Object> pinned = new HashMap<>(known);
      pinned.keySet().removeAll(live.keySet());
      return pinned;
    }

    private String title() {
      return (back ? "roll back: " : "") + forwardTitle();
    }

    private String forwardTitle() {
      return runbook.title().map(this::rendered).orElse(runbook.summary().text());
    }

    /// A text with its expressions; where one has no value now, the text as it was written says
    /// more than nothing.
    private String rendered(Source source) {
      if (!source.text().contains("{{")) {
        return source.text();
      }
      try {
        return expressions.compile(Template.parse(source.text()), scope)
                    instanceof Compiled.Checked checked
                && known.keySet().containsAll(checked.names())
                && expressions.evaluate(checked, known) instanceof Result.Value(Object value)
            ? String.valueOf(value)
            : fallback(source);
      } catch (Template.Unclosed _) {
        return fallback(source);
      }
    }

    private String fallback(Source source) {
      String text = source.text();
      for (Map.Entry<String, Object> said : spoken.data().entrySet()) {
        text =
            text.replaceAll(
                "\\{\\{\\s*" + said.getKey() + "(\\.\\w+)?\\s*}}",
                java.util.regex.Matcher.quoteReplacement(String.valueOf(said.getValue())));
      }
      return text.contains("{{") ? runbook.summary().text() : text;
    }

    private void limitDestruction(Projection projection) {
      int destroyed = projection.destroyed().size();
      int limit = world.site().limits().destroys();
      if (destroyed > limit) {
        reasons.add(
            Reason.of(
                "This would destroy %d VMs; the site allows %d in one operation"
                    .formatted(destroyed, limit),
                "Name fewer, or raise limits.destroys in cluster-config.yaml."));
      }
    }
  }

  private static Stream<String> expressionsOf(Runbook runbook) {
    return Stream.of(
            runbook.checks().stream()
                .flatMap(check -> Stream.of(check.that(), check.otherwise()))
                .map(Source::text),
            runbook.title().stream().map(Source::text),
            runbook.nothingToDo().stream().map(Source::text),
            runbook.allSteps().flatMap(Planner::expressionsOf))
        .flatMap(texts -> texts);
  }

  private static Stream<String> expressionsOf(Step step) {
    Stream<String> common =
        Stream.concat(
            step.when().stream().map(Source::text),
            step.loop().stream()
                .flatMap(loop ->
                    Stream.concat(
                        Stream.of(loop.items().text()),
                        loop.parallel().stream().flatMap(Planner::expressionsOf))));
    return switch (step) {
      case Step.Group _ -> common;
      case Step.Manual manual -> Stream.concat(common, Stream.of(manual.text().text()));
      case Step.Act act ->
          Stream.concat(
              common,
              Stream.of(
                      act.with().values().stream().flatMap(input -> expressionsOf(input.value())),
                      act.within().values().stream().map(Source::text),
                      act.until().stream().map(until -> until.that().text()),
                      act.timeout().stream().flatMap(Planner::expressionsOf))
                  .flatMap(texts -> texts));
    };
  }

  private static Stream<String> expressionsOf(Value value) {
    return switch (value) {
      case Value.Text(Source source) ->
          Stream.of(source.text()).filter(text -> text.contains("{{"));
      case Value.Plain _ -> Stream.empty();
      case Value.Items items -> items.items().stream().flatMap(Planner::expressionsOf);
      case Value.Entries entries ->
          entries.entries().values().stream().flatMap(Planner::expressionsOf);
    };
  }
}
