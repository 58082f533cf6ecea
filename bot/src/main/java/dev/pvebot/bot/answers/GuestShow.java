package dev.pvebot.bot.answers;

import dev.pvebot.bot.figures.Figures;
import dev.pvebot.bot.router.Answers;
import dev.pvebot.bot.storage.Backups;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.fleet.GuestDetail;
import dev.pvebot.commands.Command;
import dev.pvebot.commands.chat.Button;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.integrations.pve.Pve;
import dev.pvebot.integrations.pve.fleet.Gathering.Part;
import dev.pvebot.integrations.pve.fleet.GuestReader.Snapshot;
import dev.pvebot.integrations.pve.fleet.StorageReader.Volume;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/// `vm.show` and `ct.show`: one guest with its disks, address, snapshots and backups.
public final class GuestShow implements Answers {
  private static final int FEW = 3;

  private final Sight sight;
  private final Pve pve;
  private final FleetAnswers fleetAnswers;

  public GuestShow(Sight sight, Pve pve, FleetAnswers fleetAnswers) {
    this.sight = sight;
    this.pve = pve;
    this.fleetAnswers = fleetAnswers;
  }

  @Override
  public Optional<Card> answer(Command command, Asker asker) throws InterruptedException {
    boolean container = command.intent().equals("ct.show");
    if (!container && !command.intent().equals("vm.show")) {
      return Optional.empty();
    }
    Optional<Vmid> vmid = Said.vm(command);
    if (vmid.isEmpty()) {
      return Optional.of(
          Card.of(
              "refusal",
              Card.Tone.WARNING,
              container ? "Which container?" : "Which VM?",
              "Name it by its VMID; `%s list` shows what there is."
                  .formatted(container ? "ct" : "vm")));
    }
    Sight.Seen seen = sight.fleet();
    Optional<Fleet.Guest> guest = seen.fleet().guest(vmid.get());
    return Optional.of(
        guest.isEmpty()
            ? fleetAnswers.unknownVm(seen.fleet(), vmid.get())
            : card(seen, guest.get()));
  }

  private sealed interface Found {
    record Detail(Optional<GuestDetail> detail) implements Found {}

    record Snapshots(List<Snapshot> snapshots) implements Found {}

    record Saved(List<Volume> backups) implements Found {}

    record Address(Optional<String> address) implements Found {}
  }

  private Card card(Sight.Seen seen, Fleet.Guest guest) throws InterruptedException {
    Vmid vmid = guest.vmid();
    Map<String, Callable<Found>> readings = new LinkedHashMap<>();
    readings.put("configuration", () -> new Found.Detail(pve.guests().detail(vmid)));
    readings.put("snapshots", () -> new Found.Snapshots(pve.guests().snapshots(guest)));
    if (guest.kind() == Fleet.Kind.VM && guest.isRunning()) {
      readings.put("address", () -> new Found.Address(pve.addresses().of(vmid)));
    }
    for (Fleet.Storage storage : Backups.storages(seen.fleet())) {
      readings.put(
          "backups on " + storage.name(),
          () -> new Found.Saved(pve.storages().backupsOf(storage, vmid)));
    }
    Optional<GuestDetail> detail = Optional.empty();
    Optional<List<Snapshot>> snapshots = Optional.empty();
    Optional<String> address = Optional.empty();
    List<Volume> backups = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (Map.Entry<String, Part<Found>> each :
        sight.<String, Found>parts(seen, readings).entrySet()) {
      switch (each.getValue()) {
        case Part.Here<Found>(Found.Detail(Optional<GuestDetail> found)) -> detail = found;
        case Part.Here<Found>(Found.Snapshots(List<Snapshot> found)) ->
            snapshots = Optional.of(found);
        case Part.Here<Found>(Found.Address(Optional<String> found)) -> address = found;
        case Part.Here<Found>(Found.Saved(List<Volume> found)) -> backups.addAll(found);
        case Part.Missing<Found>(String why) -> missing.add(each.getKey() + ": " + why);
      }
    }
    List<Card.Field> fields = new ArrayList<>();
    seen.why().ifPresent(why -> fields.add(new Card.Field("Not seen now", why)));
    boolean away = seen.fleet().node(guest.node()).filter(Fleet.Node::online).isEmpty();
    state(guest, away, fields);
    detail.ifPresent(found -> configuration(found, fields));
    address.ifPresent(ip -> fields.add(new Card.Field("Address", ip)));
    if (!guest.tags().isEmpty()) {
      fields.add(new Card.Field("Tags", String.join(" ", guest.tags())));
    }
    guest.haState().ifPresent(ha -> fields.add(new Card.Field("HA", ha)));
    snapshots.ifPresent(found -> fields.add(new Card.Field("Snapshots", snapshots(found))));
    fields.add(new Card.Field("Backups", backups(backups, missing)));
    missing.forEach(each -> fields.add(new Card.Field("Not seen", each)));
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("vm", FleetAnswers.facts(guest));
    facts.put("snapshots", snapshots.orElse(List.of()).stream().map(Snapshot::name).toList());
    facts.put("backups", backups.stream().map(Volume::id).toList());
    address.ifPresent(ip -> facts.put("address", ip));
    facts.put("not_seen", missing);
    facts.put("seen_at", seen.fleet().seenAt().toString());
    return new Card(
        "answer",
        away
            ? Card.Tone.BAD
            : missing.isEmpty() && guest.lock().isEmpty() ? Card.Tone.NEUTRAL : Card.Tone.WARNING,
        "%s %s %s%s".formatted(FleetAnswers.kind(guest), vmid, guest.name(), seen.age()),
        List.of(new Card.Fields(fields)),
        away
            ? List.of(Button.plain("Status of " + guest.node(), "node status " + guest.node()))
            : buttons(guest),
        facts);
  }

  private static void state(Fleet.Guest guest, boolean away, List<Card.Field> fields) {
    if (away) {
      fields.add(
          new Card.Field(
              "State",
              "%s is OFFLINE; %s was %s when it was last seen"
                  .formatted(guest.node(), guest.vmid(), FleetAnswers.state(guest)),
              Optional.of("<- look here first")));
      return;
    }
    fields.add(
        new Card.Field(
            "State",
            "%s on %s%s"
                .formatted(
                    FleetAnswers.state(guest),
                    guest.node(),
                    guest.isRunning() ? ", up " + Figures.uptime(guest.uptimeSeconds()) : ""),
            guest.lock().map(lock -> "locked: %s <- look here first".formatted(lock))));
    fields.add(
        new Card.Field(
            "Size",
            "%d cores, %s memory%s"
                .formatted(
                    guest.cores(),
                    Figures.bytes(guest.memoryBytes()),
                    guest.isRunning()
                        ? ", %s used"
                            .formatted(
                                Figures.percent(guest.memoryUsedBytes(), guest.memoryBytes()))
                        : "")));
  }

  private static void configuration(GuestDetail detail, List<Card.Field> fields) {
    for (GuestDetail.Disk disk : detail.disks()) {
      boolean unused = disk.key().startsWith("unused");
      fields.add(
          new Card.Field(
              "Disk " + disk.key(),
              unused
                  ? disk.volume()
                  : "%s on %s".formatted(Figures.bytes(disk.sizeBytes()), disk.storage()),
              unused ? Optional.of("attached to nothing") : Optional.empty()));
    }
    detail.identity().mac().ifPresent(mac -> fields.add(new Card.Field("MAC", mac)));
    Optional.ofNullable(detail.config().get("description"))
        .flatMap(text -> text.lines().filter(line -> !line.isBlank()).findFirst())
        .ifPresent(line -> fields.add(new Card.Field("Notes", line)));
    if (detail.protectedByPve()) {
      fields.add(new Card.Field("Protection", "on: it cannot be removed"));
    }
  }

  private String snapshots(List<Snapshot> snapshots) {
    if (snapshots.isEmpty()) {
      return "none";
    }
    Instant now = sight.now();
    List<Snapshot> newest = snapshots.reversed();
    return newest.stream()
            .limit(FEW)
            .map(each ->
                "%s %s"
                    .formatted(
                        each.name(), Figures.ago(Instant.ofEpochSecond(each.takenAt()), now)))
            .collect(Collectors.joining(", "))
        + (newest.size() > FEW ? " and %d more".formatted(newest.size() - FEW) : "");
  }

  private String backups(List<Volume> backups, List<String> missing) {
    if (backups.isEmpty()) {
      return missing.stream().anyMatch(each -> each.startsWith("backups on"))
          ? "none where they could be read"
          : "none";
    }
    Volume newest =
        backups.stream()
            .max(Comparator.comparing(volume -> volume.madeAt().orElse(Instant.EPOCH)))
            .orElseThrow();
    return "%d, newest %s on %s, %s"
        .formatted(
            backups.size(),
            newest.madeAt().map(at -> Figures.ago(at, sight.now())).orElse("of unknown age"),
            newest.storage(),
            Figures.bytes(newest.bytes()));
  }

  private static List<Button> buttons(Fleet.Guest guest) {
    if (guest.template()) {
      return List.of();
    }
    String kind = guest.kind() == Fleet.Kind.VM ? "vm" : "ct";
    List<Button> buttons = new ArrayList<>();
    if (guest.lock().isPresent()) {
      buttons.add(Button.plain("Why locked", "why is %s locked".formatted(guest.vmid())));
    }
    buttons.add(
        guest.isRunning()
            ? Button.plain("Stop", "%s stop %s".formatted(kind, guest.vmid()))
            : Button.plain("Start", "%s start %s".formatted(kind, guest.vmid())));
    if (guest.kind() == Fleet.Kind.VM) {
      buttons.add(Button.plain("Snapshot", "snapshot create " + guest.vmid()));
      buttons.add(Button.plain("Console", "vm console " + guest.vmid()));
    }
    return buttons;
  }
}
