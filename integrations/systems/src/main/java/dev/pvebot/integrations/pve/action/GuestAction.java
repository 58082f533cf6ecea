package dev.pvebot.integrations.pve.action;

import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Upid;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.fleet.GuestDetail;
import dev.pvebot.commands.Risk;
import dev.pvebot.integrations.pve.api.LockWords;
import dev.pvebot.integrations.pve.api.PveCall;
import dev.pvebot.integrations.pve.api.PveFailure;
import dev.pvebot.integrations.pve.fleet.GuestState;
import dev.pvebot.integrations.pve.task.TaskRow;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What all actions on one existing VM have in common: it is found by its VMID wherever it is now,
/// it must still be the one that was journaled, its lock is respected, and a task that nobody lived
/// to journal is found again.
abstract class GuestAction<I extends Record, O extends Record> extends PveAction<I, O> {
  static final String UUID = "uuid";
  static final String MAC = "mac";
  static final String NAME = "name";

  /// Present when the VM was not there when the intent was journaled.
  static final String ABSENT = "absent";

  final Flavour flavour;

  GuestAction(Reach reach, String name, Class<I> inputs, Class<O> outputs, Traits traits) {
    this(reach, Flavour.VM, name, inputs, outputs, traits);
  }

  GuestAction(
      Reach reach, Flavour flavour, String name, Class<I> inputs, Class<O> outputs, Traits traits) {
    super(reach, name, inputs, outputs, traits);
    this.flavour = flavour;
  }

  /// Traits with VM.Audit, which every action needs for looking.
  static Traits traits(
      Risk risk, Duration timeout, Duration settle, Traits.Privilege... privileges) {
    List<Traits.Privilege> all = new ArrayList<>(List.of(privileges));
    all.add(new Traits.Privilege("VM.Audit", "/vms/{vmid}"));
    return new Traits(risk, all, timeout, settle);
  }

  static Traits.Privilege onVms(String privilege) {
    return new Traits.Privilege(privilege, "/vms/{vmid}");
  }

  // --- what an action says of itself

  abstract Vmid vm(I inputs);

  /// What it does, in the words of a failure: `starting`.
  abstract String act(I inputs);

  abstract PveCall call(I inputs, Intent intent, GuestState now) throws InterruptedException;

  /// @param now empty when the VM is not listed
  abstract Observation<O> look(I inputs, Intent intent, Optional<GuestState> now)
      throws InterruptedException;

  /// Facts beyond the VM's identity and node; refuses what cannot work.
  Map<String, String> facts(I inputs, GuestState now) throws InterruptedException {
    return Map.of();
  }

  /// Locks with which the call works all the same.
  boolean worksUnder(String lock, GuestState now) {
    return false;
  }

  /// Whether it is fine that the VM does not exist (any more).
  boolean mayBeAbsent() {
    return false;
  }

  // --- how the engine sees it

  @Override
  public final Map<String, String> prepare(I inputs, RunContext context)
      throws InterruptedException {
    return Readable.read(() -> {
      Vmid vmid = vm(inputs);
      Optional<GuestState> state = reach.guests().state(vmid);
      Map<String, String> facts = new HashMap<>();
      if (state.isEmpty()) {
        if (!mayBeAbsent()) {
          throw notThere(inputs);
        }
        facts.put(ABSENT, "1");
        return facts;
      }
      GuestDetail.Identity identity = state.get().identity();
      facts.put(NAME, identity.name());
      identity.uuid().ifPresent(uuid -> facts.put(UUID, uuid));
      identity.mac().ifPresent(mac -> facts.put(MAC, mac));
      ownTasks.remember(facts, state.get().node(), vmid);
      facts.putAll(facts(inputs, state.get()));
      return facts;
    });
  }

  @Override
  public final Started run(I inputs, Intent intent, RunContext context)
      throws InterruptedException {
    PveCall call =
        Readable.read(() -> {
          GuestState now = reach.guests().state(vm(inputs)).orElseThrow(() -> notThere(inputs));
          refuseAnother(inputs, intent, now);
          refuseLocked(inputs, now);
          return call(inputs, intent, now);
        });
    context.beforeCall();
    return Readable.read(() -> started(call));
  }

  Started started(PveCall call) throws InterruptedException {
    return reach
        .caller()
        .start(call)
        .<Started>map(Started.Task::new)
        .orElseGet(Started.Immediately::new);
  }

  @Override
  public final Observation<O> observe(I inputs, Intent intent) throws InterruptedException {
    return Readable.read(() -> look(inputs, intent, reach.guests().state(vm(inputs))));
  }

  // --- what they share

  ActionFailure notThere(I inputs) {
    return new ActionFailure(
        ActionFailure.Kind.REFUSED,
        "%s %s %s: there is no such %s in PVE's list"
            .formatted(act(inputs), flavour, vm(inputs), flavour),
        Optional.of("it was removed meanwhile, or the token may not see it (VM.Audit)"),
        Optional.of("list them and plan again"));
  }

  private void refuseAnother(I inputs, Intent intent, GuestState now) {
    // a container has no uuid; the address of its network card tells it from another
    boolean byUuid = intent.facts().containsKey(UUID);
    Optional<String> planned = Optional.ofNullable(intent.facts().get(byUuid ? UUID : MAC));
    Optional<String> found = byUuid ? now.identity().uuid() : now.identity().mac();
    if (planned.isPresent() && found.isPresent() && !planned.equals(found)) {
      throw new ActionFailure(
          ActionFailure.Kind.REFUSED,
          "%s %s %s: VMID %s is another guest now (%s) than the one that was planned (%s)"
              .formatted(
                  act(inputs),
                  flavour,
                  now.vmid(),
                  now.vmid(),
                  now.name(),
                  intent.facts().getOrDefault(NAME, "?")),
          Optional.of("the planned one was removed and its VMID was given to another"),
          Optional.of("plan again, for the one that is really meant"));
    }
  }

  private void refuseLocked(I inputs, GuestState now) {
    Optional<String> lock = now.lock().filter(held -> !worksUnder(held, now));
    if (lock.isPresent()) {
      LockWords.Words words = LockWords.of(lock.get());
      throw new ActionFailure(
          ActionFailure.Kind.RETRYABLE,
          "%s %s %s on %s: %s is locked (%s)"
              .formatted(act(inputs), flavour, now.vmid(), now.node(), flavour, lock.get()),
          Optional.of(words.meaning()),
          Optional.of(words.now()));
    }
  }

  /// A path below the guest on the node where it is now.
  Object[] path(GuestState now, Object... more) {
    List<Object> segments =
        new ArrayList<>(List.of("nodes", now.node(), flavour.segment(), now.vmid()));
    segments.addAll(List.of(more));
    return segments.toArray();
  }

  /// `starting VM 1031 on pve01`
  String words(I inputs, GuestState now) {
    return "%s %s %s on %s".formatted(act(inputs), flavour, now.vmid(), now.node());
  }

  Observation<O> notListed(I inputs) {
    return new Observation.Unknown<>("%s %s is not in PVE's list".formatted(flavour, vm(inputs)));
  }

  /// What to say while the world does not show it.
  Observation<O> notYet(I inputs, Intent intent, String why, String... taskTypes)
      throws InterruptedException {
    List<TaskRow> own = ownTasks.since(intent, vm(inputs), taskTypes);
    if (own.isEmpty()) {
      return new Observation.NotDone<>(why);
    }
    TaskRow newest = own.getFirst();
    if (newest.isRunning() || (newest.isGood() && mayStillShow(intent, newest))) {
      return new Observation.Running<>(newest.upid());
    }
    return new Observation.NotDone<>(
        "%s; its task %s ended with '%s'"
            .formatted(why, newest.upid().type(), newest.exitStatus().orElse("")));
  }

  /// A task that said OK may be ahead of the world, for a while.
  private boolean mayStillShow(Intent intent, TaskRow ended) {
    Duration window = traits().settle().multipliedBy(2).plusSeconds(ended.seconds());
    return reach.clock().instant().isBefore(intent.at().plus(window));
  }

  /// What the manager of HA resources does by itself for this VM, if it can be seen.
  Optional<Upid> runningFor(NodeName node, Vmid vmid, String... types) throws InterruptedException {
    List<String> wanted = List.of(types);
    return reach.tasks().running(node, vmid).stream()
        .map(TaskRow::upid)
        .filter(upid -> wanted.contains(upid.type()))
        .findFirst();
  }

  // --- what previews share

  /// The VM that is planned for.
  Fleet.Guest planned(I inputs, Planning planning) {
    Vmid vmid = vm(inputs);
    Fleet.Guest guest =
        planning
            .fleet()
            .guest(vmid)
            .orElseThrow(() ->
                new ActionFailure(
                    ActionFailure.Kind.REFUSED,
                    "%s %s does not exist".formatted(flavour, vmid),
                    planning.fleet().completeView()
                        ? Optional.empty()
                        : Optional.of("or the token may not see it: it lacks VM.Audit on /vms"),
                    Optional.of("list them and choose one")));
    if (guest.kind() != flavour.kind()) {
      boolean container = guest.kind() == Fleet.Kind.CONTAINER;
      throw ActionFailure.refused(
          container
              ? "%s is a container, and %s works on VMs".formatted(Words.named(guest), name())
              : "%s is a VM, and %s works on containers".formatted(Words.named(guest), name()),
          container ? "use the ct commands for containers" : "say it without ct");
    }
    return guest;
  }

  /// Refuses while PVE holds a lock on it.
  void refuseLocked(Fleet.Guest guest) {
    if (guest.lock().isPresent() && !guest.lock().get().equals("suspended")) {
      LockWords.Words words = LockWords.of(guest.lock().get());
      throw new ActionFailure(
          ActionFailure.Kind.REFUSED,
          "%s is locked (%s)".formatted(Words.onNode(guest), guest.lock().get()),
          Optional.of(words.meaning()),
          Optional.of(words.now()));
    }
  }

  void refuseTemplate(Fleet.Guest guest, String act) {
    if (guest.template()) {
      throw ActionFailure.refused(
          "%s is a template; %s a template is impossible".formatted(Words.named(guest), act),
          "clone it, and take the clone");
    }
  }

  static List<GuestDetail.Identity> targets(Optional<GuestDetail> detail) {
    return detail.map(GuestDetail::identity).stream().toList();
  }

  static <I extends Record> Preview<I> preview(
      I pinned,
      Effect.Kind kind,
      Fleet.Guest guest,
      String text,
      Optional<GuestDetail> detail,
      Fleet after,
      Duration estimate) {
    return new Preview<>(
        pinned,
        List.of(new Effect(kind, new Effect.Subject.Guest(guest.vmid(), guest.node()), text)),
        targets(detail),
        after,
        kind == Effect.Kind.KEEP ? Duration.ZERO : estimate);
  }

  /// Work on PVE whose failures become the engine's.
  static final class Readable {
    private Readable() {}

    interface Work<T> {
      T does() throws InterruptedException;
    }

    static <T> T read(Work<T> work) throws InterruptedException {
      try {
        return work.does();
      } catch (PveFailure failure) {
        throw failure.toActionFailure();
      }
    }
  }
}
