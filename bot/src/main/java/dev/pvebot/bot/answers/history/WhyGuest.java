package dev.pvebot.bot.answers.history;

import dev.pvebot.bot.answers.FleetAnswers;
import dev.pvebot.bot.answers.Sight;
import dev.pvebot.bot.answers.task.TaskWords;
import dev.pvebot.bot.figures.Figures;
import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Upid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.site.ClusterProfile;
import dev.pvebot.clusters.site.Site;
import dev.pvebot.commands.chat.Button;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.commands.chat.Person;
import dev.pvebot.integrations.pve.Pve;
import dev.pvebot.integrations.pve.fleet.Gathering.Part;
import dev.pvebot.integrations.pve.task.TaskRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// Why a guest is locked, and by whom; else why it is in its state and where it is.
public final class WhyGuest {
  private static final Set<String> POWER =
      Set.of(
          "qmstart",
          "qmstop",
          "qmshutdown",
          "qmreboot",
          "qmreset",
          "qmsuspend",
          "qmpause",
          "vzstart",
          "vzstop",
          "vzshutdown",
          "vzreboot",
          "hastart",
          "hastop");
  private static final Set<String> PLACE =
      Set.of(
          "qmigrate", "vzmigrate", "hamigrate", "qmcreate", "qmrestore", "vzcreate", "vzrestore");

  private final Supplier<Site> site;
  private final Sight sight;
  private final Pve pve;
  private final OurTasks ours;
  private final WhyOperation operations;
  private final UnaryOperator<String> redact;

  /// @param redact takes secrets out of a text
  public WhyGuest(
      Supplier<Site> site,
      Sight sight,
      Pve pve,
      OurTasks ours,
      WhyOperation operations,
      UnaryOperator<String> redact) {
    this.site = site;
    this.sight = sight;
    this.pve = pve;
    this.ours = ours;
    this.operations = operations;
    this.redact = redact;
  }

  /// Its tasks on every node, newest first, and the nodes that could not be asked.
  private record Past(List<TaskRow> rows, List<String> missing) {
    List<TaskRow> running() {
      return rows.stream().filter(TaskRow::isRunning).toList();
    }
  }

  Card card(Fleet.Guest guest, Sight.Seen seen, Person reader) throws InterruptedException {
    Past past = past(guest, seen);
    List<Card.Field> fields = new ArrayList<>();
    List<Button> buttons = new ArrayList<>();
    if (seen.fleet().node(guest.node()).filter(Fleet.Node::online).isEmpty()) {
      fields.add(
          new Card.Field(
              guest.node().value(),
              "the node is OFFLINE: what is said here is what was last known",
              Optional.of("<- look here first")));
    }
    if (guest.lock().isPresent()) {
      lock(guest, guest.lock().get(), past, fields, buttons);
    }
    fields.addAll(operations.holders("vm/" + guest.vmid(), reader));
    if (guest.lock().isEmpty()) {
      past.running().forEach(row -> fields.add(new Card.Field("Now", task(row))));
      newest(past, POWER).ifPresent(row -> fields.add(new Card.Field(powerWord(guest), task(row))));
      fields.add(place(guest, past));
      guest
          .haState()
          .ifPresent(state ->
              fields.add(
                  new Card.Field(
                      "HA",
                      "the HA manager keeps it %s and may move or start it by itself"
                          .formatted(state))));
    }
    past.missing().forEach(each -> fields.add(new Card.Field("Not seen", each)));
    seen.why().ifPresent(why -> fields.add(new Card.Field("Not seen now", why)));
    buttons.add(Button.plain("Show it", "vm show " + guest.vmid()));
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("vmid", guest.vmid().value());
    guest.lock().ifPresent(lock -> facts.put("lock", lock));
    facts.put("running_tasks", past.running().stream().map(row -> row.upid().value()).toList());
    facts.put("why", fields.stream().map(field -> field.label() + ": " + field.value()).toList());
    facts.put("not_seen", past.missing());
    return new Card(
        "answer",
        guest.lock().isPresent() ? Card.Tone.WARNING : Card.Tone.NEUTRAL,
        "%s %s is %s on %s%s%s"
            .formatted(
                guest.vmid(),
                guest.name(),
                FleetAnswers.state(guest),
                guest.node(),
                guest.lock().map(lock -> ", locked: " + lock).orElse(", not locked"),
                seen.age()),
        List.of(new Card.Fields(fields)),
        buttons,
        facts);
  }

  private Past past(Fleet.Guest guest, Sight.Seen seen) throws InterruptedException {
    Map<NodeName, Callable<List<TaskRow>>> readings = new LinkedHashMap<>();
    seen.fleet()
        .nodes()
        .forEach(
            node -> readings.put(node.name(), () -> pve.taskLists().of(node.name(), guest.vmid())));
    List<TaskRow> rows = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (Map.Entry<NodeName, Part<List<TaskRow>>> each :
        sight.<NodeName, List<TaskRow>>parts(seen, readings).entrySet()) {
      each.getValue().found().ifPresent(rows::addAll);
      each.getValue()
          .missing()
          .ifPresent(why -> missing.add("tasks of %s: %s".formatted(each.getKey(), why)));
    }
    rows.sort(Comparator.comparing((TaskRow row) -> row.upid().startedAt()).reversed());
    return new Past(rows, missing);
  }

  /// A lock is somebody's work, or what somebody's death left behind.
  private void lock(
      Fleet.Guest guest, String lock, Past past, List<Card.Field> fields, List<Button> buttons) {
    List<TaskRow> running = past.running();
    for (TaskRow row : running) {
      fields.add(
          new Card.Field(
              "Held by",
              task(row),
              fields.isEmpty() ? Optional.of("<- look here first") : Optional.empty()));
      buttons.add(Button.plain("Wait for it", "task wait " + row.upid()));
      buttons.add(Button.plain("Its log", "task log " + row.upid()));
    }
    if (!running.isEmpty()) {
      return;
    }
    if (!past.missing().isEmpty()) {
      fields.add(
          new Card.Field(
              "Held by",
              "no task that I can see, but not every node answers",
              Optional.of("<- look here first")));
      return;
    }
    fields.add(
        new Card.Field(
            "Held by",
            "nobody: no task of %s runs on any node, so `%s` is left over"
                .formatted(guest.vmid(), lock),
            Optional.of("<- look here first")));
    past.rows().stream()
        .filter(row -> !row.isGood())
        .findFirst()
        .ifPresent(row -> {
          fields.add(new Card.Field("Left by", "probably " + task(row)));
          buttons.add(Button.plain("Its log", "task log " + row.upid()));
        });
    fields.add(
        new Card.Field(
            "To end it",
            "`vm unlock %s`; it looks again that no task of it runs on any node and that the lock"
                    .formatted(guest.vmid())
                + " is still `%s`, and asks you".formatted(lock)));
    buttons.addFirst(Button.plain("Plan to unlock", "plan vm unlock " + guest.vmid()));
  }

  private String task(TaskRow row) {
    Function<Upid, Optional<Long>> known = ours.lookup();
    Instant now = sight.now();
    return "%s, %s, begun %s by %s"
        .formatted(
            TaskWords.of(row.upid()),
            redact.apply(TaskWords.state(row)),
            Figures.ago(row.upid().startedAt(), now),
            known.apply(row.upid()).map(id -> "operation " + id).orElse(row.upid().user()));
  }

  private static Optional<TaskRow> newest(Past past, Set<String> types) {
    return past.rows().stream()
        .filter(row -> types.contains(row.upid().type()) && row.isGood())
        .findFirst();
  }

  private static String powerWord(Fleet.Guest guest) {
    return guest.isRunning() ? "Running since" : "Stopped since";
  }

  private Card.Field place(Fleet.Guest guest, Past past) {
    Optional<String> wanted =
        site.get().profiles().stream()
            .flatMap(profile ->
                profile.machines().stream()
                    .filter(machine -> machine.vmid().equals(Optional.of(guest.vmid())))
                    .flatMap(machine -> machine.node().stream())
                    .map(node -> sentence(profile, node, guest)))
            .findFirst();
    Optional<String> moved = newest(past, PLACE).map(row -> "moved or made there by " + task(row));
    return new Card.Field(
        "On " + guest.node(),
        java.util.stream.Stream.of(moved, wanted)
            .flatMap(Optional::stream)
            .reduce((one, other) -> one + "; " + other)
            .orElse("no task that the nodes remember moved it"));
  }

  private static String sentence(ClusterProfile profile, NodeName node, Fleet.Guest guest) {
    return "profile %s wants it on %s%s"
        .formatted(profile.name(), node, node.equals(guest.node()) ? "" : " (it is elsewhere now)");
  }
}
