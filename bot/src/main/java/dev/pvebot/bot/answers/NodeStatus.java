package dev.pvebot.bot.answers;

import dev.pvebot.bot.figures.Figures;
import dev.pvebot.bot.router.Answers;
import dev.pvebot.bot.storage.Storages;
import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.commands.Command;
import dev.pvebot.commands.chat.Button;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.integrations.pve.Pve;
import dev.pvebot.integrations.pve.fleet.Gathering.Part;
import dev.pvebot.integrations.pve.fleet.NodeReader.NodeDetail;
import dev.pvebot.integrations.pve.task.TaskRow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/// `node.status`: one node, its guests, storages and tasks.
public final class NodeStatus implements Answers {
  private static final int MOST_GUESTS = 8;

  private final Sight sight;
  private final Pve pve;

  public NodeStatus(Sight sight, Pve pve) {
    this.sight = sight;
    this.pve = pve;
  }

  @Override
  public Optional<Card> answer(Command command, Asker asker) throws InterruptedException {
    if (!command.intent().equals("node.status")) {
      return Optional.empty();
    }
    Optional<NodeName> wanted = Said.node(command);
    Sight.Seen seen = sight.fleet();
    Optional<Fleet.Node> node = wanted.flatMap(seen.fleet()::node);
    if (node.isEmpty()) {
      return Optional.of(
          new Card(
              "refusal",
              Card.Tone.WARNING,
              wanted.map(name -> "There is no node " + name).orElse("Which node?"),
              List.of(),
              seen.fleet().nodes().stream()
                  .map(each -> Button.plain(each.name().value(), "node status " + each.name()))
                  .toList(),
              Map.of()));
    }
    return Optional.of(card(seen, node.get()));
  }

  private sealed interface Found {
    record Detail(NodeDetail detail) implements Found {}

    record Tasks(List<TaskRow> rows) implements Found {}
  }

  private Card card(Sight.Seen seen, Fleet.Node node) throws InterruptedException {
    Optional<NodeDetail> detail = Optional.empty();
    Optional<List<TaskRow>> running = Optional.empty();
    List<String> missing = new ArrayList<>();
    if (node.online()) {
      Map<String, Callable<Found>> readings = new LinkedHashMap<>();
      readings.put("details", () -> new Found.Detail(pve.nodes().detail(node.name())));
      readings.put("tasks", () -> new Found.Tasks(pve.taskLists().running(node.name())));
      for (Map.Entry<String, Part<Found>> each :
          sight.<String, Found>parts(seen, readings).entrySet()) {
        switch (each.getValue()) {
          case Part.Here<Found>(Found.Detail(NodeDetail found)) -> detail = Optional.of(found);
          case Part.Here<Found>(Found.Tasks(List<TaskRow> rows)) -> running = Optional.of(rows);
          case Part.Missing<Found>(String why) -> missing.add(each.getKey() + ": " + why);
        }
      }
    }
    Fleet fleet = seen.fleet();
    List<Fleet.Guest> guests =
        fleet.guests().stream()
            .filter(guest -> guest.node().equals(node.name()) && !guest.template())
            .toList();
    List<Card.Field> fields = new ArrayList<>();
    if (!node.online()) {
      fields.add(
          new Card.Field(
              "State",
              "OFFLINE: what follows is what the others last knew",
              Optional.of("<- look here first")));
    }
    seen.why().ifPresent(why -> fields.add(new Card.Field("Not seen now", why)));
    detail.ifPresent(found -> details(found, fields));
    if (detail.isEmpty() && node.online()) {
      fields.add(
          new Card.Field(
              "CPU", "%d %% of %d cores".formatted(Math.round(100 * node.cpu()), node.cores())));
      fields.add(new Card.Field("Memory", memory(node.memoryUsedBytes(), node.memoryBytes())));
    }
    fields.add(new Card.Field("Promised", promised(node, guests)));
    fields.add(new Card.Field("Guests", guests(guests)));
    Storages.of(fleet, node.name())
        .forEach(storage ->
            fields.add(
                new Card.Field(
                    storage.name(),
                    storage.active()
                        ? "%s of %s used"
                            .formatted(
                                Figures.percent(storage.usedBytes(), storage.totalBytes()),
                                Figures.bytes(storage.totalBytes()))
                        : "not usable now")));
    running.ifPresent(rows -> fields.add(new Card.Field("Tasks", tasks(rows))));
    missing.forEach(each -> fields.add(new Card.Field("Not seen", each)));
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("node", node.name().value());
    facts.put("online", node.online());
    facts.put("guests", guests.stream().map(FleetAnswers::facts).toList());
    facts.put("seen_at", fleet.seenAt().toString());
    facts.put("not_seen", missing);
    return new Card(
        "answer",
        node.online() ? missing.isEmpty() ? Card.Tone.GOOD : Card.Tone.WARNING : Card.Tone.BAD,
        "%s  %s%s".formatted(node.name(), node.online() ? "online" : "OFFLINE", seen.age()),
        List.of(new Card.Fields(fields)),
        List.of(
            Button.plain("VMs on " + node.name(), "vm list node=" + node.name()),
            Button.plain("Tasks", "task list node=" + node.name()),
            Button.plain("Plan to empty it", "plan node evacuate " + node.name())),
        facts);
  }

  private static void details(NodeDetail detail, List<Card.Field> fields) {
    fields.add(
        new Card.Field(
            "CPU",
            "%d %% of %d cores, waits for disks %d %%, load %s"
                .formatted(
                    Math.round(100 * detail.cpu()),
                    detail.cores(),
                    Math.round(100 * detail.waiting()),
                    String.join(" ", detail.load()))));
    fields.add(new Card.Field("Memory", memory(detail.memoryUsedBytes(), detail.memoryBytes())));
    if (detail.swapUsedBytes() > 0) {
      fields.add(new Card.Field("Swap", memory(detail.swapUsedBytes(), detail.swapBytes())));
    }
    fields.add(new Card.Field("Root disk", memory(detail.rootUsedBytes(), detail.rootBytes())));
    fields.add(
        new Card.Field(
            "System",
            "PVE %s, kernel %s, up %s"
                .formatted(
                    detail.version().orElse("unknown"),
                    detail.kernel().orElse("unknown"),
                    Figures.uptime(detail.uptimeSeconds()))));
  }

  private static String memory(long used, long total) {
    return "%s of %s, %s free"
        .formatted(Figures.percent(used, total), Figures.bytes(total), Figures.bytes(total - used));
  }

  /// Memory that running guests may take, which says whether the node can take more.
  private static String promised(Fleet.Node node, List<Fleet.Guest> guests) {
    long promised =
        guests.stream().filter(Fleet.Guest::isRunning).mapToLong(Fleet.Guest::memoryBytes).sum();
    return "%s to running guests%s"
        .formatted(
            Figures.bytes(promised),
            node.memoryBytes() > 0
                ? " (%s of its memory)".formatted(Figures.percent(promised, node.memoryBytes()))
                : "");
  }

  private static String guests(List<Fleet.Guest> guests) {
    if (guests.isEmpty()) {
      return "none";
    }
    String names =
        guests.stream()
            .limit(MOST_GUESTS)
            .map(guest ->
                "%s %s%s"
                    .formatted(
                        guest.vmid(),
                        guest.name(),
                        guest.isRunning() ? "" : " (%s)".formatted(FleetAnswers.state(guest))))
            .collect(Collectors.joining(", "));
    return guests.size() > MOST_GUESTS
        ? names + " and %d more".formatted(guests.size() - MOST_GUESTS)
        : names;
  }

  private static String tasks(List<TaskRow> rows) {
    return rows.isEmpty()
        ? "none runs"
        : rows.stream()
            .map(row -> row.upid().type() + row.upid().id().map(id -> " " + id).orElse(""))
            .collect(Collectors.joining(", ", rows.size() + " running: ", ""));
  }
}
