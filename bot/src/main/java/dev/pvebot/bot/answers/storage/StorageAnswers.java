package dev.pvebot.bot.answers.storage;

import dev.pvebot.bot.answers.Said;
import dev.pvebot.bot.answers.Sight;
import dev.pvebot.bot.figures.Figures;
import dev.pvebot.bot.router.Answers;
import dev.pvebot.bot.storage.Forecast;
import dev.pvebot.bot.storage.Storages;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.commands.Command;
import dev.pvebot.commands.chat.Button;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.integrations.pve.Pve;
import dev.pvebot.integrations.pve.fleet.Gathering.Part;
import dev.pvebot.integrations.pve.fleet.StorageReader.Fill;
import dev.pvebot.integrations.pve.fleet.StorageReader.Volume;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/// `storage.list` with its forecast, and `iso.list`.
public final class StorageAnswers implements Answers {
  private static final double FULL = 0.85;

  private final Sight sight;
  private final Pve pve;

  public StorageAnswers(Sight sight, Pve pve) {
    this.sight = sight;
    this.pve = pve;
  }

  @Override
  public Optional<Card> answer(Command command, Asker asker) throws InterruptedException {
    return switch (command.intent()) {
      case "storage.list" -> Optional.of(storages(command));
      case "iso.list" -> Optional.of(isos(command));
      default -> Optional.empty();
    };
  }

  /// The storages that were asked about; those that are down too.
  private static List<Fleet.Storage> wanted(Fleet fleet, Command command) {
    Optional<String> name = Said.text(command, "storage");
    List<Fleet.Storage> usable = Storages.once(fleet);
    List<Fleet.Storage> all = new ArrayList<>(usable);
    fleet.storages().stream()
        .filter(storage -> usable.stream().noneMatch(each -> covers(each, storage)))
        .forEach(all::add);
    return all.stream()
        .filter(storage -> name.map(storage.name()::equals).orElse(true))
        .filter(storage ->
            Said.node(command)
                .map(node -> storage.shared() || storage.node().equals(node))
                .orElse(true))
        .toList();
  }

  private static boolean covers(Fleet.Storage each, Fleet.Storage storage) {
    return each.name().equals(storage.name())
        && (each.shared() || each.node().equals(storage.node()));
  }

  private Card storages(Command command) throws InterruptedException {
    Sight.Seen seen = sight.fleet();
    List<Fleet.Storage> storages =
        wanted(seen.fleet(), command).stream()
            .sorted(
                Comparator.comparingDouble((Fleet.Storage storage) -> -Storages.share(storage))
                    .thenComparing(Storages::name))
            .toList();
    Map<Fleet.Storage, Callable<List<Fill>>> readings = new LinkedHashMap<>();
    storages.stream()
        .filter(Fleet.Storage::active)
        .forEach(storage -> readings.put(storage, () -> pve.storages().lastMonth(storage)));
    Map<Fleet.Storage, Part<List<Fill>>> histories =
        sight.<Fleet.Storage, List<Fill>>parts(seen, readings);
    List<List<String>> rows = new ArrayList<>();
    List<Map<String, Object>> facts = new ArrayList<>();
    boolean worry = false;
    for (Fleet.Storage storage : storages) {
      Optional<Part<List<Fill>>> history = Optional.ofNullable(histories.get(storage));
      Optional<Duration> left = history.flatMap(Part::found).flatMap(Forecast::untilFull);
      worry |= Storages.share(storage) >= FULL || !storage.active();
      rows.add(
          List.of(
              Storages.name(storage),
              storage.active() ? Figures.percent(storage.usedBytes(), storage.totalBytes()) : "-",
              storage.active() ? Figures.bytes(storage.freeBytes()) : "-",
              storage.type(),
              !storage.active()
                  ? "NOT USABLE"
                  : history
                      .flatMap(Part::missing)
                      .map(why -> "no forecast: " + why)
                      .orElseGet(() -> left.map(Forecast::words).orElse("no clear trend"))));
      facts.add(facts(storage, left));
    }
    List<Card.Block> body = new ArrayList<>();
    seen.why().ifPresent(why -> body.add(new Card.Text("Not seen now: " + why)));
    if (!rows.isEmpty()) {
      body.add(new Card.Table(List.of("Storage", "Used", "Free", "Type", "At this pace"), rows));
    }
    return new Card(
        "answer",
        worry ? Card.Tone.WARNING : Card.Tone.NEUTRAL,
        (rows.isEmpty()
                ? "No such storage"
                : "%d storages, the fullest first".formatted(rows.size()))
            + seen.age(),
        body,
        List.of(
            Button.plain("Orphaned disks", "storage orphans"),
            Button.plain("Backups", "backup list")),
        Map.of("storages", facts, "seen_at", seen.fleet().seenAt().toString()));
  }

  private static Map<String, Object> facts(Fleet.Storage storage, Optional<Duration> left) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("storage", storage.name());
    facts.put("node", storage.node().value());
    facts.put("shared", storage.shared());
    facts.put("active", storage.active());
    facts.put("used_bytes", storage.usedBytes());
    facts.put("total_bytes", storage.totalBytes());
    left.ifPresent(time -> facts.put("seconds_until_full", time.toSeconds()));
    return facts;
  }

  private Card isos(Command command) throws InterruptedException {
    Sight.Seen seen = sight.fleet();
    Map<String, Callable<List<Volume>>> readings = new LinkedHashMap<>();
    wanted(seen.fleet(), command).stream()
        .filter(storage -> storage.active() && storage.content().contains("iso"))
        .forEach(storage ->
            readings.put(Storages.name(storage), () -> pve.storages().volumes(storage, "iso")));
    List<List<String>> rows = new ArrayList<>();
    List<String> names = new ArrayList<>();
    List<Card.Block> notes = new ArrayList<>();
    sight
        .<String, List<Volume>>parts(seen, readings)
        .forEach((place, part) -> {
          part.missing()
              .ifPresent(why -> notes.add(new Card.Text("Not seen: %s: %s".formatted(place, why))));
          part.found()
              .orElse(List.of())
              .forEach(volume -> {
                names.add(volume.id());
                rows.add(
                    List.of(
                        volume.fileName(),
                        place,
                        Figures.bytes(volume.bytes()),
                        volume.madeAt().map(at -> Figures.ago(at, sight.now())).orElse("-")));
              });
        });
    List<Card.Block> body = new ArrayList<>();
    if (!rows.isEmpty()) {
      body.add(new Card.Table(List.of("Image", "Storage", "Size", "Made"), rows));
    }
    body.addAll(notes);
    return new Card(
        "answer",
        notes.isEmpty() ? Card.Tone.NEUTRAL : Card.Tone.WARNING,
        (rows.isEmpty() ? "No ISO images" : Figures.count(rows.size(), "ISO image")) + seen.age(),
        body,
        List.of(),
        Map.of("isos", names));
  }
}
