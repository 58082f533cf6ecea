package dev.pvebot.bot.answers.storage;

import dev.pvebot.bot.answers.Chosen;
import dev.pvebot.bot.answers.Said;
import dev.pvebot.bot.answers.Sight;
import dev.pvebot.bot.figures.Figures;
import dev.pvebot.bot.router.Answers;
import dev.pvebot.bot.storage.Backups;
import dev.pvebot.bot.storage.Storages;
import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.commands.Command;
import dev.pvebot.commands.chat.Button;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.integrations.pve.Pve;
import dev.pvebot.integrations.pve.fleet.Gathering.Part;
import dev.pvebot.integrations.pve.fleet.GuestReader.Snapshot;
import dev.pvebot.integrations.pve.fleet.StorageReader.Volume;
import dev.pvebot.integrations.pve.task.TaskRow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/// `backup.list` and `snapshot.list`: how far back one can go, guest by guest.
public final class BackupAnswers implements Answers {
  private static final int MOST_ROWS = 30;
  private static final Duration FAILED_SINCE = Duration.ofDays(7);

  private final Chosen chosen;
  private final Sight sight;
  private final Pve pve;

  public BackupAnswers(Chosen chosen, Sight sight, Pve pve) {
    this.chosen = chosen;
    this.sight = sight;
    this.pve = pve;
  }

  @Override
  public Optional<Card> answer(Command command, Asker asker) throws InterruptedException {
    return switch (command.intent()) {
      case "backup.list" ->
          Optional.of(
              Said.text(command, "state").filter("failed"::equals).isPresent()
                  ? failed()
                  : backups(command));
      case "snapshot.list" -> Optional.of(snapshots(command));
      default -> Optional.empty();
    };
  }

  private Card backups(Command command) throws InterruptedException {
    Sight.Seen seen = sight.fleet();
    Map<String, Callable<List<Volume>>> readings = new LinkedHashMap<>();
    for (Fleet.Storage storage : Backups.storages(seen.fleet())) {
      if (Said.text(command, "storage").map(storage.name()::equals).orElse(true)) {
        readings.put(Storages.name(storage), () -> pve.storages().volumes(storage, "backup"));
      }
    }
    List<Volume> all = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    sight
        .<String, List<Volume>>parts(seen, readings)
        .forEach((place, part) -> {
          part.found().ifPresent(all::addAll);
          part.missing().ifPresent(why -> missing.add(place + ": " + why));
        });
    Optional<List<Fleet.Guest>> guests = chosen.guests(command, seen.fleet());
    return guests.filter(some -> some.size() == 1).isPresent()
        ? one(guests.get().getFirst(), all, missing, seen)
        : each(guests, all, missing, seen);
  }

  /// Every backup of one guest.
  private Card one(Fleet.Guest guest, List<Volume> all, List<String> missing, Sight.Seen seen) {
    List<Volume> backups =
        all.stream()
            .filter(volume -> volume.owner().equals(Optional.of(guest.vmid())))
            .sorted(Comparator.comparing(Backups::madeAt).reversed())
            .toList();
    List<Card.Block> body = new ArrayList<>();
    if (!backups.isEmpty()) {
      body.add(
          new Card.Table(
              List.of("Made", "Storage", "Size", "Backup", "Notes"),
              backups.stream()
                  .limit(MOST_ROWS)
                  .map(volume ->
                      List.of(
                          age(volume),
                          volume.storage(),
                          Figures.bytes(volume.bytes()),
                          volume.id(),
                          notes(volume)))
                  .toList()));
    }
    return card(
        (backups.isEmpty()
                ? "No backup of %s %s"
                : Figures.count(backups.size(), "backup") + " of %s %s")
            .formatted(guest.vmid(), guest.name()),
        body,
        missing,
        seen,
        List.of(Button.plain("Back it up", "backup create " + guest.vmid())),
        backups);
  }

  private static String notes(Volume volume) {
    return String.join(
        ", ",
        java.util.stream.Stream.of(
                volume.notes(),
                volume.isProtected() ? "protected" : "",
                volume.verified().map(state -> "verified: " + state).orElse(""))
            .filter(text -> !text.isEmpty())
            .toList());
  }

  /// The newest backup of each guest; those without first, for they are what one looks for.
  private Card each(
      Optional<List<Fleet.Guest>> guests, List<Volume> all, List<String> missing, Sight.Seen seen) {
    Map<Vmid, Volume> newest = Backups.newest(all);
    List<Fleet.Guest> shown =
        guests.orElseGet(
            () -> seen.fleet().guests().stream().filter(guest -> !guest.template()).toList());
    List<Fleet.Guest> sorted =
        shown.stream()
            .sorted(
                Comparator.comparing((Fleet.Guest guest) ->
                        Optional.ofNullable(newest.get(guest.vmid()))
                            .map(Backups::madeAt)
                            .orElse(Instant.MIN))
                    .thenComparing(Fleet.Guest::vmid))
            .toList();
    List<List<String>> rows =
        sorted.stream()
            .limit(MOST_ROWS)
            .map(guest -> {
              Optional<Volume> volume = Optional.ofNullable(newest.get(guest.vmid()));
              long count =
                  all.stream()
                      .filter(each -> each.owner().equals(Optional.of(guest.vmid())))
                      .count();
              return List.of(
                  guest.vmid().toString(),
                  guest.name(),
                  volume.map(this::age).orElse(missing.isEmpty() ? "NONE" : "none seen"),
                  Long.toString(count),
                  volume.map(Volume::storage).orElse("-"),
                  volume.map(v -> Figures.bytes(v.bytes())).orElse("-"));
            })
            .toList();
    List<Card.Block> body = new ArrayList<>();
    if (!rows.isEmpty()) {
      body.add(new Card.Table(List.of("VMID", "Name", "Newest", "Kept", "Storage", "Size"), rows));
    }
    if (sorted.size() > MOST_ROWS) {
      body.add(new Card.Text("and %d more".formatted(sorted.size() - MOST_ROWS)));
    }
    List<Volume> gone =
        guests.isPresent()
            ? List.of()
            : all.stream()
                .filter(volume ->
                    volume.owner().filter(o -> seen.fleet().guest(o).isPresent()).isEmpty())
                .toList();
    if (!gone.isEmpty()) {
      body.add(
          new Card.Text(
              "%d more backups, %s, are of guests that are not there."
                  .formatted(
                      gone.size(), Figures.bytes(gone.stream().mapToLong(Volume::bytes).sum()))));
    }
    return card(
        Figures.count(all.size(), "backup") + " of " + Figures.count(newest.size(), "guest"),
        body,
        missing,
        seen,
        List.of(Button.plain("Failed backups", "failed backups")),
        all);
  }

  private String age(Volume volume) {
    return volume.madeAt().map(at -> Figures.ago(at, sight.now())).orElse("of unknown age");
  }

  private static Card card(
      String title,
      List<Card.Block> body,
      List<String> missing,
      Sight.Seen seen,
      List<Button> buttons,
      List<Volume> backups) {
    List<Card.Block> blocks = new ArrayList<>(body);
    missing.forEach(each -> blocks.add(new Card.Text("Not seen: " + each)));
    return new Card(
        "answer",
        missing.isEmpty() ? Card.Tone.NEUTRAL : Card.Tone.WARNING,
        title + seen.age(),
        blocks,
        buttons,
        Map.of("backups", backups.stream().map(Volume::id).toList(), "not_seen", missing));
  }

  /// Backup tasks that went wrong, by the nodes' own lists.
  private Card failed() throws InterruptedException {
    Sight.Seen seen = sight.fleet();
    Instant since = sight.now().minus(FAILED_SINCE);
    Map<NodeName, Callable<List<TaskRow>>> readings = new LinkedHashMap<>();
    seen.fleet()
        .nodes()
        .forEach(
            node -> readings.put(node.name(), () -> pve.taskLists().since(node.name(), since)));
    List<TaskRow> rows = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (Map.Entry<NodeName, Part<List<TaskRow>>> each :
        sight.<NodeName, List<TaskRow>>parts(seen, readings).entrySet()) {
      each.getValue().missing().ifPresent(why -> missing.add(each.getKey() + ": " + why));
      each.getValue().found().orElse(List.of()).stream()
          .filter(row -> row.upid().type().equals("vzdump"))
          .filter(row -> !row.isRunning() && !row.isGood())
          .forEach(rows::add);
    }
    rows.sort(Comparator.comparing((TaskRow row) -> row.upid().startedAt()).reversed());
    List<Card.Block> body = new ArrayList<>();
    if (!rows.isEmpty()) {
      body.add(
          new Card.Table(
              List.of("When", "Node", "Guest", "Why"),
              rows.stream()
                  .limit(MOST_ROWS)
                  .map(row ->
                      List.of(
                          Figures.ago(row.upid().startedAt(), sight.now()),
                          row.upid().node().value(),
                          row.upid().id().orElse("several"),
                          row.exitStatus().orElse("")))
                  .toList()));
    }
    missing.forEach(each -> body.add(new Card.Text("Not seen: " + each)));
    return new Card(
        "answer",
        rows.isEmpty() && missing.isEmpty() ? Card.Tone.GOOD : Card.Tone.WARNING,
        (rows.isEmpty() ? "No backup failed" : Figures.count(rows.size(), "backup") + " failed")
            + " in 7 d"
            + seen.age(),
        body,
        rows.stream()
            .limit(1)
            .map(row -> Button.plain("Log of the newest", "task log " + row.upid()))
            .toList(),
        Map.of("failed", rows.stream().map(row -> row.upid().value()).toList()));
  }

  private record Kept(Fleet.Guest guest, Snapshot snapshot) {}

  private Card snapshots(Command command) throws InterruptedException {
    Sight.Seen seen = sight.fleet();
    Map<Fleet.Guest, Callable<List<Snapshot>>> readings = new LinkedHashMap<>();
    Optional<List<Fleet.Guest>> said = chosen.guests(command, seen.fleet());
    said.orElseGet(() -> seen.fleet().guests().stream().filter(guest -> !guest.template()).toList())
        .forEach(guest -> readings.put(guest, () -> pve.guests().snapshots(guest)));
    List<Kept> kept = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    sight
        .<Fleet.Guest, List<Snapshot>>parts(seen, readings)
        .forEach((guest, part) -> {
          part.found().orElse(List.of()).forEach(each -> kept.add(new Kept(guest, each)));
          part.missing()
              .ifPresent(
                  why -> missing.add("%s %s: %s".formatted(guest.vmid(), guest.name(), why)));
        });
    kept.sort(Comparator.comparingLong((Kept each) -> each.snapshot().takenAt()));
    List<Card.Block> body = new ArrayList<>();
    if (!kept.isEmpty()) {
      body.add(
          new Card.Table(
              List.of("Snapshot", "Of", "Taken", "Notes"),
              kept.stream()
                  .limit(MOST_ROWS)
                  .map(each ->
                      List.of(
                          each.snapshot().name(),
                          each.guest().vmid() + " " + each.guest().name(),
                          Figures.ago(
                              Instant.ofEpochSecond(each.snapshot().takenAt()), sight.now()),
                          each.snapshot()
                              .busy()
                              .map(busy -> "UNFINISHED: " + busy)
                              .orElse(each.snapshot().description().strip())))
                  .toList()));
    }
    if (kept.size() > MOST_ROWS) {
      body.add(new Card.Text("and %d newer ones".formatted(kept.size() - MOST_ROWS)));
    }
    missing.stream().limit(5).forEach(each -> body.add(new Card.Text("Not seen: " + each)));
    if (missing.size() > 5) {
      body.add(new Card.Text("Not seen: %d more".formatted(missing.size() - 5)));
    }
    return new Card(
        "answer",
        missing.isEmpty() ? Card.Tone.NEUTRAL : Card.Tone.WARNING,
        (kept.isEmpty() ? "No snapshots" : Figures.count(kept.size(), "snapshot"))
            + said.filter(one -> one.size() == 1)
                .map(one -> " of " + one.getFirst().vmid())
                .orElse("")
            + (kept.size() > 1 ? ", the oldest first" : "")
            + seen.age(),
        body,
        List.of(),
        Map.of(
            "snapshots",
            kept.stream()
                .map(each ->
                    Map.of(
                        "vmid", each.guest().vmid().value(),
                        "name", each.snapshot().name(),
                        "taken_at", each.snapshot().takenAt()))
                .toList(),
            "not_seen",
            missing));
  }
}
