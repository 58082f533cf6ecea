package dev.pvebot.bot.answers.storage;

import dev.pvebot.bot.answers.Said;
import dev.pvebot.bot.answers.Sight;
import dev.pvebot.bot.figures.Figures;
import dev.pvebot.bot.router.Answers;
import dev.pvebot.bot.storage.Storages;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.commands.Command;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.integrations.pve.Pve;
import dev.pvebot.integrations.pve.fleet.Gathering.Part;
import dev.pvebot.integrations.pve.fleet.StorageReader.Volume;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;

/// `storage.orphans`: disks that no guest's configuration names, and those that a guest has but
/// does not use. It says what it could not look at, and never offers to delete anything: a disk
/// whose guest's configuration could not be read belongs to nobody only seemingly.
public final class Orphans implements Answers {
  private static final Set<String> DISKS = Set.of("images", "rootdir");

  private final Sight sight;
  private final Pve pve;

  public Orphans(Sight sight, Pve pve) {
    this.sight = sight;
    this.pve = pve;
  }

  @Override
  public Optional<Card> answer(Command command, Asker asker) throws InterruptedException {
    return command.intent().equals("storage.orphans")
        ? Optional.of(orphans(command))
        : Optional.empty();
  }

  private sealed interface Found {
    record Config(Fleet.Guest guest, Map<String, String> config) implements Found {}

    record Volumes(List<Volume> volumes) implements Found {}
  }

  /// What configurations say about volumes: every value may name one, not only those of disks.
  private static final class Named {
    private final Set<String> used = new HashSet<>();
    private final Map<String, Fleet.Guest> unused = new LinkedHashMap<>();

    void add(Fleet.Guest guest, Map<String, String> config) {
      config.forEach((key, value) -> {
        String volume = volumeIn(value);
        if (key.startsWith("unused")) {
          unused.put(volume, guest);
        } else {
          used.add(volume);
        }
      });
    }
  }

  private Card orphans(Command command) throws InterruptedException {
    Sight.Seen seen = sight.fleet();
    Fleet fleet = seen.fleet();
    Map<String, Callable<Found>> readings = new LinkedHashMap<>();
    for (Fleet.Storage storage : Storages.once(fleet)) {
      boolean wanted =
          storage.content().stream().anyMatch(DISKS::contains)
              && Said.text(command, "storage").map(storage.name()::equals).orElse(true)
              && Said.node(command).map(storage.node()::equals).orElse(true);
      if (wanted) {
        readings.put(
            "disks on " + Storages.name(storage),
            () -> new Found.Volumes(pve.storages().volumes(storage)));
      }
    }
    for (Fleet.Guest guest : fleet.guests()) {
      readings.put(
          "configuration of " + guest.vmid(),
          () -> new Found.Config(guest, pve.guests().configuration(guest)));
    }
    Named named = new Named();
    List<Volume> volumes = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    Set<Vmid> unread = new HashSet<>();
    fleet.guests().forEach(guest -> unread.add(guest.vmid()));
    for (Map.Entry<String, Part<Found>> each :
        sight.<String, Found>parts(seen, readings).entrySet()) {
      switch (each.getValue()) {
        case Part.Here<Found>(Found.Volumes(List<Volume> found)) ->
            found.stream().filter(v -> DISKS.contains(v.content())).forEach(volumes::add);
        case Part.Here<Found>(Found.Config(Fleet.Guest guest, Map<String, String> config)) -> {
          named.add(guest, config);
          unread.remove(guest.vmid());
        }
        case Part.Missing<Found>(String why) -> missing.add(each.getKey() + ": " + why);
      }
    }
    List<Volume> nobodys =
        volumes.stream()
            .filter(volume -> !named.used.contains(volume.id()))
            .filter(volume -> volume.owner().filter(unread::contains).isEmpty())
            .toList();
    Set<String> kept = keptBySnapshots(seen, nobodys, missing, unread);
    List<Orphan> orphans =
        nobodys.stream()
            .filter(volume -> !kept.contains(volume.id()))
            .filter(volume -> volume.owner().filter(unread::contains).isEmpty())
            .map(volume -> orphan(volume, fleet, named))
            .sorted(Comparator.comparingLong((Orphan orphan) -> -orphan.volume().bytes()))
            .toList();
    return card(seen, orphans, missing);
  }

  /// A guest's snapshots may keep disks that its present configuration does not name any more.
  private Set<String> keptBySnapshots(
      Sight.Seen seen, List<Volume> nobodys, List<String> missing, Set<Vmid> unread)
      throws InterruptedException {
    Map<Vmid, Callable<List<Map<String, String>>>> readings = new LinkedHashMap<>();
    nobodys.stream()
        .flatMap(volume -> volume.owner().stream())
        .flatMap(owner -> seen.fleet().guest(owner).stream())
        .forEach(
            guest -> readings.put(guest.vmid(), () -> pve.guests().snapshotConfigurations(guest)));
    Set<String> kept = new HashSet<>();
    sight
        .<Vmid, List<Map<String, String>>>parts(seen, readings)
        .forEach((vmid, part) -> {
          part.missing()
              .ifPresent(why -> {
                missing.add("snapshots of %s: %s".formatted(vmid, why));
                unread.add(vmid);
              });
          part.found()
              .orElse(List.of())
              .forEach(config -> config.values().forEach(value -> kept.add(volumeIn(value))));
        });
    return kept;
  }

  private static String volumeIn(String value) {
    return value.split(",", 2)[0].replaceFirst("^(?:volume|file)=", "");
  }

  private record Orphan(Volume volume, String why) {}

  private static Orphan orphan(Volume volume, Fleet fleet, Named named) {
    Optional<Fleet.Guest> unused = Optional.ofNullable(named.unused.get(volume.id()));
    if (unused.isPresent()) {
      return new Orphan(
          volume, "unused disk of %s %s".formatted(unused.get().vmid(), unused.get().name()));
    }
    return new Orphan(
        volume,
        volume
            .owner()
            .map(owner ->
                fleet
                    .guest(owner)
                    .map(guest -> "%s %s does not name it".formatted(owner, guest.name()))
                    .orElse(
                        fleet.completeView()
                            ? "there is no guest " + owner
                            : "the token sees no guest " + owner))
            .orElse("carries no VMID"));
  }

  private Card card(Sight.Seen seen, List<Orphan> orphans, List<String> missing) {
    long bytes = orphans.stream().mapToLong(orphan -> orphan.volume().bytes()).sum();
    List<Card.Block> body = new ArrayList<>();
    if (!orphans.isEmpty()) {
      body.add(
          new Card.Table(
              List.of("Disk", "Where", "Size", "Made", "Why"),
              orphans.stream()
                  .map(orphan ->
                      List.of(
                          orphan.volume().id(),
                          orphan.volume().node().value(),
                          Figures.bytes(orphan.volume().bytes()),
                          orphan
                              .volume()
                              .madeAt()
                              .map(at -> Figures.ago(at, sight.now()))
                              .orElse("-"),
                          orphan.why()))
                  .toList()));
      body.add(
          new Card.Text(
              "Replication and another cluster on the same storage also leave disks that no guest"
                  + " here names. Look before anything is deleted."));
    }
    seen.why().ifPresent(why -> body.add(new Card.Text("Not seen now: " + why)));
    missing.forEach(each -> body.add(new Card.Text("Not seen: " + each)));
    if (!seen.fleet().completeView()) {
      body.add(
          new Card.Text(
              "The token does not see every guest (VM.Audit on /vms is missing): a disk may belong"
                  + " to one that it does not see."));
    }
    return new Card(
        "answer",
        missing.isEmpty() ? Card.Tone.NEUTRAL : Card.Tone.WARNING,
        (orphans.isEmpty()
                ? missing.isEmpty() ? "No orphaned disks" : "No orphaned disks where I could look"
                : "%s, %s"
                    .formatted(
                        Figures.count(orphans.size(), "orphaned disk"), Figures.bytes(bytes)))
            + seen.age(),
        body,
        List.of(),
        Map.of(
            "orphans",
            orphans.stream()
                .map(orphan ->
                    Map.of(
                        "volume", orphan.volume().id(),
                        "node", orphan.volume().node().value(),
                        "bytes", orphan.volume().bytes(),
                        "why", orphan.why()))
                .toList(),
            "not_seen",
            missing));
  }
}
