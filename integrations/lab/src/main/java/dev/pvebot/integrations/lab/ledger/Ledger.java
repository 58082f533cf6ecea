package dev.pvebot.integrations.lab.ledger;

import dev.pvebot.integrations.lab.wire.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// What a lab was asked and what became of it: every call in the order of arrival, and every change
/// of the datacenter. Both are numbered from one sequence.
///
/// The memory keeps the newest entries only (see [#KEPT]); the file, if there is one, keeps all.
public final class Ledger implements AutoCloseable {
  /// How many calls, and how many effects, stay in memory.
  public static final int KEPT = 50_000;

  /// One call. `status` is 0 when the client got no reply; `upid` is the task that it started.
  ///
  /// @param node the node that was asked; `target` the node that the path names, or empty
  /// @param parameters with secrets replaced by `***`
  public record Call(
      long seq,
      Instant lab,
      Instant wall,
      String node,
      String target,
      String method,
      String path,
      Map<String, Object> parameters,
      String user,
      int status,
      String reason,
      Optional<String> upid,
      Optional<String> fault) {
    public Call {
      parameters = Map.copyOf(parameters);
    }

    /// Whether it asks for a change.
    public boolean mutates() {
      return !method.equals("GET") && !method.equals("HEAD");
    }

    Map<String, Object> json() {
      Map<String, Object> json =
          Json.object(
              "kind",
              "call",
              "seq",
              seq,
              "lab",
              lab,
              "wall",
              wall,
              "node",
              node,
              "target",
              target,
              "method",
              method,
              "path",
              path,
              "parameters",
              parameters,
              "user",
              user,
              "status",
              status,
              "reason",
              reason);
      upid.ifPresent(u -> json.put("upid", u));
      fault.ifPresent(f -> json.put("fault", f));
      return json;
    }
  }

  /// One change of the datacenter. `vmid` is 0 when it concerns no guest.
  ///
  /// @param uuid the guest's smbios uuid, by which a VMID that is used again is told apart
  /// @param upid the task that did it; empty for a synchronous call and for the lab itself
  public record Effect(
      long seq,
      Instant lab,
      Instant wall,
      String what,
      int vmid,
      String uuid,
      String node,
      Optional<String> upid,
      String detail) {
    Map<String, Object> json() {
      Map<String, Object> json =
          Json.object(
              "kind", "effect", "seq", seq, "lab", lab, "wall", wall, "effect", what, "vmid", vmid,
              "uuid", uuid, "node", node, "detail", detail);
      upid.ifPresent(u -> json.put("upid", u));
      return json;
    }
  }

  private final Deque<Call> calls = new ArrayDeque<>();
  private final Deque<Effect> effects = new ArrayDeque<>();
  private final Optional<Writer> file;
  private long seq;

  public Ledger(Optional<Path> file) {
    this.file =
        file.map(path -> {
          try {
            return Files.newBufferedWriter(
                path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
          } catch (IOException e) {
            throw new UncheckedIOException("Opening the lab's ledger " + path, e);
          }
        });
  }

  /// The number for a call that has just arrived; its entry follows when it is answered.
  public synchronized long next() {
    return ++seq;
  }

  public synchronized void add(Call call) {
    keep(calls, call);
    write(call.json());
  }

  public synchronized void add(Effect effect) {
    keep(effects, effect);
    write(effect.json());
  }

  private <T> void keep(Deque<T> entries, T entry) {
    entries.addLast(entry);
    if (entries.size() > KEPT) {
      entries.removeFirst();
    }
    notifyAll();
  }

  private void write(Map<String, Object> json) {
    file.ifPresent(writer -> {
      try {
        writer.write(Json.write(json) + "\n");
        writer.flush();
      } catch (IOException e) {
        throw new UncheckedIOException("Writing the lab's ledger", e);
      }
    });
  }

  /// The calls that were answered (or dropped), in order of their numbers.
  public synchronized List<Call> calls() {
    return calls.stream().sorted(java.util.Comparator.comparingLong(Call::seq)).toList();
  }

  public synchronized List<Effect> effects() {
    return List.copyOf(effects);
  }

  public List<Call> calls(Predicate<Call> which) {
    return calls().stream().filter(which).toList();
  }

  /// The calls that asked for a change.
  public List<Call> mutations() {
    return calls(Call::mutates);
  }

  /// The effects of this kind on this guest.
  public List<Effect> effects(String what, int vmid) {
    return effects().stream().filter(e -> e.what().equals(what) && e.vmid() == vmid).toList();
  }

  /// The most calls that reached `node` in any `window` of wall time.
  public int busiest(String node, Duration window) {
    List<Instant> times =
        calls(c -> c.node().equals(node)).stream().map(Call::wall).sorted().toList();
    int most = 0;
    int from = 0;
    for (int to = 0; to < times.size(); to++) {
      while (!times.get(from).plus(window).isAfter(times.get(to))) {
        from++;
      }
      most = Math.max(most, to - from + 1);
    }
    return most;
  }

  /// Everything that is in memory and numbered above `after`, a JSON object a line.
  public synchronized String jsonLines(long after) {
    StringBuilder lines = new StringBuilder();
    java.util.stream.Stream.concat(
            calls.stream().map(Call::json), effects.stream().map(Effect::json))
        .filter(entry -> (Long) entry.getOrDefault("seq", 0L) > after)
        .sorted(java.util.Comparator.comparingLong(e -> (Long) e.getOrDefault("seq", 0L)))
        .forEach(entry -> lines.append(Json.write(entry)).append('\n'));
    return lines.toString();
  }

  /// Forgets what is in memory; numbers go on.
  public synchronized void clear() {
    calls.clear();
    effects.clear();
  }

  /// Waits until some call fits.
  ///
  /// @return whether one did within `wall`
  public synchronized boolean awaitCall(Predicate<Call> which, Duration wall)
      throws InterruptedException {
    long deadline = System.nanoTime() + wall.toNanos();
    while (calls.stream().noneMatch(which)) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }

  @Override
  public synchronized void close() {
    file.ifPresent(writer -> {
      try {
        writer.close();
      } catch (IOException e) {
        throw new UncheckedIOException("Closing the lab's ledger", e);
      }
    });
  }
}
