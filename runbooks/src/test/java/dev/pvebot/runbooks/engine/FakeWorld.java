package dev.pvebot.runbooks.engine;

import dev.pvebot.clusters.Upid;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.secret.Secret;
import dev.pvebot.commands.Risk;
import dev.pvebot.runbooks.action.Action;
import dev.pvebot.runbooks.action.ActionFailure;
import dev.pvebot.runbooks.action.Actions;
import dev.pvebot.runbooks.action.Intent;
import dev.pvebot.runbooks.action.Observation;
import dev.pvebot.runbooks.action.Planning;
import dev.pvebot.runbooks.action.Preview;
import dev.pvebot.runbooks.action.RunContext;
import dev.pvebot.runbooks.action.Started;
import dev.pvebot.runbooks.action.Tasks;
import dev.pvebot.runbooks.action.Traits;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/// A handful of machines that can be cloned, started, counted and destroyed, with a ledger of every
/// call that acted.
final class FakeWorld implements Tasks {
  /// What a call does in place of what was asked.
  enum Fault {
    /// Answers that it did nothing and may be tried again.
    BUSY,
    /// Acts, but the answer gets lost.
    ANSWER_LOST,
    /// Does not act, and no answer comes.
    CALL_LOST,
    /// Refuses for good.
    REFUSED,
    /// The task fails with a lock timeout.
    TASK_LOCK_TIMEOUT,
    /// The task fails.
    TASK_FAILS,
    /// The task ends with warnings.
    TASK_WARNS,
    /// The task says OK, but nothing has changed.
    TASK_LIES
  }

  record Vm(int vmid, String mark, boolean running) {}

  private record Job(Instant end, Tasks.End result, Runnable effect, boolean[] applied) {}

  private final FakeClock clock;
  private final Map<Integer, Vm> vms = new TreeMap<>();
  private final Map<Upid, Job> jobs = new HashMap<>();
  private final Map<String, Upid> newest = new HashMap<>();
  private final Map<String, Queue<Fault>> faults = new HashMap<>();
  private final List<String> ledger = new ArrayList<>();
  private int counter;
  private int nextTask;

  /// Called before a call acts and after it acted; a test throws from it.
  private Consumer<String> boundary = _ -> {};

  FakeWorld(FakeClock clock) {
    this.clock = clock;
  }

  void boundary(Consumer<String> hook) {
    boundary = hook;
  }

  synchronized void fault(String call, Fault... next) {
    faults.computeIfAbsent(call, _ -> new ArrayDeque<>()).addAll(List.of(next));
  }

  synchronized void put(int vmid, String mark) {
    vms.put(vmid, new Vm(vmid, mark, false));
  }

  /// A call that was on its way takes effect only later.
  synchronized void arrivesIn(Duration duration, int vmid, String mark) {
    jobs.put(
        new Upid(
            "UPID:alder:%08X:%08X:6745F0A1:qmclone:101:bot@pve!t:".formatted(++nextTask, nextTask)),
        new Job(
            clock.instant().plus(duration),
            new Tasks.End(Outcome.OK, "OK", false, List.of()),
            () -> put(vmid, mark),
            new boolean[1]));
  }

  synchronized List<String> ledger() {
    return List.copyOf(ledger);
  }

  synchronized Map<Integer, Vm> vms() {
    settleJobs();
    return new TreeMap<>(vms);
  }

  private void settleJobs() {
    Instant now = clock.instant();
    for (Job job : jobs.values()) {
      if (!job.applied()[0] && !now.isBefore(job.end())) {
        job.applied()[0] = true;
        job.effect().run();
      }
    }
  }

  Actions actions() {
    return new Actions(List.of(new Clone(), new Start(), new Destroy(), new Count(), new Token()));
  }

  @Override
  public End await(Upid task, Duration timeout, Consumer<String> remark)
      throws TimeoutException, InterruptedException {
    Job job;
    synchronized (this) {
      job = jobs.get(task);
    }
    if (job == null) {
      throw new ActionFailure(
          ActionFailure.Kind.REFUSED, "no task " + task, Optional.empty(), Optional.empty());
    }
    if (Duration.between(clock.instant(), job.end()).compareTo(timeout) > 0) {
      throw new TimeoutException();
    }
    remark.accept("50 %");
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    clock.advanceTo(job.end());
    synchronized (this) {
      settleJobs();
    }
    return job.result();
  }

  private Upid task(String type, Tasks.End result, Runnable effect) {
    Upid upid =
        new Upid(
            "UPID:alder:%08X:%08X:6745F0A1:%s:101:bot@pve!t:"
                .formatted(++nextTask, nextTask, type));
    jobs.put(upid, new Job(clock.instant().plusSeconds(30), result, effect, new boolean[1]));
    return upid;
  }

  /// A call that starts a task.
  private Started begin(String name, String what, RunContext context, Runnable effect) {
    context.beforeCall();
    boundary.accept("before " + what);
    Fault fault;
    Upid upid;
    synchronized (this) {
      settleJobs();
      Queue<Fault> queue = faults.get(name);
      fault = queue == null ? null : queue.poll();
      if (fault == Fault.BUSY) {
        throw new ActionFailure(
            ActionFailure.Kind.RETRYABLE, what + ": busy", Optional.empty(), Optional.empty());
      }
      if (fault == Fault.REFUSED) {
        throw ActionFailure.refused(what + ": refused", "ask for rights");
      }
      if (fault == Fault.CALL_LOST) {
        throw new ActionFailure(
            ActionFailure.Kind.OPEN, what + ": no answer", Optional.empty(), Optional.empty());
      }
      Tasks.End end =
          switch (fault) {
            case TASK_LOCK_TIMEOUT ->
                new Tasks.End(Outcome.FAILED, "got timeout", true, List.of("can't lock"));
            case TASK_FAILS ->
                new Tasks.End(Outcome.FAILED, "disk full", false, List.of("no space left"));
            case TASK_WARNS ->
                new Tasks.End(Outcome.WARNINGS, "WARNINGS: 1", false, List.of("a warning"));
            case null, default -> new Tasks.End(Outcome.OK, "OK", false, List.of());
          };
      boolean acts = end.outcome() != Outcome.FAILED && fault != Fault.TASK_LIES;
      if (acts) {
        ledger.add(what);
      }
      upid = task("qm" + name, end, acts ? effect : () -> {});
      newest.put(what, upid);
    }
    boundary.accept("after " + what);
    if (fault == Fault.ANSWER_LOST) {
      throw new ActionFailure(
          ActionFailure.Kind.OPEN, what + ": reset", Optional.empty(), Optional.empty());
    }
    return new Started.Task(upid);
  }

  /// What is seen of something that is not so yet.
  private synchronized <O> Observation<O> notYet(String what) {
    settleJobs();
    Upid task = newest.get(what);
    return task != null && !java.util.Objects.requireNonNull(jobs.get(task)).applied()[0]
        ? new Observation.Running<>(task)
        : new Observation.NotDone<>(what + " has not happened");
  }

  record Target(Vmid vmid) {}

  record Made(Vmid vmid, String uuid) {}

  record Nothing() {}

  private abstract static class Base<I extends Record, O extends Record> implements Action<I, O> {
    private final String name;
    private final Class<I> inputs;
    private final Class<O> outputs;
    private final Risk risk;

    Base(String name, Class<I> inputs, Class<O> outputs, Risk risk) {
      this.name = name;
      this.inputs = inputs;
      this.outputs = outputs;
      this.risk = risk;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public Class<I> inputs() {
      return inputs;
    }

    @Override
    public Class<O> outputs() {
      return outputs;
    }

    @Override
    public Traits traits() {
      return new Traits(risk, List.of(), Duration.ofMinutes(10), Duration.ofSeconds(20));
    }

    @Override
    public Preview<I> preview(I in, Planning planning) {
      throw new UnsupportedOperationException("plans are written by hand here");
    }

    @Override
    public Map<String, String> prepare(I in, RunContext context) {
      return Map.of();
    }
  }

  /// Like a clone in Proxmox VE: our mark is in what it makes.
  private final class Clone extends Base<Target, Made> {
    Clone() {
      super("fake.clone", Target.class, Made.class, Risk.CHANGE);
    }

    @Override
    public Started run(Target in, Intent intent, RunContext context) {
      int vmid = in.vmid().value();
      return begin(
          "clone",
          "clone " + vmid,
          context,
          () -> vms.put(vmid, new Vm(vmid, intent.mark(in.vmid()), false)));
    }

    @Override
    public Observation<Made> observe(Target in, Intent intent) {
      // the task first: one that ends in between has left its VM behind when that is looked for
      Observation<Made> task = notYet("clone " + in.vmid());
      Vm vm = vms().get(in.vmid().value());
      if (vm == null || task instanceof Observation.Running<Made>) {
        return task;
      }
      return vm.mark().equals(intent.mark(in.vmid()))
          ? new Observation.Done<>(new Made(in.vmid(), "uuid-" + in.vmid()))
          : new Observation.Foreign<>("VM %s is somebody else's".formatted(in.vmid()));
    }
  }

  private final class Start extends Base<Target, Nothing> {
    Start() {
      super("fake.start", Target.class, Nothing.class, Risk.ROUTINE);
    }

    @Override
    public Started run(Target in, Intent intent, RunContext context) {
      int vmid = in.vmid().value();
      return begin(
          "start",
          "start " + vmid,
          context,
          () -> vms.computeIfPresent(vmid, (_, vm) -> new Vm(vmid, vm.mark(), true)));
    }

    @Override
    public Observation<Nothing> observe(Target in, Intent intent) {
      Observation<Nothing> task = notYet("start " + in.vmid());
      Vm vm = vms().get(in.vmid().value());
      return vm != null && vm.running() ? new Observation.Done<>(new Nothing()) : task;
    }
  }

  private final class Destroy extends Base<Target, Nothing> {
    Destroy() {
      super("fake.destroy", Target.class, Nothing.class, Risk.DESTRUCTIVE);
    }

    @Override
    public Started run(Target in, Intent intent, RunContext context) {
      int vmid = in.vmid().value();
      return begin("destroy", "destroy " + vmid, context, () -> vms.remove(vmid));
    }

    @Override
    public Observation<Nothing> observe(Target in, Intent intent) {
      Observation<Nothing> task = notYet("destroy " + in.vmid());
      return vms().containsKey(in.vmid().value()) ? task : new Observation.Done<>(new Nothing());
    }
  }

  record Value(int value) {}

  /// Reads a number that grows each time.
  private final class Count extends Base<Nothing, Value> {
    Count() {
      super("fake.count", Nothing.class, Value.class, Risk.READ);
    }

    @Override
    public Started run(Nothing in, Intent intent, RunContext context) {
      return new Started.Immediately();
    }

    @Override
    public Observation<Value> observe(Nothing in, Intent intent) {
      synchronized (FakeWorld.this) {
        return new Observation.Done<>(new Value(++counter));
      }
    }
  }

  record Kubeconfig(String context, Secret kubeconfig) {}

  private static final class Token extends Base<Nothing, Kubeconfig> {
    Token() {
      super("fake.kubeconfig", Nothing.class, Kubeconfig.class, Risk.READ);
    }

    @Override
    public Started run(Nothing in, Intent intent, RunContext context) {
      return new Started.Immediately();
    }

    @Override
    public Observation<Kubeconfig> observe(Nothing in, Intent intent) {
      return new Observation.Done<>(new Kubeconfig("admin@birch", new Secret("canary-6b1f")));
    }
  }
}
