package dev.pvebot.bot.answers;

import dev.pvebot.bot.figures.Figures;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.commands.chat.Button;
import dev.pvebot.commands.chat.Card;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// Cards about nodes and guests: `vm.list`, `vm.show`, `node.list`, `template.list`.
public final class FleetAnswers {
  private final InstantSource clock;

  public FleetAnswers(InstantSource clock) {
    this.clock = clock;
  }

  /// Virtual machines or containers, those that were asked about.
  ///
  /// @param which of them, for the title: `VMs`, `running VMs tagged web`
  public Card guests(Fleet fleet, String which, List<Fleet.Guest> guests, List<Button> buttons) {
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
        buttons,
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
    return " (seen %s)".formatted(Figures.ago(fleet.seenAt(), clock.instant()));
  }

  /// `running`, `stopped`, `unknown`
  public static String state(Fleet.Guest guest) {
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

  static String kind(Fleet.Guest guest) {
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
