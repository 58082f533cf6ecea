package dev.pvebot.bot.answers;

import dev.pvebot.bot.figures.Figures;
import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.fleet.GuestDetail;
import dev.pvebot.commands.chat.Button;
import dev.pvebot.commands.chat.Card;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Cards about nodes and guests: `vm.list`, `vm.show`, `node.list`, `template.list`.
public final class FleetAnswers {
  private final InstantSource clock;

  public FleetAnswers(InstantSource clock) {
    this.clock = clock;
  }

  /// Virtual machines, filtered by what was said.
  ///
  /// @param tag only those with this tag
  /// @param node only those on this node
  /// @param running only those that run
  public Card vms(Fleet fleet, Optional<String> tag, Optional<NodeName> node, boolean running) {
    Predicate<Fleet.Guest> wanted =
        guest ->
            tag.map(wantedTag -> guest.tags().contains(wantedTag.toLowerCase(Locale.ROOT)))
                    .orElse(true)
                && node.map(name -> guest.node().equals(name)).orElse(true)
                && (!running || guest.isRunning());
    List<Fleet.Guest> guests = fleet.vms().filter(wanted).toList();
    String which =
        (running ? "running " : "")
            + "VMs"
            + tag.map(t -> " tagged " + t).orElse("")
            + node.map(n -> " on " + n).orElse("");
    long up = guests.stream().filter(Fleet.Guest::isRunning).count();
    String title =
        guests.isEmpty()
            ? "No " + which + seen(fleet)
            : "%d %s, %d running%s".formatted(guests.size(), which, up, seen(fleet));
    List<Card.Block> body = new ArrayList<>();
    if (!guests.isEmpty()) {
      body.add(
          new Card.Table(
              List.of("VMID", "Name", "Node", "State", "Cores", "Memory", "Tags"),
              guests.stream().map(FleetAnswers::row).toList()));
    }
    addViewWarning(fleet, body);
    return new Card(
        "answer",
        Card.Tone.NEUTRAL,
        title,
        body,
        List.of(),
        Map.of(
            "vms",
            guests.stream().map(FleetAnswers::facts).toList(),
            "seen_at",
            fleet.seenAt().toString()));
  }

  /// Templates that machines can be cloned from.
  public Card templates(Fleet fleet) {
    List<Fleet.Guest> templates = fleet.templates().toList();
    List<Card.Block> body = new ArrayList<>();
    if (!templates.isEmpty()) {
      body.add(
          new Card.Table(
              List.of("VMID", "Name", "Node", "Disk", "Tags"),
              templates.stream()
                  .map(template ->
                      List.of(
                          template.vmid().toString(),
                          template.name(),
                          template.node().value(),
                          Figures.bytes(template.diskBytes()),
                          String.join(" ", template.tags())))
                  .toList()));
    }
    addViewWarning(fleet, body);
    return new Card(
        "answer",
        Card.Tone.NEUTRAL,
        templates.isEmpty()
            ? "No templates" + seen(fleet)
            : templates.size() + " templates" + seen(fleet),
        body,
        List.of(),
        Map.of(
            "templates",
            templates.stream().map(FleetAnswers::facts).toList(),
            "seen_at",
            fleet.seenAt().toString()));
  }

  public Card nodes(Fleet fleet) {
    long online = fleet.onlineNodes().count();
    boolean whole = online == fleet.nodes().size() && fleet.quorate();
    return new Card(
        "answer",
        whole ? Card.Tone.GOOD : Card.Tone.BAD,
        "%d of %d nodes online%s%s"
            .formatted(
                online, fleet.nodes().size(), fleet.quorate() ? "" : ", NO QUORUM", seen(fleet)),
        List.of(
            new Card.Table(
                List.of("Node", "State", "CPU", "Memory", "VMs", "Up"),
                fleet.nodes().stream().map(node -> nodeRow(fleet, node)).toList())),
        List.of(),
        Map.of(
            "nodes",
            fleet.nodes().stream()
                .map(node ->
                    Map.of(
                        "name", node.name().value(),
                        "online", node.online(),
                        "memory_bytes", node.memoryBytes(),
                        "memory_used_bytes", node.memoryUsedBytes(),
                        "cores", node.cores()))
                .toList(),
            "quorate",
            fleet.quorate(),
            "version",
            fleet.version(),
            "seen_at",
            fleet.seenAt().toString()));
  }

  /// One guest in full.
  public Card vm(Fleet fleet, GuestDetail detail) {
    Fleet.Guest guest = detail.guest();
    List<Card.Field> fields = new ArrayList<>();
    fields.add(
        new Card.Field(
            "State",
            state(guest)
                + (guest.isRunning() ? ", up " + Figures.uptime(guest.uptimeSeconds()) : ""),
            guest.lock().map(lock -> "locked: " + lock)));
    fields.add(new Card.Field("Node", guest.node().value()));
    fields.add(
        new Card.Field(
            "Size",
            "%d cores, %s memory".formatted(guest.cores(), Figures.bytes(guest.memoryBytes()))));
    for (GuestDetail.Disk disk : detail.disks()) {
      fields.add(
          new Card.Field(
              "Disk " + disk.key(),
              "%s on %s".formatted(Figures.bytes(disk.sizeBytes()), disk.storage())));
    }
    detail.identity().mac().ifPresent(mac -> fields.add(new Card.Field("MAC", mac)));
    Optional.ofNullable(detail.config().get("ipconfig0"))
        .ifPresent(ip -> fields.add(new Card.Field("Address", ip)));
    if (!guest.tags().isEmpty()) {
      fields.add(new Card.Field("Tags", String.join(" ", guest.tags())));
    }
    guest.haState().ifPresent(ha -> fields.add(new Card.Field("HA", ha)));
    fields.add(
        new Card.Field(
            "Snapshots",
            detail.snapshots().isEmpty() ? "none" : String.join(", ", detail.snapshots())));
    if (detail.protectedByPve()) {
      fields.add(new Card.Field("Protection", "on: it cannot be removed"));
    }
    List<Button> buttons = new ArrayList<>();
    if (!guest.template()) {
      buttons.add(
          guest.isRunning()
              ? Button.plain("Stop", "vm stop " + guest.vmid())
              : Button.plain("Start", "vm start " + guest.vmid()));
      buttons.add(Button.plain("Snapshot", "snapshot create " + guest.vmid()));
    }
    return new Card(
        "answer",
        Card.Tone.NEUTRAL,
        "%s %s %s%s".formatted(kind(guest), guest.vmid(), guest.name(), seen(fleet)),
        List.of(new Card.Fields(fields)),
        buttons,
        Map.of("vm", facts(guest), "snapshots", detail.snapshots()));
  }

  /// What is said when a VMID is nowhere to be seen.
  public Card unknownVm(Fleet fleet, Vmid vmid) {
    String advice =
        fleet.completeView()
            ? "`vm list` shows what there is."
            : "The token does not see every guest (VM.Audit on /vms is missing), so it may exist"
                + " all the same. `check` says more.";
    return Card.of(
        "refusal",
        Card.Tone.WARNING,
        "There is no guest %s%s".formatted(vmid, seen(fleet)),
        advice);
  }

  /// ` (seen 3 s ago)`, as every card about the fleet ends its title.
  public String seen(Fleet fleet) {
    long seconds = Math.max(0, Duration.between(fleet.seenAt(), clock.instant()).toSeconds());
    return " (seen %d s ago)".formatted(seconds);
  }

  static String state(Fleet.Guest guest) {
    return guest.power().name().toLowerCase(Locale.ROOT);
  }

  static Map<String, Object> facts(Fleet.Guest guest) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("vmid", guest.vmid().value());
    facts.put("name", guest.name());
    facts.put("node", guest.node().value());
    facts.put("state", state(guest));
    facts.put("template", guest.template());
    facts.put("tags", List.copyOf(guest.tags()));
    facts.put("cores", guest.cores());
    facts.put("memory_bytes", guest.memoryBytes());
    guest.lock().ifPresent(lock -> facts.put("lock", lock));
    return facts;
  }

  private static String kind(Fleet.Guest guest) {
    if (guest.template()) {
      return "Template";
    }
    return guest.kind() == Fleet.Kind.VM ? "VM" : "Container";
  }

  private static List<String> row(Fleet.Guest guest) {
    return List.of(
        guest.vmid().toString(),
        guest.name(),
        guest.node().value(),
        state(guest) + guest.lock().map(lock -> " (locked: " + lock + ")").orElse(""),
        Integer.toString(guest.cores()),
        Figures.bytes(guest.memoryBytes()),
        guest.tags().stream().collect(Collectors.joining(" ")));
  }

  private static List<String> nodeRow(Fleet fleet, Fleet.Node node) {
    long vms = fleet.vms().filter(guest -> guest.node().equals(node.name())).count();
    return node.online()
        ? List.of(
            node.name().value(),
            "online",
            "%d %% of %d".formatted(Math.round(node.cpu() * 100), node.cores()),
            "%s of %s"
                .formatted(
                    Figures.percent(node.memoryUsedBytes(), node.memoryBytes()),
                    Figures.bytes(node.memoryBytes())),
            Long.toString(vms),
            Figures.uptime(node.uptimeSeconds()))
        : List.of(node.name().value(), "OFFLINE", "-", "-", Long.toString(vms), "-");
  }

  private static void addViewWarning(Fleet fleet, List<Card.Block> body) {
    if (!fleet.completeView()) {
      body.add(
          new Card.Text(
              "The token does not see every guest: VM.Audit on /vms is missing. What is not listed"
                  + " may exist."));
    }
  }
}
