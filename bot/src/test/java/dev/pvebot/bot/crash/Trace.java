package dev.pvebot.bot.crash;

import dev.pvebot.bot.progress.ThreadTeller;
import dev.pvebot.integrations.lab.Lab;
import dev.pvebot.integrations.lab.ledger.Ledger;
import dev.pvebot.integrations.lab.pve.PveCluster;
import dev.pvebot.integrations.store.Store;
import dev.pvebot.runbooks.engine.journal.AuditLog;
import dev.pvebot.runbooks.engine.journal.ThreadLog;
import dev.pvebot.runbooks.operation.Event;
import dev.pvebot.runbooks.operation.Operation;
import dev.pvebot.runbooks.operation.StepEvent;
import dev.pvebot.runbooks.operation.StepRecord;
import dev.pvebot.runbooks.plan.PlanStep;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a performance left behind, in words that are the same in every performance of its story.
///
/// @param effects what happened to the datacenter, by the line that it belongs to and the identity
///   of the guest
/// @param accepted mutating calls that were answered well and whose task ended well
/// @param states of all guests at the end of each line
/// @param volumes at the end
/// @param steps of all operations, with their states
/// @param calls mutating calls in their order, accepted or not
/// @param actions that made a call
/// @param runbooks that were run
/// @param requests how many calls of any kind reached the datacenter
/// @param breaches of what has to be true of every performance, disturbed or not
record Trace(
    List<String> effects,
    List<String> accepted,
    List<Map<Integer, String>> states,
    List<String> volumes,
    List<String> steps,
    List<MutatingCall> calls,
    Set<String> actions,
    Set<String> runbooks,
    int requests,
    List<String> breaches) {

  /// A card that was posted in an operation's thread.
  record Told(long operation, String kind, String text) {
    boolean isSaidAgain() {
      return text.startsWith(ThreadTeller.PERHAPS_TOLD);
    }
  }

  /// What differs from an undisturbed performance, and what is wrong whatever that was; empty when
  /// all is well.
  List<String> differences(Trace undisturbed) {
    List<String> all = new ArrayList<>(breaches);
    compare(all, "effect", effects, undisturbed.effects);
    compare(all, "accepted call", accepted, undisturbed.accepted);
    compare(all, "volume", volumes, undisturbed.volumes);
    compare(all, "step", steps, undisturbed.steps);
    for (int line = 0; line < states.size(); line++) {
      compare(
          all,
          "state after line " + line,
          words(states.get(line)),
          words(undisturbed.states.get(line)));
    }
    return all;
  }

  private static List<String> words(Map<Integer, String> state) {
    return state.entrySet().stream().map(each -> each.getKey() + " " + each.getValue()).toList();
  }

  private static void compare(
      List<String> into, String what, List<String> here, List<String> undisturbed) {
    List<String> surplus = new ArrayList<>(here);
    undisturbed.forEach(surplus::remove);
    List<String> missing = new ArrayList<>(undisturbed);
    here.forEach(missing::remove);
    surplus.forEach(each -> into.add("%s too many: %s".formatted(what, each)));
    missing.forEach(each -> into.add("%s missing: %s".formatted(what, each)));
  }

  /// @param beginnings the ledger's numbers at which the lines begin
  /// @param deaths how often the process was killed in each line
  static Trace of(
      Lab lab,
      Store store,
      List<Long> beginnings,
      List<Map<Integer, String>> states,
      List<Integer> deaths,
      List<Told> told) {
    List<Operation> operations = new ArrayList<>();
    for (long id = 1; id <= beginnings.size(); id++) {
      operations.add(store.journal().operation(id).orElseThrow());
    }
    List<String> steps = new ArrayList<>();
    Set<String> actions = new TreeSet<>();
    List<String> breaches = new ArrayList<>();
    for (Operation operation : operations) {
      steps.add("%d %s: %s".formatted(operation.id(), operation.plan().title(), operation.state()));
      Map<String, StepRecord> records =
          store.journal().steps(operation.id()).stream()
              .collect(Collectors.toMap(StepRecord::key, Function.identity()));
      acts(operation.plan().steps())
          .filter(act -> records.containsKey(act.key()))
          .forEach(act -> {
            StepRecord record = records.get(act.key());
            steps.add("%d %s: %s".formatted(operation.id(), act.key(), record.state()));
            if (record.attempts() > 0) {
              actions.add(act.action());
            }
          });
      breaches.addAll(breaches(store, operation, told, deaths.get((int) operation.id() - 1)));
    }
    if (store
            .journal()
            .operations(dev.pvebot.runbooks.engine.journal.Journal.Filter.all(1000))
            .size()
        != operations.size()) {
      breaches.add("more operations than wishes");
    }
    store.locks().all().forEach(lock -> breaches.add("a lock is left: " + lock));
    if (store.audit().verify(Optional.empty()) instanceof AuditLog.Verdict.Broken broken) {
      breaches.add("the audit is broken: " + broken);
    }
    lab.defects().forEach(breaches::add);
    return new Trace(
        effects(lab, beginnings),
        accepted(lab, beginnings),
        List.copyOf(states),
        volumes(lab),
        steps.stream().sorted().toList(),
        lab.ledger().mutations().stream().map(call -> of(beginnings, call)).toList(),
        actions,
        operations.stream().map(each -> each.plan().runbook()).collect(Collectors.toSet()),
        lab.ledger().calls().size(),
        breaches);
  }

  private static Stream<PlanStep.Act> acts(List<PlanStep> steps) {
    return steps.stream()
        .flatMap(step ->
            switch (step) {
              case PlanStep.Group group -> acts(group.children());
              case PlanStep.Act act -> Stream.of(act);
              case PlanStep.Manual _ -> Stream.empty();
            });
  }

  // --- the journal and the thread
  // -----------------------------------------------------------------------------------

  private static List<String> breaches(
      Store store, Operation operation, List<Told> told, int deaths) {
    List<String> all = new ArrayList<>();
    List<Event> events = store.journal().events(operation.id(), 0);
    Set<String> done = new HashSet<>();
    int ends = 0;
    int resumed = 0;
    for (Event event : events) {
      switch (event.what()) {
        case StepEvent.Failed failed -> all.add("a failure was told: " + failed);
        case StepEvent.Asking asking -> all.add("a person was asked: " + asking);
        case StepEvent.Done(String key, var _, var _, var _, var _) -> {
          if (!done.add(key)) {
            all.add("a step was done twice: " + key);
          }
        }
        case StepEvent.StateChanged change -> ends += change.to().isFinal() ? 1 : 0;
        case StepEvent.Resumed _ -> resumed++;
        default -> {}
      }
    }
    if (ends != 1) {
      all.add("it came to an end %d times".formatted(ends));
    }
    if (resumed > deaths) {
      all.add("it was resumed %d times after %d deaths".formatted(resumed, deaths));
    }
    List<Told> thread = told.stream().filter(each -> each.operation() == operation.id()).toList();
    thread.stream()
        .filter(each -> each.kind().equals("failure"))
        .forEach(each -> all.add("the thread tells of a failure: " + each.text()));
    long away = thread.stream().filter(each -> each.text().contains("I was away")).count();
    if (resumed > 0 && away == 0) {
      all.add("the thread does not say that the bot was away");
    }
    Map<String, Long> lines =
        thread.stream()
            .filter(each -> !each.isSaidAgain())
            .filter(each -> each.text().startsWith("ok  ") || each.text().contains(" done in "))
            .collect(Collectors.groupingBy(Told::text, TreeMap::new, Collectors.counting()));
    lines.forEach((line, times) -> {
      if (times > 1) {
        all.add("the thread says %d times: %s".formatted(times, line));
      }
    });
    if (thread.stream().noneMatch(each -> each.text().contains(" done in "))) {
      all.add("the thread does not tell the end");
    }
    ThreadLog.Told last = store.threads().told(operation.id(), ThreadTeller.thread(operation));
    if (last.posted() != events.getLast().seq()) {
      all.add("of %d events the thread has %s".formatted(events.getLast().seq(), last));
    }
    return all.stream().map(each -> "operation %d: %s".formatted(operation.id(), each)).toList();
  }

  // --- the datacenter
  // -----------------------------------------------------------------------------------------------

  private static int line(List<Long> beginnings, long seq) {
    return (int) beginnings.stream().filter(begin -> begin < seq).count() - 1;
  }

  private static MutatingCall of(List<Long> beginnings, Ledger.Call call) {
    return MutatingCall.of(line(beginnings, call.seq()), call);
  }

  /// Machines boot by themselves, some time after their start.
  private static final Set<String> BY_ITSELF =
      Set.of("booted", "boot-without-network", "port-stuck");

  private static List<String> effects(Lab lab, List<Long> beginnings) {
    Map<Integer, List<String>> identities = new HashMap<>();
    List<String> all = new ArrayList<>();
    for (Ledger.Effect effect : lab.ledger().effects()) {
      List<String> uuids = identities.computeIfAbsent(effect.vmid(), _ -> new ArrayList<>());
      if (!uuids.contains(effect.uuid())) {
        uuids.add(effect.uuid());
      }
      if (line(beginnings, effect.seq()) >= 0 && !BY_ITSELF.contains(effect.what())) {
        all.add(
            "%d: %s %d (the %d. of this VMID) on %s %s"
                .formatted(
                    line(beginnings, effect.seq()),
                    effect.what(),
                    effect.vmid(),
                    uuids.indexOf(effect.uuid()) + 1,
                    effect.node(),
                    masked(lab, effect.detail())));
      }
    }
    return all.stream().sorted().toList();
  }

  private static List<String> accepted(Lab lab, List<Long> beginnings) {
    Map<String, String> ends =
        lab.cluster().tasks().stream()
            .collect(
                Collectors.toMap(PveCluster.TaskState::upid, task -> task.exitStatus().orElse("")));
    return lab.ledger().mutations().stream()
        .filter(call -> call.status() == 200)
        .filter(call ->
            call.upid()
                .map(upid -> ends.getOrDefault(upid, ""))
                .map(end -> end.equals("OK") || end.startsWith("WARNINGS"))
                .orElse(true))
        .map(call -> of(beginnings, call))
        .map(call -> "%d: %s".formatted(call.line(), call))
        .sorted()
        .toList();
  }

  /// Every guest as it is now, in a line of words.
  static Map<Integer, String> guests(Lab lab) {
    Map<Integer, String> all = new TreeMap<>();
    for (PveCluster.GuestState guest : lab.cluster().guests()) {
      Map<String, String> config = new TreeMap<>(guest.config());
      config.keySet().removeAll(Set.of("smbios1", "vmgenid", "meta", "digest"));
      all.put(
          guest.vmid(),
          masked(
              lab,
              "%s %s %s lock=%s %s pending=%s snapshots=%s"
                  .formatted(
                      guest.node(),
                      guest.name(),
                      guest.running() ? "runs" : "is off",
                      guest.lock().orElse("none"),
                      config,
                      guest.pending(),
                      guest.snapshots())));
    }
    return all;
  }

  private static List<String> volumes(Lab lab) {
    return Stream.of("local", "local-lvm", "nfs", "pbs")
        .flatMap(storage ->
            lab.config().nodes().stream()
                .flatMap(node ->
                    lab.cluster().volumes(node.name(), storage).stream()
                        .map(volume -> node.name() + " " + masked(lab, volume))))
        .sorted()
        .toList();
  }

  /// Without what is by chance: MAC addresses that no profile names, times, the lab's addresses.
  private static String masked(Lab lab, String text) {
    return text.replaceAll("(?i)\\b(?!02:54:00)(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\\b", "MAC")
        .replaceAll("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ", "TIME")
        .replaceAll("\\d{4}_\\d\\d_\\d\\d-\\d\\d_\\d\\d_\\d\\d", "TIME")
        .replace(lab.config().subnet() + ".", "SUBNET.");
  }
}
