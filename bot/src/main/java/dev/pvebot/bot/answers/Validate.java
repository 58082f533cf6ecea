package dev.pvebot.bot.answers;

import dev.pvebot.bot.figures.Figures;
import dev.pvebot.bot.profiles.LiveSite;
import dev.pvebot.bot.router.Answers;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.placement.Membership;
import dev.pvebot.clusters.placement.Placement;
import dev.pvebot.clusters.placement.TemplateFacts;
import dev.pvebot.clusters.site.ClusterProfile;
import dev.pvebot.clusters.site.Site;
import dev.pvebot.commands.Command;
import dev.pvebot.commands.chat.Button;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.integrations.pve.Pve;
import dev.pvebot.integrations.pve.fleet.Gathering.Part;
import dev.pvebot.runbooks.engine.journal.Journal;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/// `cluster.validate`: the files as they are now, with line and column of each fault, and the
/// profiles that are in force against the site as it is, each finding with what mends it.
public final class Validate implements Answers {
  private static final int MOST_FINDINGS = 12;

  private final Supplier<Site> site;
  private final Supplier<LiveSite.OnDisk> files;
  private final Sight sight;
  private final Pve pve;
  private final Chosen chosen;
  private final Journal journal;
  private final InstantSource clock;

  public Validate(
      Supplier<Site> site,
      Supplier<LiveSite.OnDisk> files,
      Sight sight,
      Pve pve,
      Chosen chosen,
      Journal journal,
      InstantSource clock) {
    this.site = site;
    this.files = files;
    this.sight = sight;
    this.pve = pve;
    this.chosen = chosen;
    this.journal = journal;
    this.clock = clock;
  }

  @Override
  public Optional<Card> answer(Command command, Asker asker) throws InterruptedException {
    if (!command.intent().equals("cluster.validate")) {
      return Optional.empty();
    }
    Optional<ClusterProfile> one = chosen.profile(command);
    List<ClusterProfile> profiles = one.map(List::of).orElseGet(site.get()::profiles);
    Sight.Seen seen = sight.fleet();
    Map<Vmid, Map<String, String>> configurations = new TreeMap<>();
    List<String> missing = new ArrayList<>();
    read(seen, configurations, missing);
    Map<ClusterProfile, List<Finding>> findings = new LinkedHashMap<>();
    for (ClusterProfile profile : profiles) {
      findings.put(profile, findings(profile, seen.fleet(), configurations));
    }
    return Optional.of(card(findings, missing, seen, files.get()));
  }

  /// @param what is wrong, with what was expected
  /// @param mend what to do
  private record Finding(String what, String mend) {}

  private void read(
      Sight.Seen seen, Map<Vmid, Map<String, String>> configurations, List<String> missing)
      throws InterruptedException {
    Map<Vmid, Callable<Map<String, String>>> readings = new LinkedHashMap<>();
    seen.fleet()
        .vms()
        .forEach(guest -> readings.put(guest.vmid(), () -> pve.guests().configuration(guest)));
    for (Map.Entry<Vmid, Part<Map<String, String>>> each :
        sight.<Vmid, Map<String, String>>parts(seen, readings).entrySet()) {
      each.getValue().found().ifPresent(config -> configurations.put(each.getKey(), config));
      each.getValue()
          .missing()
          .ifPresent(why -> missing.add("configuration of %s: %s".formatted(each.getKey(), why)));
    }
  }

  private List<Finding> findings(
      ClusterProfile profile, Fleet fleet, Map<Vmid, Map<String, String>> configurations) {
    List<Finding> findings = new ArrayList<>();
    Membership membership = chosen.members(profile, fleet);
    template(profile, fleet, findings);
    storage(profile, fleet, findings);
    nodes(profile, fleet, findings);
    membership
        .untouched()
        .forEach(other ->
            findings.add(
                new Finding(
                    "VM %s %s looks like a member but is none: %s"
                        .formatted(other.guest().vmid(), other.guest().name(), other.why()),
                    "take the tags off it, or add it to the profile")));
    names(profile, fleet, membership, findings);
    addresses(profile, membership, configurations, fleet, findings);
    sizes(profile, membership, findings);
    if (membership.members().isEmpty()) {
      room(profile, fleet, findings);
    }
    return findings;
  }

  private static void template(ClusterProfile profile, Fleet fleet, List<Finding> findings) {
    Optional<Fleet.Guest> template = fleet.guest(profile.template());
    if (template.isEmpty()) {
      findings.add(
          new Finding(
              "template %s does not exist".formatted(profile.template()),
              "make it (`template create`), or name another; there are %s"
                  .formatted(fleet.templates().map(each -> each.vmid().toString()).toList())));
    } else if (!template.get().template()) {
      findings.add(
          new Finding(
              "%s %s is no template".formatted(profile.template(), template.get().name()),
              "name a template, `template list` shows them"));
    } else if (fleet.node(template.get().node()).filter(Fleet.Node::online).isEmpty()) {
      findings.add(
          new Finding(
              "template %s is on %s, which is offline"
                  .formatted(profile.template(), template.get().node()),
              "bring the node back; clones begin on the template's node"));
    }
  }

  private static void storage(ClusterProfile profile, Fleet fleet, List<Finding> findings) {
    List<Fleet.Storage> parts =
        fleet.storages().stream().filter(each -> each.name().equals(profile.storage())).toList();
    if (parts.isEmpty()) {
      findings.add(
          new Finding(
              "storage %s does not exist".formatted(profile.storage()),
              "name another with `storage:`; `storage list` shows them"));
    } else if (parts.stream().noneMatch(part -> part.content().contains("images"))) {
      findings.add(
          new Finding(
              "storage %s takes no disks".formatted(profile.storage()),
              "allow `images` on it, or name another"));
    }
    parts.stream()
        .filter(part -> !part.active())
        .forEach(part ->
            findings.add(
                new Finding(
                    "storage %s is not usable on %s".formatted(part.name(), part.node()),
                    "look at the node; nothing is placed there until it is")));
  }

  private static void nodes(ClusterProfile profile, Fleet fleet, List<Finding> findings) {
    profile.machines().stream()
        .flatMap(machine -> machine.node().stream())
        .distinct()
        .forEach(node -> {
          Optional<Fleet.Node> found = fleet.node(node);
          if (found.isEmpty()) {
            findings.add(
                new Finding(
                    "node %s of the profile is not in the PVE cluster".formatted(node),
                    "correct the name, or leave `node` out to have one chosen"));
          } else if (!found.get().online()) {
            findings.add(
                new Finding(
                    "node %s of the profile is offline".formatted(node),
                    "bring it back before machines are made there"));
          }
        });
  }

  private static void names(
      ClusterProfile profile, Fleet fleet, Membership membership, List<Finding> findings) {
    for (ClusterProfile.WantedMachine machine : profile.machines()) {
      fleet.guests().stream()
          .filter(guest -> guest.name().equals(machine.name()))
          .filter(guest -> !membership.members().contains(guest))
          .forEach(guest ->
              findings.add(
                  new Finding(
                      "the name %s is taken by %s, which is no member"
                          .formatted(machine.name(), guest.vmid()),
                      "rename one of them")));
    }
  }

  /// Static addresses and MACs that somebody else has already.
  private static void addresses(
      ClusterProfile profile,
      Membership membership,
      Map<Vmid, Map<String, String>> configurations,
      Fleet fleet,
      List<Finding> findings) {
    Set<Vmid> members =
        membership.members().stream()
            .map(Fleet.Guest::vmid)
            .collect(java.util.stream.Collectors.toSet());
    for (ClusterProfile.WantedMachine machine : profile.machines()) {
      configurations.forEach((vmid, config) -> {
        if (members.contains(vmid)) {
          return;
        }
        String name = fleet.guest(vmid).map(Fleet.Guest::name).orElse("");
        String cloud = config.getOrDefault("ipconfig0", "");
        String card = config.getOrDefault("net0", "").toUpperCase(java.util.Locale.ROOT);
        machine
            .ip()
            .filter(ip -> cloud.startsWith("ip=" + ip + "/"))
            .ifPresent(ip ->
                findings.add(
                    new Finding(
                        "the address %s of %s is VM %s's (%s)"
                            .formatted(ip, machine.name(), vmid, name),
                        "give one of them another")));
        machine
            .mac()
            .filter(mac -> card.contains(mac.toString().toUpperCase(java.util.Locale.ROOT)))
            .ifPresent(mac ->
                findings.add(
                    new Finding(
                        "the MAC address %s of %s is VM %s's (%s)"
                            .formatted(mac, machine.name(), vmid, name),
                        "give one of them another")));
      });
    }
  }

  /// What members are, against what the profile says.
  private static void sizes(ClusterProfile profile, Membership membership, List<Finding> findings) {
    for (ClusterProfile.Group group : profile.groups()) {
      for (ClusterProfile.WantedMachine machine : group.machines()) {
        membership.members().stream()
            .filter(guest -> guest.name().equals(machine.name()))
            .forEach(guest -> {
              long memory = (long) group.memoryMiB() << 20;
              if (guest.cores() != group.cores() || guest.memoryBytes() != memory) {
                findings.add(
                    new Finding(
                        "%s %s has %s and %s, the profile says %d and %s"
                            .formatted(
                                guest.vmid(),
                                guest.name(),
                                Figures.count(guest.cores(), "core"),
                                Figures.bytes(guest.memoryBytes()),
                                group.cores(),
                                Figures.bytes(memory)),
                        "`vm set %s cores=%d memory=%d`, or edit the profile"
                            .formatted(guest.vmid(), group.cores(), group.memoryMiB())));
              }
              machine
                  .node()
                  .filter(node -> !node.equals(guest.node()))
                  .ifPresent(node ->
                      findings.add(
                          new Finding(
                              "%s %s is on %s, the profile says %s"
                                  .formatted(guest.vmid(), guest.name(), guest.node(), node),
                              "`vm migrate %s %s`, or edit the profile"
                                  .formatted(guest.vmid(), node))));
            });
      }
    }
  }

  /// Whether it could be made now.
  private void room(ClusterProfile profile, Fleet fleet, List<Finding> findings) {
    Optional<Fleet.Guest> template = fleet.guest(profile.template());
    if (template.isEmpty()) {
      return;
    }
    TemplateFacts facts =
        new TemplateFacts(
            profile.template(),
            template.get().node(),
            site.get().defaults().storage(),
            template.get().diskBytes());
    Set<Vmid> reserved = journal.unavailableVmids(clock.instant());
    if (Placement.place(profile, site.get(), fleet, reserved, facts)
        instanceof Placement.Outcome.Refused(List<String> reasons)) {
      reasons.forEach(
          reason -> findings.add(new Finding(reason, "make room, or change the profile")));
    }
  }

  private static List<Card.Block> faults(LiveSite.OnDisk files) {
    List<Card.Block> blocks = new ArrayList<>();
    if (!files.problems().isEmpty()) {
      List<Card.Field> fields = new ArrayList<>();
      files.problems().stream()
          .limit(MOST_FINDINGS)
          .forEach(problem ->
              fields.add(new Card.Field(fields.isEmpty() ? "files" : "", problem.sentence())));
      int more = files.problems().size() - MOST_FINDINGS;
      if (more > 0) {
        fields.add(new Card.Field("", "and %d more".formatted(more)));
      }
      blocks.add(new Card.Fields(fields));
      blocks.add(
          new Card.Text(
              "What was in force before stays in force until the files are mended; what is below is"
                  + " about that."));
    } else if (!files.changed().isEmpty()) {
      blocks.add(
          new Card.Text(
              "Not in force yet: %s. The next change of a profile takes it into use, and so does a start."
                  .formatted(String.join(", ", files.changed()))));
    }
    return blocks;
  }

  private static Card card(
      Map<ClusterProfile, List<Finding>> findings,
      List<String> missing,
      Sight.Seen seen,
      LiveSite.OnDisk files) {
    List<Card.Block> body = new ArrayList<>();
    body.addAll(faults(files));
    List<Map<String, Object>> facts = new ArrayList<>();
    List<Button> buttons = new ArrayList<>();
    int count = 0;
    for (Map.Entry<ClusterProfile, List<Finding>> each : findings.entrySet()) {
      String name = each.getKey().name().value();
      List<Card.Field> fields = new ArrayList<>();
      if (each.getValue().isEmpty()) {
        fields.add(new Card.Field(name, "ok"));
      }
      for (Finding finding : each.getValue().stream().limit(MOST_FINDINGS).toList()) {
        fields.add(
            new Card.Field(
                fields.isEmpty() ? name : "",
                "%s. To mend: %s".formatted(finding.what(), finding.mend()),
                count++ == 0 ? Optional.of("<- look here first") : Optional.empty()));
      }
      int more = each.getValue().size() - MOST_FINDINGS;
      if (more > 0) {
        fields.add(new Card.Field("", "and %d more".formatted(more)));
      }
      body.add(new Card.Fields(fields));
      each.getValue()
          .forEach(finding ->
              facts.add(
                  Map.of("cluster", name, "finding", finding.what(), "mend", finding.mend())));
      if (!each.getValue().isEmpty() && buttons.size() < 3) {
        buttons.add(Button.plain("Status of " + name, "cluster status " + name));
      }
    }
    missing.stream().limit(3).forEach(each -> body.add(new Card.Text("Not seen: " + each)));
    if (missing.size() > 3) {
      body.add(new Card.Text("Not seen: %d more".formatted(missing.size() - 3)));
    }
    seen.why().ifPresent(why -> body.add(new Card.Text("Not seen now: " + why)));
    files
        .problems()
        .forEach(problem ->
            facts.add(
                Map.of(
                    "file", problem.at().toString(),
                    "finding", problem.sentence(),
                    "mend", problem.advice())));
    int found = facts.size();
    return new Card(
        "answer",
        found == 0 && missing.isEmpty() ? Card.Tone.GOOD : Card.Tone.WARNING,
        (findings.size() == 1
                ? findings.keySet().iterator().next().name().value()
                : findings.size() + " profiles")
            + (found == 0 ? ": nothing to mend" : ": %d to mend".formatted(found))
            + seen.age(),
        body,
        buttons,
        Map.of("findings", facts, "not_seen", missing));
  }
}
