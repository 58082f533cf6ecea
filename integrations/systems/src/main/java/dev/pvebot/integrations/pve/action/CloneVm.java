package dev.pvebot.integrations.pve.action;

import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Upid;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.fleet.GuestDetail;
import dev.pvebot.commands.Risk;
import dev.pvebot.integrations.pve.action.GuestAction.Readable;
import dev.pvebot.integrations.pve.api.LockWords;
import dev.pvebot.integrations.pve.api.PveCall;
import dev.pvebot.integrations.pve.fleet.GuestState;
import dev.pvebot.integrations.pve.fleet.VmidAbsence;
import dev.pvebot.integrations.pve.task.TaskRow;
import dev.pvebot.runbooks.action.Action;
import dev.pvebot.runbooks.action.ActionFailure;
import dev.pvebot.runbooks.action.Effect;
import dev.pvebot.runbooks.action.Intent;
import dev.pvebot.runbooks.action.Observation;
import dev.pvebot.runbooks.action.Planning;
import dev.pvebot.runbooks.action.Preview;
import dev.pvebot.runbooks.action.RunContext;
import dev.pvebot.runbooks.action.Started;
import dev.pvebot.runbooks.action.Traits;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `pve.vm.clone`: makes a VM from a template, on the template's node (a clone to another node
/// needs shared storage).
///
/// The task carries the *template's* VMID, so it cannot be told by its id which clone it makes. Our
/// mark goes into the new VM's description with the call; PVE writes it when the clone is complete.
/// Until then the VM is only a lock, and the task's log says for which VMID it works.
final class CloneVm implements Action<CloneVm.Inputs, CloneVm.Output> {
  private static final Pattern MAKES = Pattern.compile("with ID (\\d+)");
  private static final Pattern DNS_NAME =
      Pattern.compile(
          "(?=.{1,255}$)[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(\\.[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*");

  private static final Traits TRAITS =
      GuestAction.traits(
          Risk.CHANGE,
          Duration.ofMinutes(60),
          Duration.ofSeconds(20),
          GuestAction.onVms("VM.Clone"),
          GuestAction.onVms("VM.Allocate"),
          new Traits.Privilege("Datastore.AllocateSpace", "/storage/{storage}"),
          new Traits.Privilege("Datastore.Audit", "/storage/{storage}"),
          new Traits.Privilege("SDN.Use", "/sdn"),
          new Traits.Privilege("Sys.Audit", "/"));

  private final Reach reach;
  private final OwnTasks ownTasks;

  /// For which VMID a clone task works: it never changes, so it is asked once for each task.
  private final Map<Upid, Vmid> madeBy = new ConcurrentHashMap<>();

  CloneVm(Reach reach) {
    this.reach = reach;
    this.ownTasks = new OwnTasks(reach);
  }

  /// @param template what is cloned; an ordinary VM will do as well
  /// @param vmid of the new VM
  /// @param full a copy of its own (default), not a linked clone
  /// @param storage where the copy's disks go; by default where the template's are
  public record Inputs(
      Vmid template,
      Vmid vmid,
      String name,
      Optional<Boolean> full,
      Optional<String> storage,
      Optional<String> pool) {
    boolean isFull() {
      return full.orElse(true);
    }
  }

  /// @param uuid smbios uuid of the new VM
  /// @param mac of its first network card
  public record Output(
      Vmid vmid, String name, NodeName node, Optional<String> uuid, Optional<String> mac) {}

  @Override
  public String name() {
    return "pve.vm.clone";
  }

  @Override
  public Class<Inputs> inputs() {
    return Inputs.class;
  }

  @Override
  public Class<Output> outputs() {
    return Output.class;
  }

  @Override
  public Traits traits() {
    return TRAITS;
  }

  @Override
  public Preview<Inputs> preview(Inputs inputs, Planning planning) throws InterruptedException {
    Fleet fleet = planning.fleet();
    Fleet.Guest template = template(inputs, fleet);
    NewVm.refuseTaken(inputs.vmid(), fleet);
    refuseUnfitName(inputs.name());
    Optional<GuestDetail> detail = planning.detail(inputs.template());
    refuseStorage(inputs, fleet, template);
    Inputs pinned =
        new Inputs(
            inputs.template(),
            inputs.vmid(),
            inputs.name(),
            Optional.of(inputs.isFull()),
            inputs.storage(),
            inputs.pool());
    Fleet.Guest made = Projected.copy(template, inputs.vmid(), inputs.name());
    String how =
        "clone of %s (%s)".formatted(inputs.template(), inputs.isFull() ? "full" : "linked");
    String text =
        "%s, %s, %s, %s disk%s, %s"
            .formatted(
                Words.onNode(made),
                Words.count(made.cores(), "core"),
                Words.size(made.memoryBytes()),
                Words.size(made.diskBytes()),
                inputs.storage().map(storage -> " on " + storage).orElse(""),
                how);
    Duration estimate =
        inputs.isFull()
            ? Duration.ofSeconds(5 + made.diskBytes() / (200L << 20))
            : Duration.ofSeconds(5);
    return new Preview<>(
        pinned,
        List.of(
            new Effect(
                Effect.Kind.CREATE,
                new Effect.Subject.Guest(made.vmid(), made.node()),
                text,
                Optional.of(how))),
        GuestAction.targets(detail),
        Projected.with(fleet, made),
        estimate);
  }

  static void refuseUnfitName(String name) {
    if (!DNS_NAME.matcher(name).matches()) {
      throw ActionFailure.refused(
          "'%s' is no name for a VM".formatted(name),
          "use letters, digits, inner hyphens and dots, for example web-01");
    }
  }

  private static Fleet.Guest template(Inputs inputs, Fleet fleet) {
    Fleet.Guest template =
        fleet
            .guest(inputs.template())
            .orElseThrow(() ->
                ActionFailure.refused(
                    "template %s does not exist".formatted(inputs.template()),
                    "make it first (template create), or name one that exists (template list)"));
    if (template.kind() == Fleet.Kind.CONTAINER) {
      throw ActionFailure.refused(
          "%s is a container; only VMs are cloned".formatted(Words.named(template)),
          "choose a VM template");
    }
    if (!template.template() && !inputs.isFull()) {
      throw ActionFailure.refused(
          "%s is no template; a linked clone needs one".formatted(Words.named(template)),
          "clone it in full");
    }
    if (template.lock().isPresent()) {
      LockWords.Words words = LockWords.of(template.lock().get());
      throw new ActionFailure(
          ActionFailure.Kind.REFUSED,
          "%s is locked (%s)".formatted(Words.onNode(template), template.lock().get()),
          Optional.of(words.meaning()),
          Optional.of(words.now()));
    }
    return template;
  }

  private static void refuseStorage(Inputs inputs, Fleet fleet, Fleet.Guest template) {
    if (inputs.storage().isEmpty()) {
      return;
    }
    String storage = inputs.storage().get();
    if (!inputs.isFull()) {
      throw ActionFailure.refused(
          "a linked clone of %s cannot go to storage %s".formatted(inputs.template(), storage),
          "leave the storage out, or clone in full");
    }
    boolean usable =
        fleet
            .storage(storage, template.node())
            .filter(found -> found.active() && found.content().contains("images"))
            .isPresent();
    if (!usable) {
      throw ActionFailure.refused(
          "storage %s on %s (the template's node) is missing, inactive or keeps no disk images"
              .formatted(storage, template.node()),
          "choose one that %s can use (storage list)".formatted(template.node()));
    }
  }

  @Override
  public Map<String, String> prepare(Inputs inputs, RunContext context)
      throws InterruptedException {
    return Readable.read(() -> {
      GuestState template = source(inputs);
      Map<String, String> facts = new HashMap<>();
      ownTasks.remember(facts, template.node(), inputs.template());
      template.identity().uuid().ifPresent(uuid -> facts.put("template_uuid", uuid));
      return facts;
    });
  }

  private GuestState source(Inputs inputs) throws InterruptedException {
    return reach
        .guests()
        .state(inputs.template())
        .orElseThrow(() ->
            ActionFailure.refused(
                "cloning VM %s to %s: there is no VM %s in PVE's list"
                    .formatted(inputs.template(), inputs.vmid(), inputs.template()),
                "it was removed, or the token may not see it; plan again"));
  }

  @Override
  public Started run(Inputs inputs, Intent intent, RunContext context) throws InterruptedException {
    GuestState template = Readable.read(() -> source(inputs));
    PveCall call =
        PveCall.post(
                "cloning VM %s to %s on %s"
                    .formatted(inputs.template(), inputs.vmid(), template.node()),
                "nodes",
                template.node(),
                "qemu",
                inputs.template(),
                "clone")
            .with("newid", inputs.vmid())
            .with("name", inputs.name())
            .with("full", inputs.isFull())
            .with("description", intent.mark(inputs.vmid()))
            .with("storage", inputs.storage())
            .with("pool", inputs.pool());
    context.beforeCall();
    Optional<Upid> task = Readable.read(() -> reach.caller().start(call));
    task.ifPresent(upid -> madeBy.put(upid, inputs.vmid()));
    return task.<Started>map(Started.Task::new).orElseGet(Started.Immediately::new);
  }

  @Override
  public Observation<Output> observe(Inputs inputs, Intent intent) throws InterruptedException {
    return Readable.read(() -> {
      Optional<GuestState> made = reach.guests().state(inputs.vmid());
      return made.isPresent() ? existing(inputs, intent, made.get()) : missing(inputs, intent);
    });
  }

  private Observation<Output> existing(Inputs inputs, Intent intent, GuestState made)
      throws InterruptedException {
    boolean ours = Marks.has(made.get("description").orElse(""), intent.mark(inputs.vmid()));
    boolean inTheMaking = made.lock().filter(Set.of("clone", "create")::contains).isPresent();
    if (ours && !inTheMaking) {
      GuestDetail.Identity identity = made.identity();
      return new Observation.Done<>(
          new Output(inputs.vmid(), made.name(), made.node(), identity.uuid(), identity.mac()));
    }
    Optional<Upid> task = ownTask(inputs, intent);
    if (inTheMaking && task.isPresent()) {
      return new Observation.Running<>(task.get());
    }
    if (inTheMaking && (ours || intent.task().isPresent())) {
      return new Observation.Unknown<>(
          "VM %s on %s is half made (lock %s) and no task of ours works on it"
              .formatted(inputs.vmid(), made.node(), made.lock().orElse("")));
    }
    return new Observation.Foreign<>(
        "VMID %s is %s on %s, which this operation did not make%s"
            .formatted(
                inputs.vmid(),
                made.name(),
                made.node(),
                made.lock().map(lock -> " (locked: %s)".formatted(lock)).orElse("")));
  }

  private Observation<Output> missing(Inputs inputs, Intent intent) throws InterruptedException {
    Optional<Upid> task = ownTask(inputs, intent);
    if (task.isPresent()) {
      return new Observation.Running<>(task.get());
    }
    return switch (reach.absence().of(inputs.vmid())) {
      case VmidAbsence.Verdict.Absent() ->
          new Observation.NotDone<>("VMID %s is free".formatted(inputs.vmid()));
      case VmidAbsence.Verdict.Present(String where) ->
          // it came between two looks; or it is one that the token may not see
          new Observation.Unknown<>(
              "VMID %s is taken (%s) but not listed".formatted(inputs.vmid(), where));
      case VmidAbsence.Verdict.CannotTell(String why) -> new Observation.Unknown<>(why);
    };
  }

  /// The clone task that runs for this VMID.
  private Optional<Upid> ownTask(Inputs inputs, Intent intent) throws InterruptedException {
    for (TaskRow row : ownTasks.since(intent, inputs.template(), "qmclone")) {
      if (row.isRunning() && (intent.task().isPresent() || mayMake(row.upid(), inputs.vmid()))) {
        return Optional.of(row.upid());
      }
    }
    return Optional.empty();
  }

  /// A task that has not yet said for whom it works may be ours.
  private boolean mayMake(Upid task, Vmid vmid) throws InterruptedException {
    Optional<Vmid> known = Optional.ofNullable(madeBy.get(task));
    if (known.isEmpty()) {
      known =
          reach.tasks().log(task, 0, 20).stream()
              .map(MAKES::matcher)
              .filter(Matcher::find)
              .map(found -> Vmid.parse(found.group(1)))
              .findFirst();
      known.ifPresent(made -> madeBy.put(task, made));
    }
    return known.map(vmid::equals).orElse(true);
  }
}
