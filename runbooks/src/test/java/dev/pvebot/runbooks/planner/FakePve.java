package dev.pvebot.runbooks.planner;

import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.fleet.GuestDetail;
import dev.pvebot.commands.Risk;
import dev.pvebot.runbooks.action.Action;
import dev.pvebot.runbooks.action.ActionFailure;
import dev.pvebot.runbooks.action.Actions;
import dev.pvebot.runbooks.action.Effect;
import dev.pvebot.runbooks.action.Intent;
import dev.pvebot.runbooks.action.Observation;
import dev.pvebot.runbooks.action.Planning;
import dev.pvebot.runbooks.action.Preview;
import dev.pvebot.runbooks.action.RunContext;
import dev.pvebot.runbooks.action.Started;
import dev.pvebot.runbooks.action.Traits;
import dev.pvebot.runbooks.waiting.TimeWait;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/// Actions with the names and inputs of the real ones that know how to be planned, on the projected
/// fleet only. Planning calls nothing else of them, which is why the rest fails a test.
public final class FakePve {
  private FakePve() {}

  public record CloneIn(
      Vmid template,
      Vmid vmid,
      String name,
      Optional<Boolean> full,
      Optional<String> storage,
      Optional<String> pool) {}

  public record CloneOut(NodeName node, Optional<String> uuid, Optional<String> mac) {}

  public record ConfigureIn(
      Vmid vm,
      Optional<Integer> cores,
      Optional<Integer> memory,
      Optional<List<String>> tags,
      Optional<String> mac,
      Optional<String> bridge,
      Optional<String> ip,
      Optional<String> gateway,
      Optional<List<String>> nameservers,
      Optional<String> name,
      Optional<String> description,
      Optional<Boolean> onboot,
      Optional<Boolean> agent) {}

  public record ConfigureOut(String digest) {}

  public record ResizeIn(Vmid vm, String disk, String size) {}

  public record ResizeOut(long sizeBytes) {}

  public record MigrateIn(Vmid vm, NodeName node, Optional<Boolean> online) {}

  public record MigrateOut(NodeName node) {}

  public record VmIn(Vmid vm) {}

  public record TimedIn(Vmid vm, int timeout, Optional<Boolean> forceStop) {}

  public record Nothing() {}

  public record UptimeOut(long uptimeSeconds) {}

  public record TagIn(Vmid vm, Optional<List<String>> add, Optional<List<String>> remove) {}

  public record TagOut(List<String> tags) {}

  public record SnapshotIn(
      Vmid vm, String name, Optional<String> description, Optional<Boolean> vmstate) {}

  public record SnapshotOut(String name) {}

  public record RollbackIn(Vmid vm, String name, Optional<Boolean> start) {}

  public record SnapshotDeleteIn(Vmid vm, String name) {}

  public record BackupIn(
      Vmid vm, Optional<String> storage, Optional<String> mode, Optional<String> notes) {}

  public record BackupOut(String volid, long sizeBytes) {}

  public record PortIn(Optional<String> address, Optional<Vmid> vm, int port) {}

  public record PortOut(String address) {}

  public static Actions actions() {
    List<Action<?, ?>> all = new ArrayList<>();
    all.add(new Fake<>("pve.vm.clone", Risk.CHANGE, CloneIn.class, CloneOut.class, FakePve::copy));
    all.add(
        new Fake<>(
            "pve.vm.configure",
            Risk.CHANGE,
            ConfigureIn.class,
            ConfigureOut.class,
            FakePve::configure));
    all.add(
        new Fake<>("pve.vm.resize", Risk.CHANGE, ResizeIn.class, ResizeOut.class, FakePve::resize));
    all.add(
        new Fake<>(
            "pve.vm.migrate", Risk.CHANGE, MigrateIn.class, MigrateOut.class, FakePve::migrate));
    all.add(power("pve.vm.start", Risk.ROUTINE, "started", Fleet.Power.RUNNING));
    all.add(power("pve.vm.stop", Risk.DISRUPTIVE, "turned off", Fleet.Power.STOPPED));
    all.add(timed("pve.vm.shutdown", "shut down", Fleet.Power.STOPPED));
    all.add(timed("pve.vm.reboot", "rebooted", Fleet.Power.RUNNING));
    all.add(
        new Fake<>("pve.vm.delete", Risk.DESTRUCTIVE, VmIn.class, Nothing.class, FakePve::delete));
    all.add(new Fake<>("pve.vm.gone", Risk.READ, VmIn.class, Nothing.class, FakePve::read));
    all.add(new Fake<>("pve.vm.tag", Risk.CHANGE, TagIn.class, TagOut.class, FakePve::tag));
    all.add(
        new Fake<>(
            "pve.snapshot.create",
            Risk.ROUTINE,
            SnapshotIn.class,
            SnapshotOut.class,
            (in, planning) ->
                effect(in, in.vm(), planning, Effect.Kind.CREATE, "snapshot " + in.name())));
    all.add(
        new Fake<>(
            "pve.snapshot.rollback",
            Risk.DESTRUCTIVE,
            RollbackIn.class,
            Nothing.class,
            (in, planning) ->
                effect(
                    in,
                    in.vm(),
                    planning,
                    Effect.Kind.DESTROY,
                    "what is newer than snapshot " + in.name())));
    all.add(
        new Fake<>(
            "pve.snapshot.delete",
            Risk.DESTRUCTIVE,
            SnapshotDeleteIn.class,
            Nothing.class,
            (in, planning) ->
                effect(in, in.vm(), planning, Effect.Kind.DESTROY, "snapshot " + in.name())));
    all.add(
        new Fake<>(
            "pve.backup.create",
            Risk.ROUTINE,
            BackupIn.class,
            BackupOut.class,
            (in, planning) -> effect(in, in.vm(), planning, Effect.Kind.CREATE, "backup")));
    all.add(new Fake<>("net.port.wait", Risk.READ, PortIn.class, PortOut.class, FakePve::read));
    all.add(new TimeWait(InstantSource.system(), 1));
    return new Actions(all);
  }

  interface Previewer<I> {
    Preview<I> preview(I inputs, Planning planning) throws InterruptedException;
  }

  record Fake<I extends Record, O extends Record>(
      String name, Risk risk, Class<I> inputs, Class<O> outputs, Previewer<I> previewer)
      implements Action<I, O> {
    @Override
    public Traits traits() {
      return new Traits(risk, List.of(), Duration.ofMinutes(5), Duration.ofSeconds(30));
    }

    @Override
    public Preview<I> preview(I inputs, Planning planning) throws InterruptedException {
      return previewer.preview(inputs, planning);
    }

    @Override
    public Map<String, String> prepare(I inputs, RunContext context) {
      throw new AssertionError("planning only previews");
    }

    @Override
    public Started run(I inputs, Intent intent, RunContext context) {
      throw new AssertionError("planning only previews");
    }

    @Override
    public Observation<O> observe(I inputs, Intent intent) {
      throw new AssertionError("planning only previews");
    }
  }

  private static Action<VmIn, UptimeOut> power(
      String name, Risk risk, String done, Fleet.Power power) {
    return new Fake<>(
        name,
        risk,
        VmIn.class,
        UptimeOut.class,
        (in, planning) -> {
          Optional<Fleet.Guest> locked =
              planning.fleet().guest(in.vm()).filter(guest -> guest.lock().isPresent());
          if (locked.isPresent()) {
            throw ActionFailure.refused(
                "VM %s %s is locked".formatted(in.vm(), locked.get().name()), "wait for it");
          }
          return change(in, in.vm(), planning, done, guest -> powered(guest, power));
        });
  }

  private static Action<TimedIn, UptimeOut> timed(String name, String done, Fleet.Power power) {
    return new Fake<>(
        name,
        Risk.CHANGE,
        TimedIn.class,
        UptimeOut.class,
        (in, planning) -> change(in, in.vm(), planning, done, guest -> powered(guest, power)));
  }

  private static Fleet.Guest powered(Fleet.Guest g, Fleet.Power power) {
    return with(g, g.name(), g.node(), power, g.tags(), g.cores(), g.memoryBytes());
  }

  private static Preview<CloneIn> copy(CloneIn in, Planning planning) {
    Fleet.Guest template = existing(planning, in.template());
    if (planning.fleet().guest(in.vmid()).isPresent()) {
      throw ActionFailure.refused("VMID %s is taken".formatted(in.vmid()), "Choose another.");
    }
    Fleet.Guest made =
        new Fleet.Guest(
            in.vmid(),
            Fleet.Kind.VM,
            in.name(),
            template.node(),
            Fleet.Power.STOPPED,
            false,
            template.tags(),
            template.cores(),
            template.memoryBytes(),
            0,
            template.diskBytes(),
            0,
            Optional.empty(),
            Optional.empty());
    return new Preview<>(
        in,
        List.of(
            new Effect(
                Effect.Kind.CREATE,
                new Effect.Subject.Guest(in.vmid(), template.node()),
                "VM %s %s on %s, clone of %s (full)"
                    .formatted(in.vmid(), in.name(), template.node(), in.template()))),
        List.of(),
        replaced(planning.fleet(), in.vmid(), Optional.of(made)),
        Duration.ofSeconds(120));
  }

  private static Preview<ConfigureIn> configure(ConfigureIn in, Planning planning)
      throws InterruptedException {
    List<String> words = new ArrayList<>();
    Fleet.Guest guest = existing(planning, in.vm());
    in.cores()
        .filter(cores -> cores != guest.cores())
        .ifPresent(cores -> words.add(cores + " cores"));
    in.memory()
        .filter(memory -> ((long) memory << 20) != guest.memoryBytes())
        .ifPresent(memory -> words.add(memory + " MiB"));
    in.tags().ifPresent(tags -> words.add("tags " + String.join(";", tags)));
    in.ip().ifPresent(words::add);
    in.name().ifPresent(words::add);
    if (words.isEmpty()) {
      return read(in, planning);
    }
    return change(
        in,
        in.vm(),
        planning,
        String.join(", ", words),
        g ->
            with(
                g,
                in.name().orElse(g.name()),
                g.node(),
                g.power(),
                in.tags().<Set<String>>map(TreeSet::new).orElse(g.tags()),
                in.cores().orElse(g.cores()),
                in.memory().map(memory -> (long) memory << 20).orElse(g.memoryBytes())));
  }

  private static Preview<ResizeIn> resize(ResizeIn in, Planning planning)
      throws InterruptedException {
    String size =
        in.size().startsWith("+")
            ? 100 + Integer.parseInt(in.size().substring(1, in.size().length() - 1)) + "G"
            : in.size();
    return change(
        new ResizeIn(in.vm(), in.disk(), size),
        in.vm(),
        planning,
        "disk %s: %s".formatted(in.disk(), size),
        guest -> guest);
  }

  private static Preview<MigrateIn> migrate(MigrateIn in, Planning planning)
      throws InterruptedException {
    return change(
        in,
        in.vm(),
        planning,
        "%s -> %s".formatted(existing(planning, in.vm()).node(), in.node()),
        g -> with(g, g.name(), in.node(), g.power(), g.tags(), g.cores(), g.memoryBytes()));
  }

  private static Preview<VmIn> delete(VmIn in, Planning planning) throws InterruptedException {
    Fleet.Guest guest = existing(planning, in.vm());
    if (guest.isRunning()) {
      throw ActionFailure.refused("VM %s runs".formatted(in.vm()), "Stop it first.");
    }
    return new Preview<>(
        in,
        List.of(
            new Effect(
                Effect.Kind.DESTROY,
                new Effect.Subject.Guest(in.vm(), guest.node()),
                "VM %s %s on %s".formatted(in.vm(), guest.name(), guest.node()))),
        targets(planning, in.vm()),
        replaced(planning.fleet(), in.vm(), Optional.empty()),
        Duration.ofSeconds(10));
  }

  private static Preview<TagIn> tag(TagIn in, Planning planning) throws InterruptedException {
    Set<String> tags = new TreeSet<>(existing(planning, in.vm()).tags());
    tags.addAll(in.add().orElse(List.of()));
    tags.removeAll(in.remove().orElse(List.of()));
    return change(
        in,
        in.vm(),
        planning,
        "tags " + String.join(";", tags),
        g -> with(g, g.name(), g.node(), g.power(), tags, g.cores(), g.memoryBytes()));
  }

  private static <I> Preview<I> effect(
      I in, Vmid vm, Planning planning, Effect.Kind kind, String what) throws InterruptedException {
    Fleet.Guest guest = existing(planning, vm);
    return new Preview<>(
        in,
        List.of(
            new Effect(
                kind,
                new Effect.Subject.Guest(vm, guest.node()),
                "%s of VM %s %s".formatted(what, vm, guest.name()))),
        targets(planning, vm),
        planning.fleet(),
        Duration.ofSeconds(5));
  }

  private static <I> Preview<I> change(
      I pinned, Vmid vm, Planning planning, String what, UnaryOperator<Fleet.Guest> change)
      throws InterruptedException {
    Fleet.Guest guest = existing(planning, vm);
    return new Preview<>(
        pinned,
        List.of(
            new Effect(
                Effect.Kind.CHANGE,
                new Effect.Subject.Guest(vm, guest.node()),
                "VM %s %s: %s".formatted(vm, guest.name(), what))),
        targets(planning, vm),
        replaced(planning.fleet(), vm, Optional.of(change.apply(guest))),
        Duration.ofSeconds(10));
  }

  private static <I> Preview<I> read(I in, Planning planning) {
    return new Preview<>(in, List.of(), List.of(), planning.fleet(), Duration.ofSeconds(30));
  }

  private static Fleet.Guest existing(Planning planning, Vmid vmid) {
    return planning
        .fleet()
        .guest(vmid)
        .orElseThrow(() ->
            ActionFailure.refused("VM %s does not exist".formatted(vmid), "Look at the list."));
  }

  private static List<GuestDetail.Identity> targets(Planning planning, Vmid vmid)
      throws InterruptedException {
    return planning.detail(vmid).map(GuestDetail::identity).stream().toList();
  }

  static Fleet.Guest with(
      Fleet.Guest g,
      String name,
      NodeName node,
      Fleet.Power power,
      Set<String> tags,
      int cores,
      long memory) {
    return new Fleet.Guest(
        g.vmid(),
        g.kind(),
        name,
        node,
        power,
        g.template(),
        tags,
        cores,
        memory,
        g.memoryUsedBytes(),
        g.diskBytes(),
        g.uptimeSeconds(),
        g.lock(),
        g.haState());
  }

  static Fleet replaced(Fleet fleet, Vmid vmid, Optional<Fleet.Guest> by) {
    List<Fleet.Guest> guests =
        new ArrayList<>(fleet.guests().stream().filter(g -> !g.vmid().equals(vmid)).toList());
    by.ifPresent(guests::add);
    return new Fleet(
        fleet.seenAt(),
        fleet.completeView(),
        fleet.quorate(),
        fleet.version(),
        fleet.nodes(),
        guests,
        fleet.storages());
  }
}
