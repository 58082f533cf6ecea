package dev.pvebot.integrations.lab.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// The switches by which a lab misbehaves: at calls, in tasks, and by killing its client.
public final class Faults {
  private static final class Armed<T> {
    private final String id;
    private final Matcher matcher;
    private final T what;
    private int seen;

    private Armed(String id, Matcher matcher, T what) {
      this.id = id;
      this.matcher = matcher;
      this.what = what;
    }

    /// Counts a matching call; whether the fault acts on this one.
    private boolean hits(String node, String method, String path) {
      if (!matcher.fits(node, method, path)) {
        return false;
      }
      seen++;
      return seen >= matcher.nth() && seen - matcher.nth() < matcher.count();
    }

    private boolean isSpent() {
      return seen - matcher.nth() >= matcher.count() - 1;
    }
  }

  private record Crash(CrashPoint point, Consumer<String> deed) {}

  /// What happens to the client when a crash point fires.
  public sealed interface Victim {
    /// This process is killed (SIGKILL), and the lab goes on when it is dead.
    record Process(long pid) implements Victim {}

    /// This is called instead.
    record Callback(Runnable what) implements Victim {}
  }

  /// Decides at each call whether the client dies of it, and when.
  ///
  /// Thread-safe: calls arrive side by side.
  @FunctionalInterface
  public interface CrashRule {
    /// @param path behind `/api2/json`
    /// @param body as it came
    Optional<Strike> at(String method, String path, String body);
  }

  /// @param deed kills the client; called on the thread of the call, which goes on afterwards
  public record Strike(CrashPoint.Moment moment, Runnable deed) {}

  private static final Duration DYING = Duration.ofSeconds(20);

  private final List<Armed<Fault>> calls = new ArrayList<>();
  private final List<Armed<TaskFault>> tasks = new ArrayList<>();
  private final List<Armed<Crash>> crashes = new ArrayList<>();
  private volatile CrashRule rule = (_, _, _) -> Optional.empty();
  private final List<ArmedMachine> machines = new ArrayList<>();
  private long ids;

  private record ArmedMachine(String id, int vmid, MachineFault what) {}

  /// Arms a fault for calls.
  ///
  /// @return its id, for [#disarm]
  public synchronized String arm(Matcher matcher, Fault fault) {
    String id = "fault-" + ++ids;
    calls.add(new Armed<>(id, matcher, fault));
    return id;
  }

  /// Arms a fault for worker tasks of `type` (`qmclone`; empty: any) whose id (a VMID, or empty for
  /// any) fits; `count` tasks meet it.
  ///
  /// @return its id, for [#disarm]
  public synchronized String armTask(String type, String taskId, int count, TaskFault fault) {
    String id = "fault-" + ++ids;
    Matcher matcher =
        new Matcher(
            "",
            type,
            taskId.isEmpty()
                ? Pattern.compile("")
                : Pattern.compile("^" + Pattern.quote(taskId) + "$"),
            1,
            count);
    tasks.add(new Armed<>(id, matcher, fault));
    return id;
  }

  /// Arms a fault for the Talos machine of this VMID; 0 means whichever comes first.
  ///
  /// @return its id, for [#disarm]
  public synchronized String armMachine(int vmid, MachineFault fault) {
    String id = "fault-" + ++ids;
    machines.add(new ArmedMachine(id, vmid, fault));
    return id;
  }

  /// The fault of this kind that a Talos machine meets, if any; it is spent by that.
  public synchronized <T extends MachineFault> Optional<T> atMachine(int vmid, Class<T> kind) {
    Optional<ArmedMachine> hit =
        machines.stream()
            .filter(a -> (a.vmid == 0 || a.vmid == vmid) && kind.isInstance(a.what))
            .findFirst();
    hit.ifPresent(machines::remove);
    return hit.map(a -> kind.cast(a.what));
  }

  /// Arms a crash point: at the call that `matcher` names by its `nth`, the victim dies.
  public synchronized CrashPoint armCrash(
      Matcher matcher, CrashPoint.Moment moment, Victim victim) {
    CrashPoint point = new CrashPoint("crash-" + ++ids, moment);
    crashes.add(new Armed<>(point.id(), matcher.times(1), new Crash(point, _ -> strike(victim))));
    return point;
  }

  /// Asks `decides` at every call from now on, in place of the rule before. Crash points that are
  /// armed come first.
  public void crashBy(CrashRule decides) {
    rule = decides;
  }

  private static void strike(Victim victim) {
    switch (victim) {
      case Victim.Callback callback -> callback.what().run();
      case Victim.Process process -> kill(process.pid());
    }
  }

  private static void kill(long pid) {
    Optional<ProcessHandle> handle = ProcessHandle.of(pid);
    if (handle.isEmpty()) {
      return;
    }
    handle.get().destroyForcibly();
    try {
      handle.get().onExit().get(DYING.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException(
          "Process %d was killed at a crash point and is not dead after %s".formatted(pid, DYING),
          e);
    }
  }

  public synchronized void disarm(String id) {
    calls.removeIf(armed -> armed.id.equals(id));
    tasks.removeIf(armed -> armed.id.equals(id));
    machines.removeIf(armed -> armed.id.equals(id));
    crashes.removeIf(armed -> armed.id.equals(id));
  }

  public synchronized void disarmAll() {
    calls.clear();
    tasks.clear();
    machines.clear();
    crashes.clear();
    rule = (_, _, _) -> Optional.empty();
  }

  /// The faults that are still armed, as text for people.
  public synchronized List<String> armed() {
    List<String> lines = new ArrayList<>();
    calls.forEach(a -> lines.add(a.id + " " + a.matcher + " " + a.what));
    tasks.forEach(a -> lines.add(a.id + " " + a.matcher + " " + a.what));
    machines.forEach(a -> lines.add(a.id + " VM " + a.vmid + " " + a.what));
    crashes.forEach(a -> lines.add(a.id + " " + a.matcher + " " + a.what.point.moment()));
    return lines;
  }

  /// The fault that this call meets, if any; counts it.
  public synchronized Optional<Fault> atCall(String node, String method, String path) {
    return first(calls, node, method, path);
  }

  /// The fault that a task of this type and id meets, if any; counts it.
  public synchronized Optional<TaskFault> atTask(String node, String type, String id) {
    return first(tasks, node, type, id);
  }

  private static <T> Optional<T> first(
      List<Armed<T>> armed, String node, String method, String path) {
    Optional<Armed<T>> hit =
        armed.stream().filter(each -> each.hits(node, method, path)).findFirst();
    hit.filter(Armed::isSpent).ifPresent(armed::remove);
    return hit.map(each -> each.what);
  }

  /// A crash point that has been met by a call and waits for its moment.
  public record Met(CrashPoint point, Runnable strike) {}

  /// The crash point that a call without a body meets, if any.
  public Optional<Met> crashAt(String node, String method, String path) {
    return crashAt(node, method, path, () -> "");
  }

  /// The crash point that this call meets, if any.
  public Optional<Met> crashAt(String node, String method, String path, Supplier<String> body) {
    return armedCrash(node, method, path)
        .or(() ->
            rule.at(method, path, body.get())
                .map(strike -> new Met(new CrashPoint("rule", strike.moment()), strike.deed())));
  }

  private synchronized Optional<Met> armedCrash(String node, String method, String path) {
    return first(crashes, node, method, path)
        .map(crash ->
            new Met(
                crash.point(),
                () -> {
                  String call = method + " " + path;
                  crash.deed().accept(call);
                  crash.point().firedAt(call);
                }));
  }

  /// The crash points that have not fired, oldest first.
  public synchronized List<CrashPoint> pendingCrashes() {
    return crashes.stream()
        .map(armed -> armed.what.point())
        .sorted(Comparator.comparing(CrashPoint::id))
        .toList();
  }
}
