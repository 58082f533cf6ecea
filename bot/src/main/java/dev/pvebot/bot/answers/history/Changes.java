package dev.pvebot.bot.answers.history;

import dev.pvebot.bot.answers.Said;
import dev.pvebot.bot.answers.Sight;
import dev.pvebot.bot.answers.task.TaskWords;
import dev.pvebot.bot.router.Answers;
import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Upid;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.commands.Command;
import dev.pvebot.commands.chat.Button;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.commands.chat.Person;
import dev.pvebot.integrations.pve.Pve;
import dev.pvebot.integrations.pve.fleet.Gathering.Part;
import dev.pvebot.integrations.pve.task.TaskRow;
import dev.pvebot.runbooks.operation.Operation;
import dev.pvebot.runbooks.operation.OperationState;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// `changes`: what happened since a time, by us and by people past us, in the order of time and in
/// the asker's zone.
public final class Changes implements Answers {
  private static final Duration USUAL = Duration.ofHours(24);
  private static final int MOST_ROWS = 30;
  private static final DateTimeFormatter HOUR = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("EEE d MMM HH:mm", Locale.ROOT);

  /// Looking at a console, or refreshing a list of packages, changes nothing.
  private static final Set<String> NO_CHANGE =
      Set.of("vncproxy", "vncshell", "termproxy", "spiceproxy", "spiceshell", "aptupdate");

  /// Plans that came to nothing changed nothing.
  private static final Set<OperationState> NOTHING =
      EnumSet.of(
          OperationState.PLANNED,
          OperationState.AWAITING_APPROVAL,
          OperationState.DENIED,
          OperationState.EXPIRED,
          OperationState.STALE);

  private final Sight sight;
  private final Pve pve;
  private final OurTasks ours;
  private final Function<Person, ZoneId> zones;
  private final UnaryOperator<String> redact;

  /// @param zones in which each person reads times
  /// @param redact takes secrets out of a text
  public Changes(
      Sight sight,
      Pve pve,
      OurTasks ours,
      Function<Person, ZoneId> zones,
      UnaryOperator<String> redact) {
    this.sight = sight;
    this.pve = pve;
    this.ours = ours;
    this.zones = zones;
    this.redact = redact;
  }

  @Override
  public Optional<Card> answer(Command command, Asker asker) throws InterruptedException {
    if (!command.intent().equals("changes")) {
      return Optional.empty();
    }
    ZoneId zone = zones.apply(asker.person());
    Instant now = sight.now();
    Optional<String> said = Said.text(command, "since");
    Optional<Instant> since =
        said.isEmpty()
            ? Optional.of(now.minus(USUAL))
            : said.flatMap(text -> SinceWhen.read(text, now, zone));
    return Optional.of(
        since.isPresent()
            ? since(since.get(), command, zone)
            : Card.of(
                "refusal",
                Card.Tone.WARNING,
                "I do not know when `%s` was".formatted(said.orElse("")),
                "For example: `changes since 22:00`, `changes since yesterday`, `changes in the"
                    + " last 2 hours`."));
  }

  /// @param who a person of ours, or a user of Proxmox VE
  private record Change(Instant at, String who, String what, String state, boolean bad) {}

  private Card since(Instant since, Command command, ZoneId zone) throws InterruptedException {
    Sight.Seen seen = sight.fleet();
    Map<NodeName, Callable<List<TaskRow>>> readings = new LinkedHashMap<>();
    seen.fleet().nodes().stream()
        .map(node -> node.name())
        .filter(node -> Said.node(command).map(node::equals).orElse(true))
        .forEach(node -> readings.put(node, () -> pve.taskLists().since(node, since)));
    List<Operation> operations = ours.operations(since);
    Map<Upid, Operation> known = ours.of(operations);
    List<Change> changes = new ArrayList<>();
    operations.stream()
        .filter(operation -> !NOTHING.contains(operation.state()))
        .filter(operation -> concerns(operation, command))
        .forEach(operation -> changes.add(change(operation)));
    List<String> missing = new ArrayList<>();
    for (Map.Entry<NodeName, Part<List<TaskRow>>> each :
        sight.<NodeName, List<TaskRow>>parts(seen, readings).entrySet()) {
      each.getValue().missing().ifPresent(why -> missing.add(each.getKey() + ": " + why));
      each.getValue().found().orElse(List.of()).stream()
          .filter(row -> !known.containsKey(row.upid()))
          .filter(row -> !NO_CHANGE.contains(row.upid().type()))
          .filter(row -> concerns(row, command))
          .filter(row -> !followsFrom(row, operations))
          .forEach(row -> changes.add(change(row)));
    }
    changes.sort(Comparator.comparing(Change::at));
    return card(since, zone, changes, missing, seen);
  }

  /// A task of our token that no step started but that belongs to one: a migration starts the guest
  /// on its new node by itself.
  private boolean followsFrom(TaskRow row, List<Operation> operations) {
    return row.upid().user().equals(pve.caller().tokenId())
        && operations.stream()
            .anyMatch(operation ->
                row.upid()
                        .id()
                        .filter(id ->
                            operation.plan().locks().stream()
                                .anyMatch(lock -> lock.name().equals("vm/" + id)))
                        .isPresent()
                    && operation
                        .startedAt()
                        .filter(at -> !at.isAfter(row.upid().startedAt().plusSeconds(1)))
                        .isPresent()
                    && operation
                        .endedAt()
                        .map(end -> !end.isBefore(row.upid().startedAt()))
                        .orElse(true));
  }

  private static boolean concerns(Operation operation, Command command) {
    List<Vmid> vms = Said.vms(command);
    Optional<String> cluster = Said.text(command, "cluster");
    Optional<NodeName> node = Said.node(command);
    Set<String> locks =
        operation.plan().locks().stream()
            .map(lock -> lock.name())
            .collect(java.util.stream.Collectors.toSet());
    return (vms.isEmpty() || vms.stream().anyMatch(vm -> locks.contains("vm/" + vm)))
        && (cluster.isEmpty() || operation.plan().cluster().equals(cluster))
        && (node.isEmpty() || locks.contains("node/" + node.get()));
  }

  private static boolean concerns(TaskRow row, Command command) {
    List<Vmid> vms = Said.vms(command);
    return (vms.isEmpty()
            || vms.stream().anyMatch(vm -> row.upid().id().equals(Optional.of(vm.toString()))))
        && Said.text(command, "cluster").isEmpty();
  }

  private static Change change(Operation operation) {
    boolean bad =
        operation.state() == OperationState.FAILED || operation.state() == OperationState.PAUSED;
    return new Change(
        operation.startedAt().orElse(operation.createdAt()),
        operation.requestedBy().id(),
        "operation %d · %s".formatted(operation.id(), operation.plan().title()),
        operation.state().words(),
        bad);
  }

  private Change change(TaskRow row) {
    boolean own = row.upid().user().equals(pve.caller().tokenId());
    return new Change(
        row.upid().startedAt(),
        own ? "my token, outside operations" : row.upid().user(),
        TaskWords.of(row.upid()),
        redact.apply(TaskWords.state(row)),
        !row.isRunning() && !row.isGood());
  }

  private Card card(
      Instant since, ZoneId zone, List<Change> changes, List<String> missing, Sight.Seen seen) {
    boolean oneDay =
        since.atZone(zone).toLocalDate().equals(sight.now().atZone(zone).toLocalDate());
    DateTimeFormatter form = (oneDay ? HOUR : DAY).withZone(zone);
    List<Change> shown = changes.subList(Math.max(0, changes.size() - MOST_ROWS), changes.size());
    List<Card.Block> body = new ArrayList<>();
    if (changes.size() > shown.size()) {
      body.add(
          new Card.Text("%d earlier ones are left out".formatted(changes.size() - shown.size())));
    }
    if (!shown.isEmpty()) {
      body.add(
          new Card.Table(
              List.of("When", "What", "By", "State"),
              shown.stream()
                  .map(each ->
                      List.of(form.format(each.at()), each.what(), each.who(), each.state()))
                  .toList()));
    }
    changes.stream()
        .filter(Change::bad)
        .reduce((_, later) -> later)
        .ifPresent(worst ->
            body.add(
                new Card.Fields(
                    List.of(
                        new Card.Field(
                            "Went wrong",
                            "%s %s".formatted(form.format(worst.at()), worst.what()),
                            Optional.of("<- look here first"))))));
    missing.forEach(each -> body.add(new Card.Text("Not seen: " + each)));
    return new Card(
        "answer",
        missing.isEmpty() ? Card.Tone.NEUTRAL : Card.Tone.WARNING,
        "%s since %s (%s)%s"
            .formatted(
                changes.isEmpty()
                    ? "No changes"
                    : changes.size() == 1 ? "1 change" : changes.size() + " changes",
                DAY.withZone(zone).format(since),
                zone.getId(),
                seen.age()),
        body,
        List.of(Button.plain("Operations", "op list")),
        Map.of(
            "since",
            since.toString(),
            "changes",
            changes.stream()
                .map(each ->
                    Map.of(
                        "at", each.at().toString(),
                        "who", each.who(),
                        "what", each.what(),
                        "state", each.state()))
                .toList(),
            "not_seen",
            missing));
  }
}
