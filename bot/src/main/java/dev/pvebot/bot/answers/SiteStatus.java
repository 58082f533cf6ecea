package dev.pvebot.bot.answers;

import dev.pvebot.bot.answers.Findings.Weight;
import dev.pvebot.bot.figures.Figures;
import dev.pvebot.bot.router.Answers;
import dev.pvebot.bot.storage.Backups;
import dev.pvebot.bot.storage.Forecast;
import dev.pvebot.bot.storage.Storages;
import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.site.Site;
import dev.pvebot.commands.Command;
import dev.pvebot.commands.chat.Button;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.integrations.pve.Pve;
import dev.pvebot.integrations.pve.fleet.NodeReader.NodeDetail;
import dev.pvebot.integrations.pve.fleet.StorageReader.Volume;
import dev.pvebot.integrations.pve.task.TaskRow;
import dev.pvebot.runbooks.engine.journal.Journal;
import dev.pvebot.runbooks.operation.Operation;
import dev.pvebot.runbooks.operation.OperationState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// `fleet.status`: the whole site on one card, what is wrong first.
public final class SiteStatus implements Answers {
  /// From here on a storage is worth a look.
  private static final double FULL = 0.85;

  private static final Duration SOON_FULL = Duration.ofDays(14);
  private static final double MUCH_MEMORY = 0.9;
  private static final Duration OLD_BACKUP = Duration.ofDays(8);
  private static final int FEW = 3;

  private final Site site;
  private final Sight sight;
  private final Pve pve;
  private final Journal journal;

  public SiteStatus(Site site, Sight sight, Pve pve, Journal journal) {
    this.site = site;
    this.sight = sight;
    this.pve = pve;
    this.journal = journal;
  }

  @Override
  public Optional<Card> answer(Command command, Asker asker) throws InterruptedException {
    if (!command.intent().equals("fleet.status")) {
      return Optional.empty();
    }
    Sight.Seen seen = sight.fleet();
    SiteParts parts = SiteParts.read(sight, pve, seen);
    return Optional.of(card(seen, parts, journal.operations(Journal.Filter.open())));
  }

  private Card card(Sight.Seen seen, SiteParts parts, List<Operation> operations) {
    Fleet fleet = seen.fleet();
    Findings findings = new Findings();
    List<Card.Field> fields = new ArrayList<>();
    seen.why()
        .ifPresent(why ->
            findings.add(Weight.BROKEN, "Not seen now", why, "Check the API", "check the api"));
    fields.add(quorum(fleet, parts, findings));
    fleet.nodes().forEach(node -> fields.add(node(node, parts, fleet, findings)));
    fields.add(guests(fleet));
    fields.add(storages(fleet, parts, findings));
    locked(fleet, parts, findings).ifPresent(fields::add);
    fields.add(backups(fleet, parts, findings));
    fields.add(tasks(parts, findings));
    fields.add(operations(operations, findings));
    if (!fleet.completeView()) {
      findings.add(
          Weight.WARNING,
          "View",
          "the token does not see every guest (VM.Audit on /vms is missing)",
          "Check the API",
          "check the api");
    }
    parts.missing().forEach(missing -> fields.add(new Card.Field("Not seen", missing)));
    List<Card.Field> all = new ArrayList<>(findings.fields());
    all.addAll(fields);
    List<Button> buttons = new ArrayList<>(findings.buttons());
    if (buttons.isEmpty()) {
      buttons.add(Button.plain("Nodes", "node list"));
      buttons.add(Button.plain("Storages", "storage list"));
    }
    return new Card(
        "answer",
        findings.tone(),
        "%s  %s%s"
            .formatted(
                site.name(),
                findings.count() == 0 ? "HEALTHY" : findings.count() + " to look at",
                seen.age()),
        List.of(new Card.Fields(all)),
        buttons,
        facts(fleet, parts, operations, findings));
  }

  private static Card.Field quorum(Fleet fleet, SiteParts parts, Findings findings) {
    long online = fleet.onlineNodes().count();
    if (!fleet.quorate()) {
      findings.add(
          Weight.BROKEN,
          "Quorum",
          "LOST with %d of %d nodes: nothing can be changed"
              .formatted(online, fleet.nodes().size()),
          "Nodes",
          "node list");
    }
    Map<String, Set<String>> versions = new TreeMap<>();
    parts
        .nodes()
        .forEach((node, detail) ->
            versions
                .computeIfAbsent(detail.version().orElse("unknown"), _ -> new TreeSet<>())
                .add(node.value()));
    String version =
        versions.size() > 1
            ? versions.entrySet().stream()
                .map(each -> "%s on %s".formatted(each.getKey(), String.join(" ", each.getValue())))
                .collect(Collectors.joining(", "))
            : versions.keySet().stream().findFirst().orElse(fleet.version());
    if (versions.size() > 1) {
      findings.add(Weight.WARNING, "Versions", "the nodes run different ones: " + version);
    }
    return new Card.Field(
        "Quorum",
        "%s, %d of %d nodes online, PVE %s"
            .formatted(fleet.quorate() ? "yes" : "NO", online, fleet.nodes().size(), version));
  }

  private static Card.Field node(Fleet.Node node, SiteParts parts, Fleet fleet, Findings findings) {
    String name = node.name().value();
    if (!node.online()) {
      String guests =
          fleet.guests().stream()
              .filter(guest -> guest.node().equals(node.name()) && !guest.template())
              .map(Fleet.Guest::name)
              .collect(Collectors.joining(", "));
      findings.add(
          Weight.BAD,
          name,
          "OFFLINE" + (guests.isEmpty() ? "" : ", and with it " + guests),
          "Show " + name,
          "node status " + name);
      return new Card.Field(name, "OFFLINE");
    }
    Optional<NodeDetail> detail = Optional.ofNullable(parts.nodes().get(node.name()));
    long memory = detail.map(NodeDetail::memoryBytes).orElse(node.memoryBytes());
    long used = detail.map(NodeDetail::memoryUsedBytes).orElse(node.memoryUsedBytes());
    if (memory > 0 && used >= MUCH_MEMORY * memory) {
      findings.add(
          Weight.WARNING,
          name,
          "memory " + Figures.percent(used, memory),
          "Show " + name,
          "node status " + name);
    }
    return new Card.Field(
        name,
        "CPU %d %% of %d · memory %s of %s · up %s"
            .formatted(
                Math.round(100 * detail.map(NodeDetail::cpu).orElse(node.cpu())),
                node.cores(),
                Figures.percent(used, memory),
                Figures.bytes(memory),
                Figures.uptime(
                    detail.map(NodeDetail::uptimeSeconds).orElse(node.uptimeSeconds()))));
  }

  private static Card.Field guests(Fleet fleet) {
    List<Fleet.Guest> vms = fleet.vms().toList();
    List<Fleet.Guest> containers =
        fleet.guests().stream()
            .filter(g -> g.kind() == Fleet.Kind.CONTAINER && !g.template())
            .toList();
    return new Card.Field(
        "Guests",
        "%d VMs, %d running · %d containers, %d running · %d templates"
            .formatted(
                vms.size(),
                vms.stream().filter(Fleet.Guest::isRunning).count(),
                containers.size(),
                containers.stream().filter(Fleet.Guest::isRunning).count(),
                fleet.templates().count()));
  }

  private static Card.Field storages(Fleet fleet, SiteParts parts, Findings findings) {
    List<String> words = new ArrayList<>();
    List<Fleet.Storage> fullest =
        Storages.once(fleet).stream()
            .sorted(Comparator.comparingDouble((Fleet.Storage storage) -> -Storages.share(storage)))
            .toList();
    for (Fleet.Storage storage : fullest) {
      Optional<Duration> left =
          Optional.ofNullable(parts.fills().get(storage)).flatMap(Forecast::untilFull);
      String fill = Figures.percent(storage.usedBytes(), storage.totalBytes());
      boolean full = Storages.share(storage) >= FULL;
      boolean soon = left.filter(time -> time.compareTo(SOON_FULL) < 0).isPresent();
      String text = fill + left.map(time -> ", " + Forecast.words(time)).orElse("");
      if (full || soon) {
        findings.add(
            Weight.WARNING,
            "Storage",
            Storages.name(storage) + " " + text,
            "Storages",
            "storage list");
      }
      words.add(Storages.name(storage) + " " + text);
    }
    return new Card.Field("Storage", words.isEmpty() ? "none is usable" : few(words));
  }

  private static Optional<Card.Field> locked(Fleet fleet, SiteParts parts, Findings findings) {
    Set<String> busy =
        parts.tasks().values().stream()
            .flatMap(List::stream)
            .filter(TaskRow::isRunning)
            .flatMap(row -> row.upid().id().stream())
            .collect(Collectors.toSet());
    List<String> locked = new ArrayList<>();
    for (Fleet.Guest guest : fleet.guests()) {
      if (guest.lock().isPresent()) {
        String text = "%s %s (%s)".formatted(guest.vmid(), guest.name(), guest.lock().get());
        locked.add(text);
        boolean looked = parts.tasks().containsKey(guest.node());
        if (looked && !busy.contains(guest.vmid().toString())) {
          findings.add(
              Weight.BAD,
              "Locked",
              text + ", and no task of it runs",
              "Why " + guest.vmid(),
              "why is %s locked".formatted(guest.vmid()));
        }
      }
    }
    return locked.isEmpty()
        ? Optional.empty()
        : Optional.of(new Card.Field("Locked", String.join(", ", locked)));
  }

  private Card.Field backups(Fleet fleet, SiteParts parts, Findings findings) {
    Map<Vmid, Volume> newest = Backups.newest(parts.backups());
    Instant now = sight.now();
    List<String> without = new ArrayList<>();
    List<String> old = new ArrayList<>();
    fleet
        .vms()
        .filter(Fleet.Guest::isRunning)
        .forEach(guest -> {
          Optional<Instant> at =
              Optional.ofNullable(newest.get(guest.vmid())).flatMap(Volume::madeAt);
          if (at.isEmpty()) {
            without.add(guest.name());
          } else if (at.get().plus(OLD_BACKUP).isBefore(now)) {
            old.add("%s %s".formatted(guest.name(), Figures.ago(at.get(), now)));
          }
        });
    boolean unread = parts.missing().stream().anyMatch(each -> each.startsWith("backups on"));
    if (!old.isEmpty()) {
      findings.add(Weight.WARNING, "Backups", "old: " + few(old), "Backups", "backup list");
    }
    String first =
        newest.values().stream()
            .flatMap(volume -> volume.madeAt().stream())
            .max(Instant::compareTo)
            .map(at -> "newest " + Figures.ago(at, now))
            .orElse(unread ? "not readable" : "none");
    return new Card.Field(
        "Backups",
        first + (without.isEmpty() || unread ? "" : " · running without any: " + few(without)));
  }

  private static Card.Field tasks(SiteParts parts, Findings findings) {
    List<TaskRow> rows = parts.tasks().values().stream().flatMap(List::stream).toList();
    List<TaskRow> failed = rows.stream().filter(row -> !row.isRunning() && !row.isGood()).toList();
    List<TaskRow> backups =
        failed.stream().filter(row -> row.upid().type().equals("vzdump")).toList();
    if (!backups.isEmpty()) {
      findings.add(
          Weight.WARNING, "Backup failed", few(words(backups)), "Failed tasks", "failed tasks");
    }
    List<TaskRow> others = failed.stream().filter(row -> !backups.contains(row)).toList();
    if (!others.isEmpty()) {
      findings.add(
          Weight.WARNING, "Task failed", few(words(others)), "Failed tasks", "failed tasks");
    }
    long running = rows.stream().filter(TaskRow::isRunning).count();
    long warned = rows.stream().filter(TaskRow::hasWarnings).count();
    return new Card.Field(
        "Tasks 24 h",
        "%d, %d failed, %d with warnings, %d running"
            .formatted(rows.size(), failed.size(), warned, running));
  }

  private static List<String> words(List<TaskRow> rows) {
    return rows.stream()
        .map(row ->
            "%s%s on %s: %s"
                .formatted(
                    row.upid().type(),
                    row.upid().id().map(id -> " " + id).orElse(""),
                    row.upid().node(),
                    row.exitStatus().orElse("")))
        .toList();
  }

  private static String few(List<String> words) {
    return words.stream().limit(FEW).collect(Collectors.joining(", "))
        + (words.size() > FEW ? " and %d more".formatted(words.size() - FEW) : "");
  }

  private static Card.Field operations(List<Operation> open, Findings findings) {
    for (Operation operation : open) {
      if (operation.state() == OperationState.PAUSED) {
        findings.add(
            Weight.WARNING,
            "Operation %d".formatted(operation.id()),
            "%s is paused%s"
                .formatted(
                    operation.plan().title(),
                    operation.stateReason().map(why -> ": " + why).orElse("")),
            "Show operation %d".formatted(operation.id()),
            "op show %d".formatted(operation.id()));
      }
    }
    return new Card.Field(
        "Operations",
        open.isEmpty()
            ? "none"
            : few(
                open.stream()
                    .map(op ->
                        "%d %s (%s)".formatted(op.id(), op.plan().title(), op.state().words()))
                    .toList()));
  }

  private static Map<String, Object> facts(
      Fleet fleet, SiteParts parts, List<Operation> operations, Findings findings) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("healthy", findings.count() == 0);
    facts.put("findings", findings.texts());
    facts.put("quorate", fleet.quorate());
    facts.put(
        "nodes",
        fleet.nodes().stream()
            .map(node ->
                Map.of(
                    "name", node.name().value(),
                    "online", node.online(),
                    "version", version(parts, node.name(), fleet)))
            .toList());
    facts.put("operations", operations.stream().map(Operation::id).toList());
    facts.put("not_seen", parts.missing());
    facts.put("seen_at", fleet.seenAt().toString());
    return facts;
  }

  private static String version(SiteParts parts, NodeName node, Fleet fleet) {
    return Optional.ofNullable(parts.nodes().get(node))
        .flatMap(NodeDetail::version)
        .orElse(fleet.version());
  }
}
